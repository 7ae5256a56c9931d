// SPDX-License-Identifier: Apache-2.0
// Makes every thread of the process give up capabilities. Capabilities belong to threads
// (capabilities(7)), and the JVM has threads that run no Java: its garbage collector, its
// compilers. A signal reaches them all. Its handler must be native code, because it may interrupt
// any instruction. glibc gives up user ids in the same way (setxid).
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BITS = 32, WORDS = _LINUX_CAPABILITY_U32S_3 };

static __u32 kept[WORDS];

static void keep_in(struct __user_cap_data_struct *words)
{
	for (int i = 0; i < WORDS; i++) {
		words[i].effective &= kept[i];
		words[i].permitted &= kept[i];
		words[i].inheritable &= kept[i];
	}
}

// The signal handler. It makes system calls only: it takes no lock and allocates no memory. The
// daemon reads the result in /proc, so a failure shows there.
static void reduce(int signal)
{
	int interrupted_errno = errno;
	struct __user_cap_header_struct self = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct words[WORDS];
	(void)signal;
	// This needs CAP_SETPCAP, so it comes before capset, which gives that up too. The kernel
	// refuses the numbers that it does not know.
	for (int cap = 0; cap < WORDS * BITS; cap++)
		if (!(kept[cap / BITS] >> (cap % BITS) & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_capget, &self, words) == 0) {
		keep_in(words);
		// The kernel reduces the ambient set too: it is within permitted and inheritable.
		syscall(SYS_capset, &self, words);
	}
	errno = interrupted_errno;
}

// Sets the capabilities that vt_reduce_thread leaves: bit n stands for capability n. Returns 0, or
// -1 with errno.
int vt_keep(unsigned long long capabilities)
{
	struct sigaction action;
	for (int i = 0; i < WORDS; i++)
		kept[i] = (__u32)(capabilities >> (i * BITS));
	memset(&action, 0, sizeof(action));
	action.sa_handler = reduce;
	action.sa_flags = SA_RESTART;
	sigfillset(&action.sa_mask);
	return sigaction(SIGRTMIN + 9, &action, NULL);
}

// Signals a thread of this process to give up all other capabilities. Returns before the thread
// does. Returns 0, or -1 with errno.
int vt_reduce_thread(int tid)
{
	return (int)syscall(SYS_tgkill, getpid(), tid, SIGRTMIN + 9);
}
