package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.Device;
import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.trace.EthernetHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/**
 * A frame came to a bridge and did not leave by the port behind which its receiver is. A bridge
 * that has no way out for a frame says nothing, as long as it takes it itself too
 * (net/bridge/br_input.c, br_pass_frame_up; br_forward.c, br_flood). Concluded from the settings of
 * the port, and only where the receiver was found behind it: any other port may be down, and have
 * nothing to do with it.
 */
final class BridgeSilent implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    boolean arrived = question.requestReceivedByOwner(question.key().target()).isPresent();
    if (!question.expectsAnswer() || question.answered() || arrived) {
      return Optional.empty();
    }
    return question.conversation().requests().stream()
        .flatMap(request ->
            Crossing.of(question.snapshot(), request)
                .flatMap(crossing -> finding(question, request, crossing))
                .stream())
        .findFirst();
  }

  private static Optional<Finding> finding(Case question, Journey request, Crossing crossing) {
    Optional<EthernetHeader> header = EthernetHeader.of(request);
    return crossing.others().stream()
        .filter(port -> leadsTo(question, crossing, port, header))
        .filter(port -> !left(question, crossing, port))
        .flatMap(port -> new Obstacle(question, request, crossing, port, header).finding().stream())
        .findFirst();
  }

  /** Whether the port's other end is a device of the receiver's namespace. */
  private static boolean leadsTo(
      Case question, Crossing crossing, Device port, Optional<EthernetHeader> header) {
    return Peer.of(question.snapshot(), crossing.facts(), port.ifindex())
        .filter(peer ->
            peer.facts().owner(question.key().target()).isPresent()
                || header.filter(h -> hasMac(peer.facts(), h.destination())).isPresent())
        .isPresent();
  }

  private static boolean hasMac(NetnsFacts facts, String mac) {
    return facts.details().links().values().stream().map(Link::mac).anyMatch(mac::equals);
  }

  private static boolean left(Case question, Crossing crossing, Device port) {
    return question.conversation().requests().stream()
        .flatMap(request -> request.hops().stream())
        .anyMatch(hop ->
            hop.hook().isTransmit()
                && hop.netns() == crossing.facts().inode()
                && hop.ifindex() == port.ifindex());
  }
}
