// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * netif_rx: a device hands an skb to the CPU backlog (net/core/dev.c, netif_rx_internal). The
 * tracepoint exists in all supported kernels, 5.10 to 7.3. The program records each skb.
 */
#include "emit.h"

static __always_inline int on_netif_rx(const __u64 *args)
{
	return vt_filter_and_emit_received(VT_HOOK_NETIF_RX, (struct sk_buff *)args[0]);
}

SEC("tp_btf/netif_rx")
int netif_rx_tp_btf(const __u64 *args)
{
	return on_netif_rx(args);
}

SEC("raw_tp/netif_rx")
int netif_rx_raw_tp(const __u64 *args)
{
	return on_netif_rx(args);
}
