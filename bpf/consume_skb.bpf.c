// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Every packet that ends without being dropped (include/trace/events/skb.h, consume_skb). An skb
 * without a device is filtered: it was never received, or its reader has taken it from a socket.
 */
#include "emit.h"

static __always_inline int on_consume_skb(const __u64 *args)
{
	struct sk_buff *skb = (struct sk_buff *)args[0];
	struct net_device *dev = vt_passing_dev_of_skb(skb, VT_DATA_ANYWHERE);
	struct vt_event *event;

	if (!dev) {
		vt_count_filtered(VT_HOOK_CONSUME_SKB);
		return 0;
	}
	event = vt_count_and_reserve(VT_HOOK_CONSUME_SKB);
	if (!event)
		return 0;
	vt_fill_from_skb(event, skb, VT_DATA_ANYWHERE);
	vt_fill_from_dev(event, dev);
	if (bpf_core_field_exists(struct trace_event_raw_consume_skb, location))
		event->location = args[1];
	vt_submit(event);
	return 0;
}

SEC("tp_btf/consume_skb")
int consume_skb_tp_btf(const __u64 *args)
{
	return on_consume_skb(args);
}

SEC("raw_tp/consume_skb")
int consume_skb_raw_tp(const __u64 *args)
{
	return on_consume_skb(args);
}
