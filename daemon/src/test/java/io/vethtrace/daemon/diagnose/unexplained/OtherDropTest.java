package io.vethtrace.daemon.diagnose.unexplained;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtherDropTest {
  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3);
    return Map.of(Cause.OTHER_DROP, scene.happens(scene.dropped(1, "IP_INHDR", "ip_rcv_core")));
  }

  @Test
  void a_drop_without_a_rule_is_told_in_the_kernels_words() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    Finding finding = scene.happens(scene.dropped(1000, "PKT_TOO_SMALL", "ip_rcv_core")).finding();

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.dropReason()).isEqualTo("PKT_TOO_SMALL");
    assertThat(finding.title())
        .isEqualTo("the kernel dropped a packet on veth1 in ip_rcv_core: PKT_TOO_SMALL");
    assertThat(finding.packets()).isEqualTo(1);
  }

  @Test
  void a_reason_and_a_place_without_a_name_stay_numbers() {
    TracedSkb skb =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 77, 0x00007f0000001234L);
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(skb).finding();

    assertThat(finding.dropReason()).isEqualTo("77");
    assertThat(finding.title()).contains("in 0x00007f0000001234: 77");
  }

  @Test
  void a_kernel_without_reasons_gives_the_place_and_the_reason_that_it_stands_for() {
    assertThat(droppedWithoutReason("nf_hook_slow").dropReason()).isEqualTo("NETFILTER_DROP");
    Finding ambiguous = droppedWithoutReason("ip_rcv_finish_core");
    assertThat(ambiguous.dropReason()).isEmpty();
    assertThat(ambiguous.title())
        .isEqualTo("the kernel dropped a packet on veth1 in ip_rcv_finish_core");
  }

  private static Finding droppedWithoutReason(String place) {
    TracedSkb skb =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .droppedWithoutReason(OneNetnsScene.VETH1, TestKernel.place(place));
    return new OneNetnsScene(TestKernel.V5_10).happens(skb).finding();
  }

  @Test
  void a_drop_in_a_flow_that_was_answered_is_no_fault() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    TracedSkb answer =
        TracedSkb.of(Packets.udp(OneNetnsScene.B, 53, OneNetnsScene.A, 1000))
            .through(OneNetnsScene.LO);
    scene.happens(scene.dropped(1000, "NETFILTER_DROP", "nf_hook_slow"), answer);
    assertThat(scene.findings()).isEmpty();
  }
}
