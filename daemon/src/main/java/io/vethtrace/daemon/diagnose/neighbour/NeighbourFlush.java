package io.vethtrace.daemon.diagnose.neighbour;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.util.Optional;

/**
 * The command after which a sender sends a new ARP request. A request that got no reply fails up to
 * a second later, and takes the packets with it that were sent meanwhile, also after the fix
 * (neigh_timer_handler, net/core/neighbour.c).
 */
public final class NeighbourFlush {
  private NeighbourFlush() {}

  /** The fix, and that command where the conversation is about a neighbour, or died for one. */
  public static Fix after(Fix fix, ConversationView view, Journey journey) {
    Optional<String> flush =
        view.isNeighbour()
            ? view.conversation().requests().stream()
                .findFirst()
                .flatMap(request -> flush(view, request))
            : Optional.of(journey.last())
                .filter(view::isNeighbourDrop)
                .flatMap(died -> flush(view, died, "", Optional.of(nameOf(view, died))));
    return flush.map(fix::and).orElse(fix);
  }

  /**
   * Returns the command; empty if the request was first seen as it arrived: then its sender is
   * elsewhere.
   */
  private static Optional<String> flush(ConversationView view, Journey request) {
    Event asked = request.first();
    return Optional.of(asked)
        .filter(hop -> !hop.hook().isReceive())
        .flatMap(hop ->
            flush(
                view,
                hop,
                " to " + InetAddresses.toAddrString(view.key().target()),
                requestingDevice(view, request)));
  }

  private static Optional<String> flush(
      ConversationView view, Event at, String target, Optional<String> device) {
    return view.commandPrefix(at.netns())
        .map(prefix ->
            "%sip neigh flush%s".formatted(prefix, target)
                + device.map(dev -> " dev " + ShellWord.of(dev)).orElse(""));
  }

  /**
   * Returns the device whose neighbour entry is pending; empty if that may be another one than the
   * request left by, for example a VLAN device above it, which then has the requester's address.
   */
  private static Optional<String> requestingDevice(ConversationView view, Journey request) {
    Event asked = request.first();
    return view.snapshot()
            .netns(asked.netns())
            .flatMap(facts -> facts.owner(view.sourceOf(request)))
            .map(Device::ifindex)
            .filter(owner -> owner != asked.ifindex())
            .isEmpty()
        ? Optional.of(nameOf(view, asked))
        : Optional.empty();
  }

  private static String nameOf(ConversationView view, Event hop) {
    return view.snapshot().deviceName(hop);
  }
}
