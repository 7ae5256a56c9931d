package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.net.Inet6Address;
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
          .filter(request -> question.requestReceivedByOwner(neighbour.target()).isEmpty())
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
            .map(hop -> reached(question, hop))
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

  private static String reached(Case question, Event hop) {
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
