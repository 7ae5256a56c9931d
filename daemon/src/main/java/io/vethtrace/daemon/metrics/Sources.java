package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.NetnsDirectory;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.serve.Tracing;
import java.util.function.LongFunction;

/**
 * Where the figures come from.
 *
 * @param placeName the function that an address of the kernel is in
 */
public record Sources(
    Tracing tracing,
    DropReasons reasons,
    LongFunction<String> placeName,
    NetnsDirectory namespaces,
    NetnsReader reader) {}
