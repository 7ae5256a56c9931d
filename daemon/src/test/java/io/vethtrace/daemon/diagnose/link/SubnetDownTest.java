package io.vethtrace.daemon.diagnose.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestDevice;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import org.junit.jupiter.api.Test;

class SubnetDownTest {
  @Test
  void a_route_that_went_with_its_device_comes_back_with_it() {
    LinkScene.Net router =
        new LinkScene.Net(7, "router")
            .veth(9, "right", false, false, 2, 3)
            .address(9, "10.0.0.9", 24);
    TracedSkb refused =
        TracedSkb.of(Packets.echo("10.0.1.1", LinkScene.SERVER, 1, 1))
            .across(LinkScene.VETH0, TestDevice.up(7, 8, "left"))
            .droppedWithoutReason(TestDevice.up(7, 8, "left"), TestKernel.place("ip_error"));
    Finding finding = LinkScene.of(TestKernel.V5_10, router).happens(refused).finding();

    assertThat(finding.cause()).isEqualTo(Cause.LINK_DOWN);
    assertThat(finding.place().ifname()).isEqualTo("right");
    assertThat(LinkScene.firstCommand(finding))
        .hasValue("ip netns exec router ip link set dev right up");
  }
}
