package io.vethtrace.daemon.diagnose.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.filtering.Qdisc;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LinkDownTest {
  private static OneNetnsScene peerDown(TestKernel kernel) {
    return LinkScene.of(kernel, LinkScene.client(false), LinkScene.server(false))
        .happens(LinkScene.requestDied(kernel, LinkScene.VETH0));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.LINK_DOWN,
        LinkScenes.of(Cause.LINK_DOWN),
        Cause.PEER_DOWN,
        LinkScenes.of(Cause.PEER_DOWN));
  }

  @Test
  void a_device_without_carrier_is_cured_at_its_peer() {
    Finding finding = peerDown(TestKernel.V7_3).finding();

    assertThat(finding.cause()).isEqualTo(Cause.PEER_DOWN);
    assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
    assertThat(finding.place()).isEqualTo(new Finding.Place(3, "server", "veth1"));
    assertThat(finding.dropReason()).isEqualTo("QDISC_DROP");
    assertThat(finding.evidence())
        .contains(
            new Evidence(Evidence.Kind.DEVICE, "veth0 is up and has no carrier"),
            new Evidence(Evidence.Kind.DEVICE, "veth1 in namespace server is not up"));
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "ip netns exec server ip link set dev veth1 up",
            "ip netns exec client ip neigh flush to 10.0.0.2 dev veth0");
  }

  @Test
  void a_kernel_without_reasons_shows_it_by_the_place() {
    assertThat(peerDown(TestKernel.V5_10).finding().cause()).isEqualTo(Cause.PEER_DOWN);
  }

  @Test
  void a_packet_that_waited_for_a_neighbour_behind_such_a_device_died_of_the_same() {
    TracedSkb died =
        TracedSkb.of(Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1))
            .dropped(
                LinkScene.VETH0,
                TestKernel.V7_3.reason("NEIGH_FAILED"),
                TestKernel.place("neigh_invalidate"));
    Finding finding =
        LinkScene.of(TestKernel.V7_3, LinkScene.client(false), LinkScene.server(false))
            .happens(died)
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.PEER_DOWN);
    assertThat(finding.fixes().getFirst().commands())
        .endsWith("ip netns exec client ip neigh flush dev veth0");
  }

  @Test
  void a_peer_whose_namespace_was_not_found_has_no_command() {
    Finding finding =
        LinkScene.of(TestKernel.V7_3, LinkScene.client(false))
            .happens(LinkScene.requestDied(TestKernel.V7_3, LinkScene.VETH0))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.PEER_DOWN);
    assertThat(finding.place().ifname()).isEqualTo("veth0");
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void a_device_that_was_down_itself_is_set_up() {
    TestDevice down = new TestDevice(LinkScene.CLIENT_NETNS, 2, "veth0", 0);
    Finding finding =
        LinkScene.of(TestKernel.V7_3, LinkScene.client(false), LinkScene.server(true))
            .happens(LinkScene.requestDied(TestKernel.V7_3, down))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec client ip link set dev veth0 up");
  }

  @Test
  void a_full_queue_of_a_device_with_carrier_is_another_fault() {
    Finding finding =
        LinkScene.of(TestKernel.V7_3, LinkScene.client(true), LinkScene.server(true))
            .happens(LinkScene.requestDied(TestKernel.V7_3, LinkScene.VETH0))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.QUEUE_FULL);
  }

  @Test
  void what_expects_no_answer_is_no_fault_on_a_device_without_carrier() {
    TracedSkb solicitation =
        TracedSkb.of(Packets.routerSolicitation())
            .dropped(LinkScene.VETH0, TestKernel.V7_3.reason("QDISC_DROP"), 0);
    assertThat(
            LinkScene.of(TestKernel.V7_3, LinkScene.client(false), LinkScene.server(false))
                .happens(solicitation)
                .findings())
        .isEmpty();
  }

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
  void a_link_that_just_came_up_had_no_queue_yet() {
    Finding finding = datagramDropped(qdisc("noqueue", 0, 0, 0)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
    assertThat(finding.title()).isEqualTo("the link of veth0 had only just come up");
    assertThat(finding.fixes()).isEmpty();
  }
}
