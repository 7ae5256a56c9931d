package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.engine.Tracing;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.netns.NetnsDirectory;
import io.vethtrace.daemon.kernel.netns.NetnsReader;
import java.util.function.LongFunction;

/**
 * Where the figures come from.
 *
 * @param placeName the function that an address of the kernel is in
 */
public record MetricSources(
    Tracing tracing,
    DropReasons reasons,
    LongFunction<String> placeName,
    NetnsDirectory namespaces,
    NetnsReader reader) {}
