package io.vethtrace.daemon.probe;

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
    Hook hook, Optional<Mechanism> mechanism, List<Refusal> refusals, Counters counters) {
  static ProbeStatus untried(ProbePoint point) {
    return new ProbeStatus(point.hook(), Optional.empty(), List.of(), Counters.NONE);
  }

  /** The point's name, as users read it. */
  public String name() {
    return hook.kernelName();
  }
}
