// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * loopback_xmit: the stack hands a packet to lo (drivers/net/loopback.c). The function exists in
 * all supported kernels, 5.10 to 7.3. Where a program cannot attach to it, the tracepoint
 * net_dev_start_xmit serves. The program records each packet, and counts it.
 */
#include "emit.h"
#include "packet_counters.h"
#include <bpf/bpf_tracing.h>

static __always_inline int on_loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	if (!vt_passes_trace_filter(skb, dev, VT_DATA_AT_MAC)) {
		vt_count_filtered(VT_HOOK_LOOPBACK_XMIT);
		return 0;
	}
	vt_count_transmit(skb, dev, VT_TRAFFIC_LOOPBACK_TRANSMIT);
	return vt_emit_skb(VT_HOOK_LOOPBACK_XMIT, skb, dev, VT_DATA_AT_MAC);
}

/* net_dev_start_xmit: any device, just before its ndo_start_xmit (net/core/dev.c, xmit_one). */
static __always_inline int on_net_dev_start_xmit(const __u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct net_device *dev = (struct net_device *)args[1];

	return vt_is_loopback(dev) ? on_loopback_xmit(skb, dev) : 0;
}

SEC("fentry/loopback_xmit")
int loopback_xmit_fentry(const __u64 *args)
{
	return on_loopback_xmit((struct sk_buff *)args[0], (struct net_device *)args[1]);
}

SEC("kprobe/loopback_xmit")
int BPF_KPROBE(loopback_xmit_kprobe, struct sk_buff *skb, struct net_device *dev)
{
	return on_loopback_xmit(skb, dev);
}

SEC("tp_btf/net_dev_start_xmit")
int loopback_xmit_tp_btf(const __u64 *args)
{
	return on_net_dev_start_xmit(args);
}

SEC("raw_tp/net_dev_start_xmit")
int loopback_xmit_raw_tp(const __u64 *args)
{
	return on_net_dev_start_xmit(args);
}
