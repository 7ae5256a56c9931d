package io.vethtrace.daemon.diagnose.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.socket.SocketFacts;
import io.vethtrace.daemon.packet.Frame;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class EchoIgnoredTest {
  public static OneNetnsScene ignoringEchoes(OneNetnsScene scene) {
    return scene
        .details(Map.of("net.ipv4.icmp_echo_ignore_all", 1), SocketFacts.NONE)
        .happens(OneNetnsScene.echo(1));
  }

  private static OneNetnsScene scene(TestKernel kernel, Map<String, Integer> sysctls) {
    return new OneNetnsScene(kernel)
        .knows(OneNetnsScene.netns(200, "veth", new SourceCheckSysctls(0, 0, 0, 0)))
        .details(sysctls, SocketFacts.NONE);
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.ECHO_IGNORED, ignoringEchoes(new OneNetnsScene(TestKernel.V7_3)));
  }

  @Test
  void an_echo_that_a_setting_ignores_is_cured_by_the_setting() {
    Finding finding = ignoringEchoes(new OneNetnsScene(TestKernel.V5_10)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 sysctl -w net.ipv4.icmp_echo_ignore_all=0");
    assertThat(scene(TestKernel.V5_10, Map.of()).happens(OneNetnsScene.echo(1)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void an_echo_to_another_host_is_not_what_the_setting_is_about() {
    Map<String, Integer> on = Map.of("net.ipv4.icmp_echo_ignore_all", 1);
    TracedSkb passing =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, "10.9.9.9", 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    assertThat(scene(TestKernel.V5_10, on).happens(passing).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  private static Frame broadcast() {
    Frame frame = Packets.behindMac(Packets.echo(OneNetnsScene.A, "192.168.1.255", 9, 1));
    return Packets.with(frame, 0, 0xff);
  }

  @Test
  void a_broadcast_that_all_ignore_is_told_where_it_arrived_and_not_where_it_was_sent() {
    TracedSkb ownEcho =
        TracedSkb.of(broadcast())
            .at(Hook.NETIF_RX, OneNetnsScene.VETH0)
            .dropped(OneNetnsScene.VETH0, 84, TestKernel.place("icmp_rcv"));
    TracedSkb arrived =
        TracedSkb.of(broadcast())
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .dropped(OneNetnsScene.VETH1, 84, TestKernel.place("icmp_rcv"));
    OneNetnsScene scene = scene(TestKernel.V7_3, Map.of("net.ipv4.icmp_echo_ignore_broadcasts", 1));
    Finding finding = scene.happens(ownEcho, arrived).finding();

    assertThat(finding.cause()).isEqualTo(Cause.ECHO_IGNORED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    scene.happens(
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0));
    assertThat(scene.findings()).isEmpty();
  }
}
