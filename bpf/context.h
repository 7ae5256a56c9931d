/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Whether the current task is what runs, or an interrupt on top of it. */
#ifndef VETHTRACE_CONTEXT_H
#define VETHTRACE_CONTEXT_H

#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * include/linux/preempt.h, the same from 5.10 on: a softirq that is served counts one, one that is
 * only disabled two. Hard interrupts and NMIs have the bits above.
 */
#define VT_INTERRUPT_BITS (0x100 | 0xf0000 | 0xf00000)

/* x86 keeps the count per CPU, as a variable of its own (arch/x86/include/asm/preempt.h) ... */
extern int __preempt_count __ksym __weak;
/* ... or in here. arm64 has it in the task. */
extern struct pcpu_hot pcpu_hot __ksym __weak;

/* False too where this kernel does not let it be told. */
static __always_inline bool vt_is_process_context(struct task_struct *task)
{
	const int *count;
	const struct pcpu_hot *hot;

	if (bpf_core_field_exists(struct thread_info, preempt_count))
		return !((__u32)BPF_CORE_READ(task, thread_info.preempt_count) & VT_INTERRUPT_BITS);
	if (&__preempt_count) {
		count = bpf_this_cpu_ptr(&__preempt_count);
		return !(*count & VT_INTERRUPT_BITS);
	}
	if (&pcpu_hot) {
		hot = bpf_this_cpu_ptr(&pcpu_hot);
		return !(BPF_CORE_READ(hot, preempt_count) & VT_INTERRUPT_BITS);
	}
	return false;
}

#endif
