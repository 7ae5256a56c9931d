package io.vethtrace.daemon.serve;

/** What passed one stage so far; at rest produced = delivered + filtered + lost. */
public record StageCounts(String name, long produced, long delivered, long filtered, long lost) {}
