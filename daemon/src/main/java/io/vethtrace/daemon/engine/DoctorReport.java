package io.vethtrace.daemon.engine;

import io.vethtrace.daemon.diagnose.CauseDetectability;
import io.vethtrace.daemon.kernel.host.KernelRelease;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.check.TracingCheck;
import java.util.List;

/**
 * The means that this process has to trace on this kernel.
 *
 * @param tracingPossible true if any probe point can be attached
 * @param probes every probe point with the mechanism by which it is attached
 * @param capabilities the means by which each family of causes is found
 */
public record DoctorReport(
    KernelRelease kernel,
    boolean tracingPossible,
    List<TracingCheck> checks,
    List<ProbeStatus> probes,
    List<CauseDetectability> capabilities) {
  public DoctorReport {
    checks = List.copyOf(checks);
    probes = List.copyOf(probes);
    capabilities = List.copyOf(capabilities);
  }
}
