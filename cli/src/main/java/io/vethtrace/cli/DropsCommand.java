package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.option.DropGrouping;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.option.PointInTime;
import io.vethtrace.cli.option.PointInTimeConverter;
import io.vethtrace.cli.option.RequestedPackets;
import io.vethtrace.cli.print.DropStatsText;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.TerminalWidth;
import io.vethtrace.v1.DropFilter;
import io.vethtrace.v1.GetDropStatsRequest;
import io.vethtrace.v1.GetDropStatsResponse;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.WatchDropsRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace drops}: shows each packet that the kernel drops, or counts of drops. */
@Command(
    name = "drops",
    description = {
      "Shows each packet as the kernel drops it, until Ctrl-C, and then the sums. With --since it"
          + " shows the kernel's own counts, which are exact even if events were lost.",
      "",
      "FILTER is in tcpdump's language. FILTER and the options marked as live do not go with"
          + " --since. Counts need a daemon that has run since then. It keeps those of the last"
          + " hour, ten seconds apart, and the sums since its start.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
    },
    footer = {
      "  vethtrace drops",
      "  vethtrace drops --reason NEIGH_FAILED --netns blue icmp",
      "  vethtrace drops --since 10m --by reason,interface",
      "  vethtrace -o json drops | jq -c '.drop | select(.reason == \"NETFILTER_DROP\")'",
    })
final class DropsCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description =
          "Show counts that begin at this time: " + PointInTimeConverter.FORMS + " of the daemon.")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "With --since: end at this time, written as for --since.")
  private @Nullable PointInTime until;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "FIELD",
      converter = DropGrouping.Converter.class,
      description =
          "Sum up drops that are alike in these fields: reason, interface, netns, location"
              + " (default: all).")
  private List<DropGrouping> by = List.of(DropGrouping.values());

  @Option(
      names = "--reason",
      paramLabel = "NAME",
      description = "Only drops for this reason (see vethtrace reasons). May be repeated.")
  private List<String> reasons = List.of();

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description = "Only drops in this network namespace (name or inode). May be repeated.")
  private List<String> netns = List.of();

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "NAME",
      description = "Only drops on an interface of this name. May be repeated.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--location",
      paramLabel = "FUNCTION",
      description = "Only drops in this function of the kernel. May be repeated.")
  private List<String> locations = List.of();

  @Option(
      names = "--harmless",
      description =
          "Live: show harmless drops too, by which nothing is lost, such as that of an echo reply of"
              + " which a socket got a copy.")
  private boolean harmless;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Live: end after this time: 500ms, 2.5s, 1m.")
  private @Nullable Duration duration;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "Live: end after N drops.")
  private long count;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILTER",
      description = "Live: only packets that match this, in tcpdump's language.")
  private List<String> filter = List.of();

  DropsCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (count < 0) {
      throw Failure.usage("--count takes no negative number");
    }
    if (since == null) {
      if (until != null) {
        throw Failure.usage("--until needs --since; live drops end with --duration or --count");
      }
      printLive();
    } else {
      requireNoLiveOption();
      printCounts(since);
    }
    return ExitCode.NOTHING_WRONG;
  }

  private void requireNoLiveOption() {
    if (!filter.isEmpty() || harmless || duration != null || count != 0) {
      throw Failure.usage(
          "FILTER, --harmless, --duration and --count are for live drops, because the kernel's counts"
              + " have no packets; leave them out, or leave out --since");
    }
  }

  private DropFilter dropFilter() {
    return DropFilter.newBuilder()
        .addAllReasons(reasons.stream().map(DropsCommand::reasonName).toList())
        .addAllInterfaces(interfaces)
        .addAllNetns(netns)
        .addAllPlaces(locations)
        .build();
  }

  private static String reasonName(String given) {
    return given.toUpperCase(Locale.ROOT);
  }

  private void printLive() {
    RequestedPackets packets = RequestedPackets.of(filter, netns, interfaces);
    try (DaemonConnection connection = session.connect(packets)) {
      String startNotice = packets.startNotice("watching drops", connection.status());
      DropsPrinter printer =
          new DropsPrinter(session.console(), session.options().json(), startNotice, count);
      WatchDropsRequest request =
          WatchDropsRequest.newBuilder()
              .setFilter(dropFilter())
              .setHarmless(harmless)
              .setExpression(packets.filter())
              .build();
      new ServerStreamCall<>(printer)
          .run(
              connection,
              call -> connection.watchDrops(request, call),
              session.interruption(),
              Optional.ofNullable(duration));
      printer.printSums(by);
    }
  }

  private void printCounts(PointInTime from) {
    DaemonConnection daemon =
        session
            .connectIfListening()
            .orElseThrow(() ->
                Failure.notPossible(
                    "no daemon listens, so nobody has counted drops; start vethtraced, or leave out"
                        + " --since to see drops as they happen"));
    try (daemon) {
      GetDropStatsResponse stats = daemon.dropStats(request(from));
      print(stats, daemon.status());
    }
  }

  private GetDropStatsRequest request(PointInTime from) {
    long nowUnixNs = PointInTime.nowUnixNs();
    GetDropStatsRequest.Builder request =
        GetDropStatsRequest.newBuilder()
            .setFilter(dropFilter())
            .addAllBy(by.stream().map(DropGrouping::dimension).toList());
    if (!from.equals(PointInTime.start())) {
      request.setSinceUnixNs(from.unixNs(nowUnixNs));
    }
    if (until != null) {
      request.setUntilUnixNs(until.unixNs(nowUnixNs));
    }
    return request.build();
  }

  private void print(GetDropStatsResponse stats, StatusResponse status) {
    Console console = session.console();
    if (session.options().json()) {
      console.out().println(MessageJson.of(stats));
    } else {
      console
          .out()
          .print(
              DropStatsText.of(
                  stats,
                  by.stream().map(DropGrouping::dimension).toList(),
                  console.style(),
                  TerminalWidth.ofStdout()));
    }
    if (status.hasSelection()) {
      console.complain(
          "this daemon counts only packets that its trace filter passes; see vethtrace status");
    }
  }
}
