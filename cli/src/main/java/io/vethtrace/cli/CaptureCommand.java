package io.vethtrace.cli;

import io.vethtrace.cli.capture.CaptureOutput;
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

/** {@code vethtrace capture}: frames, each with what the kernel did to it. */
@Command(
    name = "capture",
    description = {
      "Captures frames and writes each with what the kernel did to it, as a comment that Wireshark"
          + " and tshark show.",
      "",
      "Frames of one packet have one packet id. Drops that no interface saw are added as frames, on"
          + " the interface where they died. Ctrl-C ends with a complete file.",
      ""
    },
    exitCodeList = {
      "0:done, whatever the frames met",
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      "4:frames or events were lost",
    },
    footer = {
      "  vethtrace capture -i veth0@lab -i veth1@lab -i lo@lab -w out.pcapng",
      "  vethtrace capture --pair veth0 -w - arp or icmp | wireshark -k -i -",
      "  tshark -r out.pcapng -T fields -e frame.number -e frame.comment",
    })
final class CaptureCommand implements Callable<Integer> {
  private static final Duration FOREVER = Duration.ofDays(3650);
  private static final long PROGRESS_MILLIS = 500;

  /** The daemon sends a mebibyte at once, and a frame may be a quarter of one. */
  private static final long MIN_FILE_BYTES = 2 << 20;

  /** A pipe's reader wants frames soon; a file's wants them with their findings. */
  private static final int PIPE_HOLD_MILLIS = 1500;

  private final CommandContext session;

  @Option(
      names = {"-i", "--interface"},
      paramLabel = "NAME[@NETNS]",
      description = "Capture on this interface, of this or the named namespace. May be repeated.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--pair",
      paramLabel = "NAME[@NETNS]",
      description =
          "Capture on both ends of this veth pair, in whatever namespace the other end is. May be"
              + " repeated.")
  private List<String> pairs = List.of();

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write, in the place of what it held; - is standard output.")
  private Path file = Path.of("-");

  @Option(
      names = {"-s", "--snap-length"},
      paramLabel = "BYTES",
      description = "Keep so many bytes of a frame (default: all).")
  private int snapLength;

  @Option(
      names = "--promiscuous",
      description = "Also capture what is not addressed to the interface.")
  private boolean promiscuous;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "End after so many frames.")
  private long count;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "End after this time (500ms, 2.5s, 1m).")
  private @Nullable Duration duration;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a frame waits for what becomes of it, at least 1.5s (default: 5s, so that what"
              + " is never answered has been found out; 1.5s to standard output).")
  private @Nullable Duration hold;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Write name.1.pcapng, name.2.pcapng and so on, each of this size (2M, 100M, 2G) at the"
              + " most.")
  private long fileBytes;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "Of those keep the last N (default: all).")
  private int files;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILTER",
      description = "Which frames, in tcpdump's language.")
  private List<String> filter = List.of();

  CaptureCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CaptureRequest.Begin begin = begin();
    try (CaptureOutput out = open();
        DaemonConnection connection = session.connect();
        CaptureStream stream =
            CaptureStream.begin(
                connection.channel(), begin, out, note -> session.console().complain(note))) {
      connection.await(
          CompletableFuture.anyOf(stream.begun(), session.interruption().requested()), FOREVER);
      if (watched()) {
        session.console().err().println("capturing; Ctrl-C ends it");
      }
      follow(connection, stream);
      tell(stream.counts(), out);
      return CaptureProgress.lost(stream.counts()) > 0
          ? ExitCode.EVENTS_LOST
          : ExitCode.NOTHING_WRONG;
    }
  }

  private CaptureRequest.Begin begin() {
    if (interfaces.isEmpty() && pairs.isEmpty()) {
      throw Failure.usage("name an interface with -i or a veth pair with --pair");
    }
    if (snapLength < 0 || count < 0 || files < 0) {
      throw Failure.usage("a number is negative; see vethtrace capture --help");
    }
    if (fileBytes != 0 && fileBytes < MIN_FILE_BYTES) {
      throw Failure.usage("a file of less than 2M is too small for --file-size");
    }
    if (files > 0 && fileBytes == 0) {
      throw Failure.usage("--files needs --file-size");
    }
    if (toStdout() && (fileBytes > 0 || session.options().json())) {
      throw Failure.usage("standard output takes one capture and nothing else; write to a file");
    }
    CaptureRequest.Begin.Builder begin =
        CaptureRequest.Begin.newBuilder()
            .setFilter(String.join(" ", filter))
            .setSnapLenBytes(snapLength)
            .setPromiscuous(promiscuous)
            .setMaxFrames(count)
            .setHoldMs(holdMillis());
    interfaces.forEach(name -> begin.addTaps(TapName.parse(name)));
    pairs.forEach(name -> begin.addPairs(TapName.parse(name)));
    return begin.build();
  }

  private int holdMillis() {
    return Optional.ofNullable(hold)
        .map(time -> (int) Math.min(time.toMillis(), Integer.MAX_VALUE))
        .orElse(toStdout() ? PIPE_HOLD_MILLIS : 5000);
  }

  private boolean toStdout() {
    return file.toString().equals("-");
  }

  private CaptureOutput open() {
    if (toStdout() && session.console().terminal()) {
      throw Failure.usage("a capture is no text for a terminal; pipe it on, or write it to a file");
    }
    return toStdout()
        ? CaptureOutput.to("standard output", session.console().out())
        : CaptureOutput.create(file, fileBytes, files);
  }

  private boolean watched() {
    return Style.isTerminal(2) && !session.options().json();
  }

  private void follow(DaemonConnection connection, CaptureStream stream) {
    CompletableFuture<Object> end =
        CompletableFuture.anyOf(stream.ended(), session.interruption().requested());
    long until = System.nanoTime() + Optional.ofNullable(duration).orElse(FOREVER).toNanos();
    while (!end.isDone() && System.nanoTime() < until) {
      long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      connection.await(end, Duration.ofMillis(Math.clamp(millis, 0, PROGRESS_MILLIS)));
      if (watched()) {
        session.console().err().print("\r" + CaptureProgress.line(stream.counts()));
      }
    }
    boolean interrupted = session.interruption().isRequested();
    stream.stop();
    if (!interrupted) {
      connection.await(
          CompletableFuture.anyOf(stream.ended(), session.interruption().requested()), FOREVER);
      stream.stop(); // Ctrl-C while the last frames wait: at once
    }
    connection.await(stream.ended(), FOREVER);
  }

  private void tell(CaptureCounts counts, CaptureOutput out) {
    if (session.options().json()) {
      session.console().out().println(MessageJson.of("capture", counts));
      return;
    }
    if (watched()) {
      session.console().err().print("\r");
    }
    session.console().err().print(CaptureProgress.summary(counts, out.name()));
  }
}
