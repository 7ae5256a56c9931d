package io.vethtrace.daemon.diagnose.qdisc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.host.HostFacts;
import io.vethtrace.daemon.packet.Frame;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CpuBacklogFullTest {
  private static final Frame DATAGRAM = Packets.udp(OneNetnsScene.A, 1000, OneNetnsScene.B, 7);

  private static TracedSkb dropped(Frame frame, String reason, String place) {
    TracedSkb skb = TracedSkb.of(frame).across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    int number = TestKernel.V7_3.reason(reason);
    return skb.dropped(OneNetnsScene.VETH1, number, TestKernel.place(place));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene scene = new OneNetnsScene(TestKernel.V7_3);
    return Map.of(
        Cause.CPU_BACKLOG_FULL,
        scene.happens(scene.dropped(1, "CPU_BACKLOG", "enqueue_to_backlog")));
  }

  @Test
  void a_full_backlog_of_a_cpu_is_cured_on_the_host() {
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3)
            .host(new HostFacts(OptionalInt.of(1000), List.of(5L, 2L)))
            .happens(dropped(DATAGRAM, "CPU_BACKLOG", "enqueue_to_backlog"));
    Finding finding = scene.finding();

    assertThat(finding.cause()).isEqualTo(Cause.CPU_BACKLOG_FULL);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .contains(
            "net.core.netdev_max_backlog: 1000",
            "/proc/net/softnet_stat: 7 packets dropped on all CPUs");
    assertThat(finding.fixes().getFirst().commands())
        .containsExactly("sysctl -w net.core.netdev_max_backlog=4000");
    assertThat(scene.host(HostFacts.NONE).finding().fixes()).isEmpty();
  }
}
