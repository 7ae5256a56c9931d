// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * netif_receive_skb: an skb enters the stack, from the CPU backlog or from NAPI (net/core/dev.c,
 * __netif_receive_skb_core). The tracepoint exists in all supported kernels, 5.10 to 7.3. The
 * program records each skb, and counts the frames of veths and of lo.
 */
#include "emit.h"
#include "packet_counters.h"

static __always_inline int on_netif_receive_skb(const __u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct net_device *dev = NULL;
	bool passes = vt_skb_matches_pcap_filter(skb, VT_DATA_AT_NETWORK);

	if (passes) {
		dev = vt_dev_of_skb(skb);
		passes = vt_passes_dev(dev);
	}
	if (!passes) {
		vt_count_filtered(VT_HOOK_NETIF_RECEIVE_SKB);
		return 0;
	}
	if (dev)
		vt_count_receive(skb, dev);
	return vt_emit_skb(VT_HOOK_NETIF_RECEIVE_SKB, skb, dev, VT_DATA_AT_NETWORK);
}

SEC("tp_btf/netif_receive_skb")
int netif_receive_skb_tp_btf(const __u64 *args)
{
	return on_netif_receive_skb(args);
}

SEC("raw_tp/netif_receive_skb")
int netif_receive_skb_raw_tp(const __u64 *args)
{
	return on_netif_receive_skb(args);
}
