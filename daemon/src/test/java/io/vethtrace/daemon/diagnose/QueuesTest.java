package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.Filters;
import io.vethtrace.daemon.kernel.NftRuleset;
import io.vethtrace.daemon.kernel.Qdisc;
import io.vethtrace.daemon.kernel.TcFilter;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Drops by qdiscs, by filters of tc and by XDP programs. */
class QueuesTest {
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

  private static TcFilter filter(int protocol, int handle, long drops) {
    return new TcFilter(3, true, "u32", 1, protocol, handle, 0, "", true, drops);
  }

  private static Filters queue(Qdisc qdisc) {
    return new Filters(NftRuleset.NONE, List.of(), List.of(qdisc));
  }

  private static Scene datagramDropped(Qdisc qdisc) {
    Skb udp = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 7));
    return new Scene(Kernel.V6_1)
        .filters(queue(qdisc))
        .happens(
            udp.dropped(
                Scene.VETH0,
                Kernel.V6_1.reason("QDISC_DROP"),
                Kernel.place("kfree_skb_list_reason")));
  }

  /** netem loses all that leaves. */
  static Scene discarding() {
    return datagramDropped(qdisc("netem", 1000, 1_000_000, 3));
  }

  private static Scene echoDropped(Kernel kernel, Filters filters, int reason, String place) {
    Skb echo = Skb.of(Packets.echo(Scene.A, Scene.B, 9, 1)).across(Scene.VETH0, Scene.VETH1);
    long at = Kernel.place(place);
    return new Scene(kernel)
        .filters(filters)
        .happens(
            kernel.reasons().known()
                ? echo.dropped(Scene.VETH1, reason, at)
                : echo.droppedWithoutReason(Scene.VETH1, at));
  }

  private static List<String> commands(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).toList();
  }

  @Test
  void a_token_bucket_without_room_is_full_and_gets_a_larger_limit() {
    Finding finding = datagramDropped(qdisc("tbf", 1600, 0, 1)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_FULL);
    assertThat(finding.evidence())
        .contains(
            new Evidence(
                Evidence.Kind.DEVICE,
                "qdisc tbf 8001: root: limit 1600 bytes, 1 packets waiting (1442 bytes),"
                    + " 1 dropped"));
    assertThat(commands(finding))
        .containsExactly(
            "ip netns exec blog100 tc qdisc change dev veth0 root tbf rate 64000bit burst 1600"
                + " limit 16000");
  }

  @Test
  void a_datagram_that_a_full_queue_drops_is_lost_though_others_were_answered() {
    Skb answer = Skb.of(Packets.udp(Scene.B, 7, Scene.A, 1)).across(Scene.VETH1, Scene.VETH0);
    Finding finding = datagramDropped(qdisc("tbf", 1600, 0, 1)).happens(answer).finding();
    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_FULL);
  }

  @Test
  void what_tcp_repeats_is_no_fault() {
    Skb sent = Skb.of(Packets.tcp(Scene.A, 1, Scene.B, 7));
    Skb answer = Skb.of(Packets.tcp(Scene.B, 7, Scene.A, 1)).across(Scene.VETH1, Scene.VETH0);
    Scene scene =
        new Scene(Kernel.V6_1)
            .filters(queue(qdisc("tbf", 1600, 0, 1)))
            .happens(sent.dropped(Scene.VETH0, Kernel.V6_1.reason("QDISC_DROP"), 0), answer);
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void netem_with_loss_discards() {
    Finding finding = discarding().finding();

    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_DISCARDS);
    assertThat(finding.evidence().getLast().text()).contains("loss 100%");
    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 tc qdisc del dev veth0 root");
  }

  @Test
  void one_cure_does_for_all_that_was_discarded_whatever_came_first() {
    int discarded = Kernel.V6_1.reason("QDISC_DROP");
    long place = Kernel.place("kfree_skb_list_reason");
    Scene scene =
        discarding()
            .happens(
                Skb.of(Packets.arpRequest(Scene.A, Scene.B))
                    .dropped(Scene.VETH0, discarded, place));

    assertThat(commands(scene.finding()))
        .containsExactly(
            "ip netns exec blog100 tc qdisc del dev veth0 root",
            "ip netns exec blog100 ip neigh flush to 192.168.1.2 dev veth0");
  }

  @Test
  void a_link_that_just_came_up_had_no_queue_yet() {
    Finding finding = datagramDropped(qdisc("noqueue", 0, 0, 0)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
    assertThat(finding.title()).isEqualTo("the link of veth0 had only just come up");
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void what_came_too_early_for_a_link_is_forgotten_once_a_later_packet_left() {
    Scene scene =
        datagramDropped(qdisc("noqueue", 0, 0, 0))
            .happens(
                Skb.of(Packets.udp(Scene.A, 1, Scene.B, 7))
                    .atMs(1000)
                    .across(Scene.VETH0, Scene.VETH1)
                    .dropped(
                        Scene.VETH1,
                        Kernel.V6_1.reason("NETFILTER_DROP"),
                        Kernel.place("nf_hook_slow")));
    assertThat(scene.finding().cause()).isEqualTo(Cause.NETFILTER);
  }

  @Test
  void a_report_that_the_kernel_repeats_is_no_fault_when_it_comes_too_early() {
    Skb report = Skb.of(Packets.ip4(Scene.A, "224.0.0.22", 2, 1, 1, new byte[16]));
    Scene scene =
        new Scene(Kernel.V6_1)
            .filters(queue(qdisc("noqueue", 0, 0, 0)))
            .happens(
                report.dropped(
                    Scene.VETH0,
                    Kernel.V6_1.reason("QDISC_DROP"),
                    Kernel.place("__dev_queue_xmit")));
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void without_reasons_a_queue_that_counted_drops_has_to_be_there() {
    Skb full = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 7));
    Skb other = Skb.of(Packets.udp(Scene.A, 1, Scene.B, 7));
    long place = Kernel.place("kfree_skb_list");
    assertThat(
            new Scene(Kernel.V5_10)
                .filters(queue(qdisc("pfifo", 5, 0, 2)))
                .happens(full.droppedWithoutReason(Scene.VETH0, place))
                .finding()
                .cause())
        .isEqualTo(Cause.QUEUE_FULL);
    assertThat(
            new Scene(Kernel.V5_10)
                .filters(queue(qdisc("pfifo", 5, 0, 0)))
                .happens(other.droppedWithoutReason(Scene.VETH0, place))
                .finding()
                .cause())
        .isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void the_filter_that_counted_the_drop_is_deleted_by_priority_and_handle() {
    Filters filters =
        new Filters(
            NftRuleset.NONE,
            List.of(filter(0x0800, 0x80000801, 0), filter(0x0800, 0x80000800, 1)),
            List.of());
    Finding finding =
        echoDropped(
                Kernel.V6_1, filters, Kernel.V6_1.reason("TC_INGRESS"), "__netif_receive_skb_core")
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.TC_FILTER);
    assertThat(commands(finding))
        .containsExactly(
            "ip netns exec blog100 tc filter del dev veth1 ingress protocol ip pref 1"
                + " handle 800::800 u32");
  }

  @Test
  void without_reasons_a_filter_that_can_have_done_it_has_to_be_there() {
    Filters matching =
        new Filters(NftRuleset.NONE, List.of(filter(0x0800, 0x80000800, 1)), List.of());
    Filters ofArp = new Filters(NftRuleset.NONE, List.of(filter(0x0806, 0x80000800, 1)), List.of());
    String place = "__netif_receive_skb_core";
    assertThat(echoDropped(Kernel.V5_10, matching, 0, place).finding().cause())
        .isEqualTo(Cause.TC_FILTER);
    assertThat(echoDropped(Kernel.V5_10, ofArp, 0, place).finding().cause())
        .isEqualTo(Cause.OTHER_DROP);
  }

  @Test
  void an_xdp_program_on_a_veth_is_told_by_the_place() {
    for (Kernel kernel : List.of(Kernel.V5_10, Kernel.V6_1)) {
      Finding finding = echoDropped(kernel, Filters.NONE, 2, "veth_xdp_rcv_skb").finding();

      assertThat(finding.cause()).isEqualTo(Cause.XDP);
      assertThat(finding.evidence())
          .contains(new Evidence(Evidence.Kind.RULE, "XDP program 7 on veth1, native mode"));
      assertThat(commands(finding))
          .containsExactly("ip netns exec blog100 ip link set dev veth1 xdpdrv off");
    }
  }
}
