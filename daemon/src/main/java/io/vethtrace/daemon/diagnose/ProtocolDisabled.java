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

/**
 * A device on which IPv6 is off drops all that comes by IPv6 (net/ipv6/ip6_input.c, ip6_rcv_core):
 * reason IPV6DISABLED in 6.1 and newer.
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
    return question.drops().stream()
        .filter(journey -> isForSomebody(question, journey))
        .filter(journey -> isDisabled(question, journey.last()))
        .findFirst()
        .map(journey -> finding(question, journey));
  }

  /** Not what IPv6 says on every link by itself, which is for nobody in particular. */
  private static boolean isForSomebody(Case question, Journey journey) {
    return question.isNeighbour()
        || Header.of(journey.first()).filter(header -> !header.toMany()).isPresent();
  }

  private static boolean isDisabled(Case question, Event drop) {
    boolean mayBe =
        switch (question.snapshot().reason(drop)) {
          case REASON -> true;
          case "", "NOT_SPECIFIED" -> PLACES.contains(question.snapshot().place(drop));
          default -> false;
        };
    return mayBe && question.sysctl(drop.netns(), key(question, drop)).orElse(0) != 0;
  }

  private static String key(Case question, Event drop) {
    return Sysctl.ipv6Conf(question.snapshot().deviceName(drop), SETTING);
  }

  private static Finding finding(Case question, Journey journey) {
    Event drop = journey.last();
    String key = key(question, drop);
    return new Draft(Cause.PROTOCOL_DISABLED, Verdict.REFUSED, Confidence.OBSERVED)
        .title("IPv6 is off on %s", drop.ifname())
        .explanation(
            "%s is 1: the device has no IPv6 address, and the kernel drops all IPv6 packets that it"
                + " receives, neighbour solicitations too.",
            key)
        .hook(Hook.KFREE_SKB.kernelName())
        .dropReason(question.snapshot().reason(drop))
        .proves(Evidence.Kind.SYSCTL, "%s: 1", key)
        .proves(Evidence.Kind.DROP, "%s", Words.drop(question, drop))
        .proves(Evidence.Kind.PACKETS, "dropped: %s", journey.summary())
        .fix(question.commandPrefix(drop.netns()).map(prefix -> fix(prefix, key)))
        .at(drop, journey, question, question.drops().size());
  }

  private static Fix fix(String prefix, String key) {
    return new Fix(
        List.of("%ssysctl -w %s".formatted(prefix, ShellWord.of(key + "=0"))),
        "Until the next boot. The device then gets a link-local address, and others if routers"
            + " announce prefixes and accept_ra is on.");
  }
}
