package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import org.junit.jupiter.api.Test;

class NotForThisHostTest {
  private static final String WRONG = "02:00:00:00:be:ef";
  private static final String SERVERS = "02:00:00:00:00:03"; // as LinkScene gives them

  private static Skb stray(Kernel kernel, String mac) {
    Skb echo =
        Skb.of(Packets.to(mac, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.VETH0, LinkScene.VETH1);
    return kernel.reasons().number("OTHERHOST").isPresent()
        ? echo.dropped(LinkScene.VETH1, kernel.reason("OTHERHOST"), Kernel.place("ip_rcv_core"))
        : echo.droppedWithoutReason(LinkScene.VETH1, Kernel.place("ip_rcv_core"));
  }

  private static Scene scene(Kernel kernel) {
    return LinkScene.of(
        kernel,
        LinkScene.client(true).neighbour(2, LinkScene.SERVER, WRONG),
        LinkScene.server(true));
  }

  @Test
  void a_frame_for_another_address_is_cured_at_the_senders_entry() {
    for (Kernel kernel : new Kernel[] {Kernel.V5_10, Kernel.V7_3}) {
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
    Finding finding = scene(Kernel.V5_10).happens(stray(Kernel.V5_10, SERVERS)).finding();
    assertThat(finding.cause()).isNotEqualTo(Cause.NOT_FOR_THIS_HOST);
  }

  @Test
  void a_bystander_of_a_flooded_frame_has_lost_nothing() {
    Dev bystander = Dev.up(9, 9, "veth9");
    Skb flooded =
        Skb.of(Packets.to(SERVERS, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.VETH0, LinkScene.PORT1)
            .across(Dev.up(LinkScene.BRIDGE_NETNS, 5, "port3"), bystander)
            .dropped(bystander, Kernel.V7_3.reason("OTHERHOST"), Kernel.place("ip_rcv_core"));
    Skb arrived =
        Skb.of(Packets.to(SERVERS, Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)))
            .across(LinkScene.PORT2, LinkScene.VETH1)
            .consumed(LinkScene.VETH1);
    assertThat(scene(Kernel.V7_3).happens(flooded, arrived).findings())
        .extracting(Finding::cause)
        .doesNotContain(Cause.NOT_FOR_THIS_HOST);
  }
}
