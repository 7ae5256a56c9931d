package io.vethtrace.daemon.diagnose.route;

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
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An address of 127/8 met a device other than lo, which route_localnet alone permits. On the way in
 * it is a martian (ip_route_input_slow, net/ipv4/route.c; reason IP_LOCALNET since 6.13); on the
 * way out __mkroute_output refuses, so that no packet is made.
 */
public final class LocalnetRefused implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
          new DeclaredCause(
              Cause.LOCALNET,
              Detection.BY_DROP,
              """
              An address of 127/8 meets a device other than lo, without `route_localnet` \
              (`ip_route_input_slow`; on the way out `__mkroute_output`).\
              """,
              """
              `IP_LOCALNET`, or the location and the address; on the way out the look-up \
              that leads out of the host (INFERRED).\
              """,
              """
              `route_localnet=1` on the receiving device, only for a destination in \
              127/8.\
              """));

  private static final Set<String> LOCATIONS =
      Set.of("ip_rcv_finish_core", "ip_rcv_finish", "ip_rcv", "ip_list_rcv_finish");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    return view.packets()
        .filter(journey -> isMartian(view, journey) || isLeaving(journey.last()))
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static boolean isMartian(ConversationView view, Journey journey) {
    Event end = journey.last();
    return end instanceof Event.Drop
        && switch (view.snapshot().reason(end)) {
          case "IP_LOCALNET" -> true;
          case "", "NOT_SPECIFIED" -> LOCATIONS.contains(view.snapshot().location(end));
          default -> false;
        };
  }

  private static boolean isLeaving(Event end) {
    return end instanceof Event.RouteLookup lookup && lookup.result() == 0;
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    Event end = journey.last();
    return view.snapshot()
        .netns(end.netns())
        .filter(facts -> isOff(facts, view.snapshot().deviceName(end)))
        .flatMap(facts -> loopback(end).map(ip -> finding(view, journey, facts, ip)));
  }

  private static boolean isOff(NetnsFacts facts, String device) {
    return isZero(facts, device) && isZero(facts, DeviceSysctl.ALL);
  }

  private static boolean isZero(NetnsFacts facts, String device) {
    return facts.details().sysctls().ipv4Conf(device, "route_localnet").orElse(1) == 0;
  }

  private static Optional<IpHeader> loopback(Event end) {
    return IpHeader.of(end)
        .filter(ip -> ip.version() == 4)
        .filter(ip -> ip.source().isLoopbackAddress() || ip.destination().isLoopbackAddress());
  }

  private static Finding finding(
      ConversationView view, Journey journey, NetnsFacts facts, IpHeader ip) {
    Event end = journey.last();
    boolean dropped = end instanceof Event.Drop;
    String device = view.snapshot().deviceName(end);
    FindingBuilder builder =
        new FindingBuilder(
                Cause.LOCALNET,
                dropped ? Verdict.DROPPED : Verdict.REFUSED,
                dropped ? Confidence.OBSERVED : Confidence.INFERRED)
            .title("%s", title(end, ip, dropped))
            .explanation("%s", explanation(ip, device))
            .hook(end.hook().kernelName())
            .dropReason(view.snapshot().reason(end))
            .proves(Evidence.Kind.SYSCTL, "route_localnet: %s=0, all=0; either counts", device)
            .proves(
                Evidence.Kind.DROP,
                "%s",
                dropped
                    ? EvidenceText.drop(view, end)
                    : "the route of %s leads out of %s".formatted(journey.summary(), device));
    if (ip.destination().isLoopbackAddress()) {
      builder.fix(Optional.of(fix(facts, device)));
    }
    return builder.at(end, journey, view, view.conversation().requestCount());
  }

  private static String title(Event end, IpHeader ip, boolean dropped) {
    return ip.source().isLoopbackAddress()
        ? "%s: %s may not be the source of what goes over a link"
            .formatted(end.ifname(), text(ip.source()))
        : "%s refuses packets to %s%s"
            .formatted(
                end.ifname(),
                text(ip.destination()),
                dropped ? ", which may not come in over a link" : "");
  }

  private static String explanation(IpHeader ip, String device) {
    String cure =
        ip.source().isLoopbackAddress()
            ? "The sender has to use another address of its host: it would get no answer to this"
                + " one anyway."
            : "A rule of address translation sends the packet there. Let the server listen on an address of %s as well, or permit it."
                .formatted(device);
    return "Addresses of 127/8 stay within their host (RFC 1122 3.2.1.3), unless route_localnet is"
        + " on for the device. "
        + cure;
  }

  private static Fix fix(NetnsFacts facts, String device) {
    String key = DeviceSysctl.ipv4Conf(device, "route_localnet");
    return new Fix(
        List.of(facts.commandPrefix() + "sysctl -w " + ShellWord.of(key + "=1")),
        "Until the next boot. Whoever is on the link of %s can then reach what listens on 127.0.0.1, unless a packet filter keeps them from it."
            .formatted(device));
  }

  private static String text(InetAddress address) {
    return InetAddresses.toAddrString(address);
  }
}
