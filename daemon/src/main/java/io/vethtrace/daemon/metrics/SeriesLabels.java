package io.vethtrace.daemon.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of one series' labels: first what the kernel has few of (a reason, a direction), then
 * the interface and its namespace.
 */
record SeriesLabels(List<String> code, String ifname, String netns) {
  /** The label of series that were folded into one. */
  static final String OTHER = "other";

  /** The label of a counter without an interface or a namespace. */
  static final String NONE = "none";

  SeriesLabels {
    code = List.copyOf(code);
  }

  static SeriesLabels folded(List<String> code) {
    return new SeriesLabels(code, OTHER, OTHER);
  }

  /**
   * Returns the values in the order of the label names: those of the code, then interface and
   * netns.
   */
  List<String> values() {
    List<String> values = new ArrayList<>(code);
    values.add(ifname);
    values.add(netns);
    return values;
  }
}
