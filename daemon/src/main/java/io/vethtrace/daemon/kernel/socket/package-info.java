/** The sockets of a network namespace that wait for packets, and the counters of its protocols. */
@NullMarked
package io.vethtrace.daemon.kernel.socket;

import org.jspecify.annotations.NullMarked;
