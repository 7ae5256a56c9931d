// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * kfree_skb: the kernel drops an skb (include/trace/events/skb.h). The tracepoint exists in all
 * supported kernels, 5.10 to 7.3. It passes the reason since 5.17 and the receiving socket since
 * 6.11. The program records each dropped packet with its location and reason, and counts it.
 * It counts as filtered an skb whose reason is no drop, an skb with neither device nor network
 * header, which is no packet (netlink and Unix sockets use skbs too), and the skb of a route query.
 */
#include "emit.h"
#include "packet_counters.h"

struct drop {
	struct sk_buff *skb;
	void *location;
	struct sock *rx_sk;
	__u32 reason;
	bool has_reason;
};

/* Reads the tracepoint's arguments, as many as this kernel passes. */
static __always_inline struct drop drop_of(const __u64 *args)
{
	struct drop drop = {
		.skb = (struct sk_buff *)args[0],
		.location = (void *)args[1],
	};

	if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, reason)) {
		drop.reason = args[2];
		drop.has_reason = true;
	}
	if (bpf_core_field_exists(struct trace_event_raw_kfree_skb, rx_sk))
		drop.rx_sk = (struct sock *)args[3];
	return drop;
}

/* Without a reason, or without its name in BTF, every skb is taken as a drop. */
static __always_inline bool is_no_drop(const struct drop *drop)
{
	if (!drop->has_reason ||
	    !bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED))
		return false;
	return drop->reason <
	       bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED);
}

static __always_inline bool is_no_packet(struct sk_buff *skb, struct net_device *dev)
{
	return !dev && !BPF_CORE_READ(skb, network_header);
}

static __always_inline struct net *net_of(const struct drop *drop, struct net_device *dev)
{
	struct sk_buff *skb = drop->skb;
	struct net *net;

	if (dev)
		return vt_net_of_dev(dev);
	net = vt_net_of_sk(BPF_CORE_READ(skb, sk));
	return vt_netns_of(net) ? net : vt_net_of_sk(drop->rx_sk);
}

static __always_inline bool passes_trace_filter(const struct drop *drop, struct net_device *dev,
						__u32 netns)
{
	return !is_no_packet(drop->skb, dev) && !vt_is_route_query(drop->skb) &&
	       vt_passes_netns_and_ifname(netns, dev);
}

static __always_inline int on_kfree_skb(const __u64 *args)
{
	struct drop drop = drop_of(args);
	struct net_device *dev;
	struct vt_event *event;
	struct net *net;
	__u32 netns;

	if (is_no_drop(&drop) || !vt_skb_matches_pcap_filter(drop.skb, VT_DATA_ANYWHERE)) {
		vt_count_filtered(VT_HOOK_KFREE_SKB);
		return 0;
	}
	dev = vt_dev_of_skb(drop.skb);
	net = net_of(&drop, dev);
	netns = vt_netns_of(net);
	if (!passes_trace_filter(&drop, dev, netns)) {
		vt_count_filtered(VT_HOOK_KFREE_SKB);
		return 0;
	}
	vt_count_drop(drop.skb, dev, net, drop.reason, (__u64)drop.location);
	event = vt_count_and_reserve(VT_HOOK_KFREE_SKB);
	if (!event)
		return 0;
	vt_fill_from_skb(event, drop.skb, VT_DATA_ANYWHERE);
	vt_fill_from_dev(event, dev);
	event->netns = netns;
	event->location = (__u64)drop.location;
	event->reason_or_mark = drop.reason;
	if (drop.has_reason)
		event->flags |= VT_FLAG_REASON;
	vt_submit(event);
	return 0;
}

SEC("tp_btf/kfree_skb")
int kfree_skb_tp_btf(const __u64 *args)
{
	return on_kfree_skb(args);
}

SEC("raw_tp/kfree_skb")
int kfree_skb_raw_tp(const __u64 *args)
{
	return on_kfree_skb(args);
}
