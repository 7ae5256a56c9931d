package io.vethtrace.cli;

import io.vethtrace.cli.connect.ServerAddress;
import io.vethtrace.cli.print.Times;
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
      description = "text (default) or json: one object a line. Or set VETHTRACE_OUTPUT.")
  private @Nullable OutputFormat output;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      description =
          "auto (default): on a terminal, unless NO_COLOR is set; always or never. Or set"
              + " VETHTRACE_COLOR.")
  private @Nullable Colour colour;

  @Option(
      names = "--time",
      scope = ScopeType.INHERIT,
      paramLabel = "CLOCK",
      description =
          "local (default), utc, or relative: seconds since the command began. Or set"
              + " VETHTRACE_TIME.")
  private Times.@Nullable Kind time;

  Optional<ServerAddress> server() {
    return Optional.ofNullable(server)
        .or(() -> Environment.text("VETHTRACE_SERVER"))
        .filter(text -> !text.isEmpty())
        .map(ServerAddress::parse);
  }

  boolean json() {
    return Optional.ofNullable(output)
            .or(() -> Environment.choice("VETHTRACE_OUTPUT", OutputFormat.class))
            .orElse(OutputFormat.TEXT)
        == OutputFormat.JSON;
  }

  /** {@code terminal}: whether a person watches standard output. */
  boolean colour(boolean terminal) {
    return Optional.ofNullable(colour)
        .or(() -> Environment.choice("VETHTRACE_COLOR", Colour.class))
        .orElse(Colour.AUTO)
        .isWanted(terminal);
  }

  Times times() {
    return Times.of(
        Optional.ofNullable(time)
            .or(() -> Environment.choice("VETHTRACE_TIME", Times.Kind.class))
            .orElse(Times.Kind.LOCAL));
  }
}
