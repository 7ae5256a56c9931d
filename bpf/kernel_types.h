/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The kernel's types, reduced to the fields that the programs read. preserve_access_index makes
 * each access a CO-RE relocation: libbpf replaces the offsets by those of the running kernel.
 */
#ifndef VETHTRACE_KERNEL_TYPES_H
#define VETHTRACE_KERNEL_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#include <linux/bpf.h>

/* Makes bpf_tracing.h use the register names of the kernel's pt_regs, which is below. */
#define __VMLINUX_H__

#define IFF_LOOPBACK (1 << 3) /* include/uapi/linux/if.h */

/* A kprobe's context is ABI: these two need no relocation. arch/x86/include/asm/ptrace.h */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

/* arch/arm64/include/uapi/asm/ptrace.h */
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

/* include/linux/inetdevice.h; data[] is indexed by IPV4_DEVCONF_... - 1 */
struct ipv4_devconf {
	int data[32];
};

struct in_device {
	struct ipv4_devconf cnf;
};

struct netns_ipv4 {
	struct ipv4_devconf *devconf_all;
};

struct net {
	struct ns_common ns;
	__u64 net_cookie; /* since 5.12 */
	struct netns_ipv4 ipv4;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct rtnl_link_ops {
	const char *kind;
};

struct net_device {
	char name[16];
	unsigned int flags;
	int ifindex;
	possible_net_t nd_net;
	struct in_device *ip_ptr;
	const struct rtnl_link_ops *rtnl_link_ops;
};

struct sock_common {
	possible_net_t skc_net;
};

struct sock {
	struct sock_common __sk_common;
};

/* include/net/flow.h */
struct flowi_common {
	int flowic_oif;
	int flowic_iif;
	__u32 flowic_mark;
	__u8 flowic_proto;
};

struct flowi4 {
	struct flowi_common __fl_common;
	__be32 saddr;
	__be32 daddr;
};

struct in6_addr {
	__u8 bytes[16];
};

struct flowi6 {
	struct flowi_common __fl_common;
	struct in6_addr daddr;
	struct in6_addr saddr;
};

/* include/net/ip_fib.h */
struct fib_nh_common {
	struct net_device *nhc_dev;
};

/* include/net/ip6_fib.h */
struct fib6_result {
	__u8 fib6_type;
};

struct nsproxy {
	struct net *net_ns;
};

/* arch/arm64/include/asm/thread_info.h; x86 has no such field */
struct thread_info {
	__u64 preempt_count;
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	struct nsproxy *nsproxy;
};

/* Before they are set, mac_header is ~0 and network_header 0 (net/core/skbuff.c, __alloc_skb). */
struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	__u8 cloned : 1;
	__u8 vlan_present : 1; /* before 6.2; then vlan_proto (354259fa73e2) */
	__be16 vlan_proto;
	__u16 vlan_tci;
	__be16 protocol;
	__u16 network_header;
	__u16 mac_header;
	unsigned int tail;
	unsigned char *head;
	unsigned char *data;
};

/*
 * Drop reasons exist since 5.17. NOT_SPECIFIED was the first. Later kernels put SKB_NOT_DROPPED_YET
 * and SKB_CONSUMED before it (include/net/dropreason-core.h), so a smaller value is no drop.
 */
enum skb_drop_reason {
	SKB_DROP_REASON_NOT_SPECIFIED = 2,
};

/*
 * The records of the trace events (include/trace/events/skb.h). No program reads them. Their fields
 * show which arguments the tracepoint passes, because the kernel added a field with each argument:
 * kfree_skb: reason in 5.17 (c504e5c2f964), rx_sk in 6.11 (c53795d48ee8);
 * consume_skb: location in 6.3 (dd1b527831a3).
 */
struct trace_event_raw_kfree_skb {
	enum skb_drop_reason reason;
	void *rx_sk;
};

struct trace_event_raw_consume_skb {
	void *location;
};

#pragma clang attribute pop

#endif
