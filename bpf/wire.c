// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Never loaded. It names every type of wire.h, because BTF carries an enum or a record only if a
 * variable has its type; its BTF is wire.btf, which the Java layout is tested against.
 */
#include <linux/types.h>
#include "wire.h"

struct vt_event vt_wire_event;
struct vt_settings vt_wire_settings;
struct vt_counters vt_wire_counters;
struct vt_tally_key vt_wire_tally_key;
struct vt_tally vt_wire_tally;
enum vt_traffic vt_wire_traffic;
enum vt_tallied vt_wire_tallied;
struct vt_options vt_wire_options;
struct vt_frame vt_wire_frame;
enum vt_hook vt_wire_hook;
enum vt_flag vt_wire_flag;
