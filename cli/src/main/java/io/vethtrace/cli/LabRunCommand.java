package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.investigate.CommandInvestigation;
import io.vethtrace.cli.lab.Fault;
import io.vethtrace.cli.lab.FaultLibrary;
import io.vethtrace.cli.lab.LabJobs;
import io.vethtrace.cli.lab.LabResult;
import io.vethtrace.cli.lab.LabRun;
import io.vethtrace.cli.lab.LabStory;
import io.vethtrace.cli.lab.LabText;
import io.vethtrace.cli.print.MessageJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace lab run}: faults made, named, cured. */
@Command(
    name = "run",
    description = {
      "Makes faults, has each named, runs the printed cure and shows that the traffic succeeds.",
      "",
      "Everything happens in network namespaces made for it, which are removed at the end, also"
          + " after Ctrl-C. The exit code is 0 only if every fault was named right and cured. As JSON"
          + " a line for each fault is printed, then the daemon's status: what the faults were seen"
          + " by.",
      ""
    },
    exitCodeList = {
      "0:every fault was named right and cured",
      "1:one was not",
      "2:the command line or a fault's file is wrong",
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {"  vethtrace lab run blog-lo-down", "  vethtrace -o json lab run --all"})
final class LabRunCommand implements Callable<Integer> {
  private final CommandContext session;
  private final LabCommand lab;

  @Option(names = "--all", description = "All faults that this kernel has the means for.")
  private boolean all;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Run so many faults at a time. The results stay in order; the output of the traffic goes"
              + " to standard error.")
  private int jobs;

  @Option(names = "--keep", description = "Leave the namespaces, to look at them.")
  private boolean keep;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description =
          "Run this by a shell beside each fault, traffic for example, with the namespaces as $NS,"
              + " $NS2, ... in its environment. Its first line of output says that it is ready;"
              + " SIGTERM ends it.")
  private @Nullable String beside;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Names of faults.")
  private List<String> names = List.of();

  LabRunCommand(CommandContext session, LabCommand lab) {
    this.session = session;
    this.lab = lab;
  }

  @Override
  public Integer call() {
    if (jobs < 1) {
      throw Failure.usage("--jobs has to be at least 1");
    }
    List<Fault> faults = chosen(lab.library());
    try (DaemonConnection connection = session.connect()) {
      List<LabResult> results = run(faults, connection);
      print(
          json()
              ? MessageJson.of(connection.status()) + "\n"
              : LabText.summary(results, session.console().style()));
      return results.stream().allMatch(LabResult::passed)
          ? ExitCode.NOTHING_WRONG
          : ExitCode.FAULT_FOUND;
    }
  }

  private List<Fault> chosen(FaultLibrary library) {
    if (all == !names.isEmpty()) {
      throw Failure.usage("name the faults to run, or --all; vethtrace lab list shows them");
    }
    return all
        ? library.faults().stream().filter(this::canBeMade).toList()
        : names.stream().map(library::get).toList();
  }

  private boolean canBeMade(Fault fault) {
    Optional<String> lacking = fault.lacking();
    lacking.ifPresent(why ->
        session
            .console()
            .complain(
                "%s is left out, this kernel lacks something: %s".formatted(fault.name(), why)));
    return lacking.isEmpty();
  }

  private List<LabResult> run(List<Fault> faults, DaemonConnection connection) {
    CommandInvestigation investigation =
        new CommandInvestigation(connection, session.interruption());
    LabRun.Settings settings =
        new LabRun.Settings(keep, json() || jobs > 1, Optional.ofNullable(beside));
    LabRun run = new LabRun(investigation, session.interruption(), settings);
    List<LabResult> results = new ArrayList<>();
    LabJobs.run(faults, jobs, fault -> run(fault, run), told -> results.add(print(told)));
    return results;
  }

  /** A result and what is still to be printed of it. */
  private record Told(LabResult result, String text) {}

  private Told run(Fault fault, LabRun run) {
    if (json()) {
      LabResult result = run.run(fault, LabStory.untold());
      return new Told(result, result.json() + "\n");
    }
    Console console = session.console();
    if (jobs == 1) {
      return new Told(run.run(fault, new LabText(console.out(), console.style())), "");
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream story = new PrintStream(text, false, StandardCharsets.UTF_8);
    LabResult result = run.run(fault, new LabText(story, console.style()));
    return new Told(result, text.toString(StandardCharsets.UTF_8));
  }

  private LabResult print(Told told) {
    print(told.text());
    return told.result();
  }

  private boolean json() {
    return session.options().json();
  }

  private void print(String text) {
    session.console().out().print(text);
    session.console().out().flush();
  }
}
