/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The way from a route look-up, which has no skb, to an event in the ring. */
#ifndef VETHTRACE_ROUTE_LOOKUP_H
#define VETHTRACE_ROUTE_LOOKUP_H

#include "emit.h"

/* include/net/net_namespace.h; flowic_iif of a packet that this host sends */
#define VT_LOOPBACK_IFINDEX 1

#define VT_READER_COMM "vt-netns" /* io.vethtrace.daemon.kernel.netns.NetnsReader.THREAD */
#define VT_COMM_BYTES 16          /* TASK_COMM_LEN, include/linux/sched.h */

/*
 * Returns true if the current task is the daemon's thread that reads the state of a netns. The flow
 * does not show it: for a route query with an input device, fib_validate_source looks up the route
 * back to the source, which looks like a packet this host sends (net/ipv4/fib_frontend.c).
 */
static __always_inline bool vt_is_own_route_query(void)
{
	char comm[VT_COMM_BYTES] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	for (__u32 i = 0; i < sizeof(VT_READER_COMM) - 1; i++)
		if (comm[i] != VT_READER_COMM[i])
			return false;
	return true;
}

/*
 * Returns true if this host sends the packet. A forwarded packet has its input device in the flow,
 * and kfree_skb reports its drop.
 */
static __always_inline bool vt_is_sent_by_host(const struct flowi_common *flow)
{
	return BPF_CORE_READ(flow, flowic_iif) <= VT_LOOPBACK_IFINDEX && !vt_is_own_route_query();
}

/* Fills the fields that do not depend on the IP version. */
static __always_inline void vt_fill_lookup(struct vt_event *event, __u32 netns,
					   const struct flowi_common *flow, int result)
{
	event->ktime_ns = bpf_ktime_get_ns();
	event->cpu = bpf_get_smp_processor_id();
	event->netns = vt_is_netns_inum(netns) ? netns : 0;
	event->ifindex = BPF_CORE_READ(flow, flowic_oif);
	event->reason_or_mark = BPF_CORE_READ(flow, flowic_mark);
	event->result = result;
	event->flags |= VT_FLAG_RESULT;
}

/* Makes the frame of a flow. Returns its IP header, all 0, behind a made-up MAC header. */
static __always_inline __u8 *vt_begin_flow_frame(struct vt_frame *frame, __be16 protocol,
						 __u32 header_bytes)
{
	__builtin_memset(frame, 0, sizeof(*frame));
	vt_make_mac_header(frame, protocol);
	frame->captured = frame->len = VT_MAC_BYTES_MIN + header_bytes;
	return frame->head + VT_MAC_BYTES_MIN;
}

#endif
