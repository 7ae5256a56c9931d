package io.vethtrace.daemon.diagnose.tc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.filtering.FiltersAndQueues;
import io.vethtrace.daemon.kernel.filtering.NftRuleset;
import io.vethtrace.daemon.kernel.filtering.TcFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TcFilterDropTest {
  private static TcFilter filter(int protocol, int handle, long drops) {
    return new TcFilter(3, true, "u32", 1, protocol, handle, 0, "", true, drops);
  }

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
    return Map.of(
        Cause.TC_FILTER, older.happens(older.dropped(1, "TC_INGRESS", "__netif_receive_skb_core")));
  }

  @Test
  void the_filter_that_counted_the_drop_is_deleted_by_priority_and_handle() {
    FiltersAndQueues filters =
        new FiltersAndQueues(
            NftRuleset.NONE,
            List.of(filter(0x0800, 0x80000801, 0), filter(0x0800, 0x80000800, 1)),
            List.of());
    Finding finding =
        echoDropped(
                TestKernel.V6_1,
                filters,
                TestKernel.V6_1.reason("TC_INGRESS"),
                "__netif_receive_skb_core")
            .finding();

    assertThat(finding.cause()).isEqualTo(Cause.TC_FILTER);
    assertThat(commands(finding))
        .containsExactly(
            "ip netns exec blog100 tc filter del dev veth1 ingress protocol ip pref 1"
                + " handle 800::800 u32");
  }

  @Test
  void without_reasons_a_filter_that_can_have_done_it_has_to_be_there() {
    FiltersAndQueues matching =
        new FiltersAndQueues(NftRuleset.NONE, List.of(filter(0x0800, 0x80000800, 1)), List.of());
    FiltersAndQueues ofArp =
        new FiltersAndQueues(NftRuleset.NONE, List.of(filter(0x0806, 0x80000800, 1)), List.of());
    String place = "__netif_receive_skb_core";
    assertThat(echoDropped(TestKernel.V5_10, matching, 0, place).finding().cause())
        .isEqualTo(Cause.TC_FILTER);
    assertThat(echoDropped(TestKernel.V5_10, ofArp, 0, place).finding().cause())
        .isEqualTo(Cause.OTHER_DROP);
  }
}
