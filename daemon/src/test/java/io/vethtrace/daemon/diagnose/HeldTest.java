package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Dev;
import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.trace.Hook;
import org.junit.jupiter.api.Test;

/** The router took the client's packet, and asks for the server behind it in vain. */
class HeldTest {
  private static final Dev RIGHT = Dev.up(Router.NETNS, Router.RIGHT, "right");
  private static final Dev BEHIND = Dev.up(202, 2, "veth1");

  private static Skb echo() {
    return Skb.of(Router.echo(64))
        .atMs(100)
        .across(Router.VETH0, Router.LEFT)
        .at(Hook.FIB_VALIDATE_SOURCE, Router.LEFT);
  }

  private static Skb askedAt(long ms) {
    return Skb.of(Packets.arpRequest("10.0.2.1", Router.SERVER))
        .atMs(ms)
        .across(RIGHT, BEHIND)
        .consumed(BEHIND);
  }

  private static Scene scene() {
    return new Scene(Kernel.V7_3).knows(new Router().facts());
  }

  @Test
  void a_packet_that_waits_in_a_router_is_a_consequence_of_the_neighbours_silence() {
    Finding finding = scene().happens(echo(), askedAt(100), askedAt(1100)).finding();

    assertThat(finding.cause()).isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
    assertThat(finding.place().ifname()).isEqualTo("right");
    assertThat(finding.consequences())
        .singleElement()
        .asString()
        .contains("echo request", "waits for the answer", "on left");
  }

  @Test
  void so_it_is_where_the_router_was_asking_already() {
    assertThat(scene().happens(echo(), askedAt(0)).finding().cause())
        .isEqualTo(Cause.NEIGHBOUR_UNANSWERED);
  }

  @Test
  void what_the_router_asked_at_another_time_held_nothing_back() {
    assertThat(scene().happens(echo(), askedAt(5000)).findings())
        .extracting(Finding::cause)
        .containsExactlyInAnyOrder(Cause.NEIGHBOUR_UNANSWERED, Cause.UNKNOWN);
  }

  @Test
  void what_another_namespace_asked_held_nothing_back() {
    Dev elsewhere = Dev.up(300, 2, "eth0");
    Skb asked =
        Skb.of(Packets.arpRequest("10.0.2.1", Router.SERVER))
            .atMs(100)
            .at(Hook.VETH_XMIT, elsewhere);
    assertThat(scene().happens(echo(), asked).findings())
        .extracting(Finding::cause)
        .containsExactlyInAnyOrder(Cause.NEIGHBOUR_UNANSWERED, Cause.UNKNOWN);
  }
}
