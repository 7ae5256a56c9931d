package io.vethtrace.daemon.diagnose.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BadChecksumTest {
  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3);
    return Map.of(
        Cause.BAD_CHECKSUM, scene.happens(scene.dropped(1, "UDP_CSUM", "__udp4_lib_rcv")));
  }

  @Test
  void a_wrong_checksum_is_told_by_its_reason_with_where_it_was_right() {
    Frame right = Packets.summed(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    Frame wrong = Packets.with(right, 10, 0x77);
    TracedSkb skb = TracedSkb.of(right).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1).as(wrong);
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .happens(skb.dropped(OneNetnsScene.VETH1, 14, TestKernel.place("ip_rcv_core")))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.title())
        .isEqualTo("the checksum of the IP header is wrong in what veth1 received");
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "computed over the captured bytes, the checksum is wrong",
            "at netif_receive_skb on veth1 it was still right: it was changed after that");
  }

  @Test
  void without_reasons_the_sum_is_computed() {
    Frame right = Packets.summed(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    TracedSkb broken =
        TracedSkb.of(Packets.with(right, 10, 0x77))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    long place = TestKernel.place("ip_rcv_core");
    Finding finding =
        new OneNetnsScene(TestKernel.V5_10)
            .happens(broken.droppedWithoutReason(OneNetnsScene.VETH1, place))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains("it was wrong already at veth_xmit on veth0, where the packet was first seen");

    TracedSkb whole = TracedSkb.of(right).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    Finding other =
        new OneNetnsScene(TestKernel.V5_10)
            .happens(whole.droppedWithoutReason(OneNetnsScene.VETH1, place))
            .finding();
    assertThat(other.cause()).isEqualTo(Cause.OTHER_DROP);
  }
}
