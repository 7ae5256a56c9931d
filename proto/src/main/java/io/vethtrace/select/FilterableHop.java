package io.vethtrace.select;

import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Hop;
import java.util.List;

/** Where something was seen, and for which reason it was dropped there. */
record FilterableHop(String netns, int netnsInode, String ifname, String hook, String dropReason) {
  static FilterableHop of(Hop hop) {
    return new FilterableHop(
        hop.getNetns(),
        hop.getNetnsInode(),
        hop.getInterface(),
        hop.getHook(),
        hop.getDropReason());
  }

  /** Where the fault is; the namespace's inode is in the sights of the journey that proves it. */
  static FilterableHop of(Finding finding) {
    return new FilterableHop(
        finding.getNetns(), 0, finding.getInterface(), finding.getHook(), finding.getDropReason());
  }

  /** Whether its namespace has one of these names, or its inode is one. */
  boolean isIn(List<String> names) {
    return names.contains(netns) || names.contains(Integer.toUnsignedString(netnsInode));
  }
}
