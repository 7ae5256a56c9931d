/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Packet counters: exact counts of drops, of refused source addresses, and of frames on veths and
 * on lo. They do not depend on the ring. They count only what passes the trace filter.
 */
#ifndef VETHTRACE_PACKET_COUNTERS_H
#define VETHTRACE_PACKET_COUNTERS_H

#include "kernel_types.h"
#include "maps.h"
#include "device.h"
#include "packet.h"

static __always_inline struct vt_packet_counter *vt_overflow_counter(enum vt_counter_kind kind)
{
	__u32 index = kind;

	return bpf_map_lookup_elem(&vt_overflow, &index);
}

/* Adds the counter of a new key. Returns NULL if the map is full. dev may be NULL. */
static __always_inline struct vt_packet_counter *
vt_new_packet_counter(void *map, const struct vt_packet_counter_key *key, struct net_device *dev)
{
	struct vt_packet_counter counter = {};

	if (dev)
		bpf_probe_read_kernel_str(counter.ifname, sizeof(counter.ifname), &dev->name);
	/* Fails if another CPU has added the key meanwhile. Its entry then serves both. */
	bpf_map_update_elem(map, key, &counter, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* Atomic for the same reason as vt_increment in emit.h. */
static __always_inline void vt_add_packet(struct vt_packet_counter *counter, __u64 bytes)
{
	__sync_fetch_and_add(&counter->packets, 1);
	__sync_fetch_and_add(&counter->bytes, bytes);
}

/* Counts a packet under its key, or in vt_overflow if the map is full. dev may be NULL. */
static __always_inline void vt_count_packet(void *map, enum vt_counter_kind kind,
					    const struct vt_packet_counter_key *key,
					    struct net_device *dev, __u64 bytes)
{
	struct vt_packet_counter *counter = bpf_map_lookup_elem(map, key);

	if (!counter)
		counter = vt_new_packet_counter(map, key, dev);
	if (!counter)
		counter = vt_overflow_counter(kind);
	if (counter)
		vt_add_packet(counter, bytes);
}

/* dev and net may be NULL. */
static __always_inline struct vt_packet_counter_key
vt_packet_counter_key(__s32 code, struct net_device *dev, struct net *net)
{
	struct vt_packet_counter_key key = { .code = code, .netns = vt_netns_of(net) };

	if (key.netns)
		key.net_cookie_low = vt_net_cookie_low(net);
	if (dev)
		key.ifindex = BPF_CORE_READ(dev, ifindex);
	return key;
}

/* dev and net may be NULL. */
static __always_inline void vt_count_drop(struct sk_buff *skb, struct net_device *dev,
					  struct net *net, __u32 reason, __u64 location)
{
	struct vt_packet_counter_key key = vt_packet_counter_key(reason, dev, net);

	key.location = location;
	vt_count_packet(&vt_drops, VT_COUNTER_KIND_DROPS, &key, dev, BPF_CORE_READ(skb, len));
}

/* Counts an skb whose source address fib_validate_source refused with result. */
static __always_inline void vt_count_refusal(struct sk_buff *skb, struct net_device *dev,
					     int result)
{
	struct vt_packet_counter_key key = vt_packet_counter_key(result, dev, vt_net_of_dev(dev));

	vt_count_packet(&vt_refusals, VT_COUNTER_KIND_REFUSALS, &key, dev, BPF_CORE_READ(skb, len));
}

static __always_inline void vt_count_frame(struct net_device *dev, enum vt_traffic traffic,
					   __u64 bytes)
{
	struct vt_packet_counter_key key = vt_packet_counter_key(traffic, dev, vt_net_of_dev(dev));

	vt_count_packet(&vt_traffic, VT_COUNTER_KIND_TRAFFIC, &key, dev, bytes);
}

/* Counts a frame that the stack hands to a device: skb->len includes the MAC header. */
static __always_inline void vt_count_transmit(struct sk_buff *skb, struct net_device *dev,
					      enum vt_traffic traffic)
{
	vt_count_frame(dev, traffic, BPF_CORE_READ(skb, len));
}

/*
 * Returns the length with the MAC header. eth_type_trans (net/ethernet/eth.c) has moved data behind
 * that header, and len counts from data.
 */
static __always_inline __u64 vt_received_bytes(struct sk_buff *skb)
{
	__u64 network = BPF_CORE_READ(skb, data) - BPF_CORE_READ(skb, head);
	__u64 mac = BPF_CORE_READ(skb, mac_header);
	__u64 len = BPF_CORE_READ(skb, len);

	return mac != VT_MAC_UNSET && mac <= network ? len + network - mac : len;
}

/* Counts a received frame of lo or of a veth. Other devices have no traffic counters. */
static __always_inline void vt_count_receive(struct sk_buff *skb, struct net_device *dev)
{
	if (vt_is_loopback(dev))
		vt_count_frame(dev, VT_TRAFFIC_LOOPBACK_RECEIVE, vt_received_bytes(skb));
	else if (vt_is_veth(dev))
		vt_count_frame(dev, VT_TRAFFIC_VETH_RECEIVE, vt_received_bytes(skb));
}

#endif
