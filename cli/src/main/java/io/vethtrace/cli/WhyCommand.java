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

/** {@code vethtrace why}: one command, its packets, the verdict. */
@Command(
    name = "why",
    description = {
      "Runs a command and says what became of its packets.",
      "",
      "The command's output passes through as it comes; with -o json its standard output goes to"
          + " standard error, so that standard output holds one object. Ctrl-C ends the command and"
          + " prints what is known until then.",
      ""
    },
    footer = {
      "  vethtrace why -- ping -c 1 -I veth0 192.168.1.2",
      "  vethtrace why --netns router -- ping -c 1 10.0.2.2",
      "  vethtrace why --timeout 5s -- ip netns exec blue curl http://10.0.0.2/",
      "  vethtrace -o json why -- ping -c 1 10.0.0.2 | jq -r .findings[0].cause",
    })
final class WhyCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Stop the command after this time (500ms, 2.5s, 1m).")
  private @Nullable Duration timeout;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long its packets may still be followed once it has ended, at most; the daemon's own"
              + " choice without this.")
  private @Nullable Duration settle;

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description =
          "Packets of this namespace count too, beside those of the namespaces that the command's"
              + " processes run in. May be given more than once.")
  private List<String> netns = List.of();

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
            argv, json, Optional.ofNullable(timeout), Optional.ofNullable(settle), inodes());
    try (DaemonConnection connection = session.connect()) {
      InvestigationResult outcome =
          new CommandInvestigation(connection, session.interruption()).run(request);
      session
          .console()
          .out()
          .print(json ? json(outcome) : text(outcome, session.console().style()));
      session.console().out().flush();
      return ExitCode.of(outcome.report());
    }
  }

  private Set<Long> inodes() {
    return netns.stream().map(NamedNetns::inode).collect(Collectors.toSet());
  }

  private static String json(InvestigationResult outcome) {
    return MessageJson.of(outcome.report()) + "\n";
  }

  static String text(InvestigationResult outcome, Style style) {
    String stopped =
        switch (outcome.ending()) {
          case BY_ITSELF -> "";
          case TIMEOUT -> "stopped by --timeout";
          case INTERRUPTED -> "interrupted";
        };
    return ReportText.of(outcome.report(), stopped, style);
  }
}
