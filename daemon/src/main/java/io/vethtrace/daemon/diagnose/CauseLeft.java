package io.vethtrace.daemon.diagnose;

/**
 * A cause that captures leave open. It is never more than {@link Confidence#INFERRED}.
 *
 * @param when what must be so for it to be the one
 */
public record CauseLeft(Cause cause, String when) {}
