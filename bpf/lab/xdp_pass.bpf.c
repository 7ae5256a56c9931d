// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A healthy twin of the lab: lets every frame pass. On a veth an XDP program alone sends frames
 * through NAPI, and the kernel copies those without headroom for XDP (drivers/net/veth.c,
 * veth_xdp_rcv_skb).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
