package io.vethtrace.daemon.diagnose.unexplained;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Hook;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestUnansweredTest {
  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.UNKNOWN, new OneNetnsScene(TestKernel.V7_3).happens(OneNetnsScene.echo(1)));
  }

  @Test
  void an_echo_that_was_last_seen_alive_is_unanswered_for_no_known_reason() {
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.explanation()).contains("last seen at consume_skb on veth1");
  }

  @Test
  void a_datagram_without_an_answer_is_no_fault() {
    TracedSkb datagram =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(datagram).findings()).isEmpty();
  }

  @Test
  void a_reply_in_another_namespace_than_the_requests_is_no_answer() {
    TracedSkb lost =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .at(Hook.VETH_XMIT, OneNetnsScene.VETH1)
            .at(Hook.NETIF_RX, TestDevice.up(555, 9, "stray"));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1), lost).finding();
    assertThat(finding.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(finding.explanation()).contains("on stray");
  }
}
