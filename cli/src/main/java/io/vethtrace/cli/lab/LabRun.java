package io.vethtrace.cli.lab;

import io.vethtrace.cli.Failure;
import io.vethtrace.cli.Interruption;
import io.vethtrace.cli.investigate.Investigation;
import io.vethtrace.cli.investigate.Outcome;
import io.vethtrace.cli.investigate.Request;
import io.vethtrace.v1.WhyReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes faults one after another, has each named and cured, and leaves nothing behind. */
public final class LabRun {
  /** What to do besides. */
  public record Settings(boolean keep, boolean stdoutToStderr) {}

  private static final Duration TRAFFIC_TIMEOUT = Duration.ofSeconds(60);

  private final Investigation investigation;
  private final Interruption interruption;
  private final LabStory story;
  private final Settings settings;
  private int nextNumber = 1;

  public LabRun(
      Investigation investigation, Interruption interruption, LabStory story, Settings settings) {
    this.investigation = investigation;
    this.interruption = interruption;
    this.story = story;
    this.settings = settings;
    LabNamespaces.removeOrphans();
  }

  /** One fault from its making to its end. */
  public LabResult run(Fault fault) {
    long startNs = System.nanoTime();
    LabNames names =
        LabNames.numbered(ProcessHandle.current().pid(), nextNumber, fault.namespaces());
    nextNumber += fault.namespaces();
    try (LabNamespaces namespaces = LabNamespaces.make(names, settings.keep())) {
      story.begin(fault, namespaces.names());
      make(fault, names);
      WhyReport report = investigate(fault, names);
      Optional<WhyReport> afterCure = cure(fault, names, report);
      return new LabResult(
          fault,
          report,
          fault.expect().isMetBy(report, names),
          afterCure,
          Duration.ofNanos(System.nanoTime() - startNs));
    }
  }

  private void make(Fault fault, LabNames names) {
    Shell.Result made = Shell.run(fault.make(), names.environment());
    stopIfInterrupted();
    if (!made.succeeded()) {
      throw Failure.notPossible(
          "the fault %s cannot be made here: %s".formatted(fault.name(), made.lastLine()));
    }
  }

  private WhyReport investigate(Fault fault, LabNames names) {
    List<String> argv = Shell.argv(names.fill(fault.traffic()));
    story.investigate(argv);
    Request request =
        new Request(
            argv, settings.stdoutToStderr(), Optional.of(TRAFFIC_TIMEOUT), Optional.empty());
    Outcome outcome = investigation.run(request);
    story.report(outcome.report());
    stopIfInterrupted();
    return outcome.report();
  }

  private Optional<WhyReport> cure(Fault fault, LabNames names, WhyReport report) {
    if (!fault.curable() || report.getFindingsCount() == 0) {
      return Optional.empty();
    }
    report.getFindings(0).getFixesList().stream()
        .limit(1)
        .flatMap(fix -> fix.getCommandsList().stream())
        .forEach(this::cure);
    return Optional.of(investigate(fault, names));
  }

  private void cure(String command) {
    Shell.Result result = Shell.run(command, Map.of());
    story.cure(command, result.exitCode(), result.output());
  }

  private void stopIfInterrupted() {
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted; the lab's namespaces are removed");
    }
  }
}
