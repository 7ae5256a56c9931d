package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.investigate.CommandInvestigation;
import io.vethtrace.cli.investigate.Executables;
import io.vethtrace.cli.investigate.InvestigationRequest;
import io.vethtrace.cli.investigate.InvestigationResult;
import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.cli.print.Style;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace why}: runs a command and explains what became of its packets. */
@Command(
    name = "why",
    description = {
      "Runs a command and says what became of its packets.",
      "",
      "The command's output appears as it comes. With -o json the command's standard output goes to"
          + " standard error, so that standard output has one object alone. Ctrl-C ends the command"
          + " and prints what is known by then.",
      "",
      "A fault that was observed is one even if events were lost: the exit code is then 1.",
      ""
    },
    footer = {
      "  vethtrace why -- ping -c 1 -I veth0 192.168.1.2",
      "  vethtrace why --also-netns router -- ping -c 1 10.0.2.2",
      "  vethtrace why --duration 5s -- ip netns exec blue curl http://10.0.0.2/",
      "  vethtrace -o json why -- ping -c 1 10.0.0.2 | jq -r .findings[0].cause",
    })
final class WhyCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End after this time, and stop the command: 500ms, 2.5s, 1m.")
  private @Nullable Duration duration;

  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Wait at most this long to see what becomes of a packet: here, after the command ended"
              + " (default: the daemon chooses).")
  private @Nullable Duration settle;

  @Option(
      names = "--also-netns",
      paramLabel = "NAME",
      description =
          "Also follow packets that begin in this network namespace (name or inode), not only in"
              + " those of the command's processes. May be repeated.")
  private List<String> alsoNetns = List.of();

  @Parameters(
      arity = "1..*",
      paramLabel = "CMD",
      description = "The command and its arguments, best after --.")
  private List<String> argv = List.of();

  WhyCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Executables.require(argv.getFirst());
    boolean json = session.options().json();
    InvestigationRequest request =
        new InvestigationRequest(
            argv, json, Optional.ofNullable(duration), Optional.ofNullable(settle), inodes());
    try (DaemonConnection connection = session.connect()) {
      InvestigationResult result =
          new CommandInvestigation(connection, session.interruption()).run(request);
      session.console().out().print(json ? json(result) : text(result, session.console().style()));
      session.console().out().flush();
      return ExitCode.of(result.report());
    }
  }

  private Set<Long> inodes() {
    return alsoNetns.stream().map(NamedNetns::inode).collect(Collectors.toSet());
  }

  private static String json(InvestigationResult result) {
    return MessageJson.of(result.report()) + "\n";
  }

  static String text(InvestigationResult result, Style style) {
    String stopped =
        switch (result.ending()) {
          case BY_ITSELF -> "";
          case TIME_OVER -> "stopped by --duration";
          case INTERRUPTED -> "interrupted";
        };
    return ReportText.of(result.report(), stopped, style);
  }
}
