package io.vethtrace.daemon.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.packet.Frame;
import org.junit.jupiter.api.Test;

class TracerouteProbesTest {
  private static final TestDevice FAR = TestDevice.up(200, 3, "veth1");

  private static TracedSkb expired(Frame frame) {
    return TracedSkb.of(frame)
        .across(OneNetnsScene.VETH0, FAR)
        .dropped(FAR, 15, TestKernel.place("ip_forward"));
  }

  private static TracedSkb timeExceeded(Frame about) {
    Frame error = Packets.with(Packets.icmpError("192.168.1.9", OneNetnsScene.A, 11, about), 21, 0);
    return TracedSkb.of(error).across(FAR, OneNetnsScene.VETH0);
  }

  @Test
  void traceroute_that_reaches_its_target_has_nothing_to_find() {
    Frame near = Packets.udp(OneNetnsScene.A, 40000, "10.0.0.2", 33434);
    Frame far = Packets.udp(OneNetnsScene.A, 40001, "10.0.0.2", 33435);
    TracedSkb refused =
        TracedSkb.of(far)
            .across(OneNetnsScene.VETH0, FAR)
            .dropped(FAR, 3, TestKernel.place("__udp4_lib_rcv"));
    TracedSkb told =
        TracedSkb.of(Packets.portUnreachable("10.0.0.2", OneNetnsScene.A, far))
            .across(FAR, OneNetnsScene.VETH0);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3).happens(expired(near), timeExceeded(near));

    assertThat(scene.finding().dropReason()).isEqualTo("IP_INHDR");
    assertThat(scene.happens(refused, told).findings()).isEmpty();
  }

  @Test
  void pings_that_look_for_the_way_and_then_arrive_have_nothing_to_find() {
    Frame near = Packets.echo(OneNetnsScene.A, "10.0.0.2", 9, 1);
    TracedSkb far =
        TracedSkb.of(Packets.echo(OneNetnsScene.A, "10.0.0.2", 9, 2))
            .across(OneNetnsScene.VETH0, FAR);
    TracedSkb reply =
        TracedSkb.of(Packets.echoReply("10.0.0.2", OneNetnsScene.A, 9, 2))
            .across(FAR, OneNetnsScene.VETH0);
    OneNetnsScene scene =
        new OneNetnsScene(TestKernel.V7_3).happens(expired(near), timeExceeded(near), far, reply);
    assertThat(scene.findings()).isEmpty();
  }
}
