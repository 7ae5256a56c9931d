package io.vethtrace.cli;

import io.vethtrace.cli.print.Json;
import io.vethtrace.cli.print.ReportText;
import io.vethtrace.cli.record.Recording;
import io.vethtrace.cli.record.RecordingReader;
import io.vethtrace.v1.WhyReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vethtrace explain}: what record kept, said once more. */
@Command(
    name = "explain",
    description = {
      "Prints what vethtrace record wrote: the same findings, with the settings of that time.",
      "",
      "The exit code is that of the live run; a file that was cut off counts as lost events.",
      ""
    },
    footer = {
      "  vethtrace explain ping.vt",
      "  vethtrace -o json explain ping.vt | jq -r .findings[0].cause",
    })
final class ExplainCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "RECORDING", description = "A file of vethtrace record.")
  private Path file = Path.of("");

  ExplainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Recording recording = RecordingReader.read(file);
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
          .print(json ? Json.of(summary) + "\n" : ReportText.of(summary, "", console.style()));
      return;
    }
    Watch watch = new Watch(console, json, "");
    recording.batches().forEach(watch::print);
  }
}
