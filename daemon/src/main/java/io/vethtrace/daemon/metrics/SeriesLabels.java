package io.vethtrace.daemon.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of one series' labels: first what the kernel has few of (a reason, a direction), then
 * the interface and its namespace.
 */
record SeriesLabels(List<String> code, String ifname, String netns) {
  /** In place of what was folded. */
  static final String OTHER = "other";

  /** In place of an interface or a namespace where there is none. */
  static final String NONE = "none";

  SeriesLabels {
    code = List.copyOf(code);
  }

  static SeriesLabels folded(List<String> code) {
    return new SeriesLabels(code, OTHER, OTHER);
  }

  /** In the order of their names: the code's, interface, netns. */
  List<String> values() {
    List<String> values = new ArrayList<>(code);
    values.add(ifname);
    values.add(netns);
    return values;
  }
}
