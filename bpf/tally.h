/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Counts that do not pass through the ring: of drops, of refused source addresses, and of frames on
 * veths and on lo. What the daemon was not asked for (filter.h) is not counted here either.
 */
#ifndef VETHTRACE_TALLY_H
#define VETHTRACE_TALLY_H

#include "kernel_types.h"
#include "maps.h"
#include "device.h"
#include "packet.h"

static __always_inline struct vt_tally *vt_folded_of(enum vt_tallied what)
{
	__u32 index = what;

	return bpf_map_lookup_elem(&vt_folded, &index);
}

/* For the first packet of a key. dev may be NULL. */
static __always_inline struct vt_tally *vt_first_tally(void *map, const struct vt_tally_key *key,
						       struct net_device *dev)
{
	struct vt_tally tally = {};

	if (dev)
		bpf_probe_read_kernel_str(tally.ifname, sizeof(tally.ifname), &dev->name);
	/* Another CPU may be first: then its entry is there. The map may be full: then none is. */
	bpf_map_update_elem(map, key, &tally, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* Atomic for the same reason as vt_count in emit.h. */
static __always_inline void vt_add(struct vt_tally *tally, __u64 bytes)
{
	__sync_fetch_and_add(&tally->packets, 1);
	__sync_fetch_and_add(&tally->bytes, bytes);
}

static __always_inline void vt_tally(void *map, enum vt_tallied what,
				     const struct vt_tally_key *key, struct net_device *dev,
				     __u64 bytes)
{
	struct vt_tally *tally = bpf_map_lookup_elem(map, key);

	if (!tally)
		tally = vt_first_tally(map, key, dev);
	if (!tally)
		tally = vt_folded_of(what);
	if (tally)
		vt_add(tally, bytes);
}

/* dev and net may be NULL. */
static __always_inline struct vt_tally_key vt_tally_key(__s32 code, struct net_device *dev,
							struct net *net)
{
	struct vt_tally_key key = { .code = code, .netns = vt_netns(net) };

	if (key.netns)
		key.cookie = vt_cookie(net);
	if (dev)
		key.ifindex = BPF_CORE_READ(dev, ifindex);
	return key;
}

/* dev and net may be NULL. */
static __always_inline void vt_tally_drop(struct sk_buff *skb, struct net_device *dev,
					  struct net *net, __u32 reason, __u64 place)
{
	struct vt_tally_key key = vt_tally_key(reason, dev, net);

	key.place = place;
	vt_tally(&vt_drops, VT_TALLIED_DROPS, &key, dev, BPF_CORE_READ(skb, len));
}

static __always_inline void vt_tally_refusal(struct sk_buff *skb, struct net_device *dev,
					     int result)
{
	struct vt_tally_key key = vt_tally_key(result, dev, vt_net_of_dev(dev));

	vt_tally(&vt_refusals, VT_TALLIED_REFUSALS, &key, dev, BPF_CORE_READ(skb, len));
}

static __always_inline void vt_tally_frame(struct net_device *dev, enum vt_traffic traffic,
					   __u64 bytes)
{
	struct vt_tally_key key = vt_tally_key(traffic, dev, vt_net_of_dev(dev));

	vt_tally(&vt_traffic, VT_TALLIED_TRAFFIC, &key, dev, bytes);
}

static __always_inline void vt_tally_transmit(struct sk_buff *skb, struct net_device *dev,
					      enum vt_traffic traffic)
{
	vt_tally_frame(dev, traffic, BPF_CORE_READ(skb, len));
}

/* Behind eth_type_trans, data is behind the MAC header (net/ethernet/eth.c); len begins there. */
static __always_inline __u64 vt_received_bytes(struct sk_buff *skb)
{
	__u64 network = BPF_CORE_READ(skb, data) - BPF_CORE_READ(skb, head);
	__u64 mac = BPF_CORE_READ(skb, mac_header);
	__u64 len = BPF_CORE_READ(skb, len);

	return mac != VT_MAC_UNSET && mac <= network ? len + network - mac : len;
}

/* Of other devices nothing is counted. */
static __always_inline void vt_tally_receive(struct sk_buff *skb, struct net_device *dev)
{
	if (vt_is_loopback(dev))
		vt_tally_frame(dev, VT_TRAFFIC_LOOPBACK_RECEIVE, vt_received_bytes(skb));
	else if (vt_is_veth(dev))
		vt_tally_frame(dev, VT_TRAFFIC_VETH_RECEIVE, vt_received_bytes(skb));
}

#endif
