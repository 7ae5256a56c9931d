package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.diagnose.DetectionCapability;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.check.TracingCheck;
import java.util.List;

/**
 * What this process can see of this kernel.
 *
 * @param tracingPossible whether any probe point can be watched
 * @param probes every probe point with the mechanism that holds
 * @param outlooks how each family of causes will be found
 */
public record TracingReport(
    KernelRelease kernel,
    boolean tracingPossible,
    List<TracingCheck> checks,
    List<ProbeStatus> probes,
    List<DetectionCapability> outlooks) {
  public TracingReport {
    checks = List.copyOf(checks);
    probes = List.copyOf(probes);
    outlooks = List.copyOf(outlooks);
  }
}
