package io.vethtrace.daemon.diagnose.link;

import static io.vethtrace.daemon.diagnose.link.LinkScene.FORWARDING;

import io.vethtrace.daemon.diagnose.OneNetnsScene;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.TestKernel;
import io.vethtrace.daemon.fixture.TracedSkb;
import io.vethtrace.daemon.kernel.link.Bridge;
import io.vethtrace.daemon.kernel.link.BridgePort;
import java.util.OptionalInt;

/** One scene for each cause that lies between two devices. */
public final class LinkScenes {
  private static final BridgePort DISABLED = new BridgePort(0, false, true, true, true);

  private LinkScenes() {}

  public static OneNetnsScene of(Cause cause) {
    return switch (cause) {
      case LINK_DOWN ->
          bridge(
              new LinkScene.Net(LinkScene.BRIDGE_NETNS, "switch")
                  .port(2, "port1", true, LinkScene.CLIENT_NETNS, DISABLED)
                  .bridge(false, new Bridge(false, false)),
              LinkScene.requestRefused(TestKernel.V7_3));
      case PEER_DOWN ->
          LinkScene.of(TestKernel.V7_3, LinkScene.client(false), LinkScene.server(false))
              .happens(LinkScene.requestDied(TestKernel.V7_3, LinkScene.VETH0));
      case ARP_IGNORED -> arp(LinkScene.server(true).sysctl("net.ipv4.conf.all.arp_ignore", 8));
      case ARP_FILTERED ->
          arp(
              LinkScene.server(true)
                  .veth(5, "other", true, true, 9, 9)
                  .address(5, "10.0.0.3", 24)
                  .sysctl("net.ipv4.conf.all.arp_filter", 1));
      case NOT_FOR_THIS_HOST -> stray();
      case BRIDGE_PORT ->
          bridge(LinkScene.bridge(FORWARDING, DISABLED), LinkScene.requestOnBridge());
      case BRIDGE_VLAN ->
          bridge(
              LinkScene.bridge(FORWARDING, FORWARDING, new Bridge(false, true))
                  .vlans(2, OptionalInt.of(1), 1),
              LinkScene.requestOnBridge());
      default -> throw new IllegalArgumentException("cause=" + cause);
    };
  }

  private static OneNetnsScene arp(LinkScene.Net server) {
    return LinkScene.of(TestKernel.V7_3, LinkScene.client(true), server)
        .happens(LinkScene.requestArrived(LinkScene.VETH1));
  }

  private static OneNetnsScene bridge(LinkScene.Net bridge, TracedSkb request) {
    return LinkScene.of(TestKernel.V7_3, LinkScene.client(true), bridge, LinkScene.server(true))
        .happens(request);
  }

  private static OneNetnsScene stray() {
    TracedSkb echo =
        TracedSkb.of(
            Packets.to(
                "02:00:00:00:be:ef", Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)));
    return LinkScene.of(TestKernel.V7_3, LinkScene.client(true), LinkScene.server(true))
        .happens(
            echo.across(LinkScene.VETH0, LinkScene.VETH1)
                .dropped(
                    LinkScene.VETH1,
                    TestKernel.V7_3.reason("OTHERHOST"),
                    TestKernel.place("ip_rcv_core")));
  }
}
