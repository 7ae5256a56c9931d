// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Every skb that enters the stack, backlog or NAPI (net/core/dev.c, __netif_receive_skb_core). */
#include "emit.h"
#include "tally.h"

static __always_inline int on_netif_receive_skb(const __u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct net_device *dev = NULL;
	bool wanted = vt_matches(skb, VT_DATA_AT_NETWORK);

	if (wanted) {
		dev = vt_dev_of_skb(skb);
		wanted = vt_wants_dev(dev);
	}
	if (!wanted) {
		vt_filter(VT_HOOK_NETIF_RECEIVE_SKB);
		return 0;
	}
	if (dev)
		vt_tally_receive(skb, dev);
	return vt_emit_wanted(VT_HOOK_NETIF_RECEIVE_SKB, skb, dev, VT_DATA_AT_NETWORK);
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
