package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import io.vethtrace.daemon.probe.counter.ProbeHitCounters;
import io.vethtrace.daemon.trace.Hook;
import java.util.List;
import java.util.Optional;

/**
 * The state of one probe point.
 *
 * @param mechanism the mechanism that is used; empty if none attached
 * @param failures the better candidates, each with the reason why it did not attach
 */
public record ProbeStatus(
    Hook hook,
    Optional<Mechanism> mechanism,
    List<AttachFailure> failures,
    ProbeHitCounters counters) {
  public static ProbeStatus untried(ProbePoint point) {
    return new ProbeStatus(point.hook(), Optional.empty(), List.of(), ProbeHitCounters.NONE);
  }

  /** The point's name, as users read it. */
  public String name() {
    return hook.kernelName();
  }
}
