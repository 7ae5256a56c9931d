package io.vethtrace.cli;

import io.vethtrace.cli.capture.CaptureDestination;
import io.vethtrace.cli.capture.CaptureStream;
import io.vethtrace.cli.capture.TapName;
import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.option.SizeConverter;
import io.vethtrace.cli.print.CaptureProgress;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.Style;
import io.vethtrace.v1.CaptureCounts;
import io.vethtrace.v1.CaptureRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace capture}: writes frames, each with what the kernel did to it. */
@Command(
    name = "capture",
    description = {
      "Captures frames and writes what the kernel did to each as its comment, which Wireshark and"
          + " tshark show.",
      "",
      "Frames of the same packet have the same packet id. A dropped packet that no interface saw is"
          + " added as a frame of the interface on which it was dropped. Ctrl-C ends the capture;"
          + " the file is then complete. A lost frame counts as a lost event.",
      ""
    },
    exitCodeList = {
      ExitCodeHelp.SHOWN,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      ExitCodeHelp.EVENTS_LOST,
    },
    footer = {
      "  vethtrace capture -i veth0@lab -i veth1@lab -i lo@lab -w out.pcapng",
      "  vethtrace capture --pair veth0 -w - arp or icmp | wireshark -k -i -",
      "  tshark -r out.pcapng -T fields -e frame.number -e frame.comment",
    })
final class CaptureCommand implements Callable<Integer> {
  private static final Duration FOREVER = Duration.ofDays(3650);
  private static final long PROGRESS_MILLIS = 500;

  /** The daemon sends up to one mebibyte at a time, and a frame may have a quarter of that. */
  private static final long MIN_FILE_BYTES = 2 << 20;

  /** The settle time of a pipe, whose reader wants frames soon. */
  private static final int PIPE_SETTLE_MILLIS = 1500;

  /** The settle time of a file, in which frames should have findings; ARP takes three seconds. */
  private static final int FILE_SETTLE_MILLIS = 5000;

  private final CommandContext session;

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "NAME[@NETNS]",
      description =
          "Capture on this interface, in this or in the named network namespace. May be repeated.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--pair",
      paramLabel = "NAME[@NETNS]",
      description =
          "Capture on both ends of the veth pair of this interface, whatever namespace the other end"
              + " is in. May be repeated.")
  private List<String> pairs = List.of();

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      required = true,
      description = "Write to this file and replace its content; - is standard output.")
  private Path file = Path.of("-");

  @Option(
      names = {"-s", "--snap-length"},
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Keep this many bytes of each frame: 256, 64k (default: all).")
  private long snapLengthBytes;

  @Option(
      names = "--promiscuous",
      description = "Also capture frames that are not addressed to the interface.")
  private boolean promiscuous;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "End after N frames.")
  private long count;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End after this time: 500ms, 2.5s, 1m.")
  private @Nullable Duration duration;

  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Wait at most this long to see what becomes of a packet: here, after its frame was"
              + " captured. At least 1.5s (default: 5s, which is enough to see that nobody answers;"
              + " 1.5s to standard output).")
  private @Nullable Duration settle;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Write name.1.pcapng, name.2.pcapng and so on, each of at most this size: 2M, 100M, 2G.")
  private @Nullable Long fileBytes;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "With --file-size: keep the last N files (default: all).")
  private int files;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILTER",
      description = "Only packets that match this, in tcpdump's language.")
  private List<String> filter = List.of();

  CaptureCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CaptureRequest.Begin begin = begin();
    try (CaptureDestination out = open();
        DaemonConnection connection = session.connect();
        CaptureStream stream =
            CaptureStream.begin(
                connection.channel(), begin, out, note -> session.console().complain(note))) {
      connection.await(
          CompletableFuture.anyOf(stream.begun(), session.interruption().requested()), FOREVER);
      if (isWatchedByPerson()) {
        session.console().err().println("capturing; Ctrl-C ends it");
      }
      follow(connection, stream);
      printSummary(stream.counts(), out);
      return CaptureProgress.lost(stream.counts()) > 0
          ? ExitCode.EVENTS_LOST
          : ExitCode.NOTHING_WRONG;
    }
  }

  private CaptureRequest.Begin begin() {
    if (interfaces.isEmpty() && pairs.isEmpty()) {
      throw Failure.usage("name an interface with -i or a veth pair with --pair");
    }
    if (count < 0 || files < 0) {
      throw Failure.usage("--count and --files take no negative number");
    }
    if (fileBytes != null && fileBytes < MIN_FILE_BYTES) {
      throw Failure.usage("--file-size is too small; write 2M or more");
    }
    if (files > 0 && fileBytes == null) {
      throw Failure.usage("--files needs --file-size");
    }
    if (toStdout() && (fileBytes != null || session.options().json())) {
      throw Failure.usage(
          "standard output has room for one capture and for nothing else; write to a file with -w");
    }
    CaptureRequest.Begin.Builder begin =
        CaptureRequest.Begin.newBuilder()
            .setFilter(String.join(" ", filter))
            .setSnapLenBytes((int) Math.min(snapLengthBytes, Integer.MAX_VALUE))
            .setPromiscuous(promiscuous)
            .setMaxFrames(count)
            .setHoldMs(settleMillis());
    interfaces.forEach(name -> begin.addTaps(TapName.parse(name)));
    pairs.forEach(name -> begin.addPairs(TapName.parse(name)));
    return begin.build();
  }

  private int settleMillis() {
    return Optional.ofNullable(settle)
        .map(time -> (int) Math.min(time.toMillis(), Integer.MAX_VALUE))
        .orElse(toStdout() ? PIPE_SETTLE_MILLIS : FILE_SETTLE_MILLIS);
  }

  private boolean toStdout() {
    return file.toString().equals("-");
  }

  private CaptureDestination open() {
    if (toStdout() && session.console().terminal()) {
      throw Failure.usage(
          "a capture is not text that a terminal can show; pipe it to a program or write it to a file");
    }
    return toStdout()
        ? CaptureDestination.to("standard output", session.console().out())
        : CaptureDestination.create(file, Optional.ofNullable(fileBytes).orElse(0L), files);
  }

  private boolean isWatchedByPerson() {
    return Style.isTerminal(2) && !session.options().json();
  }

  private void follow(DaemonConnection connection, CaptureStream stream) {
    CompletableFuture<Object> end =
        CompletableFuture.anyOf(stream.ended(), session.interruption().requested());
    long until = System.nanoTime() + Optional.ofNullable(duration).orElse(FOREVER).toNanos();
    while (!end.isDone() && System.nanoTime() < until) {
      long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      connection.await(end, Duration.ofMillis(Math.clamp(millis, 0, PROGRESS_MILLIS)));
      if (isWatchedByPerson()) {
        session.console().err().print("\r" + CaptureProgress.line(stream.counts()));
      }
    }
    boolean interrupted = session.interruption().isRequested();
    stream.stop();
    if (!interrupted) {
      connection.await(
          CompletableFuture.anyOf(stream.ended(), session.interruption().requested()), FOREVER);
      stream.stop(); // Ctrl-C while the last frames wait ends the capture at once.
    }
    connection.await(stream.ended(), FOREVER);
  }

  private void printSummary(CaptureCounts counts, CaptureDestination out) {
    if (session.options().json()) {
      session.console().out().println(MessageJson.of("capture", counts));
      return;
    }
    if (isWatchedByPerson()) {
      session.console().err().print("\r");
    }
    session.console().err().print(CaptureProgress.summary(counts, out.name()));
  }
}
