package io.vethtrace.cli;

import io.vethtrace.cli.connect.Connection;
import io.vethtrace.v1.WatchRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vethtrace watch}: journeys as they end, findings as they are made. */
@Command(
    name = "watch",
    description = {
      "Shows packets' journeys as they end and findings as they are made, until Ctrl-C.",
      "",
      "It ends with exit code 0 however many faults it showed: use why for a verdict.",
      ""
    },
    footer = {
      "  vethtrace watch --netns blue -i veth0",
      "  vethtrace -o json watch | jq -c 'select(.finding) | .finding.title'",
    })
final class WatchCommand implements Callable<Integer> {
  private final Session session;

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

  WatchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    WatchRequest request =
        WatchRequest.newBuilder().addAllNetns(netns).addAllInterfaces(interfaces).build();
    try (Connection connection = session.connect()) {
      WatchCall call = new WatchCall(new Watch(session.console(), session.options().json()));
      call.run(connection, request, session.interruption(), Optional.empty());
      return ExitCode.NOTHING_WRONG;
    }
  }
}
