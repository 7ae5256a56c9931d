// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * For the lab: lets every frame pass. On a veth that alone makes frames go through NAPI, and those
 * without room for XDP's headers are copied (drivers/net/veth.c, veth_xdp_rcv_skb).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
