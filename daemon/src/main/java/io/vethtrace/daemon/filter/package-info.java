/**
 * Filters in tcpdump's language. Enters: an expression, which libpcap compiles. Leaves: a program
 * of classic BPF, to be asked about frames here, and its translation to eBPF, which asks the same
 * in the kernel. Any thread; nothing here has state.
 */
@NullMarked
package io.vethtrace.daemon.filter;

import org.jspecify.annotations.NullMarked;
