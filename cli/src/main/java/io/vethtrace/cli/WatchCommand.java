package io.vethtrace.cli;

import io.vethtrace.cli.connect.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
      "It ends with exit code 0 however many faults it showed: use why for a verdict.",
      ""
    },
    footer = {
      "  vethtrace watch icmp or arp",
      "  vethtrace watch --netns blue -i veth0 'host 10.0.0.2 and tcp port 80'",
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

  @Parameters(
      arity = "0..*",
      paramLabel = "FILTER",
      description = "Only packets that match this, in tcpdump's language.")
  private List<String> filter = List.of();

  WatchCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Wanted wanted = Wanted.of(filter, netns, interfaces);
    try (Connection connection = session.connect(wanted)) {
      String greeting = wanted.greeting("watching", connection.status());
      Watch watch = new Watch(session.console(), session.options().json(), greeting);
      new WatchCall(watch)
          .run(connection, wanted.request(), session.interruption(), Optional.empty());
      return ExitCode.NOTHING_WRONG;
    }
  }
}
