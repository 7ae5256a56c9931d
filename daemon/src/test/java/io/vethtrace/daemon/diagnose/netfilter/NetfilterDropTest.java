package io.vethtrace.daemon.diagnose.netfilter;

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
import io.vethtrace.daemon.kernel.drop.HandMadeKernelNames;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetfilterDropTest {
  private static final String ECHO_REQUEST =
      match(payload("icmp", "type"), "8"); // as nft --numeric prints it
  private static final String DROP = "{'drop':null}";

  private static String payload(String protocol, String field) {
    return "{'payload':{'protocol':'%s','field':'%s'}}".formatted(protocol, field);
  }

  private static String match(String left, String right) {
    return "{'match':{'op':'==','left':%s,'right':%s}}".formatted(left, right);
  }

  private static String counter(int packets) {
    return "{'counter':{'packets':%d,'bytes':0}}".formatted(packets);
  }

  private static String chain(String family, String name, String hook, String policy) {
    return ("{'chain':{'family':'%s','table':'filter','name':'%s','handle':1,'type':'filter',"
            + "'hook':'%s','prio':0,'policy':'%s'}}")
        .formatted(family, name, hook, policy);
  }

  private static String rule(String family, String chain, int handle, String... expressions) {
    return "{'rule':{'family':'%s','table':'filter','chain':'%s','handle':%d,'expr':[%s]}}"
        .formatted(family, chain, handle, String.join(",", expressions));
  }

  private static NftRuleset ruleset(String... objects) {
    String json = "{'nftables':[%s]}".formatted(String.join(",", objects));
    return HandMadeKernelNames.ruleset(
        json.replace('\'', '"'),
        "table inet filter {\n\tchain input {\n\t\ticmp type 8 drop # handle 2\n");
  }

  /** An echo request that netfilter dropped on veth1, which has its address. */
  private static OneNetnsScene echoDropped(NftRuleset ruleset) {
    TracedSkb echo =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    return new OneNetnsScene(TestKernel.V6_1)
        .filters(new FiltersAndQueues(ruleset, List.of(), List.of()))
        .happens(
            echo.dropped(
                OneNetnsScene.VETH1,
                TestKernel.V6_1.reason("NETFILTER_DROP"),
                TestKernel.place("nf_hook_slow")));
  }

  private static List<String> commands(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).toList();
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene older = new OneNetnsScene(TestKernel.V6_1);
    return Map.of(
        Cause.NETFILTER, older.happens(older.dropped(1, "NETFILTER_DROP", "nf_hook_slow")));
  }

  @Test
  void the_one_rule_that_matches_is_named_and_deleted_by_its_handle() {
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "input", "input", "accept"),
                    rule("inet", "input", 2, ECHO_REQUEST, counter(1), DROP),
                    rule("inet", "input", 3, match(payload("tcp", "dport"), "22"), DROP)))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.NETFILTER);
    assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.dropReason()).isEqualTo("NETFILTER_DROP");
    assertThat(finding.evidence())
        .contains(
            new Evidence(
                Evidence.Kind.RULE,
                "dropped by: the rule “icmp type 8 drop” (handle 2) of chain inet filter input"));
    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 nft delete rule inet filter input handle 2");
  }

  @Test
  void a_policy_is_cured_by_a_rule_for_this_flow_alone() {
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "input", "input", "drop"),
                    rule(
                        "inet",
                        "input",
                        2,
                        "{'match':{'op':'in','left':{'ct':{'key':'state'}},'right':[2,4]}}",
                        "{'accept':null}")))
            .finding();

    assertThat(finding.title()).contains("the policy of chain inet filter input is drop");
    assertThat(commands(finding))
        .containsExactly(
            "ip netns exec blog100 nft insert rule inet filter input ip saddr 192.168.1.1"
                + " ip daddr 192.168.1.2 icmp type 8 accept");
  }

  @Test
  void where_several_rules_can_have_matched_all_are_named_and_none_is_deleted() {
    String unknown = match("{'meta':{'key':'mark'}}", "7");
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "input", "input", "accept"),
                    rule("inet", "input", 2, unknown, DROP),
                    rule("inet", "input", 3, ECHO_REQUEST, DROP)))
            .finding();

    assertThat(finding.evidence())
        .filteredOn(evidence -> evidence.kind() == Evidence.Kind.RULE)
        .hasSize(2);
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void a_rule_whose_counter_is_at_zero_has_not_matched() {
    String unknown = match("{'meta':{'key':'mark'}}", "7");
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "input", "input", "accept"),
                    rule("inet", "input", 2, unknown, counter(0), DROP),
                    rule("inet", "input", 3, ECHO_REQUEST, counter(4), DROP)))
            .finding();

    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 nft delete rule inet filter input handle 3");
  }

  @Test
  void a_rule_behind_an_accept_that_matches_is_not_reached() {
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "input", "input", "accept"),
                    rule("inet", "input", 2, ECHO_REQUEST, "{'accept':null}"),
                    rule("inet", "input", 3, ECHO_REQUEST, DROP)))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.NETFILTER);
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void chains_at_other_hooks_and_rules_in_chains_nobody_jumps_to_are_left_out() {
    Finding finding =
        echoDropped(
                ruleset(
                    chain("inet", "forward", "forward", "drop"),
                    chain("arp", "input", "input", "drop"),
                    "{'chain':{'family':'inet','table':'filter','name':'aside','handle':9}}",
                    chain("inet", "input", "input", "accept"),
                    rule("inet", "aside", 2, DROP),
                    rule("inet", "input", 3, "{'jump':{'target':'used'}}"),
                    "{'chain':{'family':'inet','table':'filter','name':'used','handle':8}}",
                    rule("inet", "used", 4, ECHO_REQUEST, DROP)))
            .finding();

    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 nft delete rule inet filter used handle 4");
  }

  @Test
  void a_rule_of_iptables_is_deleted_by_iptables() {
    Finding finding =
        echoDropped(
                ruleset(
                    chain("ip", "INPUT", "input", "accept"),
                    rule("ip", "INPUT", 2, match(payload("udp", "dport"), "7"), DROP),
                    rule(
                        "ip",
                        "INPUT",
                        3,
                        "{'xt':{'type':'match','name':'icmp'}}",
                        "{'xt':{'type':'target','name':'REJECT'}}")))
            .finding();

    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 iptables-nft -t filter -D INPUT 2");
  }

  @Test
  void what_the_namespace_sends_is_dropped_at_output_before_it_has_a_device() {
    TracedSkb echo = TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .filters(
                new FiltersAndQueues(
                    ruleset(
                        chain("inet", "output", "output", "accept"),
                        rule(
                            "inet",
                            "output",
                            5,
                            match(
                                payload("ip", "daddr"),
                                "{'prefix':{'addr':'192.168.1.0','len':24}}"),
                            DROP)),
                    List.of(),
                    List.of()))
            .happens(
                echo.dropped(
                    new TestDevice(OneNetnsScene.NETNS, 0, "", 0),
                    TestKernel.V6_1.reason("NETFILTER_DROP"),
                    TestKernel.place("nf_hook_slow")))
            .finding();

    assertThat(finding.place().ifname()).isEqualTo("veth0");
    assertThat(commands(finding))
        .containsExactly("ip netns exec blog100 nft delete rule inet filter output handle 5");
  }

  @Test
  void without_the_ruleset_the_finding_stays() {
    Finding finding = echoDropped(NftRuleset.NONE).finding();
    assertThat(finding.cause()).isEqualTo(Cause.NETFILTER);
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void a_kernel_without_reasons_tells_it_by_the_place() {
    TracedSkb echo =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    Finding finding =
        new OneNetnsScene(TestKernel.V5_10)
            .happens(
                echo.droppedWithoutReason(OneNetnsScene.VETH1, TestKernel.place("nf_hook_slow")))
            .finding();
    assertThat(finding.cause()).isEqualTo(Cause.NETFILTER);
  }
}
