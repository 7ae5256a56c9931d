/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The maps that all objects share. The daemon creates each map once and gives it to every object
 * (bpf_map__reuse_fd), so that all programs write to one ring and count in the same counters. The
 * daemon finds the maps by name (SharedMaps, PacketCounterMaps).
 */
#ifndef VETHTRACE_MAPS_H
#define VETHTRACE_MAPS_H

#include <bpf/bpf_helpers.h>
#include "wire.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} vt_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VT_HOOK_MAX);
	__type(key, __u32);
	__type(value, struct vt_hook_counters);
} vt_hook_counts SEC(".maps");

/*
 * Packet counters. The map is preallocated, because a kernel before 6.1 may not allocate memory in
 * every context where a tracepoint fires (kernel/bpf/verifier.c, check_map_prog_compatibility).
 */
struct vt_packet_counter_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, VT_PACKET_COUNTERS_MAX);
	__type(key, struct vt_packet_counter_key);
	__type(value, struct vt_packet_counter);
};

struct vt_packet_counter_map vt_drops SEC(".maps");
struct vt_packet_counter_map vt_refusals SEC(".maps");
struct vt_packet_counter_map vt_traffic SEC(".maps");

/* Counts the packets whose key found its map full, one counter for each kind. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VT_COUNTER_KIND_MAX);
	__type(key, __u32);
	__type(value, struct vt_packet_counter);
} vt_overflow SEC(".maps");

#endif
