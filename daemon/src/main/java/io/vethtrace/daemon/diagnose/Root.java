package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation with a fault of its own.
 *
 * @param question the conversation
 * @param finding what is wrong with it
 */
record Root(Case question, Finding finding) {

  /** One, or none where no rule speaks; ICMP errors about its packets are consequences. */
  static Stream<Root> of(Case question) {
    return Diagnosis.judge(question)
        .map(finding -> new Root(question, finding.withConsequences(errors(question))))
        .stream();
  }

  /** From the first request to the packet's death; great where that came after it. */
  long distanceNs(Case waiting) {
    long laterNs = waiting.waitingPacket().orElseThrow().last().ktimeNs() - asked().ktimeNs();
    return laterNs < 0 ? Long.MAX_VALUE / 2 - laterNs : laterNs;
  }

  /** A packet waits in the namespace where the ARP request was sent, at the device that asked. */
  boolean mayHaveStopped(Case waiting) {
    return question.isNeighbour()
        && waiting
            .waitingPacket()
            .map(Journey::last)
            .filter(drop -> drop.netns() == asked().netns())
            .filter(drop -> asked(drop) || waiting.key().target().equals(question.key().target()))
            .isPresent();
  }

  /** Where the first request was first seen; the proof may be what became of a reply. */
  private Event asked() {
    return question.conversation().requests().stream().findFirst().orElse(finding.proof()).first();
  }

  /**
   * Whether the device of this drop asked: the request left by it, or by one below it, so that it
   * is the one that has the asking address.
   */
  private boolean asked(Event drop) {
    return drop.ifindex() == asked().ifindex()
        || question
            .snapshot()
            .netns(drop.netns())
            .flatMap(facts -> facts.device(drop.ifindex()))
            .filter(device -> device.addresses().contains(question.key().requester()))
            .isPresent();
  }

  /** Whether the other's silence is that of a packet which waits for this neighbour. */
  boolean holds(Root other) {
    return other.finding.cause() == Cause.UNKNOWN
        && Held.mayWaitFor(question.conversation(), other.question.conversation());
  }

  /** The finding with what died, or waits, because of it. */
  Finding folded(List<Case> victims, List<Root> roots) {
    Stream<String> dead =
        victims.stream().flatMap(victim -> Stream.concat(died(victim), errors(victim).stream()));
    Stream<String> held =
        roots.stream()
            .filter(this::holds)
            .flatMap(other -> Stream.concat(waits(other), errors(other.question).stream()));
    return finding.withConsequences(Stream.concat(dead, held).toList());
  }

  private Stream<String> waits(Root other) {
    return Held.packet(question.conversation(), other.question.conversation()).stream()
        .map(packet ->
            "%s waits for the answer, last seen at %s on %s"
                .formatted(
                    packet.summary(), packet.last().hook().kernelName(), packet.last().ifname()));
  }

  private Stream<String> died(Case waiting) {
    return waiting.waitingPacket().stream()
        .map(journey ->
            "the queued packet %s, %d ms after the first ARP request"
                .formatted(
                    Words.freed(waiting, journey),
                    (journey.last().ktimeNs() - asked().ktimeNs()) / 1_000_000));
  }

  private static List<String> errors(Case question) {
    return question.conversation().errors().stream()
        .map(error ->
            "%s was sent back%s"
                .formatted(
                    error.summary(),
                    error.first().ifname().isEmpty() ? "" : " through " + error.first().ifname()))
        .distinct()
        .toList();
  }
}
