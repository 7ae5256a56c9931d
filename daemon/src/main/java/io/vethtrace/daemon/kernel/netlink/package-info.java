/**
 * Netlink: sockets, attributes, and the system calls that enter a network namespace. The only place
 * besides {@code libbpf} that calls native code.
 */
@NullMarked
package io.vethtrace.daemon.kernel.netlink;

import org.jspecify.annotations.NullMarked;
