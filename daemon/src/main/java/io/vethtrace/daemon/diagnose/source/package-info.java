/**
 * Explains packets that {@code fib_validate_source} refuses for their source address: a local
 * source, a reverse path that leads elsewhere, an invalid source.
 */
@NullMarked
package io.vethtrace.daemon.diagnose.source;

import org.jspecify.annotations.NullMarked;
