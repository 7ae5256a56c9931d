package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.Tally;
import java.util.Collection;

/** The interfaces and namespaces that counts belong to. */
interface Places {
  /** What the interface of a count is called. */
  String ifname(Tally tally);

  /** What its namespace is called. */
  String netns(Tally tally);

  /** Looks where the interfaces of these counts are now; before that, nothing is gone. */
  void look(Collection<Tally> tallies);

  /**
   * Whether at the last look the interface, or the namespace of what has none, was there no more.
   */
  boolean isGone(Tally tally);
}
