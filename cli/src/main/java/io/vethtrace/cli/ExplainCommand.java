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

/** {@code vethtrace explain}: explains a recording, captures, or a finding of the history. */
@Command(
    name = "explain",
    description = {
      "Explains a recording of vethtrace record, or captures (pcap, pcapng). It needs no privilege"
          + " and traces nothing.",
      "",
      "If captures were taken at both ends of a link, it pairs their frames. It names requests that"
          + " nobody answered, the causes that are possible, and the command that finds the right"
          + " one. With a recording of the same time it says what the kernel did with each frame.",
      "",
      "For a recording the exit code is that of the live run. A file that was cut off counts as lost"
          + " events.",
      ""
    },
    footer = {
      "  vethtrace explain ping.vt",
      "  vethtrace explain veth0.pcap veth1.pcap",
      "  vethtrace explain veth0.pcap veth1.pcap --recording ping.vt",
      "  vethtrace explain --id k3x9q-12",
      "  vethtrace -o json explain ping.vt | jq -r .findings[0].cause",
    })
final class ExplainCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "Explain the finding with this id, which watch or a metric showed, from the history.")
  private @Nullable String id;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "A recording, or one or more captures.")
  private List<Path> files = List.of();

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description =
          "Read this recording of vethtrace record, made at the same time as the captures.")
  private @Nullable Path recording;

  ExplainCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (id != null && files.isEmpty() && recording == null) {
      return explain(id);
    }
    if (id != null || files.isEmpty()) {
      throw Failure.usage(
          "explain takes files, or --id with a finding of the history; see vethtrace explain --help");
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
                files.stream().filter(file -> !captures.contains(file)),
                Stream.ofNullable(recording))
            .toList();
    if (recordings.size() > 1) {
      // A file that is no recording is the likelier mistake, and reading it says so.
      recordings.forEach(RecordingReader::read);
      throw Failure.usage(
          "%s and %s are two recordings; explain takes one"
              .formatted(recordings.get(0), recordings.get(1)));
    }
    return captures.isEmpty()
        ? explain(RecordingReader.read(recordings.getFirst()))
        : explain(captures, recordings);
  }

  private int explain(List<Path> captures, List<Path> recordings) {
    boolean isRecorded = !recordings.isEmpty();
    CaptureReport captured = LocalCaptureReader.run(captures, isRecorded, session.interruption());
    CaptureReport report =
        isRecorded
            ? CaptureRecordingJoin.join(captured, RecordingReader.read(recordings.getFirst()))
            : captured;
    Console console = session.console();
    console
        .out()
        .print(
            session.options().json()
                ? MessageJson.of(report) + "\n"
                : CaptureText.of(report, console.style()));
    return ExitCode.of(report);
  }

  private int explain(Recording read) {
    WhyReport summary = read.summary();
    print(read, summary);
    session.console().out().flush();
    read.damage()
        .ifPresent(what -> session.console().complain(what + "; all before it is shown above"));
    return ExitCode.of(summary);
  }

  private void print(Recording read, WhyReport summary) {
    Console console = session.console();
    boolean json = session.options().json();
    if (read.report().isPresent()) {
      console
          .out()
          .print(
              json ? MessageJson.of(summary) + "\n" : ReportText.of(summary, "", console.style()));
      return;
    }
    WatchPrinter printer = new WatchPrinter(console, json, "");
    read.batches().forEach(printer::print);
  }
}
