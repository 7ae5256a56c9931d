package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.diagnose.Outlook;
import io.vethtrace.daemon.kernel.KernelRelease;
import io.vethtrace.daemon.probe.Check;
import io.vethtrace.daemon.probe.ProbeStatus;
import java.util.List;

/**
 * What this process can see of this kernel.
 *
 * @param tracingPossible whether any probe point can be watched
 * @param probes every probe point with the mechanism that holds
 * @param outlooks how each family of causes will be found
 */
public record Checkup(
    KernelRelease kernel,
    boolean tracingPossible,
    List<Check> checks,
    List<ProbeStatus> probes,
    List<Outlook> outlooks) {
  public Checkup {
    checks = List.copyOf(checks);
    probes = List.copyOf(probes);
    outlooks = List.copyOf(outlooks);
  }
}
