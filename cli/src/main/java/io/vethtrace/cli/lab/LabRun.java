package io.vethtrace.cli.lab;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.investigate.CommandInvestigation;
import io.vethtrace.cli.investigate.InvestigationRequest;
import io.vethtrace.cli.investigate.InvestigationResult;
import io.vethtrace.v1.WhyReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes faults, has each named and cured, and leaves nothing behind. Several threads may run one
 * fault each.
 */
public final class LabRun {
  /**
   * What to do besides.
   *
   * @param beside a shell line that runs beside each fault from its making to its cure
   */
  public record Settings(boolean keep, boolean stdoutToStderr, Optional<String> beside) {}

  private static final Duration TRAFFIC_TIMEOUT = Duration.ofSeconds(60);

  private final CommandInvestigation investigation;
  private final Interruption interruption;
  private final Settings settings;
  private final AtomicInteger nextNumber = new AtomicInteger(1);

  public LabRun(CommandInvestigation investigation, Interruption interruption, Settings settings) {
    this.investigation = investigation;
    this.interruption = interruption;
    this.settings = settings;
    LabNamespaces.removeOrphans();
  }

  /** One fault from its making to its end. */
  public LabResult run(Fault fault, LabStory story) {
    stopIfInterrupted();
    requireNeeds(fault);
    LabNames names = names(fault.namespaces());
    try (LabNamespaces namespaces = LabNamespaces.make(names, settings.keep())) {
      story.begin(fault, namespaces.names());
      make(fault, names);
      if (settings.beside().isEmpty()) {
        return explainAndCure(fault, names, story);
      }
      try (Beside beside = Beside.start(settings.beside().get(), names.environment())) {
        return explainAndCure(fault, names, story).with(beside.end());
      }
    }
  }

  private LabResult explainAndCure(Fault fault, LabNames names, LabStory story) {
    long startNs = System.nanoTime();
    WhyReport report = investigate(fault, names, story);
    boolean named = fault.expect().isMetBy(report, names);
    Optional<WhyReport> afterCure = Optional.empty();
    if (fault.then().isPresent()) {
      afterCure = Optional.of(again(fault, names, report, story));
      named &= fault.then().get().isMetBy(afterCure.get(), names);
    }
    if (fault.curable() && afterCure.orElse(report).getFindingsCount() > 0) {
      afterCure = Optional.of(again(fault, names, afterCure.orElse(report), story));
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - startNs);
    return new LabResult(fault, report, named, afterCure, Optional.empty(), duration);
  }

  private LabNames names(int count) {
    long pid = ProcessHandle.current().pid();
    return LabNames.numbered(pid, nextNumber.getAndAdd(count), count);
  }

  private static void requireNeeds(Fault fault) {
    fault
        .lacking()
        .ifPresent(why -> {
          throw Failure.notPossible(
              "the fault %s cannot be made here, this kernel lacks something: %s"
                  .formatted(fault.name(), why));
        });
  }

  private void make(Fault fault, LabNames names) {
    Shell.Result made = Shell.run(fault.make(), names.environment());
    stopIfInterrupted();
    if (!made.succeeded()) {
      throw Failure.notPossible(
          "the fault %s cannot be made here: %s".formatted(fault.name(), made.lastLine()));
    }
  }

  private WhyReport investigate(Fault fault, LabNames names, LabStory story) {
    List<String> argv = Shell.argv(names.fill(fault.traffic()));
    story.investigate(argv);
    InvestigationRequest request =
        new InvestigationRequest(
            argv, settings.stdoutToStderr(), Optional.of(TRAFFIC_TIMEOUT), Optional.empty());
    InvestigationResult outcome = investigation.run(request);
    story.report(outcome.report());
    stopIfInterrupted();
    return outcome.report();
  }

  /** Runs the cure of the first finding, where there is one, and the traffic once more. */
  private WhyReport again(Fault fault, LabNames names, WhyReport report, LabStory story) {
    report.getFindingsList().stream()
        .limit(1)
        .flatMap(finding -> finding.getFixesList().stream().limit(1))
        .flatMap(fix -> fix.getCommandsList().stream())
        .forEach(command -> cure(command, story));
    return investigate(fault, names, story);
  }

  private static void cure(String command, LabStory story) {
    Shell.Result result = Shell.run(command, Map.of());
    story.cure(command, result.exitCode(), result.output());
  }

  private void stopIfInterrupted() {
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted; the lab's namespaces are removed");
    }
  }
}
