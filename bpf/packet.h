/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The first bytes of an skb and the offsets of its headers, which count from skb->head. */
#ifndef VETHTRACE_PACKET_H
#define VETHTRACE_PACKET_H

#include "kernel_types.h"
#include "wire.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define VT_MAC_BYTES_MIN 14 /* ETH_HLEN, include/uapi/linux/if_ether.h */
#define VT_MAC_BYTES_MAX 32 /* Ethernet with four VLAN tags is 30 */
#define VT_MAC_UNSET 0xffff /* skb_mac_header_was_set, include/linux/skbuff.h */

/* The position of skb->data at a hook. It decides which header offsets are valid there. */
enum vt_data_at {
	/* ndo_start_xmit: data is at the MAC header; mac_header may be stale or unset */
	VT_DATA_AT_MAC,
	/* netif_rx, netif_receive_skb: data is behind the MAC header (eth_type_trans,
	 * net/ethernet/eth.c); the kernel sets network_header after these two hooks
	 * (net/core/dev.c, __netif_receive_skb_core) */
	VT_DATA_AT_NETWORK,
	/* other hooks: the offsets are valid unless they were never set */
	VT_DATA_ANYWHERE,
};

/*
 * Returns true if the skb is no packet: `ip route get … iif …` and the daemon's own route queries
 * make the kernel build an skb and route it (net/ipv4/route.c, inet_rtm_getroute_build_skb). Both
 * of its headers are at offset 0, where a packet has headroom.
 */
static __always_inline bool vt_is_route_query(struct sk_buff *skb)
{
	return !BPF_CORE_READ(skb, network_header) && !BPF_CORE_READ(skb, mac_header);
}

/* The offsets that an skb contains. */
struct vt_skb_offsets {
	__u32 data;
	__u32 tail;
	__u32 network;
	__u32 mac;
};

/* The offsets of the packet's first byte and of its network header. */
struct vt_packet_span {
	__u32 start;
	__u32 network;
};

static __always_inline bool vt_is_mac_length(__u32 start, __u32 network)
{
	return network >= start + VT_MAC_BYTES_MIN && network <= start + VT_MAC_BYTES_MAX;
}

/* Finds the packet in the skb. Returns false if no network header lies before the tail. */
static __always_inline bool vt_find_packet(const struct vt_skb_offsets *offsets, enum vt_data_at at,
					   struct vt_packet_span *span)
{
	__u32 mac = offsets->mac;
	__u32 network = offsets->network;
	__u32 data = offsets->data;

	if (at == VT_DATA_AT_MAC && vt_is_mac_length(data, network))
		mac = data;
	if (at == VT_DATA_AT_NETWORK)
		network = data;
	/* freed before __netif_receive_skb_core: network_header is stale, data is as in netif_rx */
	if (mac != VT_MAC_UNSET && network < mac && vt_is_mac_length(mac, data))
		network = data;
	if (!network || network > offsets->tail)
		return false;
	span->network = network;
	span->start = mac != VT_MAC_UNSET && vt_is_mac_length(mac, network) ? mac : network;
	return true;
}

/* Fills packet, packet_bytes and network_offset. Without a network header they stay 0. */
static __always_inline void vt_read_packet(struct vt_event *event, struct sk_buff *skb,
					   enum vt_data_at at)
{
	unsigned char *head = BPF_CORE_READ(skb, head);
	struct vt_skb_offsets offsets = {
		.data = BPF_CORE_READ(skb, data) - head,
		.tail = BPF_CORE_READ(skb, tail),
		.network = BPF_CORE_READ(skb, network_header),
		.mac = BPF_CORE_READ(skb, mac_header),
	};
	struct vt_packet_span span;
	__u64 bytes;

	if (!vt_find_packet(&offsets, at, &span))
		return;
	bytes = offsets.tail - span.start;
	/* Without it clang compares one register and passes another, and the verifier refuses. */
	barrier_var(bytes);
	if (bytes > VT_PACKET_BYTES)
		bytes = VT_PACKET_BYTES;
	if (bpf_probe_read_kernel(event->packet, bytes, head + span.start))
		return;
	event->packet_bytes = bytes;
	event->network_offset = span.network - span.start;
}

#endif
