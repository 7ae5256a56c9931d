package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.connect.LocalDoctor;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.print.DoctorText;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.v1.DoctorResponse;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code vethtrace doctor}: shows what this kernel allows and what is missing. */
@Command(
    name = "doctor",
    description = {
      "Shows what this kernel allows, which causes will be observed and which inferred, and what to"
          + " change. It asks the daemon that listens. If none does, it examines the kernel once by"
          + " itself.",
      ""
    },
    exitCodeList = {
      "0:tracing is possible, with the limits that were shown",
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {
      "  vethtrace doctor",
      "  vethtrace -o json doctor | jq '.checks[] | select(.state != \"OK\")'"
    })
final class DoctorCommand implements Callable<Integer> {
  private final CommandContext session;

  DoctorCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    DoctorResponse doctor = ask();
    Console console = session.console();
    console
        .out()
        .print(
            session.options().json()
                ? MessageJson.of(doctor) + "\n"
                : DoctorText.of(doctor, console.style()));
    return doctor.getTracingPossible() ? ExitCode.NOTHING_WRONG : ExitCode.NOT_POSSIBLE;
  }

  /**
   * Asks the daemon if one listens, because its privileges count then and not those of this
   * program.
   */
  private DoctorResponse ask() {
    Optional<DaemonConnection> daemon = session.connectIfListening();
    if (daemon.isEmpty()) {
      return LocalDoctor.run(session.interruption());
    }
    try (DaemonConnection connection = daemon.get()) {
      return connection.doctor();
    }
  }
}
