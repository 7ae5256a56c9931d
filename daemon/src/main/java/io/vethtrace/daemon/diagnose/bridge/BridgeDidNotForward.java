package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.PeerDevice;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
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
public final class BridgeDidNotForward implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.BRIDGE_VLAN,
                  Detection.BY_SETTINGS,
                  """
                  The bridge filters by VLAN, and the port that the frame came in by has no \
                  PVID, or the port towards the target is not in that VLAN \
                  (net/bridge/br_vlan.c, `__allowed_ingress`, `br_allowed_egress`).\
                  """,
                  """
                  The same facts as for BRIDGE_PORT, and the VLANs of the ports.\
                  """,
                  "`bridge vlan add dev PORT vid N pvid untagged`."))
          .alsoGiving(Cause.LINK_DOWN, Cause.PEER_DOWN, Cause.BRIDGE_PORT);

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    boolean arrived = view.requestReceivedByOwner(view.key().target()).isPresent();
    if (!view.expectsAnswer() || view.answered() || arrived) {
      return Optional.empty();
    }
    return view.conversation().requests().stream()
        .flatMap(request ->
            BridgeIngress.of(view.snapshot(), request)
                .flatMap(ingress -> finding(view, request, ingress))
                .stream())
        .findFirst();
  }

  private static Optional<Finding> finding(
      ConversationView view, Journey request, BridgeIngress ingress) {
    Optional<EthernetHeader> header = EthernetHeader.of(request);
    return ingress.others().stream()
        .filter(port -> leadsTo(view, ingress, port, header))
        .filter(port -> !left(view, ingress, port))
        .flatMap(
            port -> new BridgeEgressBlock(view, request, ingress, port, header).finding().stream())
        .findFirst();
  }

  /** Returns true if the port's other end is a device of the receiver's namespace. */
  private static boolean leadsTo(
      ConversationView view, BridgeIngress ingress, Device port, Optional<EthernetHeader> header) {
    return PeerDevice.of(view.snapshot(), ingress.facts(), port.ifindex())
        .filter(peer ->
            peer.facts().owner(view.key().target()).isPresent()
                || header.filter(h -> hasMac(peer.facts(), h.destination())).isPresent())
        .isPresent();
  }

  private static boolean hasMac(NetnsFacts facts, String mac) {
    return facts.details().links().values().stream().map(Link::mac).anyMatch(mac::equals);
  }

  private static boolean left(ConversationView view, BridgeIngress ingress, Device port) {
    return view.conversation().requests().stream()
        .flatMap(request -> request.hops().stream())
        .anyMatch(hop ->
            hop.hook().isTransmit()
                && hop.netns() == ingress.facts().inode()
                && hop.ifindex() == port.ifindex());
  }
}
