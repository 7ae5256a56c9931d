package io.vethtrace.daemon.probe;

import io.vethtrace.daemon.probe.attach.AttachFailure;
import io.vethtrace.daemon.probe.attach.Mechanism;
import io.vethtrace.daemon.probe.attach.ProbePoint;
import io.vethtrace.daemon.probe.counter.HookCounters;
import io.vethtrace.daemon.trace.Hook;
import java.util.List;
import java.util.Optional;

/**
 * One probe point as it stands.
 *
 * @param mechanism the one taken, empty where none attached
 * @param refusals every better one that was tried, and why it was not taken
 */
public record ProbeStatus(
    Hook hook, Optional<Mechanism> mechanism, List<AttachFailure> refusals, HookCounters counters) {
  public static ProbeStatus untried(ProbePoint point) {
    return new ProbeStatus(point.hook(), Optional.empty(), List.of(), HookCounters.NONE);
  }

  /** The point's name, as users read it. */
  public String name() {
    return hook.kernelName();
  }
}
