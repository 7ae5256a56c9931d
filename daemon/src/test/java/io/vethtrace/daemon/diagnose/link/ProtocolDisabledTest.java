package io.vethtrace.daemon.diagnose.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class ProtocolDisabledTest {
  /** An echo of IPv6 meets a device on which it is off. */
  public static OneNetnsScene withoutIpv6(OneNetnsScene scene) {
    Frame echo = Packets.ip6("fd00::1", "fd00::2", Packets.ICMP6, 64, Packets.icmp(128, 0, 9, 1));
    TracedSkb skb = TracedSkb.of(echo).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    return scene
        .details(Map.of("net.ipv6.conf.veth1.disable_ipv6", 1), SocketFacts.NONE)
        .happens(skb.dropped(OneNetnsScene.VETH1, 56, TestKernel.place("ip6_rcv_core")));
  }

  private static OneNetnsScene scene(TestKernel kernel, Map<String, Integer> sysctls) {
    return new OneNetnsScene(kernel)
        .knows(OneNetnsScene.netns(200, "veth", new SourceCheckSysctls(0, 0, 0, 0)))
        .details(sysctls, SocketFacts.NONE);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.PROTOCOL_DISABLED, withoutIpv6(new OneNetnsScene(TestKernel.V7_3)));
  }

  @Test
  void a_device_without_ipv6_drops_it() {
    Finding finding = withoutIpv6(new OneNetnsScene(TestKernel.V7_3)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.PROTOCOL_DISABLED);
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv6.conf.veth1.disable_ipv6=0");
  }

  @Test
  void what_ipv6_says_by_itself_to_a_device_without_it_is_no_fault() {
    TracedSkb solicitation =
        TracedSkb.of(Packets.routerSolicitation()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    OneNetnsScene scene =
        scene(TestKernel.V7_3, Map.of("net.ipv6.conf.veth1.disable_ipv6", 1))
            .happens(
                solicitation.dropped(OneNetnsScene.VETH1, 56, TestKernel.place("ip6_rcv_core")));
    assertThat(scene.findings()).isEmpty();
  }
}
