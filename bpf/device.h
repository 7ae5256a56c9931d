/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Which device and which network namespace an skb belongs to. */
#ifndef VETHTRACE_DEVICE_H
#define VETHTRACE_DEVICE_H

#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * The inodes of namespaces: the first namespace has a fixed one since 6.18 (NET_NS_INIT_INO,
 * include/uapi/linux/nsfs.h), all others count up from PROC_DYNAMIC_FIRST (fs/proc/generic.c), the
 * lowest free one first.
 */
#define VT_NET_NS_INIT_INO 0xEFFFFFF9u
#define VT_PROC_DYNAMIC_FIRST 0xF0000000u

/* Upper halves of kernel addresses start here on x86-64 and arm64; no inode gets this far. */
#define VT_KERNEL_UPPER_HALF 0xFF000000u

static __always_inline bool vt_is_kernel_address(const void *pointer)
{
	return (__u64)pointer >= (__u64)VT_KERNEL_UPPER_HALF << 32;
}

static __always_inline bool vt_is_netns_inum(__u32 inum)
{
	return inum == VT_NET_NS_INIT_INO ||
	       (inum >= VT_PROC_DYNAMIC_FIRST && inum < VT_KERNEL_UPPER_HALF);
}

/* The inode of what may be a namespace; 0 if it is none. */
static __always_inline __u32 vt_netns_of(struct net *net)
{
	__u32 inum;

	if (!vt_is_kernel_address(net))
		return 0;
	inum = BPF_CORE_READ(net, ns.inum);
	return vt_is_netns_inum(inum) ? inum : 0;
}

/* What no other namespace has until the next boot (net/core/net_namespace.c, setup_net). In 5.10
 * the field of that name is of another type, and empty until somebody asks. */
static __always_inline __u32 vt_net_cookie_low(struct net *net)
{
	return bpf_core_field_exists(net->net_cookie) ? (__u32)BPF_CORE_READ(net, net_cookie) : 0;
}

/* NULL, or what is the device's namespace if dev is a device. */
static __always_inline struct net *vt_net_of_dev(struct net_device *dev)
{
	return vt_is_kernel_address(dev) ? BPF_CORE_READ(dev, nd_net.net) : NULL;
}

/* The inode of the device's namespace; 0 if dev is no device. */
static __always_inline __u32 vt_netns_of_dev(struct net_device *dev)
{
	return vt_netns_of(vt_net_of_dev(dev));
}

/* Likewise of a socket. skc_net is common to all kinds of socket. */
static __always_inline struct net *vt_net_of_sk(struct sock *sk)
{
	/* A test of its own: the verifier lets no one calculate with a tracepoint's nullable
	 * argument before it is compared with 0 (kernel/bpf/btf.c, 6.13, 838a10bd2ebf). */
	if (!sk)
		return NULL;
	barrier_var(sk);
	return vt_is_kernel_address(sk) ? BPF_CORE_READ(sk, __sk_common.skc_net.net) : NULL;
}

/*
 * The skb's device, or NULL. skb->dev shares its place with dev_scratch while a datagram waits in a
 * UDP socket (net/ipv4/udp.c, udp_set_dev_scratch) and with rbnode in TCP queues and sch_fq
 * (include/linux/skbuff.h, struct sk_buff), so it counts only if it leads to a namespace.
 */
static __always_inline struct net_device *vt_dev_of_skb(struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);

	if (!vt_netns_of_dev(dev) || BPF_CORE_READ(dev, ifindex) <= 0)
		return NULL;
	return dev;
}

/* drivers/net/veth.c, DRV_NAME in veth_link_ops.kind */
static __always_inline bool vt_is_veth(struct net_device *dev)
{
	char kind[5] = {};

	bpf_probe_read_kernel_str(kind, sizeof(kind), BPF_CORE_READ(dev, rtnl_link_ops, kind));
	return kind[0] == 'v' && kind[1] == 'e' && kind[2] == 't' && kind[3] == 'h';
}

static __always_inline bool vt_is_loopback(struct net_device *dev)
{
	return BPF_CORE_READ(dev, flags) & IFF_LOOPBACK;
}

#endif
