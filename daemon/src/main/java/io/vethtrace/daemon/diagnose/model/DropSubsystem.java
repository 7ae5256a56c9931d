package io.vethtrace.daemon.diagnose.model;

import com.google.common.collect.ImmutableSet;
import io.vethtrace.daemon.trace.Event;

/**
 * The part of the kernel that dropped a packet by configuration. It is recognised by the reason or,
 * if the kernel gives none that says more (before 5.17 and in many places later), by the function
 * that freed the skb.
 */
public enum DropSubsystem {
  NETFILTER(
      ImmutableSet.of("NETFILTER_DROP"),
      // net/netfilter/core.c; net/netfilter/nf_tables_core.c (6.18); net/bridge/br_input.c;
      // net/netfilter/nf_queue.c; the tables of iptables-legacy
      ImmutableSet.of(
          "nf_hook_slow",
          "nft_do_chain",
          "nf_hook_bridge_pre",
          "nf_queue",
          "nf_reinject",
          "ipt_do_table",
          "ip6t_do_table",
          "arpt_do_table",
          "ebt_do_table")),
  TC_INGRESS(
      ImmutableSet.of("TC_INGRESS"),
      // net/core/dev.c: sch_handle_ingress, inlined where it has one caller
      ImmutableSet.of("__netif_receive_skb_core", "sch_handle_ingress")),
  TC_EGRESS(ImmutableSet.of("TC_EGRESS"), ImmutableSet.of("__dev_queue_xmit", "sch_handle_egress")),
  XDP(
      ImmutableSet.of("XDP"),
      // net/core/dev.c; drivers/net/veth.c, which gives no reason up to 7.3; with what they inline
      ImmutableSet.of(
          "do_xdp_generic", "netif_receive_generic_xdp", "veth_xdp_rcv_skb", "veth_poll")),
  QDISC(
      // include/net/dropreason-core.h; the exact ones came in 6.14
      ImmutableSet.of(
          "QDISC_DROP",
          "QDISC_OVERLIMIT",
          "QDISC_CONGESTED",
          "QDISC_BURST_DROP",
          "CAKE_FLOOD",
          "FQ_BAND_LIMIT",
          "FQ_FLOW_LIMIT"),
      // net/core/dev.c, __dev_xmit_skb frees what enqueue refused
      ImmutableSet.of("kfree_skb_list")),
  OTHER(ImmutableSet.of(), ImmutableSet.of());

  private final ImmutableSet<String> reasons;
  private final ImmutableSet<String> places;

  DropSubsystem(ImmutableSet<String> reasons, ImmutableSet<String> places) {
    this.reasons = reasons;
    this.places = places;
  }

  /** The kind of drop that {@code end} is. */
  public static DropSubsystem of(EventNames names, Event end) {
    if (!(end instanceof Event.Drop)) {
      return OTHER;
    }
    String reason = names.reason(end);
    for (DropSubsystem kind : values()) {
      boolean byPlace = reason.isEmpty() || reason.equals("NOT_SPECIFIED");
      if (kind.reasons.contains(reason) || (byPlace && kind.places.contains(names.location(end)))) {
        return kind;
      }
    }
    return OTHER;
  }
}
