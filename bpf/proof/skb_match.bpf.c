// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A test's way to the pcap filter, by the code that the probes use. It has no hook: BPF_PROG_RUN
 * makes an skb of a frame and runs it, and it returns what the filter says of the skb.
 * skb_match_tag gives the skb a VLAN tag first, which the kernel keeps beside the bytes
 * (net/core/skbuff.c, skb_vlan_push).
 */
#include "../emit.h"

#define VLAN_ID 7
#define ETH_P_8021Q 0x8100

static __always_inline int match(struct __sk_buff *ctx, enum vt_data_at at)
{
	struct sk_buff *skb = NULL;

	/* From memory, because the verifier refuses to use the context pointer as an skb. */
	bpf_probe_read_kernel(&skb, sizeof(skb), &ctx);
	return vt_skb_matches_pcap_filter(skb, at);
}

SEC("tc")
int skb_match(struct __sk_buff *ctx)
{
	return match(ctx, VT_DATA_AT_MAC);
}

SEC("tc")
int skb_match_anywhere(struct __sk_buff *ctx)
{
	return match(ctx, VT_DATA_ANYWHERE);
}

SEC("tc")
int skb_match_tag(struct __sk_buff *ctx)
{
	return bpf_skb_vlan_push(ctx, bpf_htons(ETH_P_8021Q), VLAN_ID) ? -1
								       : match(ctx, VT_DATA_AT_MAC);
}
