package io.vethtrace.cli.option;

import io.vethtrace.cli.connect.ServerAddress;
import io.vethtrace.cli.print.TimeFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has. */
public final class GlobalOptions {
  @Option(
      names = "--server",
      scope = ScopeType.INHERIT,
      paramLabel = "ADDRESS",
      description = {
        "Connect to the daemon at unix:PATH or HOST:PORT, by default to the one at"
            + " unix:/run/vethtrace/vethtrace.sock or else to a private one. Or set"
            + " VETHTRACE_SERVER."
      })
  private @Nullable String server;

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORMAT",
      description =
          "Print text (default), or json with one object a line. Or set VETHTRACE_OUTPUT.")
  private @Nullable OutputFormat output;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      description =
          "Print colours: auto (default), which means on a terminal unless NO_COLOR is set; always;"
              + " never. Or set VETHTRACE_COLOR.")
  private @Nullable ColourMode colour;

  @Option(
      names = "--time",
      scope = ScopeType.INHERIT,
      paramLabel = "CLOCK",
      description =
          "Print times of this clock: local (default), utc, or relative, in seconds since the"
              + " command began. Or set VETHTRACE_TIME.")
  private TimeFormat.@Nullable Clock time;

  /** Returns the address of the daemon, if the user named one. */
  public Optional<ServerAddress> server() {
    return Optional.ofNullable(server)
        .or(() -> EnvironmentVariables.text("VETHTRACE_SERVER"))
        .filter(text -> !text.isEmpty())
        .map(ServerAddress::parse);
  }

  /** Returns true if output is JSON. */
  public boolean json() {
    return Optional.ofNullable(output)
            .or(() -> EnvironmentVariables.choice("VETHTRACE_OUTPUT", OutputFormat.class))
            .orElse(OutputFormat.TEXT)
        == OutputFormat.JSON;
  }

  /**
   * Returns true if output has colours.
   *
   * @param terminal true if standard output is a terminal
   */
  public boolean colour(boolean terminal) {
    return Optional.ofNullable(colour)
        .or(() -> EnvironmentVariables.choice("VETHTRACE_COLOR", ColourMode.class))
        .orElse(ColourMode.AUTO)
        .isWanted(terminal);
  }

  /** Returns the format of times. */
  public TimeFormat times() {
    return TimeFormat.of(
        Optional.ofNullable(time)
            .or(() -> EnvironmentVariables.choice("VETHTRACE_TIME", TimeFormat.Clock.class))
            .orElse(TimeFormat.Clock.LOCAL));
  }
}
