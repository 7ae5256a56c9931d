package io.vethtrace.daemon.engine.feed;

import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.probe.object.TraceFilter;

/**
 * The parts of the daemon that a watch reads.
 *
 * @param clients the clients that watch
 * @param kernelFilter the filter that the kernel applies before any client's
 */
public record WatchCallInputs(
    TraceStream stream, WatchClients clients, LossCounters losses, TraceFilter kernelFilter) {}
