package io.vethtrace.daemon.diagnose.link;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.link.Link;
import io.vethtrace.daemon.kernel.link.NeighbourEntry;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.EthernetHeader;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A frame was addressed to another hardware address than that of the device that received it
 * (PACKET_OTHERHOST, net/ethernet/eth.c, eth_type_trans), and IP drops it unread: reason OTHERHOST
 * since 5.19, none before (net/ipv4/ip_input.c, ip_rcv_core; net/ipv6/ip6_input.c, ip6_rcv_core).
 */
public final class NotForThisHost implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.NOT_FOR_THIS_HOST,
              Detection.BY_DROP,
              """
              The frame's destination is not the address of the receiving device \
              (net/ethernet/eth.c, `eth_type_trans`): IP drops it (`ip_rcv_core`, \
              `ip6_rcv_core`; `OTHERHOST` since 5.19). Other receivers of a flooded \
              frame drop it too, which is no fault.\
              """,
              """
              The reason, or the location and both addresses; the sender's neighbour \
              entry with that address.\
              """,
              "`ip neigh del` in the sender's namespace."));

  private static final String OTHERHOST = "OTHERHOST";
  private static final Set<String> LOCATIONS = Set.of("ip_rcv_core", "ip6_rcv_core");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!view.expectsAnswer() || view.answered()) {
      return Optional.empty();
    }
    return view.drops().stream()
        .filter(journey -> isForAnother(view, journey))
        .filter(journey -> !arrived(view, journey))
        .flatMap(journey ->
            EthernetHeader.of(journey).stream()
                .map(header -> finding(view, journey, header.destination())))
        .findFirst();
  }

  private static boolean isForAnother(ConversationView view, Journey journey) {
    Event drop = journey.last();
    return view.snapshot().reason(drop).equals(OTHERHOST)
        || (view.isReasonless(drop)
            && LOCATIONS.contains(view.snapshot().location(drop))
            && EthernetHeader.of(journey)
                .filter(header -> !header.toMany())
                .filter(header -> !mac(view, drop).orElse("").equals(header.destination()))
                .isPresent());
  }

  /**
   * Returns true if the right receiver got the frame too: a bridge floods frames for addresses that
   * it does not know, which is no loss.
   */
  private static boolean arrived(ConversationView view, Journey stray) {
    Optional<String> meant = EthernetHeader.of(stray).map(EthernetHeader::destination);
    return view.packets()
        .flatMap(journey -> journey.hops().stream())
        .filter(hop -> hop.hook().isReceive())
        .anyMatch(hop -> meant.isPresent() && mac(view, hop).equals(meant));
  }

  private static Optional<String> mac(ConversationView view, Event at) {
    return view.snapshot()
        .netns(at.netns())
        .flatMap(facts -> facts.details().link(at.ifindex()))
        .map(Link::mac);
  }

  private static Finding finding(ConversationView view, Journey journey, String meant) {
    Event drop = journey.last();
    FindingBuilder builder =
        new FindingBuilder(Cause.NOT_FOR_THIS_HOST, Verdict.DROPPED, Confidence.OBSERVED)
            .title("%s got a frame for %s, which is not its address", drop.ifname(), meant)
            .explanation(
                "A device's IP stack drops frames that are addressed to another hardware address."
                    + " The sender takes it from its neighbour entries.")
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(view.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", EvidenceText.freed(view, journey));
    mac(view, drop)
        .ifPresent(mac ->
            builder.proves(
                Evidence.Kind.DEVICE, "the frame is for %s; %s has %s", meant, drop.ifname(), mac));
    sender(journey)
        .ifPresent(
            sent -> entry(view, sent, meant).ifPresent(entry -> blame(builder, view, sent, entry)));
    return builder.at(drop, journey, view, view.drops().size());
  }

  private static Optional<Event> sender(Journey journey) {
    return journey.hops().reversed().stream().filter(hop -> hop.hook().isTransmit()).findFirst();
  }

  /** The entry that gave the sender this address; the target's own rather than another one's. */
  private static Optional<NeighbourEntry> entry(ConversationView view, Event sent, String meant) {
    return view.snapshot().netns(sent.netns()).stream()
        .map(NetnsFacts::details)
        .flatMap(details -> details.linkLayer().neighbours().stream())
        .filter(entry -> entry.ifindex() == sent.ifindex() && entry.mac().equals(meant))
        .min(Comparator.comparing(entry -> !entry.address().equals(view.key().target())));
  }

  private static void blame(
      FindingBuilder builder, ConversationView view, Event sent, NeighbourEntry entry) {
    String address = InetAddresses.toAddrString(entry.address());
    String dev = view.snapshot().deviceName(sent);
    builder
        .proves(
            Evidence.Kind.ADDRESS,
            "%s has the neighbour entry %s lladdr %s%s in namespace %s",
            dev,
            address,
            entry.mac(),
            entry.permanent() ? ", made by hand," : "",
            view.snapshot().netnsName(sent.netns()))
        .fix(view.commandPrefix(sent.netns()).map(prefix -> delete(prefix, address, dev)));
  }

  private static Fix delete(String prefix, String address, String dev) {
    return new Fix(
        List.of("%sip neigh del %s dev %s".formatted(prefix, address, ShellWord.of(dev))),
        "%s then asks who has %s.".formatted(dev, address));
  }
}
