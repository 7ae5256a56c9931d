package io.vethtrace.daemon.diagnose.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.fixture.NetnsFactsBuilder;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.drop.HandMadeKernelNames;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourceRefusedTest {
  private static final SourceCheckSysctls ALL_OFF = new SourceCheckSysctls(0, 0, 0, 0);
  private static final SourceCheckSysctls STRICT = new SourceCheckSysctls(0, 1, 0, 1);
  private static final String NETNS_EXEC = "ip netns exec blog100 ";
  private static final String ASK_AGAIN = NETNS_EXEC + "ip neigh flush to 192.168.1.2 dev veth0";

  private static Finding refused(TestKernel kernel, int result, SourceCheckSysctls settings) {
    return new OneNetnsScene(kernel).happens(OneNetnsScene.arpRefused(result, settings)).finding();
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(
        Cause.SOURCE_ADDRESS_IS_LOCAL,
        new OneNetnsScene(TestKernel.V7_3)
            .happens(OneNetnsScene.arpRefused(-87, new SourceCheckSysctls(0, 0, 0, 0))),
        Cause.REVERSE_PATH_FILTER,
        new OneNetnsScene(TestKernel.V7_3)
            .happens(OneNetnsScene.arpRefused(-16, new SourceCheckSysctls(0, 0, 0, 0))),
        Cause.INVALID_SOURCE,
        new OneNetnsScene(TestKernel.V7_3)
            .happens(OneNetnsScene.arpRefused(-88, new SourceCheckSysctls(0, 0, 0, 0))));
  }

  @Test
  void a_local_source_refused_with_einval_is_named_by_its_address() {
    Finding finding = refused(TestKernel.V6_1, -22, ALL_OFF);

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(finding.confidence()).isEqualTo(Confidence.OBSERVED);
    assertThat(finding.hook()).isEqualTo("fib_validate_source");
    assertThat(finding.returnValue()).hasValue(-22);
    assertThat(finding.place())
        .isEqualTo(new Finding.Place(OneNetnsScene.NETNS, "blog100", "veth1"));
    assertThat(finding.title())
        .isEqualTo("veth1 refuses packets from 192.168.1.1: it is this namespace's own address");
    assertThat(finding.evidence())
        .contains(
            new Evidence(
                Evidence.Kind.RETURN_VALUE,
                "fib_validate_source on veth1 returned -22 (EINVAL: IP_LOCAL_SOURCE)"),
            new Evidence(Evidence.Kind.SYSCTL, "accept_local: veth1=0, all=0; either counts: off"),
            new Evidence(Evidence.Kind.SYSCTL, "rp_filter: veth1=0, all=0; the maximum counts: 0"),
            new Evidence(
                Evidence.Kind.ADDRESS, "192.168.1.1 is an address of veth0 in namespace blog100"));
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(NETNS_EXEC + "sysctl -w net.ipv4.conf.veth1.accept_local=1", ASK_AGAIN);
  }

  @Test
  void a_multicast_source_that_dies_where_routes_are_looked_up_is_invalid() {
    for (TestKernel kernel : new TestKernel[] {TestKernel.V5_10, TestKernel.V6_1}) {
      assertThat(diedInRouting(kernel, "224.0.0.99").cause()).isEqualTo(Cause.INVALID_SOURCE);
      assertThat(diedInRouting(kernel, OneNetnsScene.A).cause()).isNotEqualTo(Cause.INVALID_SOURCE);
    }
  }

  private static Finding diedInRouting(TestKernel kernel, String source) {
    TracedSkb echo =
        TracedSkb.of(Packets.echo(source, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    long place = TestKernel.place("ip_rcv_finish_core");
    return new OneNetnsScene(kernel)
        .happens(
            kernel.reasons().areNamed()
                ? echo.dropped(OneNetnsScene.VETH1, kernel.reason("NOT_SPECIFIED"), place)
                : echo.droppedWithoutReason(OneNetnsScene.VETH1, place))
        .finding();
  }

  @Test
  void a_device_that_was_renamed_since_is_cured_under_the_name_that_it_has_now() {
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .happens(OneNetnsScene.arpRefused(-22, ALL_OFF))
            .knows(OneNetnsScene.netns(OneNetnsScene.NETNS, "eth", ALL_OFF))
            .finding();

    assertThat(finding.place().ifname()).isEqualTo("veth1");
    assertThat(finding.evidence())
        .contains(new Evidence(Evidence.Kind.DEVICE, "veth1 is called eth1 by now"));
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            NETNS_EXEC + "sysctl -w net.ipv4.conf.eth1.accept_local=1",
            NETNS_EXEC + "ip neigh flush to 192.168.1.2 dev eth0");
  }

  @Test
  void a_strict_reverse_path_refused_with_exdev_is_loosened() {
    Finding finding = refused(TestKernel.V6_1, -18, STRICT);

    assertThat(finding.cause()).isEqualTo(Cause.REVERSE_PATH_FILTER);
    assertThat(finding.returnValue()).hasValue(-18);
    assertThat(finding.dropReason()).isEqualTo("IP_RPFILTER");
    assertThat(finding.evidence().getFirst().text())
        .isEqualTo("fib_validate_source on veth1 returned -18 (EXDEV: IP_RPFILTER)");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(NETNS_EXEC + "sysctl -w net.ipv4.conf.veth1.rp_filter=2", ASK_AGAIN);
  }

  @Test
  void a_kernel_that_returns_drop_reasons_is_taken_at_its_word() {
    Finding local = refused(TestKernel.V7_3, -87, ALL_OFF);
    assertThat(local.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(local.dropReason()).isEqualTo("IP_LOCAL_SOURCE");
    assertThat(local.evidence().getFirst().text()).endsWith("returned -87 (IP_LOCAL_SOURCE)");

    assertThat(refused(TestKernel.V7_3, -16, STRICT).cause()).isEqualTo(Cause.REVERSE_PATH_FILTER);
    assertThat(refused(TestKernel.V7_3, -88, ALL_OFF).cause()).isEqualTo(Cause.INVALID_SOURCE);
  }

  @Test
  void a_drop_reason_with_the_number_of_an_errno_is_not_called_by_the_errnos_name() {
    Map<String, Integer> numbers =
        Map.of("DROP_REASON_IP_RPFILTER", 22, "DROP_REASON_IP_LOCAL_SOURCE", 18);
    TestKernel kernel = new TestKernel("next", HandMadeKernelNames.reasons(numbers), Set.of());

    assertThat(refused(kernel, -22, STRICT).evidence().getFirst().text())
        .isEqualTo("fib_validate_source on veth1 returned -22 (IP_RPFILTER)");
  }

  @Test
  void the_same_is_found_on_a_kernel_without_drop_reasons() {
    assertThat(refused(TestKernel.V5_10, -22, ALL_OFF).cause())
        .isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(refused(TestKernel.V5_10, -18, STRICT).cause()).isEqualTo(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void einval_for_an_address_that_nobody_here_has_is_an_invalid_source() {
    TracedSkb stranger =
        TracedSkb.of(Packets.arpRequest("240.0.0.1", OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .validated(OneNetnsScene.VETH1, -22, ALL_OFF)
            .consumed(OneNetnsScene.VETH1);
    Finding finding = new OneNetnsScene(TestKernel.V6_1).happens(stranger).finding();

    assertThat(finding.cause()).isEqualTo(Cause.INVALID_SOURCE);
    assertThat(finding.fixes()).isEmpty();
  }

  @Test
  void a_number_that_the_kernel_has_no_name_for_stays_a_number() {
    Finding finding = refused(TestKernel.V7_3, -131, ALL_OFF);

    assertThat(finding.cause()).isEqualTo(Cause.OTHER_DROP);
    assertThat(finding.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(finding.dropReason()).isEqualTo("131");
    assertThat(finding.returnValue()).hasValue(-131);
    assertThat(finding.explanation()).doesNotContain("unicast");
  }

  @Test
  void with_accept_local_off_and_rp_filter_strict_both_are_mended() {
    Finding byDevice = refused(TestKernel.V6_1, -22, new SourceCheckSysctls(0, 1, 0, 0));
    assertThat(byDevice.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(byDevice.fixes().getFirst().commands())
        .containsExactly(
            NETNS_EXEC + "sysctl -w net.ipv4.conf.veth1.accept_local=1",
            NETNS_EXEC + "sysctl -w net.ipv4.conf.veth1.rp_filter=2",
            ASK_AGAIN);

    Finding byAll = refused(TestKernel.V6_1, -22, new SourceCheckSysctls(1, 0, 0, 0));
    assertThat(byAll.fixes().getFirst().commands()).hasSize(3);
    Finding loose = refused(TestKernel.V6_1, -22, new SourceCheckSysctls(1, 2, 0, 0));
    assertThat(loose.fixes().getFirst().commands()).hasSize(2);
  }

  @Test
  void success_is_no_refusal() {
    for (int result : new int[] {0, 1}) {
      OneNetnsScene scene =
          new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.arpRefused(result, ALL_OFF));
      assertThat(scene.happens(OneNetnsScene.arpAnswered()).findings()).isEmpty();
    }
  }

  @Test
  void a_refusal_that_was_followed_by_an_answer_is_cured() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.arpRefused(-22, ALL_OFF));
    assertThat(scene.happens(OneNetnsScene.arpAsked(), OneNetnsScene.arpAnswered()).findings())
        .isEmpty();
  }

  @Test
  void a_drop_reason_alone_tells_of_a_reverse_path_too() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1);
    TracedSkb echo =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    int reason = TestKernel.V6_1.reason("IP_RPFILTER");
    Finding finding =
        scene
            .happens(
                echo.dropped(OneNetnsScene.VETH1, reason, TestKernel.place("ip_rcv_finish_core")))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.REVERSE_PATH_FILTER);
    assertThat(finding.returnValue()).isEmpty();
    assertThat(finding.explanation()).contains("The packet is dropped.");
  }

  @Test
  void a_reply_is_refused_for_the_source_of_the_reply() {
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply(OneNetnsScene.B, OneNetnsScene.A, 9, 1))
            .across(OneNetnsScene.VETH1, OneNetnsScene.VETH0)
            .validated(OneNetnsScene.VETH0, -18, STRICT)
            .dropped(OneNetnsScene.VETH0, 11, 0);
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.echo(1), reply).finding();

    assertThat(finding.title()).contains("veth0 refuses packets from 192.168.1.2");
  }

  @Test
  void a_device_with_a_dot_in_its_name_gets_slashes_in_its_sysctl() {
    assertThat(commandFor("eth0.100"))
        .isEqualTo(NETNS_EXEC + "sysctl -w net.ipv4.conf.eth0/100.accept_local=1");
  }

  @Test
  void a_device_name_that_the_shell_would_read_is_quoted() {
    assertThat(commandFor("a;b$(c)"))
        .isEqualTo(NETNS_EXEC + "sysctl -w 'net.ipv4.conf.a;b$(c).accept_local=1'");
  }

  private static String commandFor(String deviceName) {
    TestDevice device = TestDevice.up(OneNetnsScene.NETNS, 3, deviceName);
    TracedSkb skb =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .at(Hook.NETIF_RX, device)
            .validated(device, -22, ALL_OFF);
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1).called(3, deviceName).happens(skb).finding();
    return finding.fixes().getFirst().commands().getFirst();
  }

  @Test
  void without_the_namespaces_facts_no_command_is_printed_that_would_change_another_one() {
    Finding finding =
        new OneNetnsScene(TestKernel.V7_3)
            .knowsNothing()
            .happens(OneNetnsScene.arpRefused(-87, ALL_OFF))
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.fixes()).isEmpty();
    assertThat(finding.place().netnsName()).isEqualTo("100");
  }

  @Test
  void on_the_host_itself_a_command_needs_no_prefix() {
    Device veth1 =
        new Device(3, "veth1", true, false, List.of(), OptionalInt.of(1), OptionalInt.of(1));
    Finding finding =
        new OneNetnsScene(TestKernel.V6_1)
            .knows(
                NetnsFactsBuilder.netns(OneNetnsScene.NETNS, "host")
                    .commandPrefix("")
                    .devices(List.of(veth1))
                    .build())
            .happens(OneNetnsScene.arpRefused(-18, STRICT))
            .finding();

    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "sysctl -w net.ipv4.conf.veth1.rp_filter=2", "ip neigh flush to 192.168.1.2 dev veth0");
  }
}
