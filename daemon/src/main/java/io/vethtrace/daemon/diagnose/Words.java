package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.trace.ConversationKey;
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

  /** What a freed packet was. */
  static String freed(Case question, Journey journey) {
    return "%s was freed: %s".formatted(journey.summary(), drop(question, journey.last()));
  }

  /**
   * With a command that makes the asker of an unanswered ARP request ask again at once: it would
   * wait for its timers otherwise.
   */
  static Fix withFlush(Case question, Fix fix) {
    if (!(question.key() instanceof ConversationKey.Neighbour neighbour)) {
      return fix;
    }
    return question.conversation().requests().stream()
        .map(Journey::first)
        .findFirst()
        .flatMap(asked ->
            question
                .commandPrefix(asked.netns())
                .map(prefix ->
                    SourceFix.flush(
                        prefix,
                        InetAddresses.toAddrString(neighbour.target()),
                        question.snapshot().deviceName(asked))))
        .map(fix::and)
        .orElse(fix);
  }
}
