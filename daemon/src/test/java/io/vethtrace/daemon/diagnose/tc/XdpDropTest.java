package io.vethtrace.daemon.diagnose.tc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class XdpDropTest {
  private static OneNetnsScene echoDropped(
      TestKernel kernel, FiltersAndQueues filters, int reason, String place) {
    TracedSkb echo =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, OneNetnsScene.B, 9, 1))
            .across(OneNetnsScene.VETH0, OneNetnsScene.VETH1);
    long at = TestKernel.place(place);
    return new OneNetnsScene(kernel)
        .filters(filters)
        .happens(
            kernel.reasons().areNamed()
                ? echo.dropped(OneNetnsScene.VETH1, reason, at)
                : echo.droppedWithoutReason(OneNetnsScene.VETH1, at));
  }

  private static List<String> commands(Finding finding) {
    return finding.fixes().stream().flatMap(fix -> fix.commands().stream()).toList();
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    OneNetnsScene older = new OneNetnsScene(TestKernel.V6_1);
    return Map.of(Cause.XDP, older.happens(older.dropped(1, "NOT_SPECIFIED", "veth_xdp_rcv_skb")));
  }

  @Test
  void an_xdp_program_on_a_veth_is_told_by_the_place() {
    for (TestKernel kernel : List.of(TestKernel.V5_10, TestKernel.V6_1)) {
      Finding finding = echoDropped(kernel, FiltersAndQueues.NONE, 2, "veth_xdp_rcv_skb").finding();

      assertThat(finding.cause()).isEqualTo(Cause.XDP);
      assertThat(finding.evidence())
          .contains(new Evidence(Evidence.Kind.RULE, "XDP program 7 on veth1, native mode"));
      assertThat(commands(finding))
          .containsExactly("ip netns exec blog100 ip link set dev veth1 xdpdrv off");
    }
  }
}
