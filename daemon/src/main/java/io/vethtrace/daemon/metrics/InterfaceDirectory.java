package io.vethtrace.daemon.metrics;

import io.vethtrace.daemon.probe.counter.PacketCounter;
import java.util.Collection;

/** The interfaces and namespaces that counts belong to. */
interface InterfaceDirectory {
  /** Returns the name of the interface of a counter. */
  String ifname(PacketCounter tally);

  /** Returns the name of its namespace. */
  String netns(PacketCounter tally);

  /** Looks where the interfaces of these counts are now; before that, nothing is gone. */
  void look(Collection<PacketCounter> tallies);

  /**
   * Returns true if the interface was gone at the last look; for a counter without an interface, if
   * its namespace was gone.
   */
  boolean isGone(PacketCounter tally);
}
