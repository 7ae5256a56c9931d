/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The records that cross from the kernel to Java. io.vethtrace.daemon.probe.ring.EventLayout has the
 * same offsets, and a test compares the two through the compiled object's BTF.
 *
 * Integers are in the machine's byte order unless the name ends in _be. Packet bytes are as on
 * the wire.
 */
#ifndef VETHTRACE_WIRE_H
#define VETHTRACE_WIRE_H

/* The probe point that made an event. Values are wire format: append, never renumber. */
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
	VT_FLAG_REASON = 8,   /* vt_event.reason_or_mark is filled: this kernel has drop reasons */
};

#define VT_IFNAME_BYTES 16  /* IFNAMSIZ, include/uapi/linux/if.h */
#define VT_PACKET_BYTES 112 /* Ethernet, IPv6, ICMPv6, quoted IPv6 and UDP headers: 110 */

/* What fib_validate_source reads of the receiving device and of "all" (net/ipv4/fib_frontend.c). */
struct vt_source_settings {
	__s32 rp_filter_all;
	__s32 rp_filter_dev;
	__s32 accept_local_all;
	__s32 accept_local_dev;
};

/*
 * One sight of one skb at one probe point. The look-ups of a route have no skb: skb is 0, and
 * packet is an IP header made of the flow that was looked up, whose addresses and protocol alone
 * count.
 */
struct vt_event {
	__u64 ktime_ns;       /* bpf_ktime_get_ns: CLOCK_MONOTONIC */
	__u64 skb;            /* address of the sk_buff */
	__u64 skb_head;       /* sk_buff.head: the same for clones, survives skb reuse checks */
	__u64 location;       /* kfree_skb, consume_skb: the caller's address; else 0 */
	__u32 netns;          /* inode of the device's namespace (ns_common.inum), 0 if none */
	__u32 ifindex;        /* 0 if the skb has no device */
	__u32 dev_flags;      /* net_device.flags: IFF_UP, IFF_LOOPBACK, ... */
	__u32 len_bytes;      /* sk_buff.len at this hook */
	__s32 result;         /* fib_validate_source: its return value; look-ups: 0 or -errno */
	__u32 reason_or_mark; /* kfree_skb: enum skb_drop_reason; look-ups: the flow's mark */
	__u16 cpu;
	__u8 hook;           /* enum vt_hook */
	__u8 packet_bytes;   /* how many bytes of packet are valid */
	__u16 protocol_be;   /* sk_buff.protocol: the EtherType of the network header */
	__u8 network_offset; /* of the network header in packet: 0, or after the MAC header */
	__u8 flags;          /* enum vt_flag */
	struct vt_source_settings settings; /* fib_validate_source: at that moment */
	char ifname[VT_IFNAME_BYTES]; /* net_device.name, NUL-padded; empty without a device */
	__u8 packet[VT_PACKET_BYTES]; /* from the MAC header, else from the network header */
};

/*
 * Per CPU and per hook (the index is enum vt_hook). A hit is counted once for each skb that the
 * probe point is about; hits = delivered + filtered + lost.
 */
struct vt_hook_counters {
	__u64 hits;
	__u64 delivered; /* put into the ring */
	__u64 filtered;  /* not wanted: e.g. without a device, or not matched by the filter */
	__u64 lost;      /* the ring was full, or a return probe was missed */
};

/*
 * What the exact counts are counted by. They are made before the ring is asked for room, so they do
 * not depend on it.
 */
struct vt_packet_counter_key {
	__u64 location;       /* drops: the caller's address; else 0 */
	__s32 code;           /* drops: enum skb_drop_reason, 0 before 5.17; refusals: what
			       * fib_validate_source returned; traffic: enum vt_traffic */
	__u32 ifindex;        /* 0 if the skb has no device */
	__u32 netns;          /* as in vt_event */
	__u32 net_cookie_low; /* low half of net_cookie of that namespace, as the next one may get
			       * its inode; 0 before 5.12 */
};

/* Per CPU. */
struct vt_packet_counter {
	__u64 packets; /* skbs; a GSO packet is one */
	__u64 bytes;   /* drops, refusals: sk_buff.len; traffic: the frame with its MAC header */
	char ifname[VT_IFNAME_BYTES]; /* net_device.name; empty but on the CPU that saw the key
					 first */
};

/* What a frame on a veth or on lo was doing. */
enum vt_traffic {
	VT_TRAFFIC_UNSPECIFIED = 0,
	VT_TRAFFIC_VETH_TRANSMIT = 1, /* the stack handed it to the device */
	VT_TRAFFIC_VETH_RECEIVE = 2,  /* it entered the stack */
	VT_TRAFFIC_LOOPBACK_TRANSMIT = 3,
	VT_TRAFFIC_LOOPBACK_RECEIVE = 4,
};

/* The tallied kinds: the index into vt_overflow, for keys that their map had no room for. */
enum vt_counter_kind {
	VT_COUNTER_KIND_DROPS = 0,
	VT_COUNTER_KIND_REFUSALS = 1,
	VT_COUNTER_KIND_TRAFFIC = 2,
	VT_COUNTER_KIND_MAX = 3,
};

#define VT_PACKET_COUNTERS_MAX 4096 /* of one kind at once */

#define VT_FILTER_LIST_MAX 8 /* namespaces, and names of devices, that can be asked for at once */
#define VT_TRACE_FILTER_MARK_1 0x7470655f74767e01ull
#define VT_TRACE_FILTER_MARK_2 0x0273766f69747066ull

/*
 * What is wanted, written into the object before it is loaded: the verifier then knows these values
 * and removes what is not asked for (kernel/bpf/verifier.c, bpf_map_direct_read, 5.5).
 */
struct vt_trace_filter {
	__u64 mark[2];               /* where it is in the object */
	__u32 has_pcap_filter;       /* whether vt_pcap_filter holds a filter */
	__u32 netns_count;           /* 0: any */
	__u32 ifname_count;          /* 0: any */
	__u32 pcap_filter_reads_len; /* whether the filter asks for vt_frame.len */
	__u32 netns[VT_FILTER_LIST_MAX];
	char ifname[VT_FILTER_LIST_MAX][VT_IFNAME_BYTES]; /* NUL-padded */
};

#define VT_HEAD_BYTES 62 /* Ethernet, a VLAN tag, IPv6 and the ports are 62 */

/*
 * A packet as a filter in libpcap's language sees it: an Ethernet frame with its outermost VLAN tag
 * in it, wherever the kernel keeps that. Java compiles filters to loads from it
 * (io.vethtrace.daemon.filter.FrameLayout).
 */
struct vt_frame {
	__u64 base;     /* where in the kernel's memory byte 0 would be, for what is behind head */
	__u32 captured; /* how many bytes can be read; a load behind them rejects */
	__u32 len;      /* of the whole frame */
	__u16 unused;   /* so that the network header is aligned: the stack is read no other way */
	__u8 head[VT_HEAD_BYTES];
};

#endif
