package io.vethtrace.daemon.diagnose;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
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
  private Optional<Finding.Place> elsewhere = Optional.empty();

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

  /** The fault is at this device, not at the one where it showed. */
  Draft in(NetnsFacts facts, String device) {
    elsewhere = Optional.of(new Finding.Place(facts.inode(), facts.displayName(), device));
    return this;
  }

  /** The finding, at the device of {@code where}, proved by {@code proof}. */
  Finding at(Event where, Journey proof, Case question, int packets) {
    String nowCalled = question.snapshot().deviceName(where);
    if (!where.ifname().isEmpty() && !nowCalled.equals(where.ifname())) {
      proves(Evidence.Kind.DEVICE, "%s is called %s by now", where.ifname(), nowCalled);
    }
    return new Finding(
        cause,
        verdict,
        confidence,
        title,
        explanation,
        elsewhere.orElse(
            new Finding.Place(
                where.netns(), question.snapshot().netnsName(where.netns()), where.ifname())),
        hook,
        returnValue,
        dropReason,
        evidence,
        List.of(),
        fixes,
        packets,
        proof);
  }
}
