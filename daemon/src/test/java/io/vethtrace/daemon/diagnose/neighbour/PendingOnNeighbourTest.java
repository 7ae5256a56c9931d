package io.vethtrace.daemon.diagnose.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.RouterScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.trace.Hook;
import org.junit.jupiter.api.Test;

/** The router took the client's packet, and asks for the server behind it in vain. */
class PendingOnNeighbourTest {
  private static final TestDevice RIGHT =
      TestDevice.up(RouterScene.NETNS, RouterScene.RIGHT, "right");
  private static final TestDevice BEHIND = TestDevice.up(202, 2, "veth1");

  private static TracedSkb echo() {
    return TracedSkb.of(RouterScene.echo(64))
        .atMs(100)
        .across(RouterScene.VETH0, RouterScene.LEFT)
        .at(Hook.FIB_VALIDATE_SOURCE, RouterScene.LEFT);
  }

  private static TracedSkb askedAt(long ms) {
    return TracedSkb.of(Packets.arpRequest("10.0.2.1", RouterScene.SERVER))
        .atMs(ms)
        .across(RIGHT, BEHIND)
        .consumed(BEHIND);
  }

  private static OneNetnsScene scene() {
    return new OneNetnsScene(TestKernel.V7_3).knows(new RouterScene().facts());
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
    TestDevice elsewhere = TestDevice.up(300, 2, "eth0");
    TracedSkb asked =
        TracedSkb.of(Packets.arpRequest("10.0.2.1", RouterScene.SERVER))
            .atMs(100)
            .at(Hook.VETH_XMIT, elsewhere);
    assertThat(scene().happens(echo(), asked).findings())
        .extracting(Finding::cause)
        .containsExactlyInAnyOrder(Cause.NEIGHBOUR_UNANSWERED, Cause.UNKNOWN);
  }
}
