package io.vethtrace.daemon.app;

import io.vethtrace.daemon.diagnose.Outlook;
import io.vethtrace.daemon.kernel.KernelFacts;
import io.vethtrace.daemon.kernel.KernelFactsReader;
import io.vethtrace.daemon.probe.Examination;
import io.vethtrace.daemon.probe.ProbeStatus;
import io.vethtrace.daemon.probe.TracingChecks;
import io.vethtrace.daemon.serve.Checkup;
import io.vethtrace.daemon.trace.Hook;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts together what the kernel's files say, what was tried, and what the rules make of it. */
final class Checkups {
  private Checkups() {}

  /** Of this process, by trying everything once. */
  static Checkup byTrying(int ringBytes) {
    KernelNames names = KernelNames.reading().join();
    return of(Examination.byTrying(ringBytes), names);
  }

  static Checkup of(Examination examination, KernelNames names) {
    KernelFacts facts =
        KernelFactsReader.ofThisMachine().read(names.symbols().covering(Set.of()), names.reasons());
    return new Checkup(
        facts.release(),
        examination.tracingPossible(),
        TracingChecks.all(facts, examination),
        examination.probes(),
        Outlook.of(sight(facts, examination, names)));
  }

  private static Outlook.Sight sight(
      KernelFacts facts, Examination examination, KernelNames names) {
    Set<Hook> seen =
        examination.probes().stream()
            .filter(probe -> probe.mechanism().isPresent())
            .map(ProbeStatus::hook)
            .collect(Collectors.toSet());
    return new Outlook.Sight(
        seen, names.reasons(), facts.symbols().known(), facts.namespaces().entering().isEmpty());
  }
}
