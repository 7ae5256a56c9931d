/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The test for process context. A program that takes the netns from the current task needs it,
 * because an interrupt runs on top of a task that it has nothing to do with.
 */
#ifndef VETHTRACE_PROCESS_CONTEXT_H
#define VETHTRACE_PROCESS_CONTEXT_H

#include "kernel_types.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/*
 * The bits of preempt_count (include/linux/preempt.h, the same from 5.10 on). A softirq that runs
 * adds 0x100; a section that disables softirqs adds 0x200. Hard interrupts and NMIs use the bits
 * above.
 */
#define VT_INTERRUPT_BITS (0x100 | 0xf0000 | 0xf00000)

#define VT_PF_KTHREAD 0x00200000     /* include/linux/sched.h */
#define VT_X86_STACK_BYTES (4 << 12) /* arch/x86/include/asm/page_64_types.h, THREAD_SIZE */

/*
 * Returns the address of a tracepoint's arguments, which are on the stack in use
 * (kernel/trace/bpf_trace.c, bpf_trace_run*). It reads the pointer from memory, because the
 * verifier refuses arithmetic on the context pointer.
 */
static __always_inline __u64 vt_stack_address_of(const void *args)
{
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), &args);
	return address;
}

/*
 * Returns true if the task entered the kernel by a system call. x86 only. An interrupt that finds
 * the CPU in user mode stays on the task's empty stack, and so do the softirqs that run when it
 * ends (arch/x86/include/asm/irq_stack.h, run_irq_on_irqstack_cond, since 5.12). The saved user
 * registers then have orig_ax -1 (arch/x86/entry/entry_64.S, idtentry_body).
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
 * Returns true if the program runs on behalf of the task. arm64 keeps preempt_count in the task.
 * x86 keeps it per CPU, under one of two names, and a kernel without CONFIG_KALLSYMS_ALL resolves
 * neither. There the stack decides: interrupts of kernel code, and the softirqs that run when they
 * end, use stacks of their own (arch/x86/include/asm/irq_stack.h). ksoftirqd is a kernel thread.
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
