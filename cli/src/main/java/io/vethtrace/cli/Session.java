package io.vethtrace.cli;

import io.vethtrace.cli.connect.Connection;

/** What every command is given. */
record Session(GlobalOptions options, Console console, Interruption interruption) {
  Connection connect() {
    return Connection.open(options.server(), interruption);
  }
}
