package io.vethtrace.daemon.diagnose.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.link.LinkScene;
import io.vethtrace.daemon.diagnose.link.LinkScenes;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArpReplySuppressedTest {
  private static final String IGNORE = "net.ipv4.conf.%s.arp_ignore";
  private static final String FILTER = "net.ipv4.conf.%s.arp_filter";

  private static Finding asked(LinkScene.Net server) {
    return LinkScene.of(TestKernel.V6_1, LinkScene.client(true), server)
        .happens(LinkScene.requestArrived(LinkScene.VETH1))
        .finding();
  }

  private static Finding ignored(int all, int dev) {
    return asked(
        LinkScene.server(true)
            .sysctl(IGNORE.formatted("all"), all)
            .sysctl(IGNORE.formatted("veth1"), dev));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.ARP_IGNORED,
        LinkScenes.of(Cause.ARP_IGNORED),
        Cause.ARP_FILTERED,
        LinkScenes.of(Cause.ARP_FILTERED));
  }

  @Test
  void a_device_that_answers_for_none_of_its_addresses() {
    Finding finding = ignored(0, 8);

    assertThat(finding.cause()).isEqualTo(Cause.ARP_IGNORED);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.hook()).isEqualTo("consume_skb");
    assertThat(finding.evidence())
        .contains(
            new Evidence(
                Evidence.Kind.SYSCTL, "arp_ignore: veth1=8, all=0; the maximum counts: 8"));
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "ip netns exec server sysctl -w net.ipv4.conf.veth1.arp_ignore=0",
            "ip netns exec client ip neigh flush to 10.0.0.2 dev veth0");
  }

  @Test
  void the_value_of_all_is_undone_where_it_is_the_one_that_counts() {
    assertThat(LinkScene.firstCommand(ignored(8, 0)))
        .hasValue("ip netns exec server sysctl -w net.ipv4.conf.all.arp_ignore=0");
  }

  @Test
  void a_mode_that_lets_this_request_pass_explains_nothing() {
    for (int mode : new int[] {0, 1, 2, 3, 4, 7, 9}) {
      assertThat(ignored(mode, 0).cause()).as("arp_ignore=%d", mode).isEqualTo(Cause.UNKNOWN);
    }
  }

  @Test
  void an_address_of_another_device_is_not_answered_for_in_mode_one() {
    LinkScene.Net server =
        new LinkScene.Net(LinkScene.SERVER_NETNS, "server")
            .veth(2, "veth1", true, true, 2, LinkScene.CLIENT_NETNS)
            .veth(5, "other", true, true, 9, 9)
            .address(5, LinkScene.SERVER, 32)
            .sysctl(IGNORE.formatted("all"), 1);
    assertThat(asked(server).cause()).isEqualTo(Cause.ARP_IGNORED);
  }

  @Test
  void a_device_with_arp_switched_off_frees_the_request_unread() {
    TestDevice noArp = new TestDevice(LinkScene.SERVER_NETNS, 2, "veth1", 1 | 0x80);
    Finding finding =
        LinkScene.of(TestKernel.V6_1, LinkScene.client(true), LinkScene.server(true))
            .happens(LinkScene.requestArrived(noArp))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.ARP_IGNORED);
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec server ip link set dev veth1 arp on");
  }

  @Test
  void with_arp_filter_the_way_back_must_lead_out_of_the_same_device() {
    LinkScene.Net one = LinkScene.server(true).sysctl(FILTER.formatted("veth1"), 1);
    assertThat(asked(one).cause()).isEqualTo(Cause.UNKNOWN);

    LinkScene.Net two =
        LinkScene.server(true)
            .veth(5, "other", true, true, 9, 9)
            .address(5, "10.0.0.3", 24)
            .sysctl(FILTER.formatted("veth1"), 1);
    Finding finding = asked(two);
    assertThat(finding.cause()).isEqualTo(Cause.ARP_FILTERED);
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec server sysctl -w net.ipv4.conf.veth1.arp_filter=0");
  }
}
