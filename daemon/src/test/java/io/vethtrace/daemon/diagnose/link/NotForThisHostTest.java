package io.vethtrace.daemon.diagnose.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotForThisHostTest {
  private static final String WRONG = "02:00:00:00:be:ef";
  private static final String SERVERS = "02:00:00:00:00:03"; // as LinkScene gives them

  private static TracedSkb stray(TestKernel kernel, String mac) {
    TracedSkb echo =
        TracedSkb.of(Packets.to(mac, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.VETH0, LinkScene.VETH1);
    return kernel.reasons().number("OTHERHOST").isPresent()
        ? echo.dropped(LinkScene.VETH1, kernel.reason("OTHERHOST"), TestKernel.place("ip_rcv_core"))
        : echo.droppedWithoutReason(LinkScene.VETH1, TestKernel.place("ip_rcv_core"));
  }

  private static OneNetnsScene scene(TestKernel kernel) {
    return LinkScene.of(
        kernel,
        LinkScene.client(true).neighbour(2, LinkScene.SERVER, WRONG),
        LinkScene.server(true));
  }

  /** A scene for each cause that the rule owns. */
  static Map<Cause, OneNetnsScene> scenes() {
    return Map.of(Cause.NOT_FOR_THIS_HOST, LinkScenes.of(Cause.NOT_FOR_THIS_HOST));
  }

  @Test
  void a_frame_for_another_address_is_cured_at_the_senders_entry() {
    for (TestKernel kernel : new TestKernel[] {TestKernel.V5_10, TestKernel.V7_3}) {
      Finding finding = scene(kernel).happens(stray(kernel, WRONG)).finding();

      assertThat(finding.cause()).isEqualTo(Cause.NOT_FOR_THIS_HOST);
      assertThat(finding.place().ifname()).isEqualTo("veth1");
      assertThat(finding.evidence())
          .contains(
              new Evidence(
                  Evidence.Kind.DEVICE,
                  "the frame is for 02:00:00:00:be:ef; veth1 has 02:00:00:00:00:03"));
      assertThat(LinkScene.firstCommand(finding))
          .hasValue("ip netns exec client ip neigh del 10.0.0.2 dev veth0");
    }
  }

  @Test
  void another_drop_at_the_same_place_is_none_of_this() {
    Finding finding = scene(TestKernel.V5_10).happens(stray(TestKernel.V5_10, SERVERS)).finding();
    assertThat(finding.cause()).isNotEqualTo(Cause.NOT_FOR_THIS_HOST);
  }

  @Test
  void a_bystander_of_a_flooded_frame_has_lost_nothing() {
    TestDevice bystander = TestDevice.up(9, 9, "veth9");
    TracedSkb flooded =
        TracedSkb.of(Packets.to(SERVERS, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.VETH0, LinkScene.PORT1)
            .across(TestDevice.up(LinkScene.BRIDGE_NETNS, 5, "port3"), bystander)
            .dropped(
                bystander, TestKernel.V7_3.reason("OTHERHOST"), TestKernel.place("ip_rcv_core"));
    TracedSkb arrived =
        TracedSkb.of(Packets.to(SERVERS, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.PORT2, LinkScene.VETH1)
            .consumed(LinkScene.VETH1);
    assertThat(scene(TestKernel.V7_3).happens(flooded, arrived).findings())
        .extracting(Finding::cause)
        .doesNotContain(Cause.NOT_FOR_THIS_HOST);
  }
}
