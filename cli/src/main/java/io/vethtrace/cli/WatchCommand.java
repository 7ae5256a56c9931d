package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.option.PointInTime;
import io.vethtrace.cli.option.RequestedPackets;
import io.vethtrace.cli.option.WatchOptions;
import io.vethtrace.cli.record.Recording;
import io.vethtrace.cli.record.RecordingReader;
import io.vethtrace.cli.record.RecordingReplay;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace watch}: journeys as they end, findings as they are made. */
@Command(
    name = "watch",
    description = {
      "Shows packets' journeys as they end and findings as they are made, until Ctrl-C.",
      "",
      "FILTER is what tcpdump takes. Where no daemon listens, the kernel itself leaves out what does"
          + " not match, what is seen in other namespaces and on other devices; a daemon that serves"
          + " others too traces everything and leaves out for this client.",
      "",
      "It judges nothing by its exit code: use why for that.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      "4:the file of --input was cut off",
    },
    footer = {
      "  vethtrace watch icmp or arp",
      "  vethtrace watch --netns blue -i veth0 'host 10.0.0.2 and tcp port 80'",
      "  vethtrace watch --last 20 --findings --not cause=UNKNOWN",
      "  vethtrace watch --since 5m --no-follow --only drop-reason=NO_SOCKET",
      "  vethtrace watch --input night.vt --only address=10.0.0.0/8,port=53",
      "  vethtrace -o json watch | jq -c 'select(.finding) | .finding.title'",
    })
final class WatchCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description = "Only what passed this network namespace (name or inode). May be repeated.")
  private List<String> netns = List.of();

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "NAME",
      description = "Only what passed a device of this name. May be repeated.")
  private List<String> interfaces = List.of();

  @Mixin private final WatchOptions options = new WatchOptions();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "Show what vethtrace record wrote; --since 5m then means its last five minutes.")
  private @Nullable Path input;

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
    RequestedPackets wanted = RequestedPackets.of(filter, netns, interfaces);
    return input == null ? watch(wanted) : replay(RecordingReader.read(input), wanted);
  }

  private int watch(RequestedPackets wanted) {
    WatchRequest.Builder request = wanted.request();
    options.addTo(request, PointInTime.nowUnixNs());
    try (DaemonConnection connection =
        options.wantsHistory() ? session.connectToHistory() : session.connect(wanted)) {
      String greeting = wanted.greeting("watching", connection.status());
      WatchPrinter watch = new WatchPrinter(session.console(), session.options().json(), greeting);
      new ServerStreamCall<>(watch)
          .run(
              connection,
              call -> connection.watch(request.build(), call),
              session.interruption(),
              Optional.empty());
      return ExitCode.NOTHING_WRONG;
    }
  }

  private int replay(Recording recording, RequestedPackets wanted) {
    if (!wanted.filter().isEmpty()) {
      throw Failure.usage(
          "FILTER asks of a packet's bytes, which a recording has not; use --only with --input");
    }
    if (options.wantsEvents()) {
      throw Failure.usage("a recording has no events; leave --events out with --input");
    }
    RecordingReplay replay = RecordingReplay.of(recording);
    WatchRequest.Builder request = wanted.request();
    options.addTo(request, replay.endUnixNs());
    WatchPrinter watch = new WatchPrinter(session.console(), session.options().json(), "");
    select(replay, request.build()).forEach(watch::print);
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
