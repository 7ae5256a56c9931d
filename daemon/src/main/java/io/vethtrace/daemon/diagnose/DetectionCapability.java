package io.vethtrace.daemon.diagnose;

import static io.vethtrace.daemon.diagnose.model.Cause.INVALID_SOURCE;
import static io.vethtrace.daemon.diagnose.model.Cause.LOOPBACK_DOWN;
import static io.vethtrace.daemon.diagnose.model.Cause.NEIGHBOUR_UNANSWERED;
import static io.vethtrace.daemon.diagnose.model.Cause.OTHER_DROP;
import static io.vethtrace.daemon.diagnose.model.Cause.REVERSE_PATH_FILTER;
import static io.vethtrace.daemon.diagnose.model.Cause.SOURCE_ADDRESS_IS_LOCAL;
import static io.vethtrace.daemon.diagnose.model.Cause.UNKNOWN;

import io.vethtrace.daemon.diagnose.model.Cause;
import io.vethtrace.daemon.diagnose.model.Confidence;
import io.vethtrace.daemon.kernel.drop.DropReasons;
import io.vethtrace.daemon.kernel.drop.SourceCheckResult;
import io.vethtrace.daemon.trace.Hook;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a family of causes will be found with the probe points that this kernel allows. What the
 * rules need stands in the rules; this says it before there is a packet.
 *
 * @param confidence empty where the causes cannot be found at all
 * @param why what they rest on, or what is missing
 */
public record DetectionCapability(List<Cause> causes, Optional<Confidence> confidence, String why) {
  /** What a drop's reason, place and device tell. */
  private static final List<Cause> BY_DROPS =
      List.of(
          LOOPBACK_DOWN,
          Cause.LINK_DOWN,
          Cause.PEER_DOWN,
          Cause.NO_ROUTE,
          Cause.BLACKHOLE_ROUTE,
          Cause.UNREACHABLE_ROUTE,
          Cause.PROHIBITED_ROUTE,
          Cause.FORWARDING_DISABLED,
          Cause.TTL_EXPIRED,
          Cause.MTU_EXCEEDED,
          Cause.LOCALNET,
          Cause.NETFILTER,
          Cause.TC_FILTER,
          Cause.XDP,
          Cause.QUEUE_FULL,
          Cause.QUEUE_DISCARDS,
          Cause.NOT_FOR_THIS_HOST,
          Cause.BRIDGE_PORT,
          Cause.NO_LISTENER,
          Cause.SOCKET_BUFFER_FULL,
          Cause.BAD_CHECKSUM,
          Cause.CPU_BACKLOG_FULL,
          Cause.PROTOCOL_DISABLED,
          OTHER_DROP);

  /** What ends in silence: only the settings of who got the packet tell. */
  private static final List<Cause> BY_SETTINGS =
      List.of(
          Cause.ARP_IGNORED,
          Cause.ARP_FILTERED,
          Cause.BRIDGE_VLAN,
          Cause.LISTEN_QUEUE_FULL,
          Cause.ECHO_IGNORED);

  public DetectionCapability {
    causes = List.copyOf(causes);
  }

  /**
   * What the rules will have.
   *
   * @param seen probe points that some mechanism reaches
   * @param placesNamed whether the place of a drop has a name
   * @param settingsReadable whether addresses and settings of every namespace can be read
   */
  public record Sight(
      Set<Hook> seen, DropReasons reasons, boolean placesNamed, boolean settingsReadable) {
    boolean sees(Hook hook) {
      return seen.contains(hook);
    }

    private boolean seesReason(String name) {
      return sees(Hook.KFREE_SKB) && reasons.number(name).isPresent();
    }
  }

  /** Every cause, in the order of the rules. */
  public static List<DetectionCapability> of(Sight sight) {
    if (sight.seen().isEmpty()) {
      return List.of(not(List.of(Cause.values()), "nothing can be watched"));
    }
    return List.of(
        refusedSource(sight),
        invalidSource(sight),
        drops(sight),
        settings(sight),
        neighbour(sight),
        silence(sight));
  }

  private static DetectionCapability refusedSource(Sight sight) {
    List<Cause> causes = List.of(SOURCE_ADDRESS_IS_LOCAL, REVERSE_PATH_FILTER);
    if (sight.sees(Hook.FIB_VALIDATE_SOURCE)) {
      return sight.settingsReadable()
          ? observed(causes, "the result of fib_validate_source")
          : observed(causes, "fib_validate_source; whose address it is cannot be read");
    }
    String ip = sight.seesReason(SourceCheckResult.IP_RPFILTER) ? "; of IP packets OBSERVED" : "";
    if (sight.settingsReadable() && sight.seen().stream().anyMatch(Hook::isReceive)) {
      return inferred(causes, "ARP requests, from settings and addresses" + ip);
    }
    return ip.isEmpty()
        ? not(causes, "neither fib_validate_source nor settings can be read")
        : observed(causes, "of IP packets, by their drop reason");
  }

  private static DetectionCapability invalidSource(Sight sight) {
    List<Cause> causes = List.of(INVALID_SOURCE);
    if (sight.sees(Hook.FIB_VALIDATE_SOURCE)) {
      return observed(causes, "the result of fib_validate_source");
    }
    return sight.seesReason(SourceCheckResult.IP_INVALID_SOURCE)
        ? observed(causes, "of IP packets, by their drop reason")
        : not(causes, "fib_validate_source is blind, drops have no such reason");
  }

  private static DetectionCapability drops(Sight sight) {
    List<Cause> causes = BY_DROPS;
    if (!sight.sees(Hook.KFREE_SKB)) {
      return not(causes, "kfree_skb is blind");
    }
    String named = sight.placesNamed() ? "named place" : "numeric place";
    return sight.reasons().areNamed()
        ? observed(causes, "drops, with reason and " + named)
        : observed(causes, "drops, with " + named + " and no reason");
  }

  private static DetectionCapability settings(Sight sight) {
    return sight.settingsReadable() && sight.seen().stream().anyMatch(Hook::isReceive)
        ? inferred(BY_SETTINGS, "what arrives and gets no answer, and settings")
        : not(BY_SETTINGS, "needs what arrives, and settings");
  }

  private static DetectionCapability neighbour(Sight sight) {
    List<Cause> causes = List.of(NEIGHBOUR_UNANSWERED);
    boolean failureNamed = sight.seesReason("NEIGH_FAILED") || sight.placesNamed();
    if (sight.sees(Hook.KFREE_SKB) && failureNamed) {
      return observed(causes, "the death of the packet that waited");
    }
    return sight.sees(Hook.VETH_XMIT)
        ? inferred(causes, "ARP requests that get no reply")
        : not(causes, "neither kfree_skb nor veth_xmit can be watched");
  }

  private static DetectionCapability silence(Sight sight) {
    List<Cause> causes = List.of(UNKNOWN);
    return sight.sees(Hook.VETH_XMIT) || sight.sees(Hook.LOOPBACK_XMIT)
        ? inferred(causes, "requests that get no reply")
        : not(causes, "no request can be watched as it leaves");
  }

  private static DetectionCapability observed(List<Cause> causes, String why) {
    return new DetectionCapability(causes, Optional.of(Confidence.OBSERVED), why);
  }

  private static DetectionCapability inferred(List<Cause> causes, String why) {
    return new DetectionCapability(causes, Optional.of(Confidence.INFERRED), why);
  }

  private static DetectionCapability not(List<Cause> causes, String why) {
    return new DetectionCapability(causes, Optional.empty(), why);
  }
}
