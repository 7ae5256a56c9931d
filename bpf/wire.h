/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The records that cross between the BPF programs and the daemon: events in the ring, counters in
 * maps, and the trace filter in the object. EventLayout, ProbeHitCounters, PacketCounterLayout,
 * TraceFilterLayout and FrameLayout own the same offsets in Java. WireLayoutTest compares both
 * sides through the BTF of wire.c.
 *
 * Integers are in the machine's byte order unless the name ends in _be. Packet bytes are as on
 * the wire.
 */
#ifndef VETHTRACE_WIRE_H
#define VETHTRACE_WIRE_H

/* The hook that made an event. The values are wire format: append, never renumber. */
enum vt_hook {
	VT_HOOK_UNSPECIFIED = 0,
	VT_HOOK_VETH_XMIT = 1,
	VT_HOOK_LOOPBACK_XMIT = 2,
	VT_HOOK_NETIF_RX = 3,
	VT_HOOK_NETIF_RECEIVE_SKB = 4,
	VT_HOOK_FIB_VALIDATE_SOURCE = 5,
	VT_HOOK_KFREE_SKB = 6,
	VT_HOOK_CONSUME_SKB = 7,
	VT_HOOK_FIB_TABLE_LOOKUP = 8,  /* IPv4 */
	VT_HOOK_FIB6_TABLE_LOOKUP = 9, /* IPv6 */
	VT_HOOK_MAX = 10,              /* one more than the last */
};

/* Bits of vt_event.flags. */
enum vt_flag {
	VT_FLAG_CLONED = 1,   /* skb->cloned: others share its data */
	VT_FLAG_SETTINGS = 2, /* vt_event.settings is filled */
	VT_FLAG_RESULT = 4,   /* vt_event.result is filled */
	VT_FLAG_REASON = 8,   /* vt_event.reason_or_mark is a drop reason of this kernel */
};

#define VT_IFNAME_BYTES 16  /* IFNAMSIZ, include/uapi/linux/if.h */
#define VT_PACKET_BYTES 112 /* Ethernet, IPv6, ICMPv6, quoted IPv6 and UDP headers: 110 */

/* The settings that fib_validate_source reads, of the device and of "all" (fib_frontend.c). */
struct vt_source_settings {
	__s32 rp_filter_all;
	__s32 rp_filter_dev;
	__s32 accept_local_all;
	__s32 accept_local_dev;
};

/*
 * One event: one skb at one hook. A route look-up has no skb. Its skb is 0, and its packet is an IP
 * header that the program makes from the flow. Only the addresses and the protocol of that header
 * mean anything.
 */
struct vt_event {
	__u64 ktime_ns;       /* bpf_ktime_get_ns: CLOCK_MONOTONIC */
	__u64 skb;            /* address of the sk_buff */
	__u64 skb_head;       /* sk_buff.head: clones share it; it differs if a sk_buff is reused */
	__u64 location;       /* kfree_skb, consume_skb: the caller's address; else 0 */
	__u32 netns;          /* inode of the device's namespace (ns_common.inum), 0 if none */
	__u32 ifindex;        /* 0 if the skb has no device */
	__u32 dev_flags;      /* net_device.flags: IFF_UP, IFF_LOOPBACK, ... */
	__u32 len_bytes;      /* sk_buff.len at this hook */
	__s32 result;         /* fib_validate_source: its return value; look-ups: 0 or -errno */
	__u32 reason_or_mark; /* kfree_skb: enum skb_drop_reason; look-ups: the flow's mark */
	__u16 cpu;
	__u8 hook;           /* enum vt_hook */
	__u8 packet_bytes;   /* number of valid bytes in packet */
	__u16 protocol_be;   /* sk_buff.protocol: the EtherType of the network header */
	__u8 network_offset; /* of the network header in packet: 0 or the MAC header's length */
	__u8 flags;          /* enum vt_flag */
	struct vt_source_settings settings; /* fib_validate_source: at this event */
	char ifname[VT_IFNAME_BYTES]; /* net_device.name, NUL-padded; empty without a device */
	__u8 packet[VT_PACKET_BYTES]; /* from the MAC header, else from the network header */
};

