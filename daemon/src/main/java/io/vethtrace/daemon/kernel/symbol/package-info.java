/**
 * The functions of the kernel and its modules by address, from /proc/kallsyms and /proc/modules.
 */
@NullMarked
package io.vethtrace.daemon.kernel.symbol;

import org.jspecify.annotations.NullMarked;
