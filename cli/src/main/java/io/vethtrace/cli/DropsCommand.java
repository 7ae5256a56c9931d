package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.option.PointInTime;
import io.vethtrace.cli.option.PointInTimeConverter;
import io.vethtrace.cli.option.RequestedPackets;
import io.vethtrace.cli.print.DropStatsText;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.TerminalWidth;
import io.vethtrace.v1.DropDimension;
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

/** {@code vethtrace drops}: what the kernel drops, one by one, or counted since a time. */
@Command(
    name = "drops",
    description = {
      "Shows what the kernel drops: each packet as it is dropped, until Ctrl-C, and then the sums; or"
          + " with --since the kernel's own counts, which are exact whatever was lost.",
      "",
      "FILTER is what tcpdump takes, and for live drops only. With --since a daemon must have run"
          + " since then: it keeps its counts of the last hour, ten seconds apart, and the sums"
          + " since its start.",
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
  /** What tells drops apart. */
  enum By {
    REASON,
    INTERFACE,
    NETNS,
    PLACE;

    DropDimension dimension() {
      return DropDimension.valueOf("DROP_DIMENSION_" + name());
    }
  }

  private final CommandContext session;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "Counts since then: " + PointInTimeConverter.FORMS + " (of the daemon).")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "With --since: counts up to then.")
  private @Nullable PointInTime until;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "FIELD",
      description =
          "What counts are told apart by: reason, interface, netns, place (default: all).")
  private List<By> by = List.of(By.values());

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
      description = "Only drops of packets on a device of this name. May be repeated.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--place",
      paramLabel = "FUNCTION",
      description = "Only drops in this function of the kernel. May be repeated.")
  private List<String> places = List.of();

  @Option(
      names = "--all",
      description =
          "Live: also what the kernel frees as a drop though nothing is lost, such as the echo reply"
              + " that a socket got a copy of.")
  private boolean all;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Live: end after this time (500ms, 2.5s, 1m).")
  private @Nullable Duration duration;

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
    if (since == null) {
      if (until != null) {
        throw Failure.usage("--until needs --since: live drops have no end but --duration");
      }
      watch();
    } else {
      requireNothingLive();
      count(since);
    }
    return ExitCode.NOTHING_WRONG;
  }

  private void requireNothingLive() {
    if (!filter.isEmpty() || all || duration != null) {
      throw Failure.usage(
          "FILTER, --all and --duration are for live drops: the kernel's counts do not know the"
              + " packets; leave them out, or --since");
    }
  }

  private DropFilter wanted() {
    return DropFilter.newBuilder()
        .addAllReasons(reasons.stream().map(DropsCommand::reasonName).toList())
        .addAllInterfaces(interfaces)
        .addAllNetns(netns)
        .addAllPlaces(places)
        .build();
  }

  private static String reasonName(String given) {
    return given.toUpperCase(Locale.ROOT);
  }

  private void watch() {
    RequestedPackets packets = RequestedPackets.of(filter, netns, interfaces);
    try (DaemonConnection connection = session.connect(packets)) {
      String greeting = packets.greeting("watching drops", connection.status());
      DropsPrinter watch = new DropsPrinter(session.console(), session.options().json(), greeting);
      WatchDropsRequest request =
          WatchDropsRequest.newBuilder()
              .setFilter(wanted())
              .setHarmless(all)
              .setExpression(packets.filter())
              .build();
      new ServerStreamCall<>(watch)
          .run(
              connection,
              call -> connection.watchDrops(request, call),
              session.interruption(),
              Optional.ofNullable(duration));
      watch.end(by);
    }
  }

  private void count(PointInTime from) {
    DaemonConnection daemon =
        session
            .connectIfListening()
            .orElseThrow(() ->
                Failure.notPossible(
                    "no daemon listens that could have counted since then; start vethtraced, or leave"
                        + " --since out to see drops as they happen"));
    try (daemon) {
      GetDropStatsResponse stats = daemon.dropStats(request(from));
      print(stats, daemon.status());
    }
  }

  private GetDropStatsRequest request(PointInTime from) {
    long nowUnixNs = PointInTime.nowUnixNs();
    GetDropStatsRequest.Builder request =
        GetDropStatsRequest.newBuilder()
            .setFilter(wanted())
            .addAllBy(by.stream().map(By::dimension).toList());
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
                  by.stream().map(By::dimension).toList(),
                  console.style(),
                  TerminalWidth.ofStdout()));
    }
    if (status.hasSelection()) {
      console.complain("this daemon counts only what its own filter passes; see vethtrace status");
    }
  }
}
