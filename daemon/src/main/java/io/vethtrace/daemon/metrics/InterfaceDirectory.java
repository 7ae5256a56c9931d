package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.Collection;

/** The interfaces and namespaces that counts belong to. */
interface InterfaceDirectory {
  /** What the interface of a count is called. */
  String ifname(PacketCounter tally);

  /** What its namespace is called. */
  String netns(PacketCounter tally);

  /** Looks where the interfaces of these counts are now; before that, nothing is gone. */
  void look(Collection<PacketCounter> tallies);

  /**
   * Whether at the last look the interface, or the namespace of what has none, was there no more.
   */
  boolean isGone(PacketCounter tally);
}
