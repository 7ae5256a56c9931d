package io.vethtrace.daemon.diagnose.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.NetnsFactsBuilder;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.trace.SourceCheckSysctls;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class InferredSourceRefusalTest {
  private static OneNetnsScene asked(SourceCheckSysctls settings) {
    return new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY)
        .settings(settings)
        .happens(OneNetnsScene.arpAsked());
  }

  @Test
  void accept_local_off_is_inferred_from_the_settings() {
    Finding finding = asked(new SourceCheckSysctls(0, 0, 0, 0)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.confidence()).isEqualTo(Confidence.INFERRED);
    assertThat(finding.returnValue()).isEmpty();
    assertThat(finding.evidence()).extracting(Evidence::kind).contains(Evidence.Kind.LIMIT);
    assertThat(finding.evidence().getLast().text()).contains("why: vethtrace doctor");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "ip netns exec blog100 sysctl -w net.ipv4.conf.veth1.accept_local=1",
            "ip netns exec blog100 ip neigh flush to 192.168.1.2 dev veth0");
  }

  @Test
  void a_strict_reverse_path_is_inferred_once_local_sources_are_accepted() {
    assertThat(asked(new SourceCheckSysctls(0, 1, 0, 1)).finding().cause())
        .isEqualTo(Cause.REVERSE_PATH_FILTER);
    assertThat(asked(new SourceCheckSysctls(1, 0, 1, 0)).finding().cause())
        .isEqualTo(Cause.REVERSE_PATH_FILTER);
  }

  @Test
  void both_settings_are_mended_where_both_refuse() {
    Finding finding = asked(new SourceCheckSysctls(1, 0, 0, 0)).finding();
    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.fixes().getFirst().commands()).hasSize(3);
  }

  @Test
  void settings_that_refuse_nothing_leave_silence_unexplained() {
    for (int rpFilter : new int[] {0, 2}) {
      assertThat(asked(new SourceCheckSysctls(0, rpFilter, 0, 1)).finding().cause())
          .isEqualTo(Cause.UNKNOWN);
    }
    assertThat(asked(new SourceCheckSysctls(1, 2, 1, 0)).finding().cause())
        .isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void what_can_be_watched_is_not_modelled() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V6_1).happens(OneNetnsScene.arpAsked());
    assertThat(scene.finding().cause()).isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void the_device_is_the_one_on_which_arp_let_go_of_the_request() {
    TracedSkb asked =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .consumed(TestDevice.up(OneNetnsScene.NETNS, 7, "veth1.100"));
    Finding finding = stacked().happens(asked).finding();

    assertThat(finding.cause()).isEqualTo(Cause.SOURCE_ADDRESS_IS_LOCAL);
    assertThat(finding.place().ifname()).isEqualTo("veth1.100");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly(
            "n sysctl -w net.ipv4.conf.veth1/100.accept_local=1",
            "n ip neigh flush to 192.168.1.2");
  }

  @Test
  void of_the_clones_of_a_broadcast_the_one_on_the_device_that_has_the_address_counts() {
    TracedSkb flooded =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .consumed(OneNetnsScene.VETH1);
    TracedSkb taken =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .consumed(TestDevice.up(OneNetnsScene.NETNS, 7, "veth1.100"));
    assertThat(stacked().happens(flooded, taken).finding().place().ifname()).isEqualTo("veth1.100");
  }

  @Test
  void a_packet_that_waited_at_a_device_above_the_asking_one_is_a_consequence() {
    TracedSkb asked =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.A, OneNetnsScene.B))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .consumed(TestDevice.up(OneNetnsScene.NETNS, 7, "veth1.100"));
    int failed = TestKernel.V6_1.reason("NEIGH_FAILED");
    TestDevice above = TestDevice.up(OneNetnsScene.NETNS, 6, "veth0.100");
    TracedSkb direct =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .dropped(above, failed, 0);
    TracedSkb beyond =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, "10.9.9.9", 9, 2)).dropped(above, failed, 0);
    assertThat(stacked().happens(asked, direct, beyond).finding().consequences()).hasSize(2);
  }

  /** The addresses are those of VLAN devices above the pair. */
  private static OneNetnsScene stacked() {
    List<Device> devices =
        List.of(
            device(2, "veth0", List.of()),
            device(3, "veth1", List.of()),
            device(6, "veth0.100", List.of(Packets.ip(OneNetnsScene.A))),
            device(7, "veth1.100", List.of(Packets.ip(OneNetnsScene.B))));
    return new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY)
        .knows(
            NetnsFactsBuilder.netns(OneNetnsScene.NETNS, "n")
                .commandPrefix("n ")
                .devices(devices)
                .build());
  }

  private static Device device(int ifindex, String name, List<InetAddress> addresses) {
    return new Device(ifindex, name, true, false, addresses, OptionalInt.of(0), OptionalInt.of(0));
  }

  @Test
  void an_answered_request_was_not_refused() {
    assertThat(
            asked(new SourceCheckSysctls(0, 0, 0, 0))
                .happens(OneNetnsScene.arpAnswered())
                .findings())
        .isEmpty();
  }

  @Test
  void a_source_of_another_host_is_not_modelled() {
    TracedSkb foreign =
        TracedSkb.of(Packets.arpRequest("192.168.1.77", OneNetnsScene.B))
            .across(TestDevice.up(55, 2, "veth0"), OneNetnsScene.VETH1)
            .consumed(OneNetnsScene.VETH1);
    OneNetnsScene scene = new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY).happens(foreign);
    assertThat(scene.finding().cause()).isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void nothing_is_concluded_about_a_device_without_ipv4_settings_or_an_unread_namespace() {
    Device bare =
        new Device(
            3,
            "veth1",
            true,
            false,
            List.of(Packets.ip(OneNetnsScene.A), Packets.ip(OneNetnsScene.B)),
            OptionalInt.empty(),
            OptionalInt.empty());
    OneNetnsScene scene =
        asked(new SourceCheckSysctls(0, 0, 0, 0))
            .knows(
                NetnsFactsBuilder.netns(OneNetnsScene.NETNS, "n")
                    .commandPrefix("")
                    .devices(List.of(bare))
                    .build());
    assertThat(scene.finding().cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(scene.knowsNothing().finding().cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
  }

  @Test
  void the_devices_own_address_passes_the_strict_reverse_path() {
    TracedSkb own =
        TracedSkb.of(Packets.arpRequest(OneNetnsScene.B, "192.168.1.9"))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1)
            .consumed(OneNetnsScene.VETH1);
    Device veth1 =
        new Device(
            3,
            "veth1",
            true,
            false,
            List.of(Packets.ip(OneNetnsScene.B), Packets.ip("192.168.1.9")),
            OptionalInt.of(1),
            OptionalInt.of(1));
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.TRACEPOINTS_ONLY)
            .knows(
                NetnsFactsBuilder.netns(OneNetnsScene.NETNS, "n")
                    .commandPrefix("")
                    .devices(List.of(veth1))
                    .build())
            .happens(own);
    assertThat(scene.finding().cause()).isEqualTo(Cause.UNKNOWN);
  }
}
