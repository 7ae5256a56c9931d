// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Every skb that enters the stack, backlog or NAPI (net/core/dev.c, __netif_receive_skb_core). */
#include "emit.h"

static __always_inline int on_netif_receive_skb(const __u64 *args)
{
	return vt_emit_received(VT_HOOK_NETIF_RECEIVE_SKB, (struct sk_buff *)args[0]);
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
