package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.diagnose.LinkScene.FORWARDING;

import io.vethtrace.daemon.fixture.Kernel;
import io.vethtrace.daemon.fixture.Packets;
import io.vethtrace.daemon.fixture.Skb;
import io.vethtrace.daemon.kernel.Bridge;
import io.vethtrace.daemon.kernel.BridgePort;
import java.util.OptionalInt;

/** One scene for each cause that lies between two devices. */
final class LinkScenes {
  private static final BridgePort DISABLED = new BridgePort(0, false, true, true, true);

  private LinkScenes() {}

  static Scene of(Cause cause) {
    return switch (cause) {
      case LINK_DOWN ->
          bridge(
              new LinkScene.Net(LinkScene.BRIDGE_NETNS, "switch")
                  .port(2, "port1", true, LinkScene.CLIENT_NETNS, DISABLED)
                  .bridge(false, new Bridge(false, false)),
              LinkScene.requestRefused(Kernel.V7_3));
      case PEER_DOWN ->
          LinkScene.of(Kernel.V7_3, LinkScene.client(false), LinkScene.server(false))
              .happens(LinkScene.requestDied(Kernel.V7_3, LinkScene.VETH0));
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

  private static Scene arp(LinkScene.Net server) {
    return LinkScene.of(Kernel.V7_3, LinkScene.client(true), server)
        .happens(LinkScene.requestArrived(LinkScene.VETH1));
  }

  private static Scene bridge(LinkScene.Net bridge, Skb request) {
    return LinkScene.of(Kernel.V7_3, LinkScene.client(true), bridge, LinkScene.server(true))
        .happens(request);
  }

  private static Scene stray() {
    Skb echo =
        Skb.of(
            Packets.to(
                "02:00:00:00:be:ef", Packets.echo(LinkScene.CLIENT, LinkScene.SERVER, 1, 1)));
    return LinkScene.of(Kernel.V7_3, LinkScene.client(true), LinkScene.server(true))
        .happens(
            echo.across(LinkScene.VETH0, LinkScene.VETH1)
                .dropped(
                    LinkScene.VETH1, Kernel.V7_3.reason("OTHERHOST"), Kernel.place("ip_rcv_core")));
  }
}
