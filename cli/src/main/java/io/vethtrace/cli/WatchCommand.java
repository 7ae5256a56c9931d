package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.option.PointInTime;
import io.vethtrace.cli.option.RequestedPackets;
import io.vethtrace.cli.option.WatchOptions;
import io.vethtrace.cli.record.Recording;
import io.vethtrace.cli.record.RecordingReader;
import io.vethtrace.cli.record.RecordingReplay;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace watch}: shows journeys as they end and findings as they are made. */
@Command(
    name = "watch",
    description = {
      "Shows the journeys of packets as they end, and findings as they are made, until Ctrl-C.",
      "",
      "FILTER is in tcpdump's language. If no daemon listens, the kernel itself filters by FILTER,"
          + " --netns and --interface. A daemon that serves other clients too traces all packets and"
          + " filters for each client.",
      "",
      "The exit code does not say if a fault was found; that of why does. A recording that was cut"
          + " off counts as lost events.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      ExitCodeHelp.EVENTS_LOST,
    },
    footer = {
      "  vethtrace watch icmp or arp",
      "  vethtrace watch --netns blue -i veth0 'host 10.0.0.2 and tcp port 80'",
      "  vethtrace watch --count 5 icmp or arp",
      "  vethtrace watch --last 20 --findings --not cause=UNKNOWN",
      "  vethtrace watch --since 5m --no-follow --only reason=NO_SOCKET",
      "  vethtrace watch --recording night.vt --only address=10.0.0.0/8,port=53",
      "  vethtrace -o json watch | jq -c 'select(.finding) | .finding.title'",
    })
final class WatchCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description = "Only packets in this network namespace (name or inode). May be repeated.")
  private List<String> netns = List.of();

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "NAME",
      description = "Only packets on an interface of this name. May be repeated.")
  private List<String> interfaces = List.of();

  @Mixin private final WatchOptions options = new WatchOptions();

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description =
          "Read this recording of vethtrace record; --since 5m then means its last five minutes.")
  private @Nullable Path recording;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End after this time: 500ms, 2.5s, 1m.")
  private @Nullable Duration duration;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILTER",
      description = "Only packets that match this, in tcpdump's language.")
  private List<String> filter = List.of();

  WatchCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RequestedPackets packets = RequestedPackets.of(filter, netns, interfaces);
    return recording == null ? watch(packets) : replay(RecordingReader.read(recording), packets);
  }

  private int watch(RequestedPackets packets) {
    WatchRequest.Builder request = packets.request();
    options.addTo(request, PointInTime.nowUnixNs());
    try (DaemonConnection connection =
        options.wantsHistory() ? session.connectToHistory() : session.connect(packets)) {
      String startNotice = packets.startNotice("watching", connection.status());
      WatchPrinter printer =
          new WatchPrinter(session.console(), session.options().json(), startNotice);
      new ServerStreamCall<>(printer)
          .run(
              connection,
              call -> connection.watch(request.build(), call),
              session.interruption(),
              Optional.ofNullable(duration));
      return ExitCode.NOTHING_WRONG;
    }
  }

  private int replay(Recording recording, RequestedPackets packets) {
    if (!packets.filter().isEmpty()) {
      throw Failure.usage(
          "FILTER needs the bytes of packets, which a recording does not have; use --only");
    }
    if (options.wantsEvents()) {
      throw Failure.usage("a recording has no events; leave out --events");
    }
    RecordingReplay replay = RecordingReplay.of(recording);
    WatchRequest.Builder request = packets.request();
    options.addTo(request, replay.endUnixNs());
    WatchPrinter printer = new WatchPrinter(session.console(), session.options().json(), "");
    select(replay, request.build()).forEach(printer::print);
    recording.damage().ifPresent(session.console()::complain);
    return recording.damage().isPresent() ? ExitCode.EVENTS_LOST : ExitCode.NOTHING_WRONG;
  }

  private static List<WatchResponse> select(RecordingReplay replay, WatchRequest request) {
    try {
      return replay.select(request);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }
}
