package io.vethtrace.daemon.diagnose.model;

import io.vethtrace.daemon.kernel.netlink.Errno;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;

/** Sentences that several rules say. */
public final class EvidenceText {
  private EvidenceText() {}

  /** "kfree_skb on lo in kfree_skb_list_reason: QDISC_DROP". */
  public static String drop(ConversationView view, Event drop) {
    String reason = view.snapshot().reason(drop);
    String place = view.snapshot().location(drop);
    return "%s%s%s%s"
        .formatted(
            drop.hook().kernelName(),
            drop.ifname().isEmpty() ? "" : " on " + drop.ifname(),
            place.isEmpty() ? "" : " in " + place,
            reason.isEmpty() ? "" : ": " + reason);
  }

  /** Describes a look-up of a route that failed. */
  public static String lookup(Event.RouteLookup lookup, Journey journey) {
    return "%s returned %d (%s%s) for %s"
        .formatted(
            lookup.hook().kernelName(),
            lookup.result(),
            Errno.name(lookup.result()),
            lookup.result() == -Errno.EAGAIN ? ": no match in that table" : "",
            journey.summary());
  }

  /** Describes a packet and its drop. */
  public static String freed(ConversationView view, Journey journey) {
    return "%s was freed: %s".formatted(journey.summary(), drop(view, journey.last()));
  }
}
