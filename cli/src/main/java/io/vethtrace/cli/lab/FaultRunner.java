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
 * Makes faults, investigates each, runs its fix and removes its namespaces. Several threads may run
 * one fault each.
 */
public final class FaultRunner {
  /**
   * The options of a run.
   *
   * @param keep true to leave the namespaces
   * @param stdoutToStderr true to send the traffic's output to standard error
   * @param background a shell command that runs beside each fault until its fix has run
   */
  public record Settings(boolean keep, boolean stdoutToStderr, Optional<String> background) {}

  private static final Duration TRAFFIC_TIMEOUT = Duration.ofSeconds(60);

  private final CommandInvestigation investigation;
  private final Interruption interruption;
  private final Settings settings;
  private final AtomicInteger nextNumber = new AtomicInteger(1);

  public FaultRunner(
      CommandInvestigation investigation, Interruption interruption, Settings settings) {
    this.investigation = investigation;
    this.interruption = interruption;
    this.settings = settings;
    FaultNamespaces.removeOrphans();
  }

  /** Runs one fault: makes it, investigates it, runs its fix and removes it. */
  public FaultResult run(Fault fault, FaultRunListener listener) {
    stopIfInterrupted();
    requireNeeds(fault);
    FaultVariables variables = variables(fault.namespaces());
    try (FaultNamespaces namespaces = FaultNamespaces.make(variables, settings.keep())) {
      listener.begin(fault, namespaces.variables());
      make(fault, variables);
      if (settings.background().isEmpty()) {
        return investigateAndFix(fault, variables, listener);
      }
      try (BackgroundCommand background =
          BackgroundCommand.start(settings.background().get(), variables.environment())) {
        return investigateAndFix(fault, variables, listener).withBackground(background.stop());
      }
    }
  }

  private FaultResult investigateAndFix(
      Fault fault, FaultVariables variables, FaultRunListener listener) {
    long startNs = System.nanoTime();
    WhyReport report = investigate(fault, variables, listener);
    boolean named = fault.expect().matches(report, variables);
    Optional<WhyReport> afterFix = Optional.empty();
    if (fault.then().isPresent()) {
      afterFix = Optional.of(fixAndInvestigate(fault, variables, report, listener));
      named &= fault.then().get().matches(afterFix.get(), variables);
    }
    if (fault.curable() && afterFix.orElse(report).getFindingsCount() > 0) {
      afterFix =
          Optional.of(fixAndInvestigate(fault, variables, afterFix.orElse(report), listener));
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - startNs);
    return new FaultResult(fault, report, named, afterFix, Optional.empty(), duration);
  }

  private FaultVariables variables(int count) {
    long pid = ProcessHandle.current().pid();
    return FaultVariables.numbered(pid, nextNumber.getAndAdd(count), count);
  }

  private static void requireNeeds(Fault fault) {
    fault
        .missingSupport()
        .ifPresent(reason -> {
          throw Failure.notPossible(
              "the fault %s cannot be made here, this kernel lacks something: %s"
                  .formatted(fault.name(), reason));
        });
  }

  private void make(Fault fault, FaultVariables variables) {
    ShellScript.Result made = ShellScript.run(fault.make(), variables.environment());
    stopIfInterrupted();
    if (!made.succeeded()) {
      throw Failure.notPossible(
          "the fault %s cannot be made here: %s".formatted(fault.name(), made.lastLine()));
    }
  }

  private WhyReport investigate(Fault fault, FaultVariables variables, FaultRunListener listener) {
    List<String> argv = ShellScript.argv(variables.expand(fault.traffic()));
    listener.investigate(argv);
    InvestigationRequest request =
        new InvestigationRequest(
            argv, settings.stdoutToStderr(), Optional.of(TRAFFIC_TIMEOUT), Optional.empty());
    InvestigationResult outcome = investigation.run(request);
    listener.report(outcome.report());
    stopIfInterrupted();
    return outcome.report();
  }

  /** Runs the fix of the first finding, if there is one, and investigates the traffic again. */
  private WhyReport fixAndInvestigate(
      Fault fault, FaultVariables variables, WhyReport report, FaultRunListener listener) {
    report.getFindingsList().stream()
        .limit(1)
        .flatMap(finding -> finding.getFixesList().stream().limit(1))
        .flatMap(fix -> fix.getCommandsList().stream())
        .forEach(command -> runFix(command, listener));
    return investigate(fault, variables, listener);
  }

  private static void runFix(String command, FaultRunListener listener) {
    ShellScript.Result result = ShellScript.run(command, Map.of());
    listener.fix(command, result.exitCode(), result.output());
  }

  private void stopIfInterrupted() {
    if (interruption.isRequested()) {
      throw Failure.interrupted("interrupted; the lab's namespaces are removed");
    }
  }
}
