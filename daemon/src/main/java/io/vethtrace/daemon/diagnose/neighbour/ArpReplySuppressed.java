package io.vethtrace.daemon.diagnose.neighbour;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.DeclaredCause;
import io.vethtrace.daemon.diagnose.model.Detection;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.Fix;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.trace.ConversationKey;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;

/**
 * An ARP request came to a namespace that has the address, and a setting there forbids the reply:
 * the request ends in consume_skb, as a healthy one does (net/ipv4/arp.c, arp_rcv and arp_process,
 * 6.18). Nothing that the kernel does shows which setting it was: concluded from their values.
 */
public final class ArpReplySuppressed implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.ARP_IGNORED,
              Detection.BY_SETTINGS,
              """
              The receiver has the address and does not answer for it: `arp_ignore` (the \
              maximum of `all` and the device's) is 8, or it is 1, 2 or 3 and the \
              address does not fit (net/ipv4/arp.c, `arp_ignore`), or the device has \
              IFF_NOARP (`arp_rcv`). The request ends in `consume_skb`.\
              """,
              """
              An ARP request that reached the namespace of the address, no reply, and \
              the settings (INFERRED).\
              """,
              """
              `arp_ignore=0` where it is not 0, or `ip link set dev DEV arp on`. A \
              further command flushes the requester's neighbour entry.\
              """),
          new DeclaredCause(
              Cause.ARP_FILTERED,
              Detection.BY_SETTINGS,
              """
              `arp_filter` (of `all` or of the device) is on, and the route to the \
              requester leads out of another device (net/ipv4/arp.c, `arp_filter`).\
              """,
              """
              The same facts as for ARP_IGNORED, and another device with a subnet of the \
              requester (INFERRED).\
              """,
              "`arp_filter=0` where it is on."));

  private static final int IFF_NOARP = 0x80; // include/uapi/linux/if.h

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (!(view.key() instanceof ConversationKey.Neighbour neighbour) || view.answered()) {
      return Optional.empty();
    }
    return view.requestReceivedByOwner(neighbour.target())
        .filter(request -> request.end() == Journey.End.CONSUMED)
        .flatMap(request -> finding(view, neighbour, request));
  }

  private static Optional<Finding> finding(
      ConversationView view, ConversationKey.Neighbour neighbour, Journey request) {
    Event hop = request.taken().orElseThrow();
    NetnsFacts facts = view.snapshot().netns(hop.netns()).orElseThrow();
    ArpSettings settings = new ArpSettings(facts, hop.ifindex(), deviceName(view, hop));
    Optional<FindingBuilder> draft;
    if ((hop.devFlags() & IFF_NOARP) != 0) {
      draft = Optional.of(switchedOff(view, request, settings, hop));
    } else if (settings.ignores(neighbour.requester(), neighbour.target())) {
      draft = Optional.of(ignored(view, neighbour, request, settings));
    } else if (settings.filters(neighbour.requester())) {
      draft = Optional.of(filtered(view, neighbour, request, settings));
    } else {
      draft = Optional.empty();
    }
    return draft.map(found -> found.at(hop, request, view, count(view)));
  }

  private static String deviceName(ConversationView view, Event hop) {
    return view.snapshot().deviceName(hop);
  }

  private static int count(ConversationView view) {
    return view.conversation().requestCount();
  }

  private static FindingBuilder switchedOff(
      ConversationView view, Journey request, ArpSettings settings, Event hop) {
    String dev = settings.device();
    String command = "%sip link set dev %s arp on".formatted(settings.prefix(), ShellWord.of(dev));
    return builder(Cause.ARP_IGNORED, view, request)
        .title("%s has ARP switched off", dev)
        .explanation(
            "With the flag NOARP a device takes ARP frames and frees them unread: no reply, no drop"
                + " reason, no log.")
        .proves(Evidence.Kind.DEVICE, "%s has the flag NOARP (flags 0x%x)", dev, hop.devFlags())
        .fix(fix(view, request, List.of(command), "%s then answers and asks.".formatted(dev)));
  }

  private static FindingBuilder ignored(
      ConversationView view,
      ConversationKey.Neighbour neighbour,
      Journey request,
      ArpSettings settings) {
    String dev = settings.device();
    String target = InetAddresses.toAddrString(neighbour.target());
    return builder(Cause.ARP_IGNORED, view, request)
        .title("%s does not answer for %s: arp_ignore is %d", dev, target, settings.ignoreMode())
        .explanation(
            "%s is an address of this namespace, but %s. Such a request ends in silence: no reply,"
                + " no drop reason, no log.",
            target, settings.meaning())
        .proves(
            Evidence.Kind.SYSCTL,
            "arp_ignore: %s=%d, all=%d; the maximum counts: %d",
            dev,
            settings.value(dev, ArpSettings.IGNORE),
            settings.value(ArpSettings.ALL, ArpSettings.IGNORE),
            settings.ignoreMode())
        .proves(Evidence.Kind.ADDRESS, "%s", settings.owner(neighbour.target()))
        .fix(
            fix(
                view,
                request,
                settings.commands(ArpSettings.IGNORE),
                "Until the next boot. Load balancers that answer without their director rely on"
                    + " arp_ignore."));
  }

  private static FindingBuilder filtered(
      ConversationView view,
      ConversationKey.Neighbour neighbour,
      Journey request,
      ArpSettings settings) {
    String dev = settings.device();
    String requester = InetAddresses.toAddrString(neighbour.requester());
    return builder(Cause.ARP_FILTERED, view, request)
        .title("%s does not answer %s: arp_filter is on", dev, requester)
        .explanation(
            "With arp_filter a device answers only whom the namespace would reach through it. The"
                + " route to %s leads out of another device. Such a request ends in silence.",
            requester)
        .proves(
            Evidence.Kind.SYSCTL,
            "arp_filter: %s=%d, all=%d; either counts: on",
            dev,
            settings.value(dev, ArpSettings.FILTER),
            settings.value(ArpSettings.ALL, ArpSettings.FILTER))
        .proves(Evidence.Kind.ADDRESS, "%s", settings.othersTowards(neighbour.requester()))
        .fix(
            fix(
                view,
                request,
                settings.commands(ArpSettings.FILTER),
                "Until the next boot. %s then answers for all addresses of this namespace."
                    .formatted(dev)));
  }

  private static FindingBuilder builder(Cause cause, ConversationView view, Journey request) {
    return new FindingBuilder(cause, Verdict.REFUSED, Confidence.INFERRED)
        .hook(Hook.CONSUME_SKB.kernelName())
        .proves(
            Evidence.Kind.PACKETS,
            "%s: %d seen, %d answered",
            request.summary(),
            count(view),
            view.conversation().replyCount());
  }

  private static Optional<Fix> fix(
      ConversationView view, Journey request, List<String> commands, String note) {
    return Optional.of(NeighbourFlush.after(new Fix(commands, note), view, request));
  }
}
