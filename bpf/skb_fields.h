/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A copy of the part of an skb that contains the fields a pcap filter needs. One read replaces one
 * helper call for each field. The part goes from vlan_proto to data, which is 64 bytes in 5.10 to
 * 7.3 (include/linux/skbuff.h).
 */
#ifndef VETHTRACE_SKB_FIELDS_H
#define VETHTRACE_SKB_FIELDS_H

#include "packet.h"

#define VT_SKB_PART_BYTES 80

struct vt_skb_part {
	__u64 words[VT_SKB_PART_BYTES / 8];
};

/* The part's offset in the skb, rounded down so that fields stay aligned in the copy. */
#define VT_SKB_PART_START (bpf_core_field_offset(struct sk_buff, vlan_proto) & ~7)

static __always_inline void vt_read_skb_part(struct vt_skb_part *part, struct sk_buff *skb)
{
	bpf_probe_read_kernel(part, sizeof(*part), (const char *)skb + VT_SKB_PART_START);
}

/*
 * Reads a field from the copy, or from the skb if this kernel has the field outside the part. The
 * offsets are constants when the object is loaded, so the verifier removes the test and the branch
 * that is not taken.
 */
#define VT_SKB_FIELD(part, skb, field)                                                             \
	({                                                                                         \
		__u32 at = bpf_core_field_offset(struct sk_buff, field) - VT_SKB_PART_START;       \
		typeof(((struct sk_buff *)0)->field) value = 0;                                    \
                                                                                                   \
		if (at <= sizeof(*(part)) - sizeof(value))                                         \
			value = *(typeof(value) *)((char *)(part) + at);                           \
		else                                                                               \
			value = BPF_CORE_READ(skb, field);                                         \
		value;                                                                             \
	})

#endif
