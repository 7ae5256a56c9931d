package io.vethtrace.daemon.diagnose.neighbour;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.ProbeVisibility;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.link.InterfaceAddress;
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
public final class NeighbourUnanswered implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.NEIGHBOUR_UNANSWERED,
              NeighbourUnanswered::detection,
              """
              ARP requests or neighbour solicitations (RFC 4861) left, nobody answered, \
              and the namespaces that they reached do not have the address.\
              """,
              """
              The requests without a reply; the queued packet that is freed with \
              `NEIGH_FAILED`.\
              """,
              "No command."));

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  private static Detection.Outlook detection(ProbeVisibility visible) {
    boolean failureNamed = visible.seesReason("NEIGH_FAILED") || visible.locationsNamed();
    if (visible.sees(Hook.KFREE_SKB) && failureNamed) {
      return Detection.Outlook.observed("the death of the packet that waited");
    }
    return visible.sees(Hook.VETH_XMIT)
        ? Detection.Outlook.inferred("ARP requests that get no reply")
        : Detection.Outlook.none("neither kfree_skb nor veth_xmit can be watched");
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    if (view.key() instanceof ConversationKey.Neighbour neighbour) {
      return view.conversation().requests().stream()
          .filter(request -> request.first().hook().isTransmit())
          .findFirst()
          // Where an owner got the request, its silence needs another reason.
          .filter(_ ->
              view.requestReceivedByOwner(neighbour.target()).isEmpty()
                  || isTentative(view, neighbour.target()))
          .map(request -> asked(view, neighbour, request));
    }
    return view.neighbourDrop().map(journey -> failed(view, journey));
  }

  private static Finding asked(
      ConversationView view, ConversationKey.Neighbour neighbour, Journey request) {
    Event sent = request.first();
    String target = InetAddresses.toAddrString(neighbour.target());
    String protocol = neighbour.target() instanceof Inet6Address ? "Neighbour discovery" : "ARP";
    String reached =
        request
            .received()
            .map(hop -> reached(view, hop, neighbour.target()))
            .orElse("No other end was seen to receive the request.");
    return new FindingBuilder(Cause.NEIGHBOUR_UNANSWERED, Verdict.UNANSWERED, Confidence.INFERRED)
        .title("nobody on %s answers for %s", sent.ifname(), target)
        .explanation("%s asked for %s on %s. %s", protocol, target, sent.ifname(), reached)
        .hook(sent.hook().kernelName())
        .proves(
            Evidence.Kind.PACKETS,
            "%s: %d seen, %d answered",
            request.summary(),
            view.conversation().requestCount(),
            view.conversation().replyCount())
        .at(sent, request, view, view.conversation().requestCount());
  }

  /** Returns true if all namespaces that got a request and have the address have it tentatively. */
  private static boolean isTentative(ConversationView view, InetAddress target) {
    List<InterfaceAddress> owned =
        view.conversation().requests().stream()
            .flatMap(request -> request.taken().stream())
            .flatMap(hop -> view.snapshot().netns(hop.netns()).stream())
            .flatMap(facts -> facts.details().linkLayer().addresses().stream())
            .filter(address -> address.address().equals(target))
            .toList();
    return !owned.isEmpty() && owned.stream().allMatch(InterfaceAddress::tentative);
  }

  private static String reached(ConversationView view, Event hop, InetAddress target) {
    if (view.requestReceivedByOwner(target).isPresent()) {
      return "The request reached %s, which has the address, but only tentatively: until duplicate address detection lets it through (`ip -6 address show tentative`), the kernel does not answer for it (RFC 4862 5.4)."
          .formatted(hop.ifname());
    }
    boolean read = view.snapshot().netns(hop.netns()).isPresent();
    return "The request reached %s, %s."
        .formatted(
            hop.ifname(),
            read ? "where nobody has it" : "in a namespace whose addresses could not be read");
  }

  private static Finding failed(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return new FindingBuilder(Cause.NEIGHBOUR_UNANSWERED, Verdict.UNANSWERED, Confidence.OBSERVED)
        .title("the next hop on %s has no known hardware address", drop.ifname())
        .explanation("The packet waited for its neighbour to answer, and nobody did.")
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(drop))
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey))
        .at(drop, journey, view, view.drops().size());
  }
}
