package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.LossCounters;
import io.vethtrace.daemon.engine.TracingStatus;
import io.vethtrace.daemon.engine.feed.TraceStream;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.netns.NetnsLookup;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import io.vethtrace.daemon.probe.attach.ProbeCost;
import io.vethtrace.daemon.probe.counter.KernelPacketCounters;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * The parts of the daemon that metrics read.
 *
 * @param costs reads what the attached probes cost
 * @param measuresCosts true if the kernel measures the run time of probes
 * @param counters the kernel's own counts, which no loss of events touches
 * @param locationName returns the function that an address of the kernel is in
 */
public record MetricSources(
    TracingStatus tracing,
    TraceStream stream,
    LossCounters losses,
    Supplier<List<ProbeCost>> costs,
    boolean measuresCosts,
    KernelPacketCounters counters,
    DropReasons reasons,
    LongFunction<String> locationName,
    NetnsLookup namespaces,
    NetnsReader reader) {}
