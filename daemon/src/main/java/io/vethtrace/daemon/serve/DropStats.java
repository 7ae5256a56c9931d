package io.vethtrace.daemon.serve;

import io.vethtrace.daemon.engine.DisplayNames;
import io.vethtrace.daemon.engine.EngineTimings;
import io.vethtrace.daemon.engine.drop.DropCountHistory;
import io.vethtrace.daemon.engine.drop.DropKey;
import io.vethtrace.daemon.engine.drop.DropTotal;
import io.vethtrace.daemon.kernel.drop.DropLocations;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.probe.counter.PacketCounter;
import io.vethtrace.v1.DropCount;
import io.vethtrace.v1.DropDimension;
import io.vethtrace.v1.GetDropStatsRequest;
import io.vethtrace.v1.GetDropStatsResponse;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Drop counts by name, grouped as one request wants them. */
final class DropStats {
  /** The value in place of the names of interfaces that are gone. */
  private static final String GONE = "other";

  private static final Set<DropDimension> ALL =
      EnumSet.of(
          DropDimension.DROP_DIMENSION_REASON,
          DropDimension.DROP_DIMENSION_INTERFACE,
          DropDimension.DROP_DIMENSION_NETNS,
          DropDimension.DROP_DIMENSION_PLACE);

  private final DisplayNames names;
  private final DropFilterTerms wanted;
  private final Set<DropDimension> by;
  private final Map<Named, DropTotal> totals = new LinkedHashMap<>();
  private long unattributed;

  private record Named(String reason, String ifname, String netns, String place) {}

  private DropStats(DisplayNames names, GetDropStatsRequest request) {
    this.names = names;
    wanted = new DropFilterTerms(request.getFilter());
    by = request.getByCount() == 0 ? ALL : Set.copyOf(request.getByList());
  }

  static GetDropStatsResponse of(
      DropCountHistory counts, DisplayNames names, GetDropStatsRequest request) {
    DropCountHistory.Answer answer =
        counts.between(
            request.hasSinceUnixNs()
                ? OptionalLong.of(request.getSinceUnixNs())
                : OptionalLong.empty(),
            request.hasUntilUnixNs()
                ? OptionalLong.of(request.getUntilUnixNs())
                : OptionalLong.empty());
    DropStats stats = new DropStats(names, request);
    answer.dropped().totals().forEach(stats::add);
    return GetDropStatsResponse.newBuilder()
        .addAllCounts(stats.counts())
        .setSinceUnixNs(answer.sinceUnixNs())
        .setUntilUnixNs(answer.untilUnixNs())
        .setGranularityMs((int) EngineTimings.DROP_MOMENTS.toMillis())
        .setUnattributed(stats.unattributed)
        .build();
  }

  private void add(DropKey key, DropTotal total) {
    if (key.reason() == PacketCounter.ANY_CODE) {
      unattributed += total.packets();
      return;
    }
    Named named = named(key);
    if (wanted.matches(
        named.reason, key.reason(), named.ifname, named.netns, key.netns(), named.place)) {
      totals.merge(grouped(named), total, DropTotal::plus);
    }
  }

  private Named named(DropKey key) {
    String place =
        key.location() == 0
            ? ""
            : names.symbols().apply(key.location()).nameOrAddress(key.location());
    return new Named(
        reason(key.reason(), place),
        key.folded() ? GONE : key.ifname(),
        key.folded() ? GONE : names.netns(key.netns()),
        place);
  }

  /** Returns the name of a reason. A kernel without reasons counts all drops under 0. */
  private String reason(int number, String place) {
    DropReasons reasons = names.reasons();
    return number == 0 ? DropLocations.reason(place).orElse("") : reasons.nameOrNumber(number);
  }

  private Named grouped(Named named) {
    return new Named(
        by.contains(DropDimension.DROP_DIMENSION_REASON) ? named.reason : "",
        by.contains(DropDimension.DROP_DIMENSION_INTERFACE) ? named.ifname : "",
        by.contains(DropDimension.DROP_DIMENSION_NETNS) ? named.netns : "",
        by.contains(DropDimension.DROP_DIMENSION_PLACE) ? named.place : "");
  }

  private List<DropCount> counts() {
    return totals.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().packets()))
        .map(entry -> message(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static DropCount message(Named named, DropTotal total) {
    return DropCount.newBuilder()
        .setReason(named.reason)
        .setInterface(named.ifname)
        .setNetns(named.netns)
        .setPlace(named.place)
        .setPackets(total.packets())
        .setBytes(total.bytes())
        .build();
  }
}
