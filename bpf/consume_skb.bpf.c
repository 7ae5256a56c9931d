// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * consume_skb: the kernel frees an skb without dropping it (include/trace/events/skb.h). The
 * tracepoint exists in all supported kernels, 5.10 to 7.3, and passes its location since 6.3
 * (dd1b527831a3). The program records each packet that ends well and the location that freed it.
 * It counts as filtered an skb without a device: the host never received it, or a program has
 * read it from a socket.
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
