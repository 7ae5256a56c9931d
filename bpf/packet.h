/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The first bytes of an skb, and where its network header is. All offsets count from skb->head. */
#ifndef VETHTRACE_PACKET_H
#define VETHTRACE_PACKET_H

#include "kernel_types.h"
#include "wire.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define VT_MAC_BYTES_MIN 14 /* ETH_HLEN, include/uapi/linux/if_ether.h */
#define VT_MAC_BYTES_MAX 32 /* Ethernet with four VLAN tags is 30 */
#define VT_MAC_UNSET 0xffff /* skb_mac_header_was_set, include/linux/skbuff.h */

/* Where skb->data points at a hook, which is what the header offsets are worth there. */
enum vt_data_at {
	/* ndo_start_xmit: the MAC header, while mac_header may be stale or unset */
	VT_DATA_AT_MAC,
	/* netif_rx, netif_receive_skb: behind the MAC header (eth_type_trans, net/ethernet/eth.c);
	 * network_header is set after these two (net/core/dev.c, __netif_receive_skb_core) */
	VT_DATA_AT_NETWORK,
	/* elsewhere: the offsets are right unless they were never set */
	VT_DATA_ANYWHERE,
};

/*
 * Whether it is what `ip route get … iif …` and the daemon's own questions make up to have it
 * routed (net/ipv4/route.c, inet_rtm_getroute_build_skb): both headers are set at the very start,
 * where every packet has headroom.
 */
static __always_inline bool vt_is_route_query(struct sk_buff *skb)
{
	return !BPF_CORE_READ(skb, network_header) && !BPF_CORE_READ(skb, mac_header);
}

/* An skb's offsets, as they stand in it. */
struct vt_skb_offsets {
	__u32 data;
	__u32 tail;
	__u32 network;
	__u32 mac;
};

struct vt_packet_span {
	__u32 start;
	__u32 network;
};

static __always_inline bool vt_is_mac_length(__u32 start, __u32 network)
{
	return network >= start + VT_MAC_BYTES_MIN && network <= start + VT_MAC_BYTES_MAX;
}

/* Finds where the packet starts; false if the skb has no network header, or none in its data. */
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

/* Fills packet, packet_bytes and network_offset; leaves them 0 if there is no network header. */
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
	/* keeps clang from comparing one register and passing another, which no verifier follows */
	barrier_var(bytes);
	if (bytes > VT_PACKET_BYTES)
		bytes = VT_PACKET_BYTES;
	if (bpf_probe_read_kernel(event->packet, bytes, head + span.start))
		return;
	event->packet_bytes = bytes;
	event->network_offset = span.network - span.start;
}

#endif
