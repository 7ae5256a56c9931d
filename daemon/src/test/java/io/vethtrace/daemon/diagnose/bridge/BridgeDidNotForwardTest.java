package io.vethtrace.daemon.diagnose.bridge;

import static io.vethtrace.daemon.diagnose.link.LinkScene.FORWARDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.link.LinkScene;
import io.vethtrace.daemon.diagnose.link.LinkScenes;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import io.vethtrace.daemon.trace.Hook;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BridgeDidNotForwardTest {
  private static final BridgePort DISABLED = new BridgePort(0, false, true, true, true);
  private static final BridgePort ISOLATED = new BridgePort(3, true, true, true, true);
  private static final BridgePort NO_BROADCASTS = new BridgePort(3, false, true, true, false);
  private static final Bridge FILTERS = new Bridge(false, true);

  private static OneNetnsScene scene(TestKernel kernel, LinkScene.Net bridge) {
    return LinkScene.of(kernel, LinkScene.client(true), bridge, LinkScene.server(true));
  }

  private static Finding silent(LinkScene.Net bridge) {
    return scene(TestKernel.V6_1, bridge).happens(LinkScene.requestOnBridge()).finding();
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.BRIDGE_VLAN, LinkScenes.of(Cause.BRIDGE_VLAN));
  }

  @Test
  void a_far_port_that_is_disabled_is_set_to_forwarding() {
    Finding finding = silent(LinkScene.bridge(FORWARDING, DISABLED));

    assertThat(finding.cause()).isEqualTo(Cause.BRIDGE_PORT);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.place()).isEqualTo(new Finding.Place(2, "switch", "port2"));
    assertThat(finding.hook()).isEqualTo("br_flood");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "ip netns exec switch bridge link set dev port2 state 3",
            "ip netns exec client ip neigh flush to 10.0.0.2 dev veth0");
  }

  @Test
  void two_isolated_ports_are_a_fault_and_one_is_none() {
    assertThat(silent(LinkScene.bridge(ISOLATED, ISOLATED)).title())
        .isEqualTo("ports port1 and port2 of bridge br0 are isolated");
    assertThat(silent(LinkScene.bridge(ISOLATED, FORWARDING)).cause())
        .isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
  }

  @Test
  void a_port_without_broadcasts_gets_no_arp_request() {
    Finding finding = silent(LinkScene.bridge(FORWARDING, NO_BROADCASTS));
    assertThat(finding.cause()).isEqualTo(Cause.BRIDGE_PORT);
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec switch bridge link set dev port2 bcast_flood on");
  }

  @Test
  void a_port_in_another_vlan_is_put_into_this_one() {
    LinkScene.Net bridge =
        LinkScene.bridge(FORWARDING, FORWARDING, FILTERS)
            .vlans(2, OptionalInt.of(1), 1)
            .vlans(3, OptionalInt.of(20), 20);
    Finding finding = silent(bridge);
    assertThat(finding.cause()).isEqualTo(Cause.BRIDGE_VLAN);
    assertThat(finding.place().ifname()).isEqualTo("port2");
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec switch bridge vlan add dev port2 vid 1 pvid untagged");
  }

  @Test
  void a_frame_that_left_by_the_right_port_was_not_stopped_there() {
    TracedSkb forwarded = TracedSkb.of(LinkScene.request()).at(Hook.VETH_XMIT, LinkScene.PORT2);
    OneNetnsScene scene =
        scene(TestKernel.V6_1, LinkScene.bridge(FORWARDING, NO_BROADCASTS))
            .happens(LinkScene.requestOnBridge(), forwarded);
    assertThat(scene.findings()).extracting(Finding::cause).doesNotContain(Cause.BRIDGE_PORT);
  }

  @Test
  void a_port_that_is_down_is_set_up() {
    LinkScene.Net portDown =
        new LinkScene.Net(LinkScene.BRIDGE_NETNS, "switch")
            .port(2, "port1", true, LinkScene.CLIENT_NETNS, FORWARDING)
            .port(3, "port2", false, LinkScene.SERVER_NETNS, DISABLED)
            .bridge(true, new Bridge(false, false));
    assertThat(LinkScene.firstCommand(silent(portDown)))
        .hasValue("ip netns exec switch ip link set dev port2 up");
  }

  @Test
  void an_answered_request_has_no_finding_whatever_the_ports_are_set_to() {
    TracedSkb reply =
        TracedSkb.of(Packets.arpReply(LinkScene.SERVER, LinkScene.CLIENT))
            .across(LinkScene.PORT1, LinkScene.VETH0)
            .consumed(LinkScene.VETH0);
    OneNetnsScene scene =
        scene(TestKernel.V6_1, LinkScene.bridge(ISOLATED, ISOLATED))
            .happens(LinkScene.requestOnBridge(), reply);
    assertThat(scene.findings()).isEmpty();
  }
}
