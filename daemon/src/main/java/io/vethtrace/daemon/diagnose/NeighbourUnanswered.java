package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.InterfaceAddress;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * ARP requests or neighbour solicitations left, nobody answered, and nothing on their way says why.
 */
final class NeighbourUnanswered implements Rule {
  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    if (question.key() instanceof ConversationKey.Neighbour neighbour) {
      return question.conversation().requests().stream()
          .filter(request -> request.first().hook().isTransmit())
          .findFirst()
          // Where an owner got the request, its silence needs another reason.
          .filter(_ ->
              question.requestReceivedByOwner(neighbour.target()).isEmpty()
                  || isTentative(question, neighbour.target()))
          .map(request -> asked(question, neighbour, request));
    }
    return question.neighbourFailure().map(journey -> failed(question, journey));
  }

  private static Finding asked(
      Case question, ConversationKey.Neighbour neighbour, Journey request) {
    Event sent = request.first();
    String target = InetAddresses.toAddrString(neighbour.target());
    String protocol = neighbour.target() instanceof Inet6Address ? "Neighbour discovery" : "ARP";
    String reached =
        request
            .received()
            .map(hop -> reached(question, hop, neighbour.target()))
            .orElse("No other end was seen to receive the request.");
    return new Draft(Cause.NEIGHBOUR_UNANSWERED, Verdict.UNANSWERED, Confidence.INFERRED)
        .title("nobody on %s answers for %s", sent.ifname(), target)
        .explanation("%s asked for %s on %s. %s", protocol, target, sent.ifname(), reached)
        .hook(sent.hook().kernelName())
        .proves(
            Evidence.Kind.PACKETS,
            "%s: %d seen, %d answered",
            request.summary(),
            question.conversation().requestCount(),
            question.conversation().replyCount())
        .at(sent, request, question, question.conversation().requestCount());
  }

  /** Whether all that have the address and got a request have it tentatively. */
  private static boolean isTentative(Case question, InetAddress target) {
    List<InterfaceAddress> owned =
        question.conversation().requests().stream()
            .flatMap(request -> request.taken().stream())
            .flatMap(hop -> question.snapshot().netns(hop.netns()).stream())
            .flatMap(facts -> facts.details().linkLayer().addresses().stream())
            .filter(address -> address.address().equals(target))
            .toList();
    return !owned.isEmpty() && owned.stream().allMatch(InterfaceAddress::tentative);
  }

  private static String reached(Case question, Event hop, InetAddress target) {
    if (question.requestReceivedByOwner(target).isPresent()) {
      return "The request reached %s, which has the address, but only tentatively: until duplicate address detection lets it through (`ip -6 address show tentative`), the kernel does not answer for it (RFC 4862 5.4)."
          .formatted(hop.ifname());
    }
    boolean read = question.snapshot().netns(hop.netns()).isPresent();
    return "The request reached %s, %s."
        .formatted(
            hop.ifname(),
            read ? "where nobody has it" : "in a namespace whose addresses could not be read");
  }

  private static Finding failed(Case question, Journey journey) {
    Event drop = journey.last();
    return new Draft(Cause.NEIGHBOUR_UNANSWERED, Verdict.UNANSWERED, Confidence.OBSERVED)
        .title("the next hop on %s has no known hardware address", drop.ifname())
        .explanation("The packet waited for its neighbour to answer, and nobody did.")
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", Words.freed(question, journey))
        .at(drop, journey, question, question.drops().size());
  }
}
