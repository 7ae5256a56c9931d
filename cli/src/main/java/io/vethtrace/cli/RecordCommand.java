package io.vethtrace.cli;

import io.vethtrace.cli.connect.DaemonConnection;
import io.vethtrace.cli.exit.ExitCode;
import io.vethtrace.cli.exit.Failure;
import io.vethtrace.cli.investigate.CommandInvestigation;
import io.vethtrace.cli.investigate.Executables;
import io.vethtrace.cli.investigate.InvestigationRequest;
import io.vethtrace.cli.investigate.InvestigationResult;
import io.vethtrace.cli.investigate.NamedNetns;
import io.vethtrace.cli.option.DurationConverter;
import io.vethtrace.cli.option.RequestedPackets;
import io.vethtrace.cli.print.MessageJson;
import io.vethtrace.cli.record.RecordingWriter;
import io.vethtrace.v1.RecordingHeader;
import io.vethtrace.v1.StatusResponse;
import io.vethtrace.v1.WatchResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace record}: what watch or why would say, kept in a file. */
@Command(
    name = "record",
    description = {
      "Records packets' journeys, findings and losses, to be explained later or elsewhere.",
      "",
      "With a command it is as why, and the verdict is printed and recorded. Without one it records"
          + " all packets until Ctrl-C. Whatever ends it, the file holds what was seen by then.",
      ""
    },
    exitCodeList = {
      "0:nothing wrong, or no command was given",
      "1:a fault was found",
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      "4:events were lost and no fault was observed, so the verdict may be incomplete",
    },
    footer = {
      "  vethtrace record -w ping.vt -- ping -c 1 -I veth0 192.168.1.2",
      "  vethtrace record -w night.vt --duration 60m --netns blue --filter 'udp port 53'",
      "  vethtrace explain ping.vt",
    })
final class RecordCommand implements Callable<Integer> {
  private final CommandContext session;

  @Option(
      names = {"-w", "--write"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write, in the place of what it held; - is standard output.")
  private Path file = Path.of("-");

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "End the recording, and the command, after this time (500ms, 2.5s, 1m).")
  private @Nullable Duration duration;

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description =
          "Only what passed this network namespace; with a command, also what passed it. May be"
              + " given more than once.")
  private List<String> netns = List.of();

  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description =
          "Without a command: only packets that match this, in tcpdump's language (one word for the"
              + " shell).")
  private String filter = "";

  @Parameters(
      arity = "0..*",
      paramLabel = "CMD",
      description = "The command and its arguments, best after --.")
  private List<String> argv = List.of();

  RecordCommand(CommandContext session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (!argv.isEmpty()) {
      requireNoFilter();
      Executables.require(argv.getFirst());
    }
    try (RecordingWriter recording = open();
        DaemonConnection connection = connect()) {
      recording.begin(header(connection));
      return argv.isEmpty() ? watch(connection, recording) : why(connection, recording);
    }
  }

  /** What a command's packets meet may be another packet, which a filter would leave out. */
  private void requireNoFilter() {
    if (!filter.isEmpty()) {
      throw Failure.usage(
          "--filter is for a recording without a command: with one, its packets are followed");
    }
  }

  private RequestedPackets wanted() {
    return new RequestedPackets(filter, netns, List.of());
  }

  private DaemonConnection connect() {
    return argv.isEmpty() ? session.connect(wanted()) : session.connect();
  }

  private boolean toStdout() {
    return file.toString().equals("-");
  }

  private RecordingWriter open() {
    return toStdout()
        ? RecordingWriter.to("standard output", session.console().out())
        : RecordingWriter.create(file);
  }

  private static RecordingHeader header(DaemonConnection connection) {
    StatusResponse status = connection.status();
    return RecordingHeader.newBuilder()
        .setKernel(status.getKernel())
        .setVersion(status.getVersion())
        .setBeganUnixMs(System.currentTimeMillis())
        .setRealtimeOffsetNs(status.getRealtimeOffsetNs())
        .build();
  }

  private int watch(DaemonConnection connection, RecordingWriter recording) {
    if (session.console().terminal()) {
      session.console().err().println(wanted().greeting("recording", connection.status()));
    }
    new ServerStreamCall<WatchResponse>(
            batch -> {
              recording.write(batch);
              return true;
            })
        .run(
            connection,
            call -> connection.watch(wanted().request().build(), call),
            session.interruption(),
            Optional.ofNullable(duration));
    return ExitCode.NOTHING_WRONG;
  }

  private int why(DaemonConnection connection, RecordingWriter recording) {
    InvestigationRequest request =
        new InvestigationRequest(
            argv,
            toStdout() || session.options().json(),
            Optional.ofNullable(duration),
            Optional.empty(),
            netns.stream().map(NamedNetns::inode).collect(Collectors.toSet()));
    InvestigationResult outcome =
        new CommandInvestigation(connection, session.interruption()).run(request);
    recording.write(outcome.report());
    if (!toStdout()) {
      session
          .console()
          .out()
          .print(
              session.options().json()
                  ? MessageJson.of(outcome.report()) + "\n"
                  : WhyCommand.text(outcome, session.console().style()));
    }
    return ExitCode.of(outcome.report());
  }
}
