package io.vethtrace.daemon.diagnose.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import io.vethtrace.daemon.packet.Frame;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Frees by kfree_skb by which nothing was lost. */
class HarmlessDropsTest {
  private static final int RST_ACK = 20;
  private static final int ACK = 16;
  private static final Frame DATAGRAM = Packets.udp(OneNetnsScene.A, 1000, OneNetnsScene.B, 7);

  private static Qdisc qdisc(String kind, long limit, int lossPpm, long drops) {
    return new Qdisc(
        2,
        kind,
        0x80010000,
        Qdisc.ROOT,
        OptionalLong.of(limit),
        lossPpm,
        8000,
        1600,
        drops,
        1,
        1442);
  }

  private static FiltersAndQueues queue(Qdisc qdisc) {
    return new FiltersAndQueues(NftRuleset.NONE, List.of(), List.of(qdisc));
  }

  private static OneNetnsScene datagramDropped(Qdisc qdisc) {
    TracedSkb udp = TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 7));
    return new OneNetnsScene(TestKernel.V6_1)
        .filters(queue(qdisc))
        .happens(
            udp.dropped(
                OneNetnsScene.VETH0,
                TestKernel.V6_1.reason("QDISC_DROP"),
                TestKernel.place("kfree_skb_list_reason")));
  }

  @Test
  void what_came_too_early_for_a_link_is_forgotten_once_a_later_packet_left() {
    OneNetnsScene scene =
        datagramDropped(qdisc("noqueue", 0, 0, 0))
            .happens(
                TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 7))
                    .atMs(1000)
                    .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
                    .dropped(
                        OneNetnsScene.VETH1,
                        TestKernel.V6_1.reason("NETFILTER_DROP"),
                        TestKernel.place("nf_hook_slow")));
    assertThat(scene.finding().cause()).isEqualTo(Cause.NETFILTER);
  }

  @Test
  void a_report_that_the_kernel_repeats_is_no_fault_when_it_comes_too_early() {
    TracedSkb report =
        TracedSkb.of(Packets.ip4(OneNetnsScene.A, "224.0.0.22", 2, 1, 1, new byte[16]));
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1)
            .filters(queue(qdisc("noqueue", 0, 0, 0)))
            .happens(
                report.dropped(
                    OneNetnsScene.VETH0,
                    TestKernel.V6_1.reason("QDISC_DROP"),
                    TestKernel.place("__dev_queue_xmit")));
    assertThat(scene.findings()).isEmpty();
  }

  private static TracedSkb dropped(Frame frame, String reason, String place) {
    TracedSkb skb = TracedSkb.of(frame).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    int number = TestKernel.V7_3.reason(reason);
    return skb.dropped(OneNetnsScene.VETH1, number, TestKernel.place(place));
  }

  private static TracedSkb back(Frame frame) {
    return TracedSkb.of(frame).across(OneNetnsScene.VETH1, OneNetnsScene.VETH0);
  }

  @Test
  void a_broadcast_that_nobody_listens_to_is_no_fault_and_a_datagram_is() {
    Frame datagram = Packets.udp(OneNetnsScene.A, 1000, "192.168.1.255", 99);
    Frame broadcast = Packets.to("ff:ff:ff:ff:ff:ff", datagram);
    for (Frame frame : List.of(broadcast, Packets.to("02:00:00:00:00:01", datagram))) {
      OneNetnsScene scene =
          new OneNetnsScene(TestKernel.V7_3)
              .happens(dropped(frame, "NOT_SPECIFIED", "__udp4_lib_rcv"));
      assertThat(scene.findings()).hasSize(frame == broadcast ? 0 : 1);
    }
  }

  @Test
  void late_segments_resets_and_a_reply_that_nobody_waits_for_are_noise() {
    Frame late = Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, ACK);
    Frame lateReset = Packets.segment(OneNetnsScene.A, 1000, OneNetnsScene.B, 80, RST_ACK);
    Frame reply = Packets.udp(OneNetnsScene.B, 7, OneNetnsScene.A, 1000);
    TracedSkb unread =
        dropped(
            Packets.udp(OneNetnsScene.A, 9, OneNetnsScene.B, 9),
            "QUEUE_PURGE",
            "inet_sock_destruct");
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3)
            .happens(
                dropped(late, "NO_SOCKET", "tcp_v4_rcv"),
                dropped(late, "NOT_SPECIFIED", "tcp_rcv_state_process"),
                dropped(lateReset, "NO_SOCKET", "tcp_v4_rcv"),
                unread,
                TracedSkb.of(DATAGRAM).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1),
                back(reply).dropped(OneNetnsScene.VETH0, 3, TestKernel.place("__udp4_lib_rcv")));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void a_healthy_ping_has_no_finding_on_any_kernel() {
    for (TestKernel kernel :
        new TestKernel[] {TestKernel.V5_10, TestKernel.V6_1, TestKernel.V7_3}) {
      for (String place : new String[] {"icmp_rcv", "ping_rcv"}) {
        assertThat(new OneNetnsScene(kernel).healthyPing(place).findings())
            .as("%s at %s", kernel.version(), place)
            .isEmpty();
      }
    }
    assertThat(new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).healthyPing("icmp_rcv").findings())
        .isEmpty();
  }

  @Test
  void a_reply_that_icmp_rcv_refuses_for_a_reason_was_not_delivered() {
    TracedSkb corrupt =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .through(OneNetnsScene.LO)
            .dropped(
                OneNetnsScene.LO,
                TestKernel.V7_3.reason("ICMP_CSUM"),
                TestKernel.place("icmp_rcv"));
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3).happens(OneNetnsScene.echo(1), corrupt).finding();

    assertThat(finding.cause()).isEqualTo(Cause.BAD_CHECKSUM);
    assertThat(finding.dropReason()).isEqualTo("ICMP_CSUM");
  }

  @Test
  void reasons_below_not_specified_are_no_drops() {
    TracedSkb freed =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 1, 0);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(freed).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_has_no_room_for_is_no_drop_on_any_kernel() {
    for (String place : new String[] {"packet_rcv", "tpacket_rcv"}) {
      TracedSkb echo = TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
      TracedSkb clone =
          echo.cloned().droppedWithoutReason(OneNetnsScene.VETH0, TestKernel.place(place));
      assertThat(new OneNetnsScene(TestKernel.V5_10).happens(clone).findings())
          .extracting(Finding::cause)
          .containsExactly(Cause.UNKNOWN); // unanswered, but not dropped
      TracedSkb datagram = TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2));
      TracedSkb early = datagram.cloned().dropped(OneNetnsScene.VETH0, 2, TestKernel.place(place));
      assertThat(new OneNetnsScene(TestKernel.V6_1).happens(early).findings()).isEmpty();
    }
    int reason = TestKernel.V7_3.reason("PACKET_SOCK_ERROR");
    TracedSkb named =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH0, reason, 0);
    assertThat(new OneNetnsScene(TestKernel.V7_3).happens(named).findings()).isEmpty();
  }

  @Test
  void what_a_packet_socket_had_not_read_when_it_closed_is_no_drop() {
    long place = TestKernel.place("skb_queue_purge");
    TracedSkb unread =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(TestDevice.NONE, 2, place);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(unread).findings()).isEmpty();
    TracedSkb queued =
        TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 2))
            .dropped(OneNetnsScene.VETH1, 2, place);
    assertThat(new OneNetnsScene(TestKernel.V6_1).happens(queued).finding().cause())
        .isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void the_noise_of_ipv6_is_no_finding() {
    long place = TestKernel.place("ip6_mc_input");
    TracedSkb solicitation =
        TracedSkb.of(Packets.routerSolicitation()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    TracedSkb report =
        TracedSkb.of(Packets.mldReport()).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(
                solicitation.dropped(OneNetnsScene.VETH1, 2, place),
                report.dropped(OneNetnsScene.VETH1, 2, place));
    assertThat(scene.findings()).isEmpty();
  }
}
