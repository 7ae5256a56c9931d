package io.vethtrace.cli;

import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.lab.Fault;
import io.vethtrace.cli.lab.FaultLibrary;
import io.vethtrace.cli.lab.LabJson;
import io.vethtrace.cli.lab.LabTextPrinter;
import io.vethtrace.cli.lab.ResultTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code vethtrace lab}: makes faults to learn and to test with. */
@Command(
    name = "lab",
    description = {
      "Makes faults to learn and to test with, each in network namespaces of its own.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  vethtrace lab list",
      "  vethtrace lab show blog-lo-down",
      "  vethtrace lab run blog-lo-down",
      "  vethtrace -o json lab run --all",
    })
final class LabCommand {
  private final CommandContext session;

  @Option(
      names = "--faults",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Read the faults from this folder (default: the one of the installation).")
  private @Nullable Path faults;

  private LabCommand(CommandContext session) {
    this.session = session;
  }

  static CommandLine with(CommandContext session) {
    LabCommand lab = new LabCommand(session);
    return new CommandLine(lab).addSubcommand(new LabRunCommand(session, lab));
  }

  FaultLibrary library() {
    return FaultLibrary.open(Optional.ofNullable(faults));
  }

  @Command(
      name = "list",
      description = {"Lists the faults.", ""},
      footer = "  vethtrace lab list")
  int list() {
    Console console = session.console();
    List<Fault> faults = library().faults();
    console
        .out()
        .print(
            session.options().json()
                ? LabJson.list(faults)
                : LabTextPrinter.list(faults, console.style()));
    return ExitCode.NOTHING_WRONG;
  }

  @Command(
      name = "table",
      description = {
        "Prints a table of faults and kernels in Markdown, from the output of lab run and status.",
        ""
      },
      footer = "  vethtrace lab table build/lab/*.jsonl")
  int table(
      @Parameters(
              paramLabel = "FILE",
              arity = "1..*",
              description =
                  "The results of one kernel: the output of lab run -o json, then of status -o"
                      + " json.")
          List<Path> files) {
    session.console().out().print(ResultTable.of(files));
    return ExitCode.NOTHING_WRONG;
  }

  @Command(
      name = "show",
      description = {"Shows the commands that make a fault.", ""},
      footer = "  vethtrace lab show blog-lo-down")
  int show(@Parameters(paramLabel = "NAME", description = "The name of a fault.") String name) {
    Fault fault = library().get(name);
    Console console = session.console();
    console.out().print(LabTextPrinter.show(fault, console.style()));
    return ExitCode.NOTHING_WRONG;
  }
}
