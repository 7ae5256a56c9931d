package io.vethtrace.daemon.diagnose.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopbackDownTest {
  private static OneNetnsScene replyDied(TestKernel kernel) {
    OneNetnsScene scene =
        new OneNetnsScene(kernel)
            .happens(OneNetnsScene.arpAsked(), OneNetnsScene.arpAnswered(), OneNetnsScene.echo(1));
    return scene.happens(scene.replyDiedOnLo(1));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3);
    return Map.of(
        Cause.LOOPBACK_DOWN, scene.happens(OneNetnsScene.echo(1), scene.replyDiedOnLo(1)));
  }

  @Test
  void a_reply_that_dies_on_lo_while_it_is_down_is_cured_by_setting_it_up() {
    Finding finding = replyDied(TestKernel.V6_1).finding();

    assertThat(finding.cause()).isEqualTo(Cause.LOOPBACK_DOWN);
    assertThat(finding.verdict()).isEqualTo(Verdict.DROPPED);
    assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
    assertThat(finding.hook()).isEqualTo("kfree_skb");
    assertThat(finding.dropReason()).isEqualTo("QDISC_DROP");
    assertThat(finding.place().ifname()).isEqualTo("lo");
    assertThat(finding.evidence())
        .contains(
            new Evidence(Evidence.Kind.DEVICE, "lo was not up (flags 0x8) at the drop"),
            new Evidence(
                Evidence.Kind.DROP, "kfree_skb on lo in kfree_skb_list_reason: QDISC_DROP"));
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 ip link set dev lo up");
  }

  @Test
  void the_same_is_found_by_every_kind_of_kernel() {
    assertThat(replyDied(TestKernel.V7_3).finding().dropReason()).isEqualTo("QDISC_DROP");
    assertThat(replyDied(TestKernel.TRACEPOINTS_ONLY).finding().cause())
        .isEqualTo(Cause.LOOPBACK_DOWN);
    Finding old = replyDied(TestKernel.V5_10).finding();
    assertThat(old.cause()).isEqualTo(Cause.LOOPBACK_DOWN);
    assertThat(old.dropReason()).isEmpty();
    assertThat(old.evidence())
        .contains(new Evidence(Evidence.Kind.DROP, "kfree_skb on lo in kfree_skb_list"));
  }

  @Test
  void a_drop_on_lo_while_it_is_up_is_another_one() {
    TracedSkb reply = TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(
                OneNetnsScene.echo(1),
                reply.dropped(OneNetnsScene.LO, 45, TestKernel.place("nf_hook_slow")))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_FULL);
  }

  @Test
  void a_drop_on_another_device_that_is_down_is_that_ones() {
    TracedSkb echo = TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(echo.dropped(new TestDevice(OneNetnsScene.NETNS, 2, "veth0", 0), 45, 0))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
  }

  @Test
  void a_renamed_loopback_device_is_quoted_for_the_shell() {
    TestDevice renamed = new TestDevice(OneNetnsScene.NETNS, 1, "l o".replace(' ', '&'), 8);
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .dropped(renamed, 45, 0);
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .called(1, "l&o")
            .happens(OneNetnsScene.echo(1), reply)
            .finding();
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("ip netns exec blog100 ip link set dev 'l&o' up");
  }

  @Test
  void without_the_namespaces_facts_there_is_no_command() {
    Finding finding = replyDied(TestKernel.V6_1).knowsNothing().finding();
    assertThat(finding.cause()).isEqualTo(Cause.LOOPBACK_DOWN);
    assertThat(finding.fixes()).isEmpty();
  }
}
