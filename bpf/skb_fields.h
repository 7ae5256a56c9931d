/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The fields of an skb that a filter needs, by one read of the part of it that they are in, as each
 * read is a call: from vlan_proto to data, 64 bytes in 5.10 to 7.3 (include/linux/skbuff.h).
 */
#ifndef VETHTRACE_SKB_FIELDS_H
#define VETHTRACE_SKB_FIELDS_H

#include "packet.h"

#define VT_SKB_PART_BYTES 80

struct vt_skb_part {
	__u64 words[VT_SKB_PART_BYTES / 8];
};

/* Where the part starts: aligned, so that what is aligned in the skb is in the part. */
#define VT_SKB_PART_START (bpf_core_field_offset(struct sk_buff, vlan_proto) & ~7)

static __always_inline void vt_read_skb_part(struct vt_skb_part *part, struct sk_buff *skb)
{
	bpf_probe_read_kernel(part, sizeof(*part), (const char *)skb + VT_SKB_PART_START);
}

/*
 * A field's value. The verifier knows all offsets, and removes the test and what does not hold: a
 * kernel that has the field elsewhere is read once more.
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
