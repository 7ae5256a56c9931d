/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Which packets are wanted. Asked before anything is reserved, so that the others cost little. */
#ifndef VETHTRACE_FILTER_H
#define VETHTRACE_FILTER_H

#include "device.h"
#include "frame.h"

/*
 * Room for the filter: 1 where it matches. Java finds the first instruction by its constant
 * (0x5654464d, once in an object), puts the translated filter in its place and that of the jumps to
 * the next instruction behind it (io.vethtrace.daemon.probe.object.PcapFilterSlot), and sets
 * vt_options.is_filtered. Without a filter nothing calls this, and the verifier removes it.
 */
__attribute__((naked, noinline, unused)) static int vt_match(const struct vt_frame *frame)
{
	asm volatile("r0 = 0x5654464d\n"
		     ".rept 2048\n"
		     "goto +0\n"
		     ".endr\n"
		     "r0 = 1\n"
		     "exit\n");
}

static __always_inline bool vt_matches(struct sk_buff *skb, enum vt_data_at at)
{
	struct vt_frame frame;

	if (!vt_options.is_filtered)
		return true;
	return vt_frame_of(&frame, skb, at) && vt_match(&frame);
}

static __always_inline bool vt_wants_netns(__u32 netns)
{
#pragma unroll
	for (__u32 i = 0; i < VT_PLACES_MAX; i++) {
		if (i >= vt_options.netns_count)
			break;
		if (netns == vt_options.netns[i])
			return true;
	}
	return !vt_options.netns_count;
}

/* By name, as a device that is made later may have it too. dev may be NULL. */
static __always_inline bool vt_wants_device(struct net_device *dev)
{
	__u64 name[2] = {};

	if (!vt_options.ifname_count)
		return true;
	if (!dev)
		return false;
	/* What is behind the name is no part of it. */
	bpf_probe_read_kernel_str(name, sizeof(name), &dev->name);
#pragma unroll
	for (__u32 i = 0; i < VT_PLACES_MAX; i++) {
		const volatile __u64 *wanted = (const volatile __u64 *)vt_options.ifname[i];

		if (i >= vt_options.ifname_count)
			break;
		if (name[0] == wanted[0] && name[1] == wanted[1])
			return true;
	}
	return false;
}

/* Asked behind vt_matches, which has less to read. */
static __always_inline bool vt_wants_place(__u32 netns, struct net_device *dev)
{
	return vt_wants_netns(netns) && vt_wants_device(dev);
}

static __always_inline bool vt_wants_dev(struct net_device *dev)
{
	return vt_wants_place(vt_options.netns_count ? vt_netns_of_dev(dev) : 0, dev);
}

/* An skb on a device. */
static __always_inline bool vt_wants(struct sk_buff *skb, struct net_device *dev,
				     enum vt_data_at at)
{
	return vt_matches(skb, at) && vt_wants_dev(dev);
}

/* The device of an skb that is wanted; NULL where it is not, or has none. */
static __always_inline struct net_device *vt_wanted_dev_of_skb(struct sk_buff *skb,
							       enum vt_data_at at)
{
	struct net_device *dev = vt_matches(skb, at) ? vt_dev_of_skb(skb) : NULL;

	return dev && vt_wants_dev(dev) ? dev : NULL;
}

#endif
