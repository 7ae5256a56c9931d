package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonLauncher;
import io.vethtrace.cli.exit.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code vethtrace daemon}: runs vethtraced. The launcher script does that by itself if {@code
 * daemon} is the first word; this class does it if options come before that word.
 */
@Command(
    name = "daemon",
    description = {
      "Runs vethtraced in the foreground until Ctrl-C or SIGTERM. vethtraced --help shows its"
          + " options. docs/service.md says how systemd runs it as a service.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.DONE,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {
      "  vethtrace daemon",
      "  vethtrace daemon --socket /tmp/vt.sock --ring-bytes 67108864",
      "  vethtrace daemon --config ./vethtraced.conf",
    })
final class DaemonCommand implements Callable<Integer> {
  private final CommandContext session;

  @Parameters(arity = "0..*", paramLabel = "OPTION", description = "An option of vethtraced.")
  private List<String> options = List.of();

  private DaemonCommand(CommandContext session) {
    this.session = session;
  }

  static CommandLine with(CommandContext session) {
    return new CommandLine(new DaemonCommand(session))
        .setUnmatchedOptionsArePositionalParams(true)
        .setStopAtPositional(true);
  }

  @Override
  public Integer call() throws InterruptedException {
    Process daemon = start(DaemonLauncher.find());
    CompletableFuture.anyOf(daemon.onExit(), session.interruption().requested()).join();
    daemon.destroy();
    return daemon.waitFor();
  }

  private Process start(Path program) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(options);
    try {
      return new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      throw Failure.notPossible("cannot start %s: %s".formatted(program, Failure.reason(e)));
    }
  }
}
