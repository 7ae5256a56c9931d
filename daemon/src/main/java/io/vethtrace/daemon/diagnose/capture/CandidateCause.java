package io.vethtrace.daemon.diagnose.capture;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;

/**
 * A cause that captures leave open. It is never more than {@link Confidence#INFERRED}.
 *
 * @param when what must be so for it to be the one
 */
public record CandidateCause(Cause cause, String when) {}
