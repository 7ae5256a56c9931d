// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * fib_table_lookup: the kernel looks up an IPv4 route in one table (include/trace/events/fib.h, the
 * same from 5.10 to 7.3). The program records the look-ups that fail while a process sends: the
 * kernel makes no skb then, so no other hook shows the packet. A table without the destination
 * fails with -EAGAIN, which is no fault if a later table has it. So the daemon asks the kernel for
 * the verdict of all tables and rules. The program also records a route out of the host for a
 * source in 127/8, which __mkroute_output (net/ipv4/route.c) refuses next.
 * It counts as filtered a look-up that succeeds, that is for a forwarded packet, or that an
 * interrupt makes.
 *
 * The tracepoint does not pass the netns. In process context it is the task's.
 */
#include "route_lookup.h"
#include "process_context.h"
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800 /* include/uapi/linux/if_ether.h */
#define IPV4_BYTES 20

struct lookup {
	const struct flowi4 *flow;
	const struct fib_nh_common *nexthop;
	int err;
};

static __always_inline bool leaves_with_loopback_source(const struct lookup *lookup)
{
	const struct fib_nh_common *nexthop = lookup->nexthop;
	const struct flowi4 *flow = lookup->flow;
	__be32 source = BPF_CORE_READ(flow, saddr);
	struct net_device *dev;

	if ((source & bpf_htonl(0xff000000)) != bpf_htonl(0x7f000000) || !nexthop)
		return false;
	dev = BPF_CORE_READ(nexthop, nhc_dev);
	return vt_is_kernel_address(dev) && !vt_is_loopback(dev);
}

/* Returns the device that the route leads out of; NULL if the look-up failed. */
static __always_inline struct net_device *output_device(const struct lookup *lookup)
{
	const struct fib_nh_common *nexthop = lookup->nexthop;

	return lookup->err || !nexthop ? NULL : BPF_CORE_READ(nexthop, nhc_dev);
}

static __always_inline bool is_refused(const struct lookup *lookup)
{
	return lookup->err ? lookup->err < 0 : leaves_with_loopback_source(lookup);
}

/* The caller has set header to 0. */
static __always_inline void make_header(__u8 *header, const struct flowi4 *flow)
{
	__be32 source = BPF_CORE_READ(flow, saddr);
	__be32 destination = BPF_CORE_READ(flow, daddr);

	header[0] = 0x45; /* version 4, five words */
	header[9] = BPF_CORE_READ(flow, __fl_common.flowic_proto);
	__builtin_memcpy(header + 12, &source, sizeof(source));
	__builtin_memcpy(header + 16, &destination, sizeof(destination));
}

static __always_inline bool flow_matches_pcap_filter(const struct flowi4 *flow)
{
	struct vt_frame frame;

	if (!vt_trace_filter.has_pcap_filter)
		return true;
	make_header(vt_begin_flow_frame(&frame, bpf_htons(ETH_P_IP), IPV4_BYTES), flow);
	return vt_pcap_filter(&frame);
}

static __always_inline void fill_header(struct vt_event *event, const struct flowi4 *flow)
{
	__builtin_memset(event->packet, 0, IPV4_BYTES);
	make_header(event->packet, flow);
	event->protocol_be = bpf_htons(ETH_P_IP);
	event->packet_bytes = IPV4_BYTES;
}

static __always_inline int on_fib_table_lookup(const __u64 *args)
{
	struct lookup lookup = {
		.flow = (const struct flowi4 *)args[1],
		.nexthop = (const struct fib_nh_common *)args[2],
		.err = args[3],
	};
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct net_device *dev;
	struct vt_event *event;
	__u32 netns;

	if (!is_refused(&lookup) || !vt_is_sent_by_host(&lookup.flow->__fl_common) ||
	    !vt_is_process_context(task, args)) {
		vt_count_filtered(VT_HOOK_FIB_TABLE_LOOKUP);
		return 0;
	}
	netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	dev = output_device(&lookup);
	if (!vt_passes_netns_and_ifname(netns, dev) || !flow_matches_pcap_filter(lookup.flow)) {
		vt_count_filtered(VT_HOOK_FIB_TABLE_LOOKUP);
		return 0;
	}
	event = vt_count_and_reserve(VT_HOOK_FIB_TABLE_LOOKUP);
	if (!event)
		return 0;
	vt_fill_lookup(event, netns, &lookup.flow->__fl_common, lookup.err);
	vt_fill_from_dev(event, dev);
	fill_header(event, lookup.flow);
	vt_submit(event);
	return 0;
}

SEC("tp_btf/fib_table_lookup")
int fib_table_lookup_tp_btf(const __u64 *args)
{
	return on_fib_table_lookup(args);
}

SEC("raw_tp/fib_table_lookup")
int fib_table_lookup_raw_tp(const __u64 *args)
{
	return on_fib_table_lookup(args);
}
