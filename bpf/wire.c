// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * One variable of each type in wire.h, because BTF contains an enum or a record only if a variable
 * has its type. The BTF becomes wire.btf, which WireLayoutTest compares with the Java side. Nothing
 * loads this object.
 */
#include <linux/types.h>
#include "wire.h"

struct vt_event vt_wire_event;
struct vt_source_settings vt_wire_source_settings;
struct vt_hook_counters vt_wire_hook_counters;
struct vt_packet_counter_key vt_wire_packet_counter_key;
struct vt_packet_counter vt_wire_packet_counter;
enum vt_traffic vt_wire_traffic;
enum vt_counter_kind vt_wire_counter_kind;
struct vt_trace_filter vt_wire_trace_filter;
struct vt_frame vt_wire_frame;
enum vt_hook vt_wire_hook;
enum vt_flag vt_wire_flag;
