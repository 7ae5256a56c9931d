package io.vethtrace.cli.option;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options that choose items of the stream or of a recording: their kind, their fields, their time.
 */
public final class WatchOptions {
  @Option(names = "--events", description = "Show each event by itself, as soon as it is read.")
  private boolean events;

  @Option(
      names = "--journeys",
      description = "Show journeys. Without --findings, findings are left out.")
  private boolean journeys;

  @Option(
      names = "--findings",
      description = "Show findings. Without --journeys, journeys are left out.")
  private boolean findings;

  @Option(
      names = "--only",
      paramLabel = "FIELD=VALUE[,…]",
      converter = WatchFilterConverter.class,
      description = {
        "Only items that match all these fields. If repeated, an item has to match one of the"
            + " options. Fields: "
            + WatchFilterConverter.FIELDS
      })
  private List<WatchFilter> allow = List.of();

  @Option(
      names = "--not",
      paramLabel = "FIELD=VALUE[,…]",
      converter = WatchFilterConverter.class,
      description =
          "Leave out items that match all these fields, even if --only matches. May be repeated.")
  private List<WatchFilter> deny = List.of();

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "Begin with the last N items of the history.")
  private long last;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "Begin at this time: " + PointInTimeConverter.FORMS + " of the history.")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "End at this time, written as for --since.")
  private @Nullable PointInTime until;

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "End after N items.")
  private long count;

  @Option(names = "--no-follow", description = "Show the history alone, not what follows it.")
  private boolean historyOnly;

  /** Returns true if the daemon has to have a history. */
  public boolean wantsHistory() {
    return last > 0 || since != null || historyOnly;
  }

  /** Returns true if events are asked for. */
  public boolean wantsEvents() {
    return events;
  }

  /**
   * Puts the options into a request.
   *
   * @param nowUnixNs the time from which "10m ago" is counted back
   */
  public void addTo(WatchRequest.Builder request, long nowUnixNs) {
    requirePositive();
    request.addAllAllow(allow).addAllDeny(deny);
    addKind(request, events, Kind.EVENT);
    addKind(request, journeys, Kind.JOURNEY);
    addKind(request, findings, Kind.FINDING);
    request.setLast(last).setFirst(count).setHistoryOnly(historyOnly);
    if (since != null) {
      request.setSinceUnixNs(since.unixNs(nowUnixNs));
    }
    if (until != null) {
      request.setUntilUnixNs(until.unixNs(nowUnixNs));
    }
  }

  private void requirePositive() {
    if (last < 0 || count < 0) {
      throw Failure.usage("--count and --last take the number of items to show, 1 or more");
    }
  }

  private static void addKind(WatchRequest.Builder request, boolean isWanted, Kind kind) {
    if (isWanted) {
      request.addKinds(kind);
    }
  }
}
