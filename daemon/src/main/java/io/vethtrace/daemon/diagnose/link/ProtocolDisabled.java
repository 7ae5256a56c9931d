package io.vethtrace.daemon.diagnose.link;

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
import io.vethtrace.daemon.diagnose.neighbour.NeighbourFlush;
import io.vethtrace.daemon.diagnose.route.RouteQueries;
import io.vethtrace.daemon.diagnose.route.RouteRefusal;
import io.vethtrace.daemon.kernel.shell.ShellWord;
import io.vethtrace.daemon.kernel.sysctl.DeviceSysctl;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Hook;
import io.vethtrace.daemon.trace.IpHeader;
import io.vethtrace.daemon.trace.Journey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A device on which IPv6 is off drops all that comes by IPv6 (net/ipv6/ip6_input.c, ip6_rcv_core):
 * reason IPV6DISABLED in 6.1 and newer. It has no address and no route either (net/ipv6/addrconf.c,
 * addrconf_ifdown), so that what a program sends by it is refused.
 */
public final class ProtocolDisabled implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.owns(
              new DeclaredCause(
                  Cause.PROTOCOL_DISABLED,
                  Detection.BY_DROP,
                  """
                  A device on which IPv6 is off drops all IPv6 packets \
                  (net/ipv6/ip6_input.c, `ip6_rcv_core`).\
                  """,
                  """
                  The reason `IPV6DISABLED`, or the location, and `disable_ipv6=1` on the \
                  device.\
                  """,
                  "`disable_ipv6=0` on the device."))
          .needing(RouteQueries.OF_LOOKUPS);

  private static final String REASON = "IPV6DISABLED";
  private static final String SETTING = "disable_ipv6";
  private static final Set<String> LOCATIONS = Set.of("ip6_rcv_core", "ipv6_rcv");

  @Override
  public RuleDeclaration declaration() {
    return DECLARATION;
  }

  @Override
  public Optional<Finding> apply(ConversationView view) {
    if (view.answered()) {
      return Optional.empty();
    }
    Stream<Journey> dropped =
        view.drops().stream()
            .filter(journey -> isForSomebody(view, journey))
            .filter(journey -> isDropByThis(view, journey.last()));
    Stream<Journey> refused =
        view.conversation().requests().stream()
            .filter(journey -> journey.last().hook() == Hook.FIB6_TABLE_LOOKUP)
            .filter(journey -> RouteRefusal.ofLookup(view, journey).isPresent());
    return Stream.concat(dropped, refused)
        .filter(journey -> isDisabled(view, journey.last()))
        .findFirst()
        .map(journey -> finding(view, journey));
  }

  /**
   * Excludes packets that IPv6 sends on every link by itself, which are for nobody in particular.
   */
  private static boolean isForSomebody(ConversationView view, Journey journey) {
    return view.isNeighbour()
        || IpHeader.of(journey.first()).filter(header -> !header.toMany()).isPresent();
  }

  private static boolean isDropByThis(ConversationView view, Event drop) {
    return switch (view.snapshot().reason(drop)) {
      case REASON -> true;
      case "", "NOT_SPECIFIED" -> LOCATIONS.contains(view.snapshot().location(drop));
      default -> false;
    };
  }

  /**
   * Returns true if IPv6 is off on the device. A look-up counts only if its socket is bound to a
   * device: otherwise the device is not known.
   */
  private static boolean isDisabled(ConversationView view, Event end) {
    return end.ifindex() != 0 && view.sysctl(end.netns(), key(view, end)).orElse(0) != 0;
  }

  private static String key(ConversationView view, Event drop) {
    return DeviceSysctl.ipv6Conf(view.snapshot().deviceName(drop), SETTING);
  }

  private static Finding finding(ConversationView view, Journey journey) {
    Event end = journey.last();
    String device = view.snapshot().deviceName(end);
    String key = key(view, end);
    FindingBuilder builder =
        new FindingBuilder(Cause.PROTOCOL_DISABLED, Verdict.REFUSED, Confidence.OBSERVED)
            .title("IPv6 is off on %s", device)
            .explanation(
                "%s is 1: the device has no IPv6 address and no route, and the kernel drops all"
                    + " IPv6 packets that it receives, neighbour solicitations too.",
                key)
            .hook(end.hook().kernelName())
            .on(device)
            .proves(Evidence.Kind.SYSCTL, "%s: 1", key);
    if (end instanceof Event.RouteLookup lookup) {
      builder.proves(Evidence.Kind.RETURN_VALUE, "%s", EvidenceText.lookup(lookup, journey));
    } else {
      builder
          .dropReason(view.snapshot().reason(end))
          .proves(Evidence.Kind.DROP, "%s", EvidenceText.drop(view, end))
          .proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary());
    }
    return builder
        .fix(
            view.commandPrefix(end.netns())
                .map(prefix -> NeighbourFlush.after(fix(prefix, key), view, journey)))
        .at(end, journey, view, view.conversation().requestCount());
  }

  private static Fix fix(String prefix, String key) {
    return new Fix(
        List.of("%ssysctl -w %s".formatted(prefix, ShellWord.of(key + "=0"))),
        "Until the next boot. The device then gets a link-local address, and others if routers"
            + " announce prefixes and accept_ra is on.");
  }
}
