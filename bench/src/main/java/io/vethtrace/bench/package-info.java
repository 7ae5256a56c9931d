/**
 * Benchmarks. Each measures vethtrace and a named rival in the same run, in turns, on the same
 * input, and prints both and their ratio.
 */
@NullMarked
package io.vethtrace.bench;

import org.jspecify.annotations.NullMarked;
