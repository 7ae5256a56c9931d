/**
 * Settings that the daemon writes into compiled BPF objects before it loads them: the pcap filter,
 * namespaces, device names.
 */
@NullMarked
package io.vethtrace.daemon.probe.object;

import org.jspecify.annotations.NullMarked;
