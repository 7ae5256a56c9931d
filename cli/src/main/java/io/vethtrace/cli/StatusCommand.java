package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.StatusText;
import io.vethtrace.v1.StatusResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code vethtrace status}: shows the mechanism of each probe point, and losses. */
@Command(
    name = "status",
    description = {
      "Shows by which mechanism each probe point runs, why no better one does, and how many events"
          + " were lost at each stage.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {
      "  vethtrace status",
      "  vethtrace -o json status | jq '.probes[] | {name, mechanism}'"
    })
final class StatusCommand implements Callable<Integer> {
  private final CommandContext session;

  StatusCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (DaemonConnection connection = session.connect()) {
      StatusResponse status = connection.status();
      Console console = session.console();
      console
          .out()
          .print(
              session.options().json()
                  ? MessageJson.of(status) + "\n"
                  : StatusText.of(status, console.style()));
      return ExitCode.NOTHING_WRONG;
    }
  }
}
