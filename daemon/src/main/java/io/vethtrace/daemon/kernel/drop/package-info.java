/**
 * The running kernel's drop reasons: numbers, names and explanations; locations that stand for a
 * reason on kernels without reasons; results of {@code fib_validate_source}.
 */
@NullMarked
package io.vethtrace.daemon.kernel.drop;

import org.jspecify.annotations.NullMarked;
