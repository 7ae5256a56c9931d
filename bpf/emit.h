/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The way from an skb to an event in the ring. A program calls vt_count_filtered for an skb that it
 * leaves out, and vt_count_and_reserve, the vt_fill functions and vt_submit for one that it
 * records.
 */
#ifndef VETHTRACE_EMIT_H
#define VETHTRACE_EMIT_H

#include "kernel_types.h"
#include "maps.h"
#include "device.h"
#include "trace_filter.h"
#include "packet.h"

/*
 * "GPL" means GPL-2.0 in any form (Documentation/process/license-rules.rst). The kernel requires it
 * for bpf_probe_read_kernel, which is gpl_only. GPL-2.0 is one of the licences of this source.
 */
char LICENSE[] SEC("license") = "GPL";

/* Atomic, because an interrupt can run the same program on the same CPU in the middle of it. */
static __always_inline void vt_increment(__u64 *counter)
{
	__sync_fetch_and_add(counter, 1);
}

static __always_inline struct vt_hook_counters *vt_hook_counters_of(enum vt_hook hook)
{
	__u32 index = hook;

	return bpf_map_lookup_elem(&vt_hook_counts, &index);
}

/* Counts an skb that the trace filter or the hook's own conditions exclude. */
static __always_inline void vt_count_filtered(enum vt_hook hook)
{
	struct vt_hook_counters *counters = vt_hook_counters_of(hook);

	if (!counters)
		return;
	vt_increment(&counters->hits);
	vt_increment(&counters->filtered);
}

/* Counts an skb whose event cannot be made, because the program missed a part of it. */
static __always_inline void vt_count_lost(enum vt_hook hook)
{
	struct vt_hook_counters *counters = vt_hook_counters_of(hook);

	if (!counters)
		return;
	vt_increment(&counters->hits);
	vt_increment(&counters->lost);
}

/*
 * Counts the skb and reserves its event. Every field before packet is 0. Returns NULL, and counts
 * the skb as lost, if the ring is full. The caller must submit the event.
 */
static __always_inline struct vt_event *vt_count_and_reserve(enum vt_hook hook)
{
	struct vt_hook_counters *counters = vt_hook_counters_of(hook);
	struct vt_event *event;

	if (!counters)
		return NULL;
	vt_increment(&counters->hits);
	event = bpf_ringbuf_reserve(&vt_events, sizeof(*event), 0);
	if (!event) {
		vt_increment(&counters->lost);
		return NULL;
	}
	vt_increment(&counters->delivered);
	__builtin_memset(event, 0, __builtin_offsetof(struct vt_event, packet));
	event->hook = hook;
	return event;
}

static __always_inline void vt_submit(struct vt_event *event)
{
	bpf_ringbuf_submit(event, 0);
}

static __always_inline void vt_fill_from_skb(struct vt_event *event, struct sk_buff *skb,
					     enum vt_data_at at)
{
	event->ktime_ns = bpf_ktime_get_ns();
	event->cpu = bpf_get_smp_processor_id();
	event->skb = (__u64)skb;
	event->skb_head = (__u64)BPF_CORE_READ(skb, head);
	event->len_bytes = BPF_CORE_READ(skb, len);
	event->protocol_be = BPF_CORE_READ(skb, protocol);
	if (BPF_CORE_READ_BITFIELD_PROBED(skb, cloned))
		event->flags |= VT_FLAG_CLONED;
	vt_read_packet(event, skb, at);
}

/* dev may be NULL. */
static __always_inline void vt_fill_from_dev(struct vt_event *event, struct net_device *dev)
{
	if (!dev)
		return;
	event->netns = vt_netns_of_dev(dev);
	event->ifindex = BPF_CORE_READ(dev, ifindex);
	event->dev_flags = BPF_CORE_READ(dev, flags);
	bpf_probe_read_kernel_str(event->ifname, sizeof(event->ifname), &dev->name);
}

/* Records an skb that has passed the trace filter. dev may be NULL. */
static __always_inline int vt_emit_skb(enum vt_hook hook, struct sk_buff *skb,
				       struct net_device *dev, enum vt_data_at at)
{
	struct vt_event *event = vt_count_and_reserve(hook);

	if (!event)
		return 0;
	vt_fill_from_skb(event, skb, at);
	vt_fill_from_dev(event, dev);
	vt_submit(event);
	return 0;
}

/* Filters, counts and records an skb whose event needs nothing but the skb and skb->dev. */
static __always_inline int vt_filter_and_emit_received(enum vt_hook hook, struct sk_buff *skb)
{
	struct net_device *dev;

	if (vt_skb_matches_pcap_filter(skb, VT_DATA_AT_NETWORK)) {
		dev = vt_dev_of_skb(skb);
		if (vt_passes_dev(dev))
			return vt_emit_skb(hook, skb, dev, VT_DATA_AT_NETWORK);
	}
	vt_count_filtered(hook);
	return 0;
}

#endif
