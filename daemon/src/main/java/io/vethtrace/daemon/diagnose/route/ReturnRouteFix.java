package io.vethtrace.daemon.diagnose.route;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.route.IpPrefix;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.EthernetHeader;
import io.vethtrace.daemon.trace.Event;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Makes the route that leads back the way that a packet came. */
public final class ReturnRouteFix {

  private ReturnRouteFix() {}

  /** Returns the route to {@code source}, out of the device that received a packet from it. */
  public static Optional<Fix> back(ConversationView view, Event received, InetAddress source) {
    return view.snapshot()
        .netns(received.netns())
        .map(facts -> back(view, facts, received, source));
  }

  private static Fix back(
      ConversationView view, NetnsFacts facts, Event received, InetAddress source) {
    String device = ShellWord.of(view.snapshot().deviceName(received));
    Optional<InetAddress> gateway = gateway(facts, received, source);
    String via = gateway.map(g -> " via " + InetAddresses.toAddrString(g)).orElse("");
    String command =
        "%sip %sroute add %s%s dev %s"
            .formatted(
                facts.commandPrefix(),
                source.getAddress().length == 16 ? "-6 " : "",
                IpPrefix.of(source),
                via,
                device);
    return new Fix(List.of(command), note(device, gateway));
  }

  private static String note(String device, Optional<InetAddress> gateway) {
    String whence =
        gateway.isPresent()
            ? "The packet came from the neighbour that this route names."
            : "No neighbour is known that passed the packet on: this takes its source to be on the"
                + " link of "
                + device
                + ".";
    return "Until the next boot, for this one address; a wider route may belong there. " + whence;
  }

  /** The neighbour whose hardware address the frame came from, where it is not the source. */
  private static Optional<InetAddress> gateway(
      NetnsFacts facts, Event received, InetAddress source) {
    return EthernetHeader.sourceOf(received)
        .flatMap(mac -> facts.details().linkLayer().neighbour(received.ifindex(), mac, source))
        .filter(neighbour -> !neighbour.equals(source));
  }
}
