package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.exit.Interruption;
import io.vethtrace.cli.option.GlobalOptions;
import io.vethtrace.cli.option.RequestedPackets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Things that every command needs: the global options, the console, and connections to a daemon.
 */
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

  /** Returns the console with the style that the options ask for. Call it after parsing. */
  Console console() {
    if (styled == null) {
      styled = plain.styled(options);
    }
    return styled;
  }

  Interruption interruption() {
    return interruption;
  }

  /** Connects to a daemon, which is a private one if none listens. */
  DaemonConnection connect() {
    return DaemonConnection.open(options.server(), List.of(), interruption);
  }

  /** Connects to a daemon. A private one then traces these packets alone. */
  DaemonConnection connect(RequestedPackets packets) {
    return DaemonConnection.open(options.server(), packets.daemonOptions(), interruption);
  }

  /** Connects to the daemon that listens. A private one would have no history. */
  DaemonConnection connectToHistory() {
    return connectIfListening()
        .orElseThrow(() ->
            Failure.notPossible("no daemon listens, so there is no history; start vethtraced"));
  }

  /** Connects to the daemon that listens; empty if the user named none and none listens. */
  Optional<DaemonConnection> connectIfListening() {
    return DaemonConnection.openIfListening(options.server());
  }
}
