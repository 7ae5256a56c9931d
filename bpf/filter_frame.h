/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The view of an skb as an Ethernet frame, for the pcap filter. It inserts a VLAN tag that the
 * kernel keeps beside the bytes, and a MAC header where the skb has none.
 */
#ifndef VETHTRACE_FILTER_FRAME_H
#define VETHTRACE_FILTER_FRAME_H

#include "packet.h"
#include "skb_fields.h"
#include <bpf/bpf_endian.h>

const volatile struct vt_trace_filter vt_trace_filter = {
	.mark = { VT_TRACE_FILTER_MARK_1, VT_TRACE_FILTER_MARK_2 },
};

#define VT_ADDRESSES_BYTES 12 /* two of ETH_ALEN, include/uapi/linux/if_ether.h */
#define VT_TAG_BYTES 4        /* VLAN_HLEN, include/linux/if_vlan.h */

/* An skb and the copy of its fields (skb_fields.h). */
struct vt_skb_reader {
	struct sk_buff *skb;
	struct vt_skb_part part;
};

/*
 * Returns true if the kernel keeps a VLAN tag beside the bytes (skb_vlan_tag_present,
 * include/linux/if_vlan.h).
 */
static __always_inline bool vt_has_tag(struct vt_skb_reader *reader)
{
	struct sk_buff *skb = reader->skb;

	if (bpf_core_field_exists(skb->vlan_present))
		return BPF_CORE_READ_BITFIELD_PROBED(skb, vlan_present);
	return VT_SKB_FIELD(&reader->part, skb, vlan_proto) ||
	       VT_SKB_FIELD(&reader->part, skb, vlan_tci);
}

/*
 * Reads the rest of head in one read of constant size. It may read past the packet's end: the skb's
 * skb_shared_info is behind the data, so the memory is mapped.
 */
static __always_inline void vt_read_head(struct vt_frame *frame, __u32 at, __u64 from)
{
	bpf_probe_read_kernel(frame->head + at, VT_HEAD_BYTES - at, (const void *)from);
	frame->base = from - at;
}

static __always_inline void vt_put_be16(struct vt_frame *frame, __u32 at, __be16 value)
{
	*(__be16 *)(frame->head + at) = value;
}

/* Makes a MAC header, for an skb that has none, of zero addresses and the EtherType. */
static __always_inline void vt_make_mac_header(struct vt_frame *frame, __be16 protocol)
{
	__builtin_memset(frame->head, 0, VT_ADDRESSES_BYTES);
	vt_put_be16(frame, VT_ADDRESSES_BYTES, protocol);
}

static __always_inline void vt_put_tag(struct vt_frame *frame, struct vt_skb_reader *reader)
{
	vt_put_be16(frame, VT_ADDRESSES_BYTES,
		    VT_SKB_FIELD(&reader->part, reader->skb, vlan_proto));
	vt_put_be16(frame, VT_ADDRESSES_BYTES + 2,
		    bpf_htons(VT_SKB_FIELD(&reader->part, reader->skb, vlan_tci)));
}

/* Fills head and base. Returns the number of bytes that the frame has in addition to the skb. */
static __always_inline __u32 vt_fill_head(struct vt_frame *frame, struct vt_skb_reader *reader,
					  __u64 start, bool has_mac)
{
	__be16 protocol = VT_SKB_FIELD(&reader->part, reader->skb, protocol);

	if (!vt_has_tag(reader)) {
		if (has_mac) {
			vt_read_head(frame, 0, start);
			return 0;
		}
		vt_make_mac_header(frame, protocol);
		vt_read_head(frame, VT_MAC_BYTES_MIN, start);
		return VT_MAC_BYTES_MIN;
	}
	if (has_mac) {
		bpf_probe_read_kernel(frame->head, VT_ADDRESSES_BYTES, (const void *)start);
		vt_put_tag(frame, reader);
		vt_read_head(frame, VT_ADDRESSES_BYTES + VT_TAG_BYTES, start + VT_ADDRESSES_BYTES);
		return VT_TAG_BYTES;
	}
	__builtin_memset(frame->head, 0, VT_ADDRESSES_BYTES);
	vt_put_tag(frame, reader);
	vt_put_be16(frame, VT_ADDRESSES_BYTES + VT_TAG_BYTES, protocol);
	vt_read_head(frame, VT_MAC_BYTES_MIN + VT_TAG_BYTES, start);
	return VT_MAC_BYTES_MIN + VT_TAG_BYTES;
}

/* Fills the frame. Returns false if the skb has no network header: no filter matches it then. */
static __always_inline bool vt_frame_of(struct vt_frame *frame, struct sk_buff *skb,
					enum vt_data_at at)
{
	struct vt_skb_reader reader = { .skb = skb };
	struct vt_skb_offsets offsets;
	struct vt_packet_span span;
	unsigned char *head;
	__u32 added_bytes;

	vt_read_skb_part(&reader.part, skb);
	head = VT_SKB_FIELD(&reader.part, skb, head);
	offsets.data = VT_SKB_FIELD(&reader.part, skb, data) - head;
	offsets.tail = VT_SKB_FIELD(&reader.part, skb, tail);
	offsets.network = VT_SKB_FIELD(&reader.part, skb, network_header);
	offsets.mac = VT_SKB_FIELD(&reader.part, skb, mac_header);
	if (!vt_find_packet(&offsets, at, &span))
		return false;
	added_bytes =
		vt_fill_head(frame, &reader, (__u64)head + span.start, span.start != span.network);
	frame->captured = offsets.tail - span.start + added_bytes;
	frame->len = vt_trace_filter.pcap_filter_reads_len
			     ? BPF_CORE_READ(skb, len) + offsets.data - span.start + added_bytes
			     : 0;
	return true;
}

#endif
