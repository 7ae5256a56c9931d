package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.option.GlobalOptions;
import io.vethtrace.cli.option.RequestedPackets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every command is given. */
final class CommandContext {
  private final GlobalOptions options;
  private final Console plain;
  private final Interruption interruption;
  private @Nullable Console styled;

  CommandContext(GlobalOptions options, Console console, Interruption interruption) {
    this.options = options;
    this.plain = console;
    this.interruption = interruption;
  }

  GlobalOptions options() {
    return options;
  }

  /** As the options want it, which are known once the command line is parsed. */
  Console console() {
    if (styled == null) {
      styled = plain.styled(options);
    }
    return styled;
  }

  Interruption interruption() {
    return interruption;
  }

  DaemonConnection connect() {
    return DaemonConnection.open(options.server(), List.of(), interruption);
  }

  /** A private daemon then traces no more than what is wanted. */
  DaemonConnection connect(RequestedPackets wanted) {
    return DaemonConnection.open(options.server(), wanted.daemonOptions(), interruption);
  }

  /** The daemon that listens: a history is of one that was there before. */
  DaemonConnection connectToHistory() {
    return connectIfListening()
        .orElseThrow(() ->
            Failure.notPossible(
                "no daemon listens, and only one that runs has a history; start vethtraced"));
  }

  /** The daemon that listens; empty where none was named and none does. */
  Optional<DaemonConnection> connectIfListening() {
    return DaemonConnection.openIfListening(options.server());
  }
}
