package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.PeerDevice;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;
import java.util.Set;

/**
 * A bridge dropped a frame on the port that it came in by: the bridge is down, the port does not
 * forward (reason BRIDGE_INGRESS_STP_STATE since 6.14, none before), or an untagged frame belongs
 * to no VLAN there (net/bridge/br_input.c, br_handle_frame and br_handle_frame_finish; br_vlan.c,
 * __allowed_ingress).
 */
public final class BridgeIngressDrop implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.BRIDGE_PORT,
                  Detection.BY_DROP,
                  """
                  A port of the bridge is not forwarding (net/bridge/br_input.c, \
                  `br_handle_frame`; `BRIDGE_INGRESS_STP_STATE` on new kernels), both ports \
                  are isolated, or the port towards the target gets no such frames \
                  (net/bridge/br_forward.c, `should_deliver`, `br_flood`).\
                  """,
                  """
                  The drop as the frame comes in. Otherwise a frame that came in and did not \
                  leave by the port behind which the receiver is, and the settings of the \
                  ports (INFERRED).\
                  """,
                  """
                  `bridge link set dev PORT state 3`, `isolated off`, `bcast_flood on`. If \
                  STP is on: STP off first, or wait.\
                  """))
          .alsoGiving(Cause.LINK_DOWN, Cause.BRIDGE_VLAN);

  private static final Set<String> REASONS =
      Set.of("BRIDGE_INGRESS_STP_STATE", "BRIDGE_NON_FORWARDING_STATE");
  private static final Set<String> LOCATIONS =
      Set.of(
          "br_handle_frame",
          "br_handle_frame_finish",
          "br_allowed_ingress",
          "__allowed_ingress",
          "br_nf_pre_routing_finish");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!view.expectsAnswer() || view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> isOfBridge(view, journey.last()))
        .flatMap(journey ->
            BridgeIngress.of(view.snapshot(), journey.last())
                .flatMap(ingress -> finding(view, journey, ingress))
                .stream())
        .findFirst();
  }

  private static boolean isOfBridge(ConversationView view, Event drop) {
    return REASONS.contains(view.snapshot().reason(drop))
        || (view.isReasonless(drop) && LOCATIONS.contains(view.snapshot().location(drop)));
  }

  private static Optional<Finding> finding(
      ConversationView view, Journey journey, BridgeIngress ingress) {
    if (!ingress.master().up()) {
      return Optional.of(bridgeDown(view, journey, ingress));
    }
    if (!ingress.settings(ingress.port()).forwards()) {
      PortNotForwarding state = new PortNotForwarding(ingress, ingress.port());
      return Optional.of(
          state
              .describe(builder(Cause.BRIDGE_PORT, view, journey))
              .fix(state.fix(view, journey))
              .at(journey.last(), journey, view, view.drops().size()));
    }
    boolean hasNoVlan =
        ingress.bridge().vlanFiltering() && ingress.vlans(ingress.port()).pvid().isEmpty();
    return hasNoVlan ? Optional.of(noPvid(view, journey, ingress)) : Optional.empty();
  }

  private static Finding bridgeDown(ConversationView view, Journey journey, BridgeIngress ingress) {
    String bridge = ingress.master().name();
    Fix up = PeerDevice.setUp(ingress.facts(), ingress.master());
    return builder(Cause.LINK_DOWN, view, journey)
        .title("bridge %s is down", bridge)
        .explanation(
            "A bridge forwards only while its own device is up: setting it down disables all its"
                + " ports, which then drop what they receive.")
        .proves(
            Evidence.Kind.DEVICE,
            "%s, of which %s is a port, is not up",
            bridge,
            ingress.port().name())
        .fix(Optional.of(NeighbourFlush.after(up, view, journey)))
        .at(ingress.facts(), ingress.master(), journey, view.drops().size());
  }

  private static Finding noPvid(ConversationView view, Journey journey, BridgeIngress ingress) {
    return BridgeVlanFinding.withoutPvid(builder(Cause.BRIDGE_VLAN, view, journey), ingress)
        .fix(BridgeVlanFinding.pvid(view, journey, ingress))
        .at(journey.last(), journey, view, view.drops().size());
  }

  private static FindingBuilder builder(Cause cause, ConversationView view, Journey journey) {
    return new FindingBuilder(cause, Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(view.snapshot().reason(journey.last()))
        .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey));
  }
}
