package io.vethtrace.cli.print;

import java.util.ArrayList;
import java.util.List;

/** Text of frame numbers as ranges. */
final class NumberRanges {
  private static final int MAX_RANGES = 6;

  private NumberRanges() {}

  /** Returns ranges, "1 to 15, 17". Numbers beyond the last range are counted. */
  static String of(List<Long> numbers) {
    List<Long> sorted = numbers.stream().sorted().distinct().toList();
    List<String> ranges = new ArrayList<>();
    int begin = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || sorted.get(i) != sorted.get(i - 1) + 1) {
        if (ranges.size() == MAX_RANGES) {
          return "%s and %d more".formatted(String.join(", ", ranges), sorted.size() - begin);
        }
        ranges.add(range(sorted.get(begin), sorted.get(i - 1)));
        begin = i;
      }
    }
    return String.join(", ", ranges);
  }

  private static String range(long first, long last) {
    return first == last
        ? "" + first
        : "%d%s%d".formatted(first, last == first + 1 ? ", " : " to ", last);
  }
}
