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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vethtrace record}: writes to a file what watch or why would print. */
@Command(
    name = "record",
    description = {
      "Records journeys of packets, findings and losses, to explain them later or elsewhere.",
      "",
      "With a command it does as why does, and prints and records the verdict. Without a command it"
          + " records all packets until Ctrl-C. However it ends, the file has all that was seen by"
          + " then.",
      ""
    },
    exitCodeList = {
      "0:nothing wrong, or no command was given",
      ExitCodeHelp.FAULT_FOUND,
      ExitCodeHelp.USAGE,
      ExitCodeHelp.NOT_POSSIBLE,
      ExitCodeHelp.EVENTS_LOST,
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
      description = "Write to this file and replace its content; - is standard output.")
  private Path file = Path.of("-");

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End after this time, and stop the command: 500ms, 2.5s, 1m.")
  private @Nullable Duration duration;

  @Option(
      names = "--netns",
      paramLabel = "NAME",
      description =
          "Without a command: only packets in this network namespace (name or inode). May be"
              + " repeated.")
  private List<String> netns = List.of();

  @Option(
      names = "--also-netns",
      paramLabel = "NAME",
      description =
          "With a command: also follow packets that begin in this network namespace (name or"
              + " inode), not only in those of the command's processes. May be repeated.")
  private List<String> alsoNetns = List.of();

  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description =
          "Without a command: only packets that match this, in tcpdump's language. Quote it as one"
              + " word.")
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
    if (argv.isEmpty()) {
      requireNoAlsoNetns();
    } else {
      requireNoFilter();
      Executables.require(argv.getFirst());
    }
    try (RecordingWriter recording = open();
        DaemonConnection connection = connect()) {
      recording.begin(header(connection));
      return argv.isEmpty() ? watch(connection, recording) : why(connection, recording);
    }
  }

  private void requireNoAlsoNetns() {
    if (!alsoNetns.isEmpty()) {
      throw Failure.usage(
          "--also-netns is for a recording of a command; without one, use --netns or record all");
    }
  }

  /** A filter could leave out the packet that explains the fate of the command's own. */
  private void requireNoFilter() {
    if (!filter.isEmpty()) {
      throw Failure.usage(
          "--filter is for a recording without a command; with a command, its own packets are followed");
    }
  }

  private RequestedPackets packets() {
    return new RequestedPackets(filter, netns, List.of());
  }

  private DaemonConnection connect() {
    return argv.isEmpty() ? session.connect(packets()) : session.connect();
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
      session.console().err().println(packets().startNotice("recording", connection.status()));
    }
    new ServerStreamCall<WatchResponse>(
            batch -> {
              recording.write(batch);
              return true;
            })
        .run(
            connection,
            call -> connection.watch(packets().request().build(), call),
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
            Stream.concat(netns.stream(), alsoNetns.stream())
                .map(NamedNetns::inode)
                .collect(Collectors.toSet()));
    InvestigationResult result =
        new CommandInvestigation(connection, session.interruption()).run(request);
    recording.write(result.report());
    if (!toStdout()) {
      session
          .console()
          .out()
          .print(
              session.options().json()
                  ? MessageJson.of(result.report()) + "\n"
                  : WhyCommand.text(result, session.console().style()));
    }
    return ExitCode.of(result.report());
  }
}
