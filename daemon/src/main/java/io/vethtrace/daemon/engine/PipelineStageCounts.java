package io.vethtrace.daemon.engine;

/**
 * The counts of one stage since the daemon started. At rest produced = delivered + filtered + lost.
 */
public record PipelineStageCounts(
    String name, long produced, long delivered, long filtered, long lost) {}
