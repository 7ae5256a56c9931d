/**
 * The probes: the mechanisms of each, loading and attaching, the ring reader, bytes to events.
 * Enters: BPF objects and the mapped ring. Leaves: events, in ring order, on the one reader thread;
 * counters on any thread.
 */
@NullMarked
package io.vethtrace.daemon.probe;

import org.jspecify.annotations.NullMarked;
