package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Describes wrong VLANs of a bridge's ports (net/bridge/br_vlan.c, 6.18). */
final class BridgeVlanFinding {
  /** Every port is in it unless it was taken out (IFLA_BR_VLAN_DEFAULT_PVID). */
  private static final int DEFAULT_VLAN = 1;

  private BridgeVlanFinding() {}

  /** Untagged frames belong to no VLAN on the port that the frame came in by. */
  static FindingBuilder withoutPvid(FindingBuilder builder, BridgeIngress ingress) {
    String port = ingress.port().name();
    return builder
        .title(
            "port %s of bridge %s has no VLAN for untagged frames", port, ingress.master().name())
        .explanation(
            "The bridge filters by VLAN. A frame without a tag belongs to the port's PVID; %s has"
                + " none, so the bridge drops such a frame as it comes in.",
            port)
        .proves(Evidence.Kind.DEVICE, "%s: VLANs %s, no PVID", port, ids(ingress, ingress.port()));
  }

  /** Gives the port that VLAN which another port has as its PVID. */
  static Optional<Fix> pvid(ConversationView view, Journey journey, BridgeIngress ingress) {
    int vid =
        ingress.others().stream()
            .map(other -> ingress.vlans(other).pvid())
            .flatMapToInt(OptionalInt::stream)
            .findFirst()
            .orElse(DEFAULT_VLAN);
    return add(view, journey, ingress, ingress.port(), vid);
  }

  /** Frames of the VLAN {@code vid} do not leave by {@code out}. */
  static FindingBuilder notMember(
      FindingBuilder builder, BridgeIngress ingress, Device out, int vid) {
    String in = ingress.port().name();
    return builder
        .title("port %s of bridge %s is not in VLAN %d", out.name(), ingress.master().name(), vid)
        .explanation(
            "The bridge filters by VLAN. Untagged frames that come in by %s belong to VLAN %d, its"
                + " PVID, and %s is not in it: they never leave by it.",
            in, vid, out.name())
        .proves(Evidence.Kind.DEVICE, "%s: PVID %d", in, vid)
        .proves(Evidence.Kind.DEVICE, "%s: VLANs %s", out.name(), ids(ingress, out));
  }

  static Optional<Fix> add(
      ConversationView view, Journey journey, BridgeIngress ingress, Device port, int vid) {
    String command =
        "%sbridge vlan add dev %s vid %d pvid untagged"
            .formatted(ingress.facts().commandPrefix(), ShellWord.of(port.name()), vid);
    Fix fix =
        new Fix(
            List.of(command),
            "%s then takes untagged frames for VLAN %d, whatever it took them for before."
                .formatted(port.name(), vid));
    return Optional.of(NeighbourFlush.after(fix, view, journey));
  }

  private static String ids(BridgeIngress ingress, Device port) {
    return new TreeSet<>(ingress.vlans(port).ids()).toString();
  }
}
