/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The trace filter: pcap filter, netns and device names. The programs apply it before they reserve
 * room in the ring, so that an excluded packet costs little. The cheapest test comes first.
 */
#ifndef VETHTRACE_TRACE_FILTER_H
#define VETHTRACE_TRACE_FILTER_H

#include "device.h"
#include "filter_frame.h"

/*
 * The room for the pcap filter. Returns 1 if the filter matches. The daemon finds the first
 * instruction by its constant, 0x5654464d, which an object contains once. It overwrites that
 * instruction and the jumps behind it with the translated filter
 * (io.vethtrace.daemon.probe.object.PcapFilterSlot) and sets vt_trace_filter.has_pcap_filter.
 * Without a filter nothing calls this function, and the verifier removes it.
 */
__attribute__((naked, noinline, unused)) static int vt_pcap_filter(const struct vt_frame *frame)
{
	asm volatile("r0 = 0x5654464d\n"
		     ".rept 2048\n"
		     "goto +0\n"
		     ".endr\n"
		     "r0 = 1\n"
		     "exit\n");
}

static __always_inline bool vt_skb_matches_pcap_filter(struct sk_buff *skb, enum vt_data_at at)
{
	struct vt_frame frame;

	if (!vt_trace_filter.has_pcap_filter)
		return true;
	return vt_frame_of(&frame, skb, at) && vt_pcap_filter(&frame);
}

static __always_inline bool vt_passes_netns(__u32 netns)
{
#pragma unroll
	for (__u32 i = 0; i < VT_FILTER_LIST_MAX; i++) {
		if (i >= vt_trace_filter.netns_count)
			break;
		if (netns == vt_trace_filter.netns[i])
			return true;
	}
	return !vt_trace_filter.netns_count;
}

/* Compares names, because a device that is created later may get a listed name. dev may be NULL. */
static __always_inline bool vt_passes_ifname(struct net_device *dev)
{
	__u64 name[2] = {};

	if (!vt_trace_filter.ifname_count)
		return true;
	if (!dev)
		return false;
	/* The string read stops at the NUL: the kernel may leave other bytes behind it. */
	bpf_probe_read_kernel_str(name, sizeof(name), &dev->name);
#pragma unroll
	for (__u32 i = 0; i < VT_FILTER_LIST_MAX; i++) {
		const volatile __u64 *listed = (const volatile __u64 *)vt_trace_filter.ifname[i];

		if (i >= vt_trace_filter.ifname_count)
			break;
		if (name[0] == listed[0] && name[1] == listed[1])
			return true;
	}
	return false;
}

/* Call vt_skb_matches_pcap_filter first: it reads less of the kernel's memory. */
static __always_inline bool vt_passes_netns_and_ifname(__u32 netns, struct net_device *dev)
{
	return vt_passes_netns(netns) && vt_passes_ifname(dev);
}

static __always_inline bool vt_passes_dev(struct net_device *dev)
{
	return vt_passes_netns_and_ifname(vt_trace_filter.netns_count ? vt_netns_of_dev(dev) : 0,
					  dev);
}

/* Applies the whole trace filter to an skb on dev. */
static __always_inline bool vt_passes_trace_filter(struct sk_buff *skb, struct net_device *dev,
						   enum vt_data_at at)
{
	return vt_skb_matches_pcap_filter(skb, at) && vt_passes_dev(dev);
}

/* Returns the skb's device, or NULL if it has none or the trace filter excludes the skb. */
static __always_inline struct net_device *vt_passing_dev_of_skb(struct sk_buff *skb,
								enum vt_data_at at)
{
	struct net_device *dev = vt_skb_matches_pcap_filter(skb, at) ? vt_dev_of_skb(skb) : NULL;

	return dev && vt_passes_dev(dev) ? dev : NULL;
}

#endif
