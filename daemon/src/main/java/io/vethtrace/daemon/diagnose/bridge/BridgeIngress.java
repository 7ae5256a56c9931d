package io.vethtrace.daemon.diagnose.bridge;

import io.vethtrace.daemon.diagnose.model.Snapshot;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import io.vethtrace.daemon.kernel.link.BridgeVlans;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.LinkFacts;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * A frame that came to a port of a bridge.
 *
 * @param facts the bridge's namespace
 * @param in the sight of it on the port
 * @param port the port
 * @param master the bridge's device
 */
record BridgeIngress(NetnsFacts facts, Event in, Device port, Device master) {
  /** The last bridge that the packet came to. */
  static Optional<BridgeIngress> of(Snapshot snapshot, Journey journey) {
    return journey.hops().reversed().stream()
        .filter(hop -> hop.hook().isReceive() || hop instanceof Event.SkbFree)
        .flatMap(hop -> of(snapshot, hop).stream())
        .findFirst();
  }

  static Optional<BridgeIngress> of(Snapshot snapshot, Event hop) {
    return snapshot
        .netns(hop.netns())
        .filter(facts -> facts.details().linkLayer().port(hop.ifindex()).isPresent())
        .flatMap(facts ->
            facts
                .device(hop.ifindex())
                .flatMap(port ->
                    master(facts, port)
                        .map(master -> new BridgeIngress(facts, hop, port, master))));
  }

  private static Optional<Device> master(NetnsFacts facts, Device port) {
    return facts.details().link(port.ifindex()).stream()
        .flatMapToInt(link -> link.master().stream())
        .mapToObj(facts::device)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private LinkFacts links() {
    return facts.details().linkLayer();
  }

  Bridge bridge() {
    return links().bridge(master.ifindex()).orElse(new Bridge(false, false));
  }

  BridgePort settings(Device ofPort) {
    return links().port(ofPort.ifindex()).orElseThrow();
  }

  BridgeVlans vlans(Device ofPort) {
    return links().vlansOf(ofPort.ifindex());
  }

  /** The bridge's ports but for the one that the frame came in by. */
  List<Device> others() {
    return facts.devices().stream()
        .filter(device -> device.ifindex() != port.ifindex())
        .filter(device -> links().port(device.ifindex()).isPresent())
        .filter(device ->
            facts
                .details()
                .link(device.ifindex())
                .filter(link -> isMaster(link, master.ifindex()))
                .isPresent())
        .toList();
  }

  private static boolean isMaster(Link link, int ifindex) {
    return link.master().isPresent() && link.master().getAsInt() == ifindex;
  }
}
