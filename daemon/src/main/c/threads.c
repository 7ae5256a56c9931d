// SPDX-License-Identifier: Apache-2.0
// Capabilities belong to threads (capabilities(7)), and the JVM has threads that run no Java: its
// collector, its compilers. A signal reaches them all, and its handler is the one thing that must
// be native code: it may run in the middle of anything. glibc gives up user ids the same way
// (setxid).
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

// System calls alone: nothing here takes a lock or allocates. What fails shows in /proc, where it
// is read.
static void reduce(int signal)
{
	int interrupted_errno = errno;
	struct __user_cap_header_struct self = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct words[WORDS];
	(void)signal;
	// Takes CAP_SETPCAP, which goes with the rest. A number that the kernel does not know is
	// refused.
	for (int cap = 0; cap < WORDS * BITS; cap++)
		if (!(kept[cap / BITS] >> (cap % BITS) & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_capget, &self, words) == 0) {
		keep_in(words);
		syscall(SYS_capset, &self,
			words); // the ambient set follows: it is within permitted and inheritable
	}
	errno = interrupted_errno;
}

// Says what vt_reduce_thread leaves: bit n stands for capability n. 0, or -1 and errno.
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

// Makes a thread of this process give up what is not to be kept, soon. 0, or -1 and errno.
int vt_reduce_thread(int tid)
{
	return (int)syscall(SYS_tgkill, getpid(), tid, SIGRTMIN + 9);
}
