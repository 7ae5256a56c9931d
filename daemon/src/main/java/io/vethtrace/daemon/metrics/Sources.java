package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.kernel.DropReasons;
import io.vethtrace.daemon.kernel.NetnsDirectory;
import io.vethtrace.daemon.kernel.NetnsReader;
import io.vethtrace.daemon.serve.Tracing;

/** Where the figures come from. */
public record Sources(
    Tracing tracing, DropReasons reasons, NetnsDirectory namespaces, NetnsReader reader) {}
