package io.vethtrace.daemon.kernel.drop;

import java.util.Map;
import java.util.Optional;

/**
 * Drop reasons that a location stands for, for kernels without drop reasons (before 5.17). The
 * table contains only functions that free an skb for a single reason in Linux 5.10; the reasons
 * have the names that later kernels give them (include/net/dropreason-core.h).
 */
public final class DropLocations {
  private static final Map<String, String> REASONS =
      Map.of(
          "nf_hook_slow", "NETFILTER_DROP", // net/netfilter/core.c: NF_DROP
          "nf_hook_bridge_pre", "NETFILTER_DROP", // net/bridge/br_input.c: NF_DROP
          "neigh_invalidate", "NEIGH_FAILED", // net/core/neighbour.c: the queue of a failed entry
          "arp_error_report", "NEIGH_FAILED", // net/ipv4/arp.c, called by neigh_invalidate
          "ndisc_error_report", "NEIGH_FAILED", // net/ipv6/ndisc.c, likewise
          "enqueue_to_backlog", "CPU_BACKLOG", // net/core/dev.c
          "do_xdp_generic", "XDP", // net/core/dev.c
          "__udp_queue_rcv_skb", "SOCKET_RCVBUFF", // net/ipv4/udp.c: __udp_enqueue_schedule_skb
          "__udpv6_queue_rcv_skb", "SOCKET_RCVBUFF"); // net/ipv6/udp.c, likewise

  private DropLocations() {}

  /** The reason's name, without prefix; empty where the function frees for several reasons. */
  public static Optional<String> reason(String function) {
    return Optional.ofNullable(REASONS.get(function));
  }
}
