// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A benchmark's source of events. It has no hook: BPF_PROG_RUN runs it with a struct vt_fill as its
 * context, and it fills the ring with events as fast as it can. It needs bpf_loop: 5.17
 * (e6f2dd0f8067).
 */
#include "../emit.h"

#define FILL_MAX (1 << 23) /* BPF_MAX_LOOPS, include/linux/bpf.h */
#define FILL_NETNS (VT_PROC_DYNAMIC_FIRST + 42)

struct vt_fill {
	__u64 records; /* number of events to write, at most FILL_MAX */
};

/* clang-format off */

/* An ICMP echo request (RFC 792) from 192.168.1.1 to 192.168.1.2. */
static const __u8 echo[98] = {
	0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00,
	0x45, 0, 0, 84, 0, 1, 0x40, 0, 64, 1, 0xb7, 0x53, 192, 168, 1, 1, 192, 168, 1, 2,
	8, 0, 0, 0, 0x12, 0x34, 0, 1,
};

/* An ARP request (RFC 826) of 192.168.1.1 for 192.168.1.2. */
static const __u8 arp[42] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, 0x08, 0x06,
	0, 1, 0x08, 0x00, 6, 4, 0, 1,
	0x02, 0, 0, 0, 0, 1, 192, 168, 1, 1, 0, 0, 0, 0, 0, 0, 192, 168, 1, 2,
};

/* clang-format on */

static __always_inline void fill_frame(struct vt_event *event, __u32 index)
{
	event->network_offset = 14;
	if (index & 1) {
		__builtin_memcpy(event->packet, arp, sizeof(arp));
		event->packet_bytes = sizeof(arp);
		event->protocol_be = 0x0608; /* ETH_P_ARP */
	} else {
		__builtin_memcpy(event->packet, echo, sizeof(echo));
		*(__u16 *)&event->packet[40] = index; /* the echo's sequence number */
		event->packet_bytes = sizeof(echo);
		event->protocol_be = 0x0008; /* ETH_P_IP */
	}
	event->len_bytes = event->packet_bytes;
}

static long fill_one(__u32 index, void *unused)
{
	struct vt_event *event = vt_count_and_reserve(VT_HOOK_VETH_XMIT);

	if (!event)
		return 0;
	event->ktime_ns = bpf_ktime_get_ns();
	event->skb = 0xffff888000000000 + ((__u64)index << 8);
	event->skb_head = event->skb + (1 << 20);
	event->netns = FILL_NETNS;
	event->ifindex = 2;
	event->dev_flags = 0x1043; /* up, broadcast, running, multicast */
	event->cpu = bpf_get_smp_processor_id();
	__builtin_memcpy(event->ifname, "veth0", sizeof("veth0"));
	fill_frame(event, index);
	vt_submit(event);
	return 0;
}

SEC("syscall")
int fill(struct vt_fill *ctx)
{
	__u64 records = ctx->records;

	bpf_loop(records > FILL_MAX ? FILL_MAX : records, fill_one, NULL, 0);
	return 0;
}
