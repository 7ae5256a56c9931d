// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A fault of the lab: drops IPv4 packets that carry ICMP, and lets all others, also ARP, pass.
 * The lab attaches it to clsact with "bpf direct-action", on ingress and on egress.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int tc_drop(struct __sk_buff *skb)
{
	__u8 protocol = 0;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol,
			   sizeof(protocol));
	return protocol == IPPROTO_ICMP ? TC_ACT_SHOT : TC_ACT_OK;
}
