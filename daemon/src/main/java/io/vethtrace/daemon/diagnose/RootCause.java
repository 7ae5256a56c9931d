package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.neighbour.PendingOnNeighbour;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation with a fault of its own.
 *
 * @param view the conversation
 * @param finding what is wrong with it
 */
record RootCause(ConversationView view, Finding finding) {

  /** One, or none where no rule speaks; ICMP errors about its packets are consequences. */
  static Stream<RootCause> of(ConversationView view) {
    return RuleOrder.firstFinding(view)
        .map(finding -> new RootCause(view, finding.withConsequences(errors(view))))
        .stream();
  }

  /** From the first request to the packet's death; great where that came after it. */
  long distanceNs(ConversationView waiting) {
    long laterNs = waiting.waitingPacket().orElseThrow().last().ktimeNs() - asked().ktimeNs();
    return laterNs < 0 ? Long.MAX_VALUE / 2 - laterNs : laterNs;
  }

  /** A packet waits in the namespace where the ARP request was sent, at the device that asked. */
  boolean mayHaveStopped(ConversationView waiting) {
    return view.isNeighbour()
        && waiting
            .waitingPacket()
            .map(Journey::last)
            .filter(drop -> drop.netns() == asked().netns())
            .filter(drop -> asked(drop) || waiting.key().target().equals(view.key().target()))
            .isPresent();
  }

  /** Where the first request was first seen; the proof may be what became of a reply. */
  private Event asked() {
    return view.conversation().requests().stream().findFirst().orElse(finding.proof()).first();
  }

  /**
   * Whether the device of this drop asked: the request left by it, or by one below it, so that it
   * is the one that has the asking address.
   */
  private boolean asked(Event drop) {
    return drop.ifindex() == asked().ifindex()
        || view.snapshot()
            .netns(drop.netns())
            .flatMap(facts -> facts.device(drop.ifindex()))
            .filter(device -> device.addresses().contains(view.key().requester()))
            .isPresent();
  }

  /** Whether the other's silence is that of a packet which waits for this neighbour. */
  boolean holds(RootCause other) {
    return other.finding.cause() == Cause.UNKNOWN
        && PendingOnNeighbour.mayWaitFor(view.conversation(), other.view.conversation());
  }

  /** The finding with what died, or waits, because of it. */
  Finding folded(List<ConversationView> victims, List<RootCause> roots) {
    Stream<String> dead =
        victims.stream().flatMap(victim -> Stream.concat(died(victim), errors(victim).stream()));
    Stream<String> held =
        roots.stream()
            .filter(this::holds)
            .flatMap(other -> Stream.concat(waits(other), errors(other.view).stream()));
    return finding.withConsequences(Stream.concat(dead, held).toList());
  }

  private Stream<String> waits(RootCause other) {
    return PendingOnNeighbour.packet(view.conversation(), other.view.conversation()).stream()
        .map(packet ->
            "%s waits for the answer, last seen at %s on %s"
                .formatted(
                    packet.summary(), packet.last().hook().kernelName(), packet.last().ifname()));
  }

  private Stream<String> died(ConversationView waiting) {
    return waiting.waitingPacket().stream()
        .map(journey ->
            "the queued packet %s, %d ms after the first ARP request"
                .formatted(
                    EvidenceText.freed(waiting, journey),
                    (journey.last().ktimeNs() - asked().ktimeNs()) / 1_000_000));
  }

  private static List<String> errors(ConversationView view) {
    return view.conversation().errors().stream()
        .map(error ->
            "%s was sent back%s"
                .formatted(
                    error.summary(),
                    error.first().ifname().isEmpty() ? "" : " through " + error.first().ifname()))
        .distinct()
        .toList();
  }
}
