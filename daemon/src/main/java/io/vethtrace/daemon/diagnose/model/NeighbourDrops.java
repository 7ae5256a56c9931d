package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.trace.Event;
import java.util.Set;

/** Tells the drops of packets that waited for a neighbour, which did not answer. */
final class NeighbourDrops {
  private static final Set<String> REASONS = Set.of("NEIGH_FAILED", "NEIGH_QUEUEFULL");

  /**
   * Functions that free packets of a neighbour. They decide if the kernel gives no reason (5.10),
   * or says that it purged the queue: of packets that came while the queue was emptied, or as the
   * neighbour was forgotten (net/core/neighbour.c, 6.18).
   */
  private static final Set<String> LOCATIONS =
      Set.of(
          "neigh_invalidate",
          "neigh_destroy",
          "neigh_flush_dev",
          "arp_error_report",
          "ndisc_error_report",
          "__neigh_event_send");

  /** The reason of packets that were in a queue when the kernel emptied it. */
  static final String PURGED = "QUEUE_PURGE";

  private NeighbourDrops() {}

  /** Returns true if the packet was dropped because its neighbour did not answer. */
  static boolean isNeighbourDrop(EventNames names, Event drop) {
    String reason = names.reason(drop);
    return REASONS.contains(reason)
        || ((names.isReasonless(drop) || reason.equals(PURGED)) && isAtNeighbour(names, drop));
  }

  /** Returns true if a function of the neighbour table freed the packet. */
  static boolean isAtNeighbour(EventNames names, Event drop) {
    return LOCATIONS.contains(names.location(drop));
  }
}
