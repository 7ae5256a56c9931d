package io.vethtrace.daemon.metrics;

/**
 * How full one kind of history is.
 *
 * @param kind "journey" or "finding"
 * @param bytes estimated, of the daemon's memory
 * @param ageSeconds how long ago the oldest was told; 0 where there is none
 */
public record HistoryFill(String kind, long items, long bytes, double ageSeconds) {}
