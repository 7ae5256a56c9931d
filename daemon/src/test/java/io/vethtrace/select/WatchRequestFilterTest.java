package io.vethtrace.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vethtrace.v1.Event;
import io.vethtrace.v1.Finding;
import io.vethtrace.v1.Flow;
import io.vethtrace.v1.Hop;
import io.vethtrace.v1.Journey;
import io.vethtrace.v1.WatchFilter;
import io.vethtrace.v1.WatchRequest;
import io.vethtrace.v1.WatchRequest.Kind;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WatchRequestFilterTest {
  private static final Journey DROPPED =
      Journey.newBuilder()
          .setEnd(Journey.End.DROPPED)
          .setUnixNs(50)
          .addHops(hop("veth_xmit", "blue", 7, "veth0", ""))
          .addHops(hop("kfree_skb", "red", 8, "veth1", "NETFILTER_DROP"))
          .addFlows(flow("udp", "10.1.2.3", 4000, "10.9.9.9", 53))
          .addFlows(flow("udp", "192.0.2.1", 4000, "10.9.9.9", 53))
          .build();
  private static final Journey USED =
      Journey.newBuilder()
          .setEnd(Journey.End.CONSUMED)
          .addHops(hop("netif_rx", "blue", 7, "lo", ""))
          .addFlows(flow("icmp6", "fd00::1", 0, "fd00::2", 0))
          .build();
  private static final Finding FINDING =
      Finding.newBuilder()
          .setCause(Finding.Cause.NETFILTER)
          .setVerdict(Finding.Verdict.DROPPED)
          .setNetns("red")
          .setInterface("veth1")
          .setHook("kfree_skb")
          .setDropReason("NETFILTER_DROP")
          .setJourney(DROPPED)
          .build();

  private static Hop hop(String hook, String netns, int inode, String ifname, String reason) {
    return Hop.newBuilder()
        .setHook(hook)
        .setNetns(netns)
        .setNetnsInode(inode)
        .setInterface(ifname)
        .setDropReason(reason)
        .build();
  }

  private static Flow flow(String protocol, String source, int from, String target, int to) {
    return Flow.newBuilder()
        .setProtocol(protocol)
        .setSource(source)
        .setSourcePort(from)
        .setDestination(target)
        .setDestinationPort(to)
        .build();
  }

  private static WatchRequestFilter allowing(UnaryOperator<WatchFilter.Builder> fields) {
    WatchFilter filter = fields.apply(WatchFilter.newBuilder()).build();
    return WatchRequestFilter.of(WatchRequest.newBuilder().addAllow(filter).build());
  }

  private static WatchRequestFilter denying(UnaryOperator<WatchFilter.Builder> fields) {
    WatchFilter filter = fields.apply(WatchFilter.newBuilder()).build();
    return WatchRequestFilter.of(WatchRequest.newBuilder().addDeny(filter).build());
  }

  private static void assertOnlyDropped(UnaryOperator<WatchFilter.Builder> fields) {
    assertThat(allowing(fields).accepts(DROPPED)).isTrue();
    assertThat(allowing(fields).accepts(FINDING)).isTrue();
    assertThat(allowing(fields).accepts(USED)).isFalse();
    assertThat(denying(fields).accepts(DROPPED)).isFalse();
    assertThat(denying(fields).accepts(FINDING)).isFalse();
    assertThat(denying(fields).accepts(USED)).isTrue();
  }

  @Test
  void each_field_tells_what_has_it_from_what_has_not() {
    assertOnlyDropped(filter -> filter.addNetns("red"));
    assertOnlyDropped(filter -> filter.addNetns("8"));
    assertOnlyDropped(filter -> filter.addInterfaces("veth1"));
    assertOnlyDropped(filter -> filter.addHooks("kfree_skb"));
    assertOnlyDropped(filter -> filter.addDropReasons("netfilter_drop"));
    assertOnlyDropped(filter -> filter.addDropReasons("SKB_DROP_REASON_NETFILTER_DROP"));
    assertOnlyDropped(filter -> filter.addAddresses("10.0.0.0/8"));
    assertOnlyDropped(filter -> filter.addAddresses("192.0.2.1"));
    assertOnlyDropped(filter -> filter.addPorts(53));
    assertOnlyDropped(filter -> filter.addProtocols("UDP"));
    assertOnlyDropped(filter -> filter.addProtocols("17"));
    assertOnlyDropped(filter -> filter.addVerdicts(Finding.Verdict.DROPPED));
  }

  @Test
  void an_address_of_the_other_family_and_a_prefix_that_is_narrower_do_not_match() {
    assertThat(allowing(filter -> filter.addAddresses("fd00::/127")).accepts(USED)).isTrue();
    assertThat(allowing(filter -> filter.addAddresses("fd00::2/127")).accepts(USED)).isTrue();
    assertThat(allowing(filter -> filter.addAddresses("fd00::4/126")).accepts(USED)).isFalse();
    assertThat(allowing(filter -> filter.addAddresses("0.0.0.0/0")).accepts(USED)).isFalse();
    assertThat(allowing(filter -> filter.addPorts(0)).accepts(USED)).isFalse();
  }

  @Test
  void only_a_finding_has_a_cause() {
    WatchRequestFilter netfilter = allowing(filter -> filter.addCauses(Finding.Cause.NETFILTER));
    assertThat(netfilter.accepts(FINDING)).isTrue();
    assertThat(netfilter.accepts(DROPPED)).isFalse();
    assertThat(allowing(filter -> filter.addCauses(Finding.Cause.XDP)).accepts(FINDING)).isFalse();
  }

  @Test
  void the_fields_of_one_filter_are_asked_of_one_sight_and_of_one_flow() {
    assertThat(allowing(f -> f.addNetns("red").addInterfaces("veth1")).accepts(DROPPED)).isTrue();
    assertThat(allowing(f -> f.addNetns("blue").addInterfaces("veth1")).accepts(DROPPED)).isFalse();
    assertThat(allowing(f -> f.addPorts(53).addProtocols("udp")).accepts(DROPPED)).isTrue();
    assertThat(allowing(f -> f.addPorts(53).addProtocols("tcp")).accepts(DROPPED)).isFalse();
    assertThat(allowing(f -> f.addPorts(53).addNetns("green")).accepts(DROPPED)).isFalse();
    assertThat(allowing(f -> f.addPorts(1).addPorts(53)).accepts(DROPPED))
        .as("the values of one field are ORed")
        .isTrue();
  }

  @Test
  void filters_are_ored_and_deny_wins() {
    WatchRequestFilter both =
        WatchRequestFilter.of(
            WatchRequest.newBuilder()
                .addAllow(WatchFilter.newBuilder().addPorts(99))
                .addAllow(WatchFilter.newBuilder().addInterfaces("lo"))
                .addAllow(WatchFilter.newBuilder().addNetns("red"))
                .addDeny(WatchFilter.newBuilder().addProtocols("udp").addPorts(53))
                .build());
    assertThat(both.accepts(USED)).isTrue();
    assertThat(both.accepts(DROPPED)).isFalse();
  }

  @Test
  void an_event_is_asked_for_its_own_sight() {
    Event event =
        Event.newBuilder()
            .setHop(DROPPED.getHops(1))
            .setFlow(DROPPED.getFlows(0))
            .setUnixNs(50)
            .build();
    assertThat(allowing(filter -> filter.addNetns("red").addPorts(4000)).accepts(event)).isTrue();
    assertThat(allowing(filter -> filter.addNetns("blue")).accepts(event)).isFalse();
    assertThat(allowing(f -> f.addVerdicts(Finding.Verdict.DROPPED)).accepts(event)).isTrue();
  }

  @Test
  void both_ends_of_the_time_belong_to_it() {
    WatchRequest.Builder at = WatchRequest.newBuilder().setSinceUnixNs(50).setUntilUnixNs(50);
    assertThat(WatchRequestFilter.of(at.build()).accepts(DROPPED)).isTrue();
    assertThat(WatchRequestFilter.of(at.setSinceUnixNs(51).build()).accepts(DROPPED)).isFalse();
    at.setSinceUnixNs(0).setUntilUnixNs(49);
    assertThat(WatchRequestFilter.of(at.build()).accepts(DROPPED)).isFalse();
  }

  @Test
  void who_names_no_kind_gets_journeys_and_findings() {
    WatchRequestFilter usual = WatchRequestFilter.of(WatchRequest.getDefaultInstance());
    assertThat(usual.wants(Kind.JOURNEY)).isTrue();
    assertThat(usual.wants(Kind.FINDING)).isTrue();
    assertThat(usual.wants(Kind.EVENT)).isFalse();
    WatchRequest unknown = WatchRequest.newBuilder().addKindsValue(9).build();
    assertThatThrownBy(() -> WatchRequestFilter.of(unknown))
        .hasMessage("a kind is EVENT, JOURNEY or FINDING");
  }

  @Test
  void what_cannot_be_read_is_said_in_a_sentence() {
    assertThatThrownBy(() -> allowing(filter -> filter.addAddresses("1.2.3")))
        .hasMessageStartingWith("'1.2.3' is neither an address nor a prefix: write ");
    assertThatThrownBy(() -> allowing(filter -> filter.addAddresses("::/129")))
        .hasMessageStartingWith("'::/129' is neither");
    assertThatThrownBy(() -> allowing(filter -> filter.addPorts(65_536)))
        .hasMessage("65536 is not a port; the largest is 65535");
    assertThatThrownBy(() -> allowing(filter -> filter.addProtocols("ipx")))
        .hasMessageStartingWith("'ipx' is not a protocol; write tcp, ");
  }
}
