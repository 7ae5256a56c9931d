package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.DetectionCapability;
import io.vethtrace.daemon.diagnose.model.KernelVisibility;
import io.vethtrace.daemon.engine.TracingReport;
import io.vethtrace.daemon.kernel.host.KernelFacts;
import io.vethtrace.daemon.kernel.host.KernelFactsReader;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.check.AttachChecks;
import io.vethtrace.daemon.probe.check.TracingTrial;
import io.vethtrace.daemon.trace.Hook;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what the kernel's files say, what was tried, and what the rules make of it. */
final class TracingReports {
  private TracingReports() {}

  /** Returns the report of this process, which tries everything once. */
  static TracingReport byTrying(int ringBytes) {
    KernelNames names = KernelNames.reading().join();
    return of(TracingTrial.byTrying(ringBytes), names);
  }

  static TracingReport of(TracingTrial examination, KernelNames names) {
    KernelFacts facts =
        KernelFactsReader.ofThisMachine().read(names.symbols().covering(Set.of()), names.reasons());
    return new TracingReport(
        facts.release(),
        examination.tracingPossible(),
        AttachChecks.all(facts, examination),
        examination.probes(),
        DetectionCapability.of(visibility(facts, examination, names)));
  }

  private static KernelVisibility visibility(
      KernelFacts facts, TracingTrial examination, KernelNames names) {
    Set<Hook> attached =
        examination.probes().stream()
            .filter(probe -> probe.mechanism().isPresent())
            .map(ProbeStatus::hook)
            .collect(Collectors.toSet());
    return new KernelVisibility(
        attached,
        names.reasons(),
        facts.symbols().known(),
        facts.namespaces().enterRefusal().isEmpty());
  }
}
