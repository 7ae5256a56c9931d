package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.connect.LocalCaptureReader;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.print.CaptureText;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.cli.record.CaptureRecordingJoin;
import io.vethtrace.cli.record.Recording;
import io.vethtrace.cli.record.RecordingReader;
import io.vethtrace.v1.CaptureReport;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.WatchResponse;
import io.vethtrace.v1.WhyReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace explain}: what was recorded or captured earlier. */
@Command(
    name = "explain",
    description = {
      "Says what a recording of vethtrace record or captures (pcap, pcapng) show. Needs no privilege"
          + " and traces nothing.",
      "",
      "Of captures of both ends of a link it pairs the frames, and names requests that nobody"
          + " answered, the causes that are left and the command that tells which. With a recording"
          + " of the same time it says what the kernel did with which frame.",
      "",
      "Of a recording the exit code is that of the live run. A file that was cut off counts as lost"
          + " events.",
      ""
    },
    footer = {
      "  vethtrace explain ping.vt",
      "  vethtrace explain veth0.pcap veth1.pcap",
      "  vethtrace explain veth0.pcap veth1.pcap --events ping.vt",
      "  vethtrace explain --id k3x9q-12",
      "  vethtrace -o json explain ping.vt | jq -r .findings[0].cause",
    })
final class ExplainCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The finding that watch, status or a metric named so, while it is in history.")
  private @Nullable String id;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "A recording, or captures.")
  private List<Path> files = List.of();

  @Option(
      names = "--events",
      paramLabel = "RECORDING",
      description = "What vethtrace record wrote while the captures were made.")
  private @Nullable Path events;

  ExplainCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (id != null && files.isEmpty() && events == null) {
      return explain(id);
    }
    if (id != null || files.isEmpty()) {
      throw Failure.usage(
          "explain takes files, or --id for a finding of the daemon's; see vethtrace explain --help");
    }
    return explainFiles();
  }

  private int explain(String findingId) {
    try (DaemonConnection connection = session.connectToHistory()) {
      Finding finding = connection.explain(findingId);
      WatchResponse batch = WatchResponse.newBuilder().addFindings(finding).build();
      new WatchPrinter(session.console(), session.options().json(), "").print(batch);
      return ExitCode.of(WhyReport.newBuilder().addFindings(finding).build());
    }
  }

  private int explainFiles() {
    List<Path> captures = files.stream().filter(RecordingReader::isCapture).toList();
    List<Path> recordings =
        Stream.concat(
                files.stream().filter(file -> !captures.contains(file)), Stream.ofNullable(events))
            .toList();
    if (recordings.size() > 1) {
      // The first one that cannot be read says so; else they are too many.
      recordings.forEach(RecordingReader::read);
      throw Failure.usage(
          "%s and %s are two recordings: explain takes one"
              .formatted(recordings.get(0), recordings.get(1)));
    }
    return captures.isEmpty()
        ? explain(RecordingReader.read(recordings.getFirst()))
        : explain(captures, recordings);
  }

  private int explain(List<Path> captures, List<Path> recordings) {
    boolean isRecorded = !recordings.isEmpty();
    CaptureReport read = LocalCaptureReader.run(captures, isRecorded, session.interruption());
    CaptureReport report =
        isRecorded
            ? CaptureRecordingJoin.join(read, RecordingReader.read(recordings.getFirst()))
            : read;
    Console console = session.console();
    console
        .out()
        .print(
            session.options().json()
                ? MessageJson.of(report) + "\n"
                : CaptureText.of(report, console.style()));
    return ExitCode.of(report);
  }

  private int explain(Recording recording) {
    WhyReport summary = recording.summary();
    print(recording, summary);
    session.console().out().flush();
    recording
        .damage()
        .ifPresent(
            what -> session.console().complain(what + "; what was before it is shown above"));
    return ExitCode.of(summary);
  }

  private void print(Recording recording, WhyReport summary) {
    Console console = session.console();
    boolean json = session.options().json();
    if (recording.report().isPresent()) {
      console
          .out()
          .print(
              json ? MessageJson.of(summary) + "\n" : ReportText.of(summary, "", console.style()));
      return;
    }
    WatchPrinter watch = new WatchPrinter(console, json, "");
    recording.batches().forEach(watch::print);
  }
}
