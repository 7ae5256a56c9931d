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

/** {@code vethtrace lab}: faults to learn and to test with. */
@Command(
    name = "lab",
    description = {
      "Faults to learn and to test with, each made in network namespaces of its own.",
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
      description = "The folder with the faults; the installation's own without this.")
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
        "Prints all faults against all kernels, in Markdown, from what lab run and status printed.",
        ""
      },
      footer = "  vethtrace lab table build/lab/*.jsonl")
  int table(
      @Parameters(
              paramLabel = "FILE",
              arity = "1..*",
              description =
                  "The results of one kernel: the lines of lab run -o json, then of status -o"
                      + " json.")
          List<Path> files) {
    session.console().out().print(ResultTable.of(files));
    return ExitCode.NOTHING_WRONG;
  }

  @Command(
      name = "show",
      description = {"Shows how a fault is made, to make it oneself.", ""},
      footer = "  vethtrace lab show blog-lo-down")
  int show(@Parameters(paramLabel = "NAME", description = "A fault's name.") String name) {
    Fault fault = library().get(name);
    Console console = session.console();
    console.out().print(LabTextPrinter.show(fault, console.style()));
    return ExitCode.NOTHING_WRONG;
  }
}
