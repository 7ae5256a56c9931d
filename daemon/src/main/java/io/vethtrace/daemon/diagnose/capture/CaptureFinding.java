package io.vethtrace.daemon.diagnose.capture;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Verdict;
import java.util.List;

/**
 * The verdict on captures alone: what they prove, and what they leave open. All of it is {@link
 * Confidence#INFERRED}, because captures do not show what a kernel did with a frame.
 *
 * @param cause what vethtrace noted in the capture, or what an ICMP error says; else {@link
 *     Cause#UNKNOWN}
 * @param ifname where the requests left; empty where a cause was noted, which is elsewhere
 * @param left the causes to consider, the likeliest first; none where one was noted
 * @param settledBy a command that tells which of them it is
 * @param packets how many met it
 */
public record CaptureFinding(
    Cause cause,
    Verdict verdict,
    String title,
    String explanation,
    String ifname,
    List<Evidence> evidence,
    List<CandidateCause> left,
    String settledBy,
    int packets) {
  public CaptureFinding {
    evidence = List.copyOf(evidence);
    left = List.copyOf(left);
  }
}
