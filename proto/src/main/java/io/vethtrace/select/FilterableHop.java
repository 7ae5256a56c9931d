package io.vethtrace.select;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Hop;
import java.util.List;

/** The fields of a hop or of a finding that a filter can ask for. */
record FilterableHop(String netns, int netnsInode, String ifname, String hook, String dropReason) {
  static FilterableHop of(Hop hop) {
    return new FilterableHop(
        hop.getNetns(),
        hop.getNetnsInode(),
        hop.getInterface(),
        hop.getHook(),
        hop.getDropReason());
  }

  /** Returns the fields of a finding. The hops of its journey have the inode of the namespace. */
  static FilterableHop of(Finding finding) {
    return new FilterableHop(
        finding.getNetns(), 0, finding.getInterface(), finding.getHook(), finding.getDropReason());
  }

  /** Returns true if the name or the inode of its namespace is one of these. */
  boolean isIn(List<String> names) {
    return names.contains(netns) || names.contains(Integer.toUnsignedString(netnsInode));
  }
}
