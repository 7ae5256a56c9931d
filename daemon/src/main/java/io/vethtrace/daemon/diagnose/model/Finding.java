package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The verdict on one or more conversations: one root cause, its proof and its cure.
 *
 * @param title one line: what is wrong, and where
 * @param place where the fault is and must be cured
 * @param hook the kernel function or tracepoint that decided
 * @param returnValue what it returned, where that was observed
 * @param dropReason the kernel's name for it without prefix, or its number; empty where it has none
 * @param consequences what followed and is no fault of its own
 * @param packets how many packets met this fault
 * @param proof the journey that shows it
 */
public record Finding(
    Cause cause,
    Verdict verdict,
    Confidence confidence,
    String title,
    String explanation,
    Place place,
    String hook,
    OptionalInt returnValue,
    String dropReason,
    List<Evidence> evidence,
    List<String> consequences,
    List<Fix> fixes,
    int packets,
    Journey proof) {

  /**
   * The place of a fault.
   *
   * @param netns inode of the namespace
   * @param netnsName its name for people
   * @param ifname the device, in that namespace
   */
  public record Place(int netns, String netnsName, String ifname) {}

  public Finding {
    evidence = List.copyOf(evidence);
    consequences = List.copyOf(consequences);
    fixes = List.copyOf(fixes);
  }

  /**
   * Returns true if {@code other} is the same fault in the same place: both have a fix or, if one
   * has none, the same title.
   */
  public boolean sameFault(Finding other) {
    boolean curable = !fixes.isEmpty() && !other.fixes.isEmpty();
    return cause == other.cause
        && place.equals(other.place)
        && hook.equals(other.hook)
        && (curable || title.equals(other.title));
  }

  /** This finding, met by the packets of {@code other} too. */
  public Finding with(Finding other) {
    List<String> both =
        Stream.concat(consequences.stream(), other.consequences.stream()).distinct().toList();
    return copy(evidence, both, fixesWith(other), packets + other.packets);
  }

  /** Returns the fixes; the one that is printed first must do for the packets of both. */
  private List<Fix> fixesWith(Finding other) {
    if (fixes.isEmpty() || other.fixes.isEmpty()) {
      return fixes;
    }
    List<Fix> all = new ArrayList<>(fixes);
    all.set(0, fixes.getFirst().with(other.fixes.getFirst()));
    return all;
  }

  /** This finding with further consequences. */
  public Finding withConsequences(List<String> more) {
    List<String> all = new ArrayList<>(consequences);
    more.stream().filter(text -> !all.contains(text)).forEach(all::add);
    return copy(evidence, all, fixes, packets);
  }

  /** This finding with one more fact. */
  public Finding withEvidence(Evidence more) {
    List<Evidence> all = Stream.concat(evidence.stream(), Stream.of(more)).toList();
    return copy(all, consequences, fixes, packets);
  }

  private Finding copy(
      List<Evidence> newEvidence,
      List<String> newConsequences,
      List<Fix> newFixes,
      int newPackets) {
    return new Finding(
        cause,
        verdict,
        confidence,
        title,
        explanation,
        place,
        hook,
        returnValue,
        dropReason,
        newEvidence,
        newConsequences,
        newFixes,
        newPackets,
        proof);
  }
}
