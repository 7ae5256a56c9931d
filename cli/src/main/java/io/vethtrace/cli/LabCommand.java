package io.vethtrace.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
  private LabCommand() {}

  static CommandLine with(Session session) {
    return new CommandLine(new LabCommand());
  }
}
