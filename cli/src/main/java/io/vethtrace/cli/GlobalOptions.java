package io.vethtrace.cli;

import io.vethtrace.cli.connect.ServerAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has. */
final class GlobalOptions {
  @Option(
      names = "--server",
      scope = ScopeType.INHERIT,
      paramLabel = "ADDRESS",
      description = {
        "The daemon to ask: unix:PATH or HOST:PORT. Without this option and without VETHTRACE_SERVER"
            + " it is the one at unix:/run/vethtrace/vethtrace.sock, or a private one."
      })
  private @Nullable String server;

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description = "text (default) or json: one object a line.")
  private OutputFormat output = OutputFormat.TEXT;

  Optional<ServerAddress> server() {
    return Optional.ofNullable(server)
        .or(() -> Optional.ofNullable(System.getenv("VETHTRACE_SERVER")))
        .filter(text -> !text.isEmpty())
        .map(ServerAddress::parse);
  }

  boolean json() {
    return output == OutputFormat.JSON;
  }
}
