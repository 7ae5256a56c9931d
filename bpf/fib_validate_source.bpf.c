// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * fib_validate_source: the kernel checks a received packet's source address
 * (net/ipv4/fib_frontend.c). The function exists in all supported kernels, 5.10 to 7.3, and the
 * programs attach to its return. They record the packet, the return value and the settings that
 * the check reads, and count the refusals. Settings, device and netns are those of the function's
 * dev argument.
 * They count as filtered the skb of a route query.
 */
#include "emit.h"
#include "packet_counters.h"
#include <bpf/bpf_tracing.h>
#include <linux/ip.h>

/* The sixth argument, for which bpf_tracing.h has no name before libbpf 1.2. */
#if defined(__TARGET_ARCH_x86)
#define VT_KPROBE_ARG6(ctx) ((ctx)->r9)
#elif defined(__TARGET_ARCH_arm64)
#define VT_KPROBE_ARG6(ctx) (((const struct user_pt_regs *)(ctx))->regs[5])
#endif

#define FEXIT_ARG_DEV 5    /* index of dev among the function's arguments */
#define FEXIT_ARG_RESULT 8 /* the return value follows the eight arguments */

static __always_inline void fill_settings(struct vt_event *event, struct net_device *dev)
{
	struct in_device *in_dev = BPF_CORE_READ(dev, ip_ptr);
	struct ipv4_devconf *all = BPF_CORE_READ(dev, nd_net.net, ipv4.devconf_all);
	struct vt_source_settings *settings = &event->settings;

	if (!in_dev || !all)
		return;
	settings->rp_filter_all = BPF_CORE_READ(all, data[IPV4_DEVCONF_RP_FILTER - 1]);
	settings->rp_filter_dev = BPF_CORE_READ(in_dev, cnf.data[IPV4_DEVCONF_RP_FILTER - 1]);
	settings->accept_local_all = BPF_CORE_READ(all, data[IPV4_DEVCONF_ACCEPT_LOCAL - 1]);
	settings->accept_local_dev = BPF_CORE_READ(in_dev, cnf.data[IPV4_DEVCONF_ACCEPT_LOCAL - 1]);
	event->flags |= VT_FLAG_SETTINGS;
}

static __always_inline int on_fib_validate_source(struct sk_buff *skb, struct net_device *dev,
						  int result)
{
	struct vt_event *event;

	if (vt_is_route_query(skb) || !vt_passes_trace_filter(skb, dev, VT_DATA_ANYWHERE)) {
		vt_count_filtered(VT_HOOK_FIB_VALIDATE_SOURCE);
		return 0;
	}
	if (result < 0)
		vt_count_refusal(skb, dev, result);
	event = vt_count_and_reserve(VT_HOOK_FIB_VALIDATE_SOURCE);
	if (!event)
		return 0;
	vt_fill_from_skb(event, skb, VT_DATA_ANYWHERE);
	vt_fill_from_dev(event, dev);
	fill_settings(event, dev);
	event->result = result;
	event->flags |= VT_FLAG_RESULT;
	vt_submit(event);
	return 0;
}

SEC("fexit/fib_validate_source")
int fib_validate_source_fexit(const __u64 *args)
{
	return on_fib_validate_source((struct sk_buff *)args[0],
				      (struct net_device *)args[FEXIT_ARG_DEV],
				      args[FEXIT_ARG_RESULT]);
}

/*
 * A kretprobe gets only the return value, so the kprobe keeps the arguments of the call in a map.
 * The key is the task, because a task may move to another CPU during the call (`ip route get` calls
 * the function in process context). All idle tasks have pid 0, and they never move.
 */
struct call_key {
	__u64 pid_tgid;
	__u32 idle_cpu; /* the CPU if pid_tgid is 0; else 0 */
	__u32 unused;
};

struct call {
	struct sk_buff *skb;
	struct net_device *dev;
};

/*
 * LRU, so that a call without a return ages out: the kretprobe misses a return if more calls run at
 * once than it has instances (Documentation/trace/kprobes.rst). If the kprobe finds an entry for
 * its key, that entry is such a call, and the program counts it as lost.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct call_key);
	__type(value, struct call);
} vt_fib_calls SEC(".maps");

static __always_inline struct call_key current_call(void)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();

	return (struct call_key){
		.pid_tgid = pid_tgid,
		.idle_cpu = pid_tgid ? 0 : bpf_get_smp_processor_id(),
	};
}

SEC("kprobe/fib_validate_source")
int BPF_KPROBE(fib_validate_source_kprobe, struct sk_buff *skb)
{
	struct call_key key = current_call();
	struct call call = { .skb = skb, .dev = (struct net_device *)VT_KPROBE_ARG6(ctx) };

	if (bpf_map_update_elem(&vt_fib_calls, &key, &call, BPF_NOEXIST)) {
		vt_count_lost(VT_HOOK_FIB_VALIDATE_SOURCE);
		bpf_map_update_elem(&vt_fib_calls, &key, &call, BPF_ANY);
	}
	return 0;
}

SEC("kretprobe/fib_validate_source")
int BPF_KRETPROBE(fib_validate_source_kretprobe, int result)
{
	struct call_key key = current_call();
	struct call *found = bpf_map_lookup_elem(&vt_fib_calls, &key);
	struct call call;

	if (!found)
		return 0;
	call = *found;
	bpf_map_delete_elem(&vt_fib_calls, &key);
	return on_fib_validate_source(call.skb, call.dev, result);
}
