package io.vethtrace.daemon.diagnose.link;

import com.google.common.net.InetAddresses;
import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.diagnose.model.ConversationView;
import io.vethtrace.daemon.diagnose.model.Evidence;
import io.vethtrace.daemon.diagnose.model.EvidenceText;
import io.vethtrace.daemon.diagnose.model.Finding;
import io.vethtrace.daemon.diagnose.model.FindingBuilder;
import io.vethtrace.daemon.diagnose.model.PeerDevice;
import io.vethtrace.daemon.diagnose.model.Rule;
import io.vethtrace.daemon.diagnose.model.RuleDeclaration;
import io.vethtrace.daemon.diagnose.model.Verdict;
import io.vethtrace.daemon.diagnose.route.RouteQueries;
import io.vethtrace.daemon.diagnose.route.RouteRefusal;
import io.vethtrace.daemon.kernel.netns.Device;
import io.vethtrace.daemon.kernel.netns.NetnsFacts;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Journey;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A packet found no route because the device with its subnet is down, and the subnet's route went
 * with it (net/ipv4/fib_frontend.c, fib_disable_ip; net/ipv6/addrconf.c, addrconf_ifdown): one that
 * a router was to forward, or one that a program was to send, of which there is only the look-up.
 */
public final class SubnetDown implements Rule {
  private static final RuleDeclaration DECLARATION =
      RuleDeclaration.givesOthers(Cause.LINK_DOWN).needing(RouteQueries.OF_LOOKUPS);

  private static final Set<String> REASONS = Set.of("IP_INNOROUTES", "IP_OUTNOROUTES");

  /**
   * Functions in which kernels without these reasons free packets that have no route
   * (net/ipv4/route.c, net/ipv6).
   */
  private static final Set<String> LOCATIONS =
      Set.of("ip_error", "ip6_pkt_drop", "ip6_pkt_discard");

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
            .filter(_ -> view.expectsAnswer())
            .filter(journey -> hadNoRoute(view, journey.last()));
    Stream<Journey> refused =
        view.conversation().requests().stream().filter(journey -> foundNone(view, journey));
    return Stream.concat(dropped, refused)
        .flatMap(journey -> finding(view, journey).stream())
        .findFirst();
  }

  private static boolean hadNoRoute(ConversationView view, Event drop) {
    return REASONS.contains(view.snapshot().reason(drop))
        || (view.isReasonless(drop) && LOCATIONS.contains(view.snapshot().location(drop)));
  }

  /** Returns true if it is a look-up that no route answers, and not one that a route refuses. */
  private static boolean foundNone(ConversationView view, Journey journey) {
    return RouteRefusal.ofLookup(view, journey)
        .filter(refusal -> refusal.cause() == Cause.NO_ROUTE)
        .isPresent();
  }

  private static Optional<Finding> finding(ConversationView view, Journey journey) {
    boolean reply = view.conversation().replies().contains(journey);
    InetAddress to = reply ? view.key().requester() : view.key().target();
    return view.snapshot()
        .netns(journey.last().netns())
        .filter(facts -> with(facts, to, Device::up).isEmpty())
        .flatMap(facts ->
            with(facts, to, device -> !device.up())
                .map(device -> finding(view, journey, facts, device, to)));
  }

  private static Optional<Device> with(
      NetnsFacts facts, InetAddress to, Predicate<Device> condition) {
    return facts.devices().stream()
        .filter(condition)
        .filter(device ->
            facts
                .details()
                .linkLayer()
                .addressesOf(device.ifindex())
                .anyMatch(address -> address.reaches(to)))
        .findFirst();
  }

  private static Finding finding(
      ConversationView view, Journey journey, NetnsFacts facts, Device device, InetAddress to) {
    Event end = journey.last();
    boolean isLookup = end instanceof Event.RouteLookup;
    String proof =
        end instanceof Event.RouteLookup lookup
            ? EvidenceText.lookup(lookup, journey)
            : EvidenceText.freed(view, journey);
    String target = InetAddresses.toAddrString(to);
    return new FindingBuilder(
            Cause.LINK_DOWN, isLookup ? Verdict.REFUSED : Verdict.DROPPED, Confidence.OBSERVED)
        .title("%s is down, and with it the route to %s", device.name(), target)
        .explanation(
            "%s is in a subnet of %s. The kernel takes a subnet's route away while its device is"
                + " down, so the packet found none.",
            target, device.name())
        .hook(end.hook().kernelName())
        .dropReason(isLookup ? "" : view.snapshot().reason(end))
        .proves(isLookup ? Evidence.Kind.RETURN_VALUE : Evidence.Kind.DROP, "%s", proof)
        .proves(
            Evidence.Kind.DEVICE,
            "%s in namespace %s is not up",
            device.name(),
            facts.displayName())
        .proves(Evidence.Kind.ADDRESS, "%s", subnet(facts, device, to))
        .fix(Optional.of(PeerDevice.setUp(facts, device)))
        .at(
            facts,
            device,
            journey,
            isLookup ? view.conversation().requestCount() : view.drops().size());
  }

  private static String subnet(NetnsFacts facts, Device device, InetAddress to) {
    return facts
        .details()
        .linkLayer()
        .addressesOf(device.ifindex())
        .filter(address -> address.reaches(to))
        .map(address ->
            "%s has %s/%d, whose subnet %s is in"
                .formatted(
                    device.name(),
                    InetAddresses.toAddrString(address.address()),
                    address.prefixLength(),
                    InetAddresses.toAddrString(to)))
        .findFirst()
        .orElseThrow();
  }
}
