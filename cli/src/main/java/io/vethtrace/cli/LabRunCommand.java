package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.investigate.CommandInvestigation;
import io.vethtrace.cli.lab.Fault;
import io.vethtrace.cli.lab.FaultLibrary;
import io.vethtrace.cli.lab.FaultResult;
import io.vethtrace.cli.lab.FaultRunListener;
import io.vethtrace.cli.lab.FaultRunner;
import io.vethtrace.cli.lab.LabTextPrinter;
import io.vethtrace.cli.lab.ParallelRun;
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

/** {@code vethtrace lab run}: makes faults, has each explained, and fixes it. */
@Command(
    name = "run",
    description = {
      "Makes faults, has vethtrace name the cause of each, runs the printed fix, and shows that the"
          + " traffic then succeeds.",
      "",
      "All of this happens in network namespaces of its own, which are removed at the end, also"
          + " after Ctrl-C. The exit code is 0 only if every cause was right and every fix worked."
          + " With -o json it prints a line for each fault, then the daemon's status, which shows by"
          + " which mechanisms the faults were seen.",
      ""
    },
    exitCodeList = {
      "0:every cause was right and every fix worked",
      "1:a cause was wrong or a fix did not work",
      "2:the command line or a fault's file is wrong",
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {"  vethtrace lab run blog-lo-down", "  vethtrace -o json lab run --all"})
final class LabRunCommand implements Callable<Integer> {
  private final CommandContext session;
  private final LabCommand lab;

  @Option(names = "--all", description = "Run all faults that this kernel can have.")
  private boolean all;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Run N faults at a time. The results stay in order. The output of the traffic goes to"
              + " standard error.")
  private int jobs;

  @Option(names = "--keep", description = "Keep the namespaces, to look at them.")
  private boolean keep;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description =
          "Run this in a shell while each fault is explained, for example to make other traffic."
              + " Its environment has the namespaces as $NS, $NS2 and so on. Its first line of"
              + " output means that it is ready. SIGTERM ends it.")
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
      List<FaultResult> results = run(faults, connection);
      print(
          json()
              ? MessageJson.of(connection.status()) + "\n"
              : LabTextPrinter.summary(results, session.console().style()));
      return results.stream().allMatch(FaultResult::passed)
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
    Optional<String> missing = fault.missingSupport();
    missing.ifPresent(reason ->
        session
            .console()
            .complain(
                "%s is left out, because this kernel lacks something: %s"
                    .formatted(fault.name(), reason)));
    return missing.isEmpty();
  }

  private List<FaultResult> run(List<Fault> faults, DaemonConnection connection) {
    CommandInvestigation investigation =
        new CommandInvestigation(connection, session.interruption());
    FaultRunner.Settings settings =
        new FaultRunner.Settings(keep, json() || jobs > 1, Optional.ofNullable(beside));
    FaultRunner run = new FaultRunner(investigation, session.interruption(), settings);
    List<FaultResult> results = new ArrayList<>();
    ParallelRun.run(faults, jobs, fault -> run(fault, run), done -> results.add(print(done)));
    return results;
  }

  /** A result and the part of its text that is not printed yet. */
  private record Printable(FaultResult result, String text) {}

  private Printable run(Fault fault, FaultRunner run) {
    if (json()) {
      FaultResult result = run.run(fault, FaultRunListener.silent());
      return new Printable(result, result.json() + "\n");
    }
    Console console = session.console();
    if (jobs == 1) {
      return new Printable(run.run(fault, new LabTextPrinter(console.out(), console.style())), "");
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(text, false, StandardCharsets.UTF_8);
    FaultResult result = run.run(fault, new LabTextPrinter(stream, console.style()));
    return new Printable(result, text.toString(StandardCharsets.UTF_8));
  }

  private FaultResult print(Printable done) {
    print(done.text());
    return done.result();
  }

  private boolean json() {
    return session.options().json();
  }

  private void print(String text) {
    session.console().out().print(text);
    session.console().out().flush();
  }
}
