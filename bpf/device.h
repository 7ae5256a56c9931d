/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The device and the network namespace of an skb or a socket. */
#ifndef VETHTRACE_DEVICE_H
#define VETHTRACE_DEVICE_H

#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * The inodes of namespaces. The initial netns has a fixed inode since 6.18 (NET_NS_INIT_INO,
 * include/uapi/linux/nsfs.h). Every other netns gets the lowest free inode from PROC_DYNAMIC_FIRST
 * on (fs/proc/generic.c).
 */
#define VT_NET_NS_INIT_INO 0xEFFFFFF9u
#define VT_PROC_DYNAMIC_FIRST 0xF0000000u

/* The lowest upper half of a kernel address on x86-64 and arm64. No inode is as high. */
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

/* Returns the inode of a netns; 0 if net does not point to one. */
static __always_inline __u32 vt_netns_of(struct net *net)
{
	__u32 inum;

	if (!vt_is_kernel_address(net))
		return 0;
	inum = BPF_CORE_READ(net, ns.inum);
	return vt_is_netns_inum(inum) ? inum : 0;
}

/*
 * Returns the low half of the netns's cookie, which no other netns gets until the next boot
 * (net/core/net_namespace.c, setup_net). Returns 0 for 5.10, where the field of that name has
 * another type and is empty until a program asks for it.
 */
static __always_inline __u32 vt_net_cookie_low(struct net *net)
{
	return bpf_core_field_exists(net->net_cookie) ? (__u32)BPF_CORE_READ(net, net_cookie) : 0;
}

/* Returns the netns of dev, which is only valid if dev points to a device; NULL if it cannot. */
static __always_inline struct net *vt_net_of_dev(struct net_device *dev)
{
	return vt_is_kernel_address(dev) ? BPF_CORE_READ(dev, nd_net.net) : NULL;
}

/* Returns the inode of the device's netns; 0 if dev does not point to a device. */
static __always_inline __u32 vt_netns_of_dev(struct net_device *dev)
{
	return vt_netns_of(vt_net_of_dev(dev));
}

/* Returns the netns of a socket. skc_net is common to all kinds of socket. sk may be NULL. */
static __always_inline struct net *vt_net_of_sk(struct sock *sk)
{
	/* The verifier refuses arithmetic on a tracepoint's nullable argument until the program
	 * compares it with 0 (kernel/bpf/btf.c, 6.13, 838a10bd2ebf). */
	if (!sk)
		return NULL;
	barrier_var(sk);
	return vt_is_kernel_address(sk) ? BPF_CORE_READ(sk, __sk_common.skc_net.net) : NULL;
}

/*
 * Returns the skb's device, or NULL. skb->dev is in a union with dev_scratch, used while a datagram
 * waits in a UDP socket (net/ipv4/udp.c, udp_set_dev_scratch), and with rbnode, used in TCP queues
 * and sch_fq (include/linux/skbuff.h, struct sk_buff). So it is a device only if it leads to a
 * netns.
 */
static __always_inline struct net_device *vt_dev_of_skb(struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);

	if (!vt_netns_of_dev(dev) || BPF_CORE_READ(dev, ifindex) <= 0)
		return NULL;
	return dev;
}

/* Compares rtnl_link_ops.kind with "veth" (drivers/net/veth.c, DRV_NAME in veth_link_ops). */
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
