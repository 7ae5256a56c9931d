package io.vethtrace.cli.print;

import io.vethtrace.v1.Hop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text of one hop. */
final class HopText {
  private HopText() {}

  static String time(Hop hop) {
    return String.format(Locale.ROOT, "+%.1f µs", hop.getSinceFirstNs() / 1000.0);
  }

  static String netns(Hop hop) {
    if (!hop.getNetns().isEmpty()) {
      return hop.getNetns();
    }
    return hop.getNetnsInode() == 0 ? "" : Integer.toUnsignedString(hop.getNetnsInode());
  }

  /** Returns the return value, drop reason and location. */
  static String result(Hop hop) {
    List<String> words = new ArrayList<>();
    if (hop.hasReturnValue()) {
      words.add("= " + hop.getReturnValue());
    }
    if (!hop.getDropReason().isEmpty()) {
      words.add(hop.getDropReason());
    }
    if (!hop.getPlace().isEmpty()) {
      words.add("in " + hop.getPlace());
    }
    return String.join(" ", words);
  }
}
