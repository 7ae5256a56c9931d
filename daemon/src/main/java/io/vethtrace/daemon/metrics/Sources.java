package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.NetnsDirectory;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.serve.TraceItem;
import io.vethtrace.daemon.serve.Tracing;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Where the figures come from.
 *
 * @param placeName the function that an address of the kernel is in
 * @param history how full the history is; none where nothing is kept
 * @param findingId what {@code vethtrace explain --id} takes; empty where nothing is kept
 */
public record Sources(
    Tracing tracing,
    DropReasons reasons,
    LongFunction<String> placeName,
    NetnsDirectory namespaces,
    NetnsReader reader,
    Supplier<List<HistoryFill>> history,
    Function<TraceItem.FaultFound, String> findingId) {}
