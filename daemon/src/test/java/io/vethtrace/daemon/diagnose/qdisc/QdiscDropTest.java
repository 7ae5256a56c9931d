package io.vethtrace.daemon.diagnose.qdisc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

public class QdiscDropTest {
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

  /** netem loses all that leaves. */
  public static OneNetnsScene discarding() {
    return datagramDropped(qdisc("netem", 1000, 1_000_000, 3));
  }

  private static List<String> commands(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).toList();
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene older = new OneNetnsScene(TestKernel.V6_1);
    return Map.of(
        Cause.QUEUE_FULL,
        older.happens(older.dropped(1, "QDISC_DROP", "kfree_skb_list_reason")),
        Cause.QUEUE_DISCARDS,
        discarding());
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
    TracedSkb answer =
        TracedSkb.of(Packets.udp(OneNetnsScene.B, 7, OneNetnsScene.A, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0);
    Finding finding = datagramDropped(qdisc("tbf", 1600, 0, 1)).happens(answer).finding();
    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_FULL);
  }

  @Test
  void what_tcp_repeats_is_no_fault() {
    TracedSkb sent = TracedSkb.of(Packets.tcp(OneNetnsScene.A, 1, OneNetnsScene.B, 7));
    TracedSkb answer =
        TracedSkb.of(Packets.tcp(OneNetnsScene.B, 7, OneNetnsScene.A, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1)
            .filters(queue(qdisc("tbf", 1600, 0, 1)))
            .happens(
                sent.dropped(OneNetnsScene.VETH0, TestKernel.V6_1.reason("QDISC_DROP"), 0), answer);
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
    int discarded = TestKernel.V6_1.reason("QDISC_DROP");
    long place = TestKernel.place("kfree_skb_list_reason");
    OneNetnsScene scene =
        discarding()
            .happens(
                TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
                    .dropped(OneNetnsScene.VETH0, discarded, place));

    assertThat(commands(scene.finding()))
        .containsExactly(
            "ip netns exec blog100 tc qdisc del dev veth0 root",
            "ip netns exec blog100 ip neigh flush to 192.168.1.2 dev veth0");
  }

  @Test
  void without_reasons_a_queue_that_counted_drops_has_to_be_there() {
    TracedSkb full = TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 7));
    TracedSkb other = TracedSkb.of(Packets.udp(OneNetnsScene.A, 1, OneNetnsScene.B, 7));
    long place = TestKernel.place("kfree_skb_list");
    assertThat(
            new OneNetnsScene(TestKernel.V5_10)
                .filters(queue(qdisc("pfifo", 5, 0, 2)))
                .happens(full.droppedWithoutReason(OneNetnsScene.VETH0, place))
                .finding()
                .cause())
        .isEqualTo(Cause.QUEUE_FULL);
    assertThat(
            new OneNetnsScene(TestKernel.V5_10)
                .filters(queue(qdisc("pfifo", 5, 0, 0)))
                .happens(other.droppedWithoutReason(OneNetnsScene.VETH0, place))
                .finding()
                .cause())
        .isEqualTo(Cause.OTHER_DROP);
  }
}
