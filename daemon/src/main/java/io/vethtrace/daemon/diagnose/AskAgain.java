package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/**
 * The command after which a sender asks anew. A question that was asked in vain fails up to a
 * second later, and takes with it what was sent meanwhile, also after the cure
 * (neigh_timer_handler, net/core/neighbour.c).
 */
final class AskAgain {
  private AskAgain() {}

  /** The fix, and that command where the conversation is about a neighbour, or died for one. */
  static Fix after(Fix fix, Case question, Journey journey) {
    Optional<String> flush =
        question.isNeighbour()
            ? question.conversation().requests().stream()
                .findFirst()
                .flatMap(request -> flush(question, request))
            : Optional.of(journey.last())
                .filter(question::isNeighbourFailure)
                .flatMap(died -> flush(question, died, "", Optional.of(nameOf(question, died))));
    return flush.map(fix::and).orElse(fix);
  }

  /** Empty where it was first seen as it arrived: then this is not where it was asked. */
  private static Optional<String> flush(Case question, Journey request) {
    Event asked = request.first();
    return Optional.of(asked)
        .filter(hop -> !hop.hook().isReceive())
        .flatMap(hop ->
            flush(
                question,
                hop,
                " to " + InetAddresses.toAddrString(question.key().target()),
                asker(question, request)));
  }

  private static Optional<String> flush(
      Case question, Event at, String target, Optional<String> device) {
    return question
        .commandPrefix(at.netns())
        .map(prefix ->
            "%sip neigh flush%s".formatted(prefix, target)
                + device.map(dev -> " dev " + ShellWord.of(dev)).orElse(""));
  }

  /**
   * The device that keeps the question; empty where it may be another one than it left by, a VLAN
   * device above it for example: then that one has the asking address.
   */
  private static Optional<String> asker(Case question, Journey request) {
    Event asked = request.first();
    return question
            .snapshot()
            .netns(asked.netns())
            .flatMap(facts -> facts.owner(question.sourceOf(request)))
            .map(Device::ifindex)
            .filter(owner -> owner != asked.ifindex())
            .isEmpty()
        ? Optional.of(nameOf(question, asked))
        : Optional.empty();
  }

  private static String nameOf(Case question, Event hop) {
    return question.snapshot().deviceName(hop);
  }
}
