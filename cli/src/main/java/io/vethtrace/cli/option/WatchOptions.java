package io.vethtrace.cli.option;

import io.vethtrace.cli.exit.Failure;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of all that is told, from when, and how much of it. */
public final class WatchOptions {
  @Option(names = "--events", description = "Show each sight by itself, as soon as it is read.")
  private boolean events;

  @Option(names = "--journeys", description = "Show journeys; alone, no findings.")
  private boolean journeys;

  @Option(names = "--findings", description = "Show findings; alone, no journeys.")
  private boolean findings;

  @Option(
      names = "--only",
      paramLabel = "FIELD=VALUE[,…]",
      converter = WatchFilterConverter.class,
      description = {
        "Only what has all these. Repeated, what fits one of them. Fields: "
            + WatchFilterConverter.FIELDS
      })
  private List<WatchFilter> allow = List.of();

  @Option(
      names = "--not",
      paramLabel = "FIELD=VALUE[,…]",
      converter = WatchFilterConverter.class,
      description = "Nothing that has all these, whatever --only says. May be repeated.")
  private List<WatchFilter> deny = List.of();

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "First the last N of the daemon's history, then what comes.")
  private long last;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description =
          "First what the daemon told since: " + PointInTimeConverter.FORMS + " (of its history).")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTimeConverter.class,
      description = "End with what is told until then; a time as for --since.")
  private @Nullable PointInTime until;

  @Option(names = "--first", paramLabel = "N", description = "End after N have been shown.")
  private long first;

  @Option(names = "--no-follow", description = "End where the history does.")
  private boolean historyOnly;

  /** Whether it needs a daemon that was there before. */
  public boolean wantsHistory() {
    return last > 0 || since != null || historyOnly;
  }

  public boolean wantsEvents() {
    return events;
  }

  /** {@code nowUnixNs}: what times of the kind "so long ago" are counted back from. */
  public void addTo(WatchRequest.Builder request, long nowUnixNs) {
    requirePositive();
    request.addAllAllow(allow).addAllDeny(deny);
    addKind(request, events, Kind.EVENT);
    addKind(request, journeys, Kind.JOURNEY);
    addKind(request, findings, Kind.FINDING);
    request.setLast(last).setFirst(first).setHistoryOnly(historyOnly);
    if (since != null) {
      request.setSinceUnixNs(since.unixNs(nowUnixNs));
    }
    if (until != null) {
      request.setUntilUnixNs(until.unixNs(nowUnixNs));
    }
  }

  private void requirePositive() {
    if (last < 0 || first < 0) {
      throw Failure.usage("--first and --last are numbers of what to show, 1 or more");
    }
  }

  private static void addKind(WatchRequest.Builder request, boolean isWanted, Kind kind) {
    if (isWanted) {
      request.addKinds(kind);
    }
  }
}