/*
 * The counters of one hook on one CPU. The index is enum vt_hook. Each skb that the hook is about
 * is one hit, and hits = delivered + filtered + lost.
 */
struct vt_hook_counters {
	__u64 hits;
	__u64 delivered; /* put into the ring */
	__u64 filtered;  /* the trace filter or the hook's own conditions exclude it */
	__u64 lost;      /* the ring was full, or a return probe was missed */
};

/*
 * The key of a packet counter. The programs count before they reserve room in the ring, so these
 * counts stay exact when the ring is full.
 */
struct vt_packet_counter_key {
	__u64 location;       /* drops: the caller's address; else 0 */
	__s32 code;           /* drops: enum skb_drop_reason, 0 before 5.17; refusals: the return
			       * value of fib_validate_source; traffic: enum vt_traffic */
	__u32 ifindex;        /* 0 if the skb has no device */
	__u32 netns;          /* as in vt_event */
	__u32 net_cookie_low; /* low half of the netns's net_cookie, because a later netns may
			       * get the same inode; 0 before 5.12 */
};

/* A packet counter of one key on one CPU. */
struct vt_packet_counter {
	__u64 packets; /* skbs; a GSO packet is one */
	__u64 bytes;   /* drops, refusals: sk_buff.len; traffic: the frame with its MAC header */
	char ifname[VT_IFNAME_BYTES]; /* net_device.name on the CPU that saw the key
				       * first; empty on the others */
};

/* The direction of a frame on a veth or on lo. */
enum vt_traffic {
	VT_TRAFFIC_UNSPECIFIED = 0,
	VT_TRAFFIC_VETH_TRANSMIT = 1, /* the stack handed the frame to the device */
	VT_TRAFFIC_VETH_RECEIVE = 2,  /* the frame entered the stack */
	VT_TRAFFIC_LOOPBACK_TRANSMIT = 3,
	VT_TRAFFIC_LOOPBACK_RECEIVE = 4,
};

/* The kinds of packet counter. The value is the index into vt_overflow (maps.h). */
enum vt_counter_kind {
	VT_COUNTER_KIND_DROPS = 0,
	VT_COUNTER_KIND_REFUSALS = 1,
	VT_COUNTER_KIND_TRAFFIC = 2,
	VT_COUNTER_KIND_MAX = 3,
};

#define VT_PACKET_COUNTERS_MAX 4096 /* keys of one kind */

#define VT_FILTER_LIST_MAX 8 /* netns, and device names, that one trace filter can list */
#define VT_TRACE_FILTER_MARK_1 0x7470655f74767e01ull
#define VT_TRACE_FILTER_MARK_2 0x0273766f69747066ull

/*
 * The trace filter. The daemon writes it into the object's read-only data before it loads the
 * object. The verifier then knows the values and removes the tests that they make unnecessary
 * (kernel/bpf/verifier.c, bpf_map_direct_read, 5.5).
 */
struct vt_trace_filter {
	__u64 mark[2];               /* the daemon finds this record in the object by it */
	__u32 has_pcap_filter;       /* 1 if vt_pcap_filter contains a filter */
	__u32 netns_count;           /* 0: any netns passes */
	__u32 ifname_count;          /* 0: any device passes */
	__u32 pcap_filter_reads_len; /* 1 if the filter reads vt_frame.len */
	__u32 netns[VT_FILTER_LIST_MAX];
	char ifname[VT_FILTER_LIST_MAX][VT_IFNAME_BYTES]; /* NUL-padded */
};

#define VT_HEAD_BYTES 62 /* Ethernet, a VLAN tag, IPv6 and the ports: 62 */

/*
 * A packet as a pcap filter sees it: an Ethernet frame that contains its outermost VLAN tag, even
 * where the kernel keeps the tag beside the bytes. The daemon translates a filter into loads from
 * this record (io.vethtrace.daemon.filter.FrameLayout).
 */
struct vt_frame {
	__u64 base;     /* kernel address of byte 0, for loads from behind head */
	__u32 captured; /* number of readable bytes; a load from behind them rejects */
	__u32 len;      /* length of the whole frame; 0 unless the filter reads it */
	__u16 unused;   /* aligns the network header: the verifier wants aligned stack reads */
	__u8 head[VT_HEAD_BYTES];
};

#endif
