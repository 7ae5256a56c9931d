package io.vethtrace.daemon.diagnose;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.kernel.Link;
import io.vethtrace.daemon.kernel.NeighbourEntry;
import io.vethtrace.daemon.kernel.NetnsFacts;
import io.vethtrace.daemon.kernel.ShellWord;
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
final class NotForThisHost implements Rule {
  private static final String OTHERHOST = "OTHERHOST";
  private static final Set<String> PLACES = Set.of("ip_rcv_core", "ip6_rcv_core");

  @Override
  public Optional<Finding> apply(Case question) {
    if (!question.expectsAnswer() || question.answered()) {
      return Optional.empty();
    }
    return question.drops().stream()
        .filter(journey -> isForAnother(question, journey))
        .filter(journey -> !arrived(question, journey))
        .flatMap(journey ->
            EthernetHeader.of(journey).stream()
                .map(header -> finding(question, journey, header.destination())))
        .findFirst();
  }

  private static boolean isForAnother(Case question, Journey journey) {
    Event drop = journey.last();
    return question.snapshot().reason(drop).equals(OTHERHOST)
        || (question.isReasonless(drop)
            && PLACES.contains(question.snapshot().place(drop))
            && EthernetHeader.of(journey)
                .filter(header -> !header.toMany())
                .filter(header -> !mac(question, drop).orElse("").equals(header.destination()))
                .isPresent());
  }

  /** A bridge floods what it does not know: then others get it too, which is no loss. */
  private static boolean arrived(Case question, Journey stray) {
    Optional<String> meant = EthernetHeader.of(stray).map(EthernetHeader::destination);
    return question
        .packets()
        .flatMap(journey -> journey.hops().stream())
        .filter(hop -> hop.hook().isReceive())
        .anyMatch(hop -> meant.isPresent() && mac(question, hop).equals(meant));
  }

  private static Optional<String> mac(Case question, Event at) {
    return question
        .snapshot()
        .netns(at.netns())
        .flatMap(facts -> facts.details().link(at.ifindex()))
        .map(Link::mac);
  }

  private static Finding finding(Case question, Journey journey, String meant) {
    Event drop = journey.last();
    Draft draft =
        new Draft(Cause.NOT_FOR_THIS_HOST, Verdict.DROPPED, Confidence.OBSERVED)
            .title("%s got a frame for %s, which is not its address", drop.ifname(), meant)
            .explanation(
                "A device's IP stack drops frames that are addressed to another hardware address."
                    + " The sender takes it from its neighbour entries.")
            .hook(Hook.KFREE_SKB.kernelName())
            .dropReason(question.snapshot().reason(drop))
            .proves(Evidence.Kind.DROP, "%s", Words.freed(question, journey));
    mac(question, drop)
        .ifPresent(mac ->
            draft.proves(
                Evidence.Kind.DEVICE, "the frame is for %s; %s has %s", meant, drop.ifname(), mac));
    sender(journey)
        .ifPresent(sent ->
            entry(question, sent, meant).ifPresent(entry -> blame(draft, question, sent, entry)));
    return draft.at(drop, journey, question, question.drops().size());
  }

  private static Optional<Event> sender(Journey journey) {
    return journey.hops().reversed().stream().filter(hop -> hop.hook().isTransmit()).findFirst();
  }

  /** The entry that gave the sender this address; the target's own rather than another one's. */
  private static Optional<NeighbourEntry> entry(Case question, Event sent, String meant) {
    return question.snapshot().netns(sent.netns()).stream()
        .map(NetnsFacts::details)
        .flatMap(details -> details.linkLayer().neighbours().stream())
        .filter(entry -> entry.ifindex() == sent.ifindex() && entry.mac().equals(meant))
        .min(Comparator.comparing(entry -> !entry.address().equals(question.key().target())));
  }

  private static void blame(Draft draft, Case question, Event sent, NeighbourEntry entry) {
    String address = InetAddresses.toAddrString(entry.address());
    String dev = question.snapshot().deviceName(sent);
    draft
        .proves(
            Evidence.Kind.ADDRESS,
            "%s has the neighbour entry %s lladdr %s%s in namespace %s",
            dev,
            address,
            entry.mac(),
            entry.permanent() ? ", made by hand," : "",
            question.snapshot().netnsName(sent.netns()))
        .fix(question.commandPrefix(sent.netns()).map(prefix -> delete(prefix, address, dev)));
  }

  private static Fix delete(String prefix, String address, String dev) {
    return new Fix(
        List.of("%sip neigh del %s dev %s".formatted(prefix, address, ShellWord.of(dev))),
        "%s then asks who has %s.".formatted(dev, address));
  }
}
