// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * fib6_table_lookup: the kernel looks up an IPv6 route in one table (include/trace/events/fib6.h,
 * the same from 5.10 to 7.3). The program records the look-ups that fail while this host sends.
 * One table's failure is no fault by itself, as for IPv4 (fib_table_lookup.bpf.c).
 * It counts as filtered a look-up that succeeds or that is for a forwarded packet.
 */
#include "route_lookup.h"
#include <bpf/bpf_endian.h>

#define ETH_P_IPV6 0x86DD /* include/uapi/linux/if_ether.h */
#define IPV6_BYTES 40

/* include/uapi/linux/rtnetlink.h */
#define RTN_BLACKHOLE 6
#define RTN_UNREACHABLE 7
#define RTN_PROHIBIT 8
#define RTN_THROW 9

/* Does as ip6_rt_type_to_error (net/ipv6/route.c). The null entry's type is RTN_UNREACHABLE. */
static __always_inline int error_of(__u8 type)
{
	switch (type) {
	case RTN_BLACKHOLE:
		return -22; /* EINVAL */
	case RTN_UNREACHABLE:
		return -113; /* EHOSTUNREACH */
	case RTN_PROHIBIT:
		return -13; /* EACCES */
	case RTN_THROW:
		return -11; /* EAGAIN */
	default:
		return 0;
	}
}

/* The caller has set header to 0. */
static __always_inline void make_header(__u8 *header, const struct flowi6 *flow)
{
	header[0] = 0x60; /* version 6 */
	header[6] = BPF_CORE_READ(flow, __fl_common.flowic_proto);
	bpf_probe_read_kernel(header + 8, 16, &flow->saddr);
	bpf_probe_read_kernel(header + 24, 16, &flow->daddr);
}

static __always_inline bool flow_matches_pcap_filter(const struct flowi6 *flow)
{
	struct vt_frame frame;

	if (!vt_trace_filter.has_pcap_filter)
		return true;
	make_header(vt_begin_flow_frame(&frame, bpf_htons(ETH_P_IPV6), IPV6_BYTES), flow);
	return vt_pcap_filter(&frame);
}

static __always_inline void fill_header(struct vt_event *event, const struct flowi6 *flow)
{
	__builtin_memset(event->packet, 0, IPV6_BYTES);
	make_header(event->packet, flow);
	event->protocol_be = bpf_htons(ETH_P_IPV6);
	event->packet_bytes = IPV6_BYTES;
}

static __always_inline int on_fib6_table_lookup(const __u64 *args)
{
	const struct net *net = (const struct net *)args[0];
	const struct fib6_result *result = (const struct fib6_result *)args[1];
	const struct flowi6 *flow = (const struct flowi6 *)args[3];
	int err = error_of(BPF_CORE_READ(result, fib6_type));
	__u32 netns = BPF_CORE_READ(net, ns.inum);
	struct vt_event *event;

	if (!err || !vt_is_sent_by_host(&flow->__fl_common) ||
	    !vt_passes_netns_and_ifname(netns, NULL) || !flow_matches_pcap_filter(flow)) {
		vt_count_filtered(VT_HOOK_FIB6_TABLE_LOOKUP);
		return 0;
	}
	event = vt_count_and_reserve(VT_HOOK_FIB6_TABLE_LOOKUP);
	if (!event)
		return 0;
	vt_fill_lookup(event, netns, &flow->__fl_common, err);
	fill_header(event, flow);
	vt_submit(event);
	return 0;
}

SEC("tp_btf/fib6_table_lookup")
int fib6_table_lookup_tp_btf(const __u64 *args)
{
	return on_fib6_table_lookup(args);
}

SEC("raw_tp/fib6_table_lookup")
int fib6_table_lookup_raw_tp(const __u64 *args)
{
	return on_fib6_table_lookup(args);
}
