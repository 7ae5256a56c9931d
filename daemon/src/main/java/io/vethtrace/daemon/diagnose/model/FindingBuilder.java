package io.vethtrace.daemon.diagnose.model;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A finding while a rule writes it. What is not set is empty. */
public final class FindingBuilder {
  private final Cause cause;
  private final Verdict verdict;
  private final Confidence confidence;
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<Fix> fixes = new ArrayList<>();
  private String title = "";
  private String explanation = "";
  private String hook = "";
  private String dropReason = "";
  private OptionalInt returnValue = OptionalInt.empty();
  private Optional<String> ifname = Optional.empty();

  public FindingBuilder(Cause cause, Verdict verdict, Confidence confidence) {
    this.cause = cause;
    this.verdict = verdict;
    this.confidence = confidence;
  }

  @FormatMethod
  public FindingBuilder title(String text, Object... args) {
    title = text.formatted(args);
    return this;
  }

  @FormatMethod
  public FindingBuilder explanation(String text, Object... args) {
    explanation = text.formatted(args);
    return this;
  }

  public FindingBuilder hook(String kernelName) {
    hook = kernelName;
    return this;
  }

  public FindingBuilder dropReason(String name) {
    dropReason = name;
    return this;
  }

  /** The device of the fault, where it is not that of the event. */
  public FindingBuilder on(String device) {
    ifname = Optional.of(device);
    return this;
  }

  public FindingBuilder returned(OptionalInt value) {
    returnValue = value;
    return this;
  }

  @FormatMethod
  public FindingBuilder proves(Evidence.Kind kind, @FormatString String text, Object... args) {
    evidence.add(new Evidence(kind, text.formatted(args)));
    return this;
  }

  /** Adds a fix; none if the namespace is not known in which the command would have to run. */
  public FindingBuilder fix(Optional<Fix> fix) {
    fix.ifPresent(fixes::add);
    return this;
  }

  /** The finding, at the device of {@code where}, proved by {@code proof}. */
  public Finding at(Event where, Journey proof, ConversationView view, int packets) {
    String nowCalled = view.snapshot().deviceName(where);
    if (!where.ifname().isEmpty() && !nowCalled.equals(where.ifname())) {
      proves(Evidence.Kind.DEVICE, "%s is called %s by now", where.ifname(), nowCalled);
    }
    return at(
        new Finding.Place(
            where.netns(), view.snapshot().netnsName(where.netns()), ifname.orElse(where.ifname())),
        proof,
        packets);
  }

  /** The finding, at a device that no packet reached. */
  public Finding at(NetnsFacts facts, Device device, Journey proof, int packets) {
    return at(new Finding.Place(facts.inode(), facts.displayName(), device.name()), proof, packets);
  }

  private Finding at(Finding.Place place, Journey proof, int packets) {
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
        evidence,
        List.of(),
        fixes,
        Math.max(1, packets), // the proof is one, also where only replies met it
        proof);
  }
}
