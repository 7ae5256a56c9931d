package io.vethtrace.daemon.diagnose.bridge;

import static io.vethtrace.daemon.diagnose.link.LinkScene.FORWARDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.link.LinkScene;
import io.vethtrace.daemon.diagnose.link.LinkScenes;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class BridgeIngressDropTest {
  private static final BridgePort DISABLED = new BridgePort(0, false, true, true, true);
  private static final Bridge FILTERS = new Bridge(false, true);

  private static OneNetnsScene scene(TestKernel kernel, LinkScene.Net bridge) {
    return LinkScene.of(kernel, LinkScene.client(true), bridge, LinkScene.server(true));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.BRIDGE_PORT, LinkScenes.of(Cause.BRIDGE_PORT));
  }

  @Test
  void a_near_port_that_is_disabled_was_seen_to_drop_the_frame() {
    for (TestKernel kernel : new TestKernel[] {TestKernel.V5_10, TestKernel.V7_3}) {
      Finding finding =
          scene(kernel, LinkScene.bridge(DISABLED, FORWARDING))
              .happens(LinkScene.requestRefused(kernel))
              .finding();
      assertThat(finding.cause()).isEqualTo(Cause.BRIDGE_PORT);
      assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
      assertThat(finding.place().ifname()).isEqualTo("port1");
    }
  }

  @Test
  void with_the_spanning_tree_on_the_state_is_not_set_before_it_is_off() {
    BridgePort listening = new BridgePort(1, false, true, true, true);
    Finding finding =
        scene(TestKernel.V7_3, LinkScene.bridge(listening, listening, new Bridge(true, false)))
            .happens(LinkScene.requestRefused(TestKernel.V7_3))
            .finding();
    assertThat(finding.title()).isEqualTo("port port1 of bridge br0 is in state listening");
    assertThat(finding.fixes().getFirst().commands())
        .startsWith(
            "ip netns exec switch ip link set dev br0 type bridge stp_state 0",
            "ip netns exec switch bridge link set dev port1 state 3",
            "ip netns exec switch bridge link set dev port2 state 3");
  }

  @Test
  void a_port_without_pvid_was_seen_to_drop_the_frame() {
    LinkScene.Net bridge =
        LinkScene.bridge(FORWARDING, FORWARDING, FILTERS)
            .vlans(2, OptionalInt.empty(), 1)
            .vlans(3, OptionalInt.of(1), 1);
    TracedSkb request =
        TracedSkb.of(LinkScene.request())
            .across(LinkScene.VETH0, LinkScene.PORT1)
            .droppedWithoutReason(LinkScene.PORT1, TestKernel.place("br_handle_frame_finish"));
    Finding finding = scene(TestKernel.V5_10, bridge).happens(request).finding();
    assertThat(finding.cause()).isEqualTo(Cause.BRIDGE_VLAN);
    assertThat(finding.place().ifname()).isEqualTo("port1");
  }

  @Test
  void a_bridge_that_is_down_is_set_up() {
    LinkScene.Net bridgeDown =
        new LinkScene.Net(LinkScene.BRIDGE_NETNS, "switch")
            .port(2, "port1", true, LinkScene.CLIENT_NETNS, DISABLED)
            .bridge(false, new Bridge(false, false));
    Finding finding =
        scene(TestKernel.V7_3, bridgeDown)
            .happens(LinkScene.requestRefused(TestKernel.V7_3))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
    assertThat(finding.place().ifname()).isEqualTo("br0");
  }
}
