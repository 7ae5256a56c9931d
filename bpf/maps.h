/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The two maps of every object. The loader creates them once and hands the same two to each object
 * (bpf_map__reuse_fd), so that all probe points write to one ring.
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
	__type(value, struct vt_counters);
} vt_counters SEC(".maps");

#endif
