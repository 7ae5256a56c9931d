package io.vethtrace.daemon.diagnose;

import io.vethtrace.daemon.kernel.ShellWord;
import io.vethtrace.daemon.kernel.Sysctl;
import io.vethtrace.daemon.trace.Event;
import io.vethtrace.daemon.trace.Header;
import io.vethtrace.daemon.trace.Hook;
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
final class ProtocolDisabled implements Rule {
  private static final String REASON = "IPV6DISABLED";
  private static final String SETTING = "disable_ipv6";
  private static final Set<String> PLACES = Set.of("ip6_rcv_core", "ipv6_rcv");

  @Override
  public Optional<Finding> apply(Case question) {
    if (question.answered()) {
      return Optional.empty();
    }
    Stream<Journey> dropped =
        question.drops().stream()
            .filter(journey -> isForSomebody(question, journey))
            .filter(journey -> isDropByThis(question, journey.last()));
    Stream<Journey> refused =
        question.conversation().requests().stream()
            .filter(journey -> journey.last().hook() == Hook.FIB6_TABLE_LOOKUP)
            .filter(journey -> RouteVerdict.ofLookup(question, journey).isPresent());
    return Stream.concat(dropped, refused)
        .filter(journey -> isDisabled(question, journey.last()))
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  /** Not what IPv6 says on every link by itself, which is for nobody in particular. */
  private static boolean isForSomebody(Case question, Journey journey) {
    return question.isNeighbour()
        || Header.of(journey.first()).filter(header -> !header.toMany()).isPresent();
  }

  private static boolean isDropByThis(Case question, Event drop) {
    return switch (question.snapshot().reason(drop)) {
      case REASON -> true;
      case "", "NOT_SPECIFIED" -> PLACES.contains(question.snapshot().place(drop));
      default -> false;
    };
  }

  /**
   * Of a look-up only where its socket is bound to a device: else it is not known which is meant.
   */
  private static boolean isDisabled(Case question, Event end) {
    return end.ifindex() != 0 && question.sysctl(end.netns(), key(question, end)).orElse(0) != 0;
  }

  private static String key(Case question, Event drop) {
    return Sysctl.ipv6Conf(question.snapshot().deviceName(drop), SETTING);
  }

  private static Finding finding(Case question, Journey journey) {
    Event end = journey.last();
    String device = question.snapshot().deviceName(end);
    String key = key(question, end);
    Draft draft =
        new Draft(Cause.PROTOCOL_DISABLED, Verdict.REFUSED, Confidence.OBSERVED)
            .title("IPv6 is off on %s", device)
            .explanation(
                "%s is 1: the device has no IPv6 address and no route, and the kernel drops all"
                    + " IPv6 packets that it receives, neighbour solicitations too.",
                key)
            .hook(end.hook().kernelName())
            .on(device)
            .proves(Evidence.Kind.SYSCTL, "%s: 1", key);
    if (end.hook().isLookup()) {
      draft.proves(Evidence.Kind.RETURN_VALUE, "%s", Words.lookup(journey));
    } else {
      draft
          .dropReason(question.snapshot().reason(end))
          .proves(Evidence.Kind.DROP, "%s", Words.drop(question, end))
          .proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary());
    }
    return draft
        .fix(
            question
                .commandPrefix(end.netns())
                .map(prefix -> AskAgain.after(fix(prefix, key), question, journey)))
        .at(end, journey, question, question.conversation().requestCount());
  }

  private static Fix fix(String prefix, String key) {
    return new Fix(
        List.of("%ssysctl -w %s".formatted(prefix, ShellWord.of(key + "=0"))),
        "Until the next boot. The device then gets a link-local address, and others if routers"
            + " announce prefixes and accept_ra is on.");
  }
}
