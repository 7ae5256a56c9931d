package io.vethtrace.cli.option;

import io.vethtrace.cli.connect.ServerAddress;
import io.vethtrace.cli.print.TimeFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has. */
public final class GlobalOptions {
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
  private @Nullable ColourMode colour;

  @Option(
      names = "--time",
      scope = ScopeType.INHERIT,
      paramLabel = "CLOCK",
      description =
          "local (default), utc, or relative: seconds since the command began. Or set"
              + " VETHTRACE_TIME.")
  private TimeFormat.@Nullable Kind time;

  public Optional<ServerAddress> server() {
    return Optional.ofNullable(server)
        .or(() -> EnvironmentVariables.text("VETHTRACE_SERVER"))
        .filter(text -> !text.isEmpty())
        .map(ServerAddress::parse);
  }

  public boolean json() {
    return Optional.ofNullable(output)
            .or(() -> EnvironmentVariables.choice("VETHTRACE_OUTPUT", OutputFormat.class))
            .orElse(OutputFormat.TEXT)
        == OutputFormat.JSON;
  }

  /** {@code terminal}: whether a person watches standard output. */
  public boolean colour(boolean terminal) {
    return Optional.ofNullable(colour)
        .or(() -> EnvironmentVariables.choice("VETHTRACE_COLOR", ColourMode.class))
        .orElse(ColourMode.AUTO)
        .isWanted(terminal);
  }

  public TimeFormat times() {
    return TimeFormat.of(
        Optional.ofNullable(time)
            .or(() -> EnvironmentVariables.choice("VETHTRACE_TIME", TimeFormat.Kind.class))
            .orElse(TimeFormat.Kind.LOCAL));
  }
}
