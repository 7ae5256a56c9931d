package io.vethtrace.cli.print;

import io.vethtrace.v1.Drop;
import io.vethtrace.v1.DropCount;
import io.vethtrace.v1.DropDimension;
import io.vethtrace.v1.GetDropStatsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Counts of drops as a table for people. The greatest comes first. */
public final class DropStatsText {
  private DropStatsText() {}

  /**
   * Returns the kernel's counts as a table.
   *
   * @param by the fields that drops of one count have in common
   * @param width the columns of the terminal
   */
  public static String of(
      GetDropStatsResponse stats, List<DropDimension> by, Style style, int width) {
    StringBuilder text = new StringBuilder();
    TimeFormat times = style.times();
    String time =
        "%s to %s"
            .formatted(times.dated(stats.getSinceUnixNs()), times.dated(stats.getUntilUnixNs()));
    if (stats.getCountsCount() == 0) {
      text.append("nothing was dropped from ").append(time).append('\n');
    } else {
      text.append("dropped from ").append(time).append("\n\n");
      text.append(table(stats.getCountsList(), by, style, width));
    }
    if (stats.getUnattributed() > 0) {
      text.append(
          style.warning(
              "! %s more without reason and location, because the kernel's table was full\n"
                  .formatted(Long.toUnsignedString(stats.getUnattributed()))));
    }
    return text.toString();
  }

  /**
   * Returns the sums of drops that were shown as a table.
   *
   * @param sums the number of packets for each kind of drop
   */
  public static String of(Map<Drop, Long> sums, List<DropDimension> by, Style style, int width) {
    Map<DropCount, Long> merged = new HashMap<>();
    sums.forEach((drop, packets) -> merged.merge(kind(drop, by), packets, Long::sum));
    List<DropCount> counts =
        merged.entrySet().stream()
            .sorted(Comparator.comparingLong(entry -> -entry.getValue()))
            .map(entry -> entry.getKey().toBuilder().setPackets(entry.getValue()).build())
            .toList();
    return table(counts, by, style, width);
  }

  private static DropCount kind(Drop drop, List<DropDimension> by) {
    DropCount.Builder kind = DropCount.newBuilder();
    for (DropDimension dimension : by) {
      switch (dimension) {
        case DROP_DIMENSION_REASON -> kind.setReason(drop.getReason());
        case DROP_DIMENSION_INTERFACE -> kind.setInterface(drop.getInterface());
        case DROP_DIMENSION_NETNS -> kind.setNetns(drop.getNetns());
        case DROP_DIMENSION_PLACE -> kind.setPlace(drop.getPlace());
        case DROP_DIMENSION_UNSPECIFIED, UNRECOGNIZED -> {}
      }
    }
    return kind.build();
  }

  private static String table(
      List<DropCount> counts, List<DropDimension> by, Style style, int width) {
    List<String> titles = new ArrayList<>(List.of("packets"));
    by.forEach(dimension -> titles.add(title(dimension)));
    TextTable table = new TextTable(1, titles.toArray(String[]::new));
    for (DropCount count : counts) {
      List<String> cells = new ArrayList<>(List.of(Long.toUnsignedString(count.getPackets())));
      by.forEach(dimension -> cells.add(cell(count, dimension)));
      table.row(UnaryOperator.identity(), cells.toArray(String[]::new));
    }
    return table.text(style, width);
  }

  private static String title(DropDimension dimension) {
    return switch (dimension) {
      case DROP_DIMENSION_REASON -> "reason";
      case DROP_DIMENSION_INTERFACE -> "interface";
      case DROP_DIMENSION_NETNS -> "netns";
      case DROP_DIMENSION_PLACE -> "location";
      case DROP_DIMENSION_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  private static String cell(DropCount count, DropDimension dimension) {
    String cell =
        switch (dimension) {
          case DROP_DIMENSION_REASON -> count.getReason();
          case DROP_DIMENSION_INTERFACE -> count.getInterface();
          case DROP_DIMENSION_NETNS -> count.getNetns();
          case DROP_DIMENSION_PLACE -> count.getPlace();
          case DROP_DIMENSION_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    return cell.isEmpty() ? "–" : cell;
  }
}
