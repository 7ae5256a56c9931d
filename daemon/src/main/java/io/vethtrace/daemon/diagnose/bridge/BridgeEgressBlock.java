package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.link.LinkDown;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.PeerDevice;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.kernel.link.BridgePort;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.EthernetHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings that keep a frame from leaving a bridge by a port, in the order in which the kernel
 * checks them (net/bridge/br_forward.c, br_flood and should_deliver, 6.18).
 *
 * @param out the port by which it did not leave
 */
record BridgeEgressBlock(
    ConversationView view,
    Journey request,
    BridgeIngress ingress,
    Device out,
    Optional<EthernetHeader> header) {

  Optional<Finding> finding() {
    return linkDown().or(this::notForwarding).or(this::isolated).or(this::noFlood).or(this::vlan);
  }

  private Optional<Finding> linkDown() {
    if (!out.up()) {
      return Optional.of(
          builder(Cause.LINK_DOWN)
              .title("port %s of bridge %s is down", out.name(), bridge())
              .explanation("A bridge sends nothing to a port that is down, and says nothing of it.")
              .proves(Evidence.Kind.DEVICE, "%s is not up", out.name())
              .fix(withFlush(PeerDevice.setUp(ingress.facts(), out)))
              .at(ingress.facts(), out, request, count()));
    }
    return LinkDown.hasCarrier(ingress.facts(), out)
        ? Optional.empty()
        : PeerDevice.of(view.snapshot(), ingress.facts(), out.ifindex())
            .filter(peer -> !peer.device().up())
            .map(this::peerDown);
  }

  private Finding peerDown(PeerDevice peer) {
    return builder(Cause.PEER_DOWN)
        .title("%s is down, so port %s of %s has no carrier", peer.name(), out.name(), bridge())
        .explanation("A bridge sends nothing to a port without carrier, and says nothing of it.")
        .proves(Evidence.Kind.DEVICE, "%s is up and has no carrier", out.name())
        .proves(Evidence.Kind.DEVICE, "%s is not up", peer.name())
        .fix(withFlush(PeerDevice.setUp(peer.facts(), peer.device())))
        .at(peer.facts(), peer.device(), request, count());
  }

  private Optional<Finding> notForwarding() {
    PortNotForwarding state = new PortNotForwarding(ingress, out);
    return ingress.settings(out).forwards()
        ? Optional.empty()
        : Optional.of(
            state
                .describe(builder(Cause.BRIDGE_PORT))
                .fix(state.fix(view, request))
                .at(ingress.facts(), out, request, count()));
  }

  private Optional<Finding> isolated() {
    Device in = ingress.port();
    if (!ingress.settings(in).isolated() || !ingress.settings(out).isolated()) {
      return Optional.empty();
    }
    return Optional.of(
        builder(Cause.BRIDGE_PORT)
            .title("ports %s and %s of bridge %s are isolated", in.name(), out.name(), bridge())
            .explanation(
                "Isolated ports of a bridge may speak to all others but not to each other. One of"
                    + " the two has to be let out.")
            .proves(Evidence.Kind.DEVICE, "%s: isolated on", in.name())
            .proves(Evidence.Kind.DEVICE, "%s: isolated on", out.name())
            .fix(set(in, "isolated off", "%s may then speak to all ports.".formatted(in.name())))
            .at(ingress.facts(), in, request, count()));
  }

  private Optional<Finding> noFlood() {
    BridgePort settings = ingress.settings(out);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    if (header.get().isBroadcast()) {
      return settings.broadcastFlood() ? Optional.empty() : noFlood("bcast_flood", "broadcasts");
    }
    if (header.get().toMany()) {
      return settings.multicastFlood() ? Optional.empty() : noFlood("mcast_flood", "multicasts");
    }
    return settings.unicastFlood()
        ? Optional.empty()
        : noFlood("flood", "frames for addresses that the bridge has not learned");
  }

  private Optional<Finding> noFlood(String setting, String what) {
    return Optional.of(
        builder(Cause.BRIDGE_PORT)
            .title("bridge %s sends no %s to port %s", bridge(), what, out.name())
            .explanation(
                "%s is off for %s, and the frame is such a one. The bridge says nothing of it.",
                setting, out.name())
            .proves(Evidence.Kind.DEVICE, "%s: %s off", out.name(), setting)
            .proves(
                Evidence.Kind.PACKETS, "the frame is for %s", header.orElseThrow().destination())
            .fix(
                set(
                    out,
                    setting + " on",
                    "All such frames of the bridge then leave by %s too.".formatted(out.name())))
            .at(ingress.facts(), out, request, count()));
  }

  private Optional<Finding> vlan() {
    OptionalInt pvid = ingress.vlans(ingress.port()).pvid();
    if (!ingress.bridge().vlanFiltering()) {
      return Optional.empty();
    }
    if (pvid.isEmpty()) {
      return Optional.of(
          BridgeVlanFinding.withoutPvid(builder(Cause.BRIDGE_VLAN), ingress)
              .fix(BridgeVlanFinding.pvid(view, request, ingress))
              .at(ingress.facts(), ingress.port(), request, count()));
    }
    int vid = pvid.getAsInt();
    return ingress.vlans(out).ids().contains(vid)
        ? Optional.empty()
        : Optional.of(
            BridgeVlanFinding.notMember(builder(Cause.BRIDGE_VLAN), ingress, out, vid)
                .fix(BridgeVlanFinding.add(view, request, ingress, out, vid))
                .at(ingress.facts(), out, request, count()));
  }

  private FindingBuilder builder(Cause cause) {
    boolean flooded = header.filter(EthernetHeader::toMany).isPresent();
    return new FindingBuilder(cause, Verdict.UNANSWERED, Confidence.INFERRED)
        .hook(flooded ? "br_flood" : "br_forward")
        .proves(
            Evidence.Kind.PACKETS,
            "%s came to %s by %s and was not seen to leave by %s",
            request.summary(),
            bridge(),
            ingress.port().name(),
            out.name());
  }

  private Optional<Fix> set(Device port, String setting, String note) {
    String command =
        "%sbridge link set dev %s %s"
            .formatted(ingress.facts().commandPrefix(), ShellWord.of(port.name()), setting);
    return withFlush(new Fix(List.of(command), note));
  }

  private Optional<Fix> withFlush(Fix fix) {
    return Optional.of(NeighbourFlush.after(fix, view, request));
  }

  private String bridge() {
    return ingress.master().name();
  }

  private int count() {
    return view.conversation().requestCount();
  }
}
