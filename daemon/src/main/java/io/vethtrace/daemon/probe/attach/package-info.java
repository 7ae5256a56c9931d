/**
 * Attaches each probe point by the best mechanism that works, and records why the better ones
 * failed.
 */
@NullMarked
package io.vethtrace.daemon.probe.attach;

import org.jspecify.annotations.NullMarked;
