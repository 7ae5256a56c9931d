/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Whether the current task is what runs, or an interrupt on top of it. */
#ifndef VETHTRACE_PROCESS_CONTEXT_H
#define VETHTRACE_PROCESS_CONTEXT_H

#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * include/linux/preempt.h, the same from 5.10 on: a softirq that is served counts one, one that is
 * only disabled two. Hard interrupts and NMIs have the bits above.
 */
#define VT_INTERRUPT_BITS (0x100 | 0xf0000 | 0xf00000)

#define VT_PF_KTHREAD 0x00200000     /* include/linux/sched.h */
#define VT_X86_STACK_BYTES (4 << 12) /* arch/x86/include/asm/page_64_types.h, THREAD_SIZE */

/*
 * Where a tracepoint's arguments lie: on the stack that is in use (kernel/trace/bpf_trace.c,
 * bpf_trace_run*). Read through memory, as the verifier lets no program compute with this pointer.
 */
static __always_inline __u64 vt_stack_address_of(const void *args)
{
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), &args);
	return address;
}

/*
 * x86 only. An interrupt that finds the CPU in user mode stays on the task's stack, which is empty
 * then, and so do the softirqs that it runs as it ends (arch/x86/include/asm/irq_stack.h,
 * run_irq_on_irqstack_cond, since 5.12): what entered the kernel was no system call, as the
 * registers that user mode left say by orig_ax -1 (arch/x86/entry/entry_64.S, idtentry_body).
 */
static __always_inline bool vt_is_system_call(struct task_struct *task)
{
	const struct pt_regs *regs;
	long orig_ax = -1;

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs)) /* 5.15 */
		regs = (const struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	else
		regs = (const struct pt_regs *)(BPF_CORE_READ(task, stack) + VT_X86_STACK_BYTES) -
		       1;
	bpf_probe_read_kernel(&orig_ax, sizeof(orig_ax), &regs->orig_ax);
	return orig_ax >= 0;
}

/*
 * arm64 keeps the preempt count in the task. x86 has it per CPU, under two names that a kernel
 * without CONFIG_KALLSYMS_ALL does not resolve; but there interrupts of the kernel, and what
 * softirqs run as they end, use stacks of their own (arch/x86/include/asm/irq_stack.h), and
 * ksoftirqd is a thread of the kernel's.
 */
static __always_inline bool vt_is_process_context(struct task_struct *task, const void *args)
{
	if (bpf_core_field_exists(struct thread_info, preempt_count))
		return !((__u32)BPF_CORE_READ(task, thread_info.preempt_count) & VT_INTERRUPT_BITS);
	return !(BPF_CORE_READ(task, flags) & VT_PF_KTHREAD) &&
	       vt_stack_address_of(args) - (__u64)BPF_CORE_READ(task, stack) < VT_X86_STACK_BYTES &&
	       vt_is_system_call(task);
}

#endif
