package io.vethtrace.daemon.diagnose;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A finding while a rule writes it. What is not set is empty. */
final class Draft {
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

  Draft(Cause cause, Verdict verdict, Confidence confidence) {
    this.cause = cause;
    this.verdict = verdict;
    this.confidence = confidence;
  }

  @FormatMethod
  Draft title(String text, Object... args) {
    title = text.formatted(args);
    return this;
  }

  @FormatMethod
  Draft explanation(String text, Object... args) {
    explanation = text.formatted(args);
    return this;
  }

  Draft hook(String kernelName) {
    hook = kernelName;
    return this;
  }

  Draft dropReason(String name) {
    dropReason = name;
    return this;
  }

  /** The device of the fault, where it is not that of the event. */
  Draft on(String device) {
    ifname = Optional.of(device);
    return this;
  }

  Draft returned(OptionalInt value) {
    returnValue = value;
    return this;
  }

  @FormatMethod
  Draft proves(Evidence.Kind kind, @FormatString String text, Object... args) {
    evidence.add(new Evidence(kind, text.formatted(args)));
    return this;
  }

  /** Without one where the namespace is not known in which the command would have to run. */
  Draft fix(Optional<Fix> fix) {
    fix.ifPresent(fixes::add);
    return this;
  }

  /** The finding, at the device of {@code where}, proved by {@code proof}. */
  Finding at(Event where, Journey proof, Case question, int packets) {
    String nowCalled = question.snapshot().deviceName(where);
    if (!where.ifname().isEmpty() && !nowCalled.equals(where.ifname())) {
      proves(Evidence.Kind.DEVICE, "%s is called %s by now", where.ifname(), nowCalled);
    }
    return at(
        new Finding.Place(
            where.netns(),
            question.snapshot().netnsName(where.netns()),
            ifname.orElse(where.ifname())),
        proof,
        packets);
  }

  /** The finding, at a device that no packet reached. */
  Finding at(NetnsFacts facts, Device device, Journey proof, int packets) {
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
