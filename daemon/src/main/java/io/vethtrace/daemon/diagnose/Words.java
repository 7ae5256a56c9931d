package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.Errno;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;

/** Sentences that several rules say. */
final class Words {
  private Words() {}

  /** "kfree_skb on lo in kfree_skb_list_reason: QDISC_DROP". */
  static String drop(Case question, Event drop) {
    String reason = question.snapshot().reason(drop);
    String place = question.snapshot().place(drop);
    return "%s%s%s%s"
        .formatted(
            drop.hook().kernelName(),
            drop.ifname().isEmpty() ? "" : " on " + drop.ifname(),
            place.isEmpty() ? "" : " in " + place,
            reason.isEmpty() ? "" : ": " + reason);
  }

  /** What a look-up of a route that failed said, by itself. */
  static String lookup(Journey journey) {
    Event lookup = journey.last();
    return "%s returned %d (%s%s) for %s"
        .formatted(
            lookup.hook().kernelName(),
            lookup.result(),
            Errno.name(lookup.result()),
            lookup.result() == -Errno.EAGAIN ? ": no match in that table" : "",
            journey.summary());
  }

  /** What a freed packet was. */
  static String freed(Case question, Journey journey) {
    return "%s was freed: %s".formatted(journey.summary(), drop(question, journey.last()));
  }
}
