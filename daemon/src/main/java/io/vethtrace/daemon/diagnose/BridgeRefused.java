package io.vethtrace.daemon.diagnose;

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
final class BridgeRefused implements Rule {
  private static final Set<String> REASONS =
      Set.of("BRIDGE_INGRESS_STP_STATE", "BRIDGE_NON_FORWARDING_STATE");
  private static final Set<String> PLACES =
      Set.of(
          "br_handle_frame",
          "br_handle_frame_finish",
          "br_allowed_ingress",
          "__allowed_ingress",
          "br_nf_pre_routing_finish");

  @Override
  public Optional<Finding> apply(Case question) {
    if (!question.expectsAnswer() || question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> isOfBridge(question, journey.last()))
        .flatMap(journey ->
            Crossing.of(question.snapshot(), journey.last())
                .flatMap(crossing -> finding(question, journey, crossing))
                .stream())
        .findFirst();
  }

  private static boolean isOfBridge(Case question, Event drop) {
    return REASONS.contains(question.snapshot().reason(drop))
        || (question.isReasonless(drop) && PLACES.contains(question.snapshot().place(drop)));
  }

  private static Optional<Finding> finding(Case question, Journey journey, Crossing crossing) {
    if (!crossing.master().up()) {
      return Optional.of(bridgeDown(question, journey, crossing));
    }
    if (!crossing.settings(crossing.port()).forwards()) {
      PortState state = new PortState(crossing, crossing.port());
      return Optional.of(
          state
              .describe(draft(Cause.BRIDGE_PORT, question, journey))
              .fix(state.fix(question, journey))
              .at(journey.last(), journey, question, question.drops().size()));
    }
    boolean hasNoVlan =
        crossing.bridge().vlanFiltering() && crossing.vlans(crossing.port()).pvid().isEmpty();
    return hasNoVlan ? Optional.of(noPvid(question, journey, crossing)) : Optional.empty();
  }

  private static Finding bridgeDown(Case question, Journey journey, Crossing crossing) {
    String bridge = crossing.master().name();
    Fix up = Peer.setUp(crossing.facts(), crossing.master());
    return draft(Cause.LINK_DOWN, question, journey)
        .title("bridge %s is down", bridge)
        .explanation(
            "A bridge forwards only while its own device is up: setting it down disables all its"
                + " ports, which then drop what they receive.")
        .proves(
            Evidence.Kind.DEVICE,
            "%s, of which %s is a port, is not up",
            bridge,
            crossing.port().name())
        .fix(Optional.of(AskAgain.after(up, question, journey)))
        .at(crossing.facts(), crossing.master(), journey, question.drops().size());
  }

  private static Finding noPvid(Case question, Journey journey, Crossing crossing) {
    return VlanFinding.withoutPvid(draft(Cause.BRIDGE_VLAN, question, journey), crossing)
        .fix(VlanFinding.pvid(question, journey, crossing))
        .at(journey.last(), journey, question, question.drops().size());
  }

  private static Draft draft(Cause cause, Case question, Journey journey) {
    return new Draft(cause, Verdict.DROPPED, Confidence.OBSERVED)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(journey.last()))
        .proves(Evidence.Kind.DROP, "%s", Words.freed(question, journey));
  }
}
