package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.CauseDetectability;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import io.vethtrace.daemon.engine.DoctorReport;
import io.vethtrace.daemon.kernel.host.KernelFacts;
import io.vethtrace.daemon.kernel.host.KernelFactsReader;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.check.AttachChecks;
import io.vethtrace.daemon.probe.check.TracingSelfTest;
import io.vethtrace.daemon.trace.Hook;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what the kernel's files say, what was tried, and what the rules make of it. */
final class DoctorReports {
  private DoctorReports() {}

  /** Returns the report of this process, which tries everything once. */
  static DoctorReport byTrying(int ringBytes) {
    ReasonAndFunctionNames names = ReasonAndFunctionNames.reading().join();
    return of(TracingSelfTest.byTrying(ringBytes), names);
  }

  static DoctorReport of(TracingSelfTest examination, ReasonAndFunctionNames names) {
    KernelFacts facts =
        KernelFactsReader.ofThisMachine().read(names.symbols().covering(Set.of()), names.reasons());
    return new DoctorReport(
        facts.release(),
        examination.tracingPossible(),
        AttachChecks.all(facts, examination),
        examination.probes(),
        CauseDetectability.of(visibility(facts, examination, names)));
  }

  private static ProbeVisibility visibility(
      KernelFacts facts, TracingSelfTest examination, ReasonAndFunctionNames names) {
    Set<Hook> attached =
        examination.probes().stream()
            .filter(probe -> probe.mechanism().isPresent())
            .map(ProbeStatus::hook)
            .collect(Collectors.toSet());
    return new ProbeVisibility(
        attached,
        names.reasons(),
        facts.symbols().known(),
        facts.namespaces().enterRefusal().isEmpty());
  }
}
