// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * For tests: asks the filter about the bytes in a program's context, however few they are, run by
 * BPF_PROG_RUN. Needs SEC("syscall"): 5.14 (79a7f8bdb159).
 */
#include "../emit.h"

struct vt_frame_input {
	__u32 captured; /* how many of the bytes behind len there are */
	__u32 len;
};

SEC("syscall")
int frame_match(struct vt_frame_input *ctx)
{
	struct vt_frame frame = { .captured = ctx->captured, .len = ctx->len };
	__u64 address = 0;

	/* Through memory, as the verifier lets no program take this pointer for a number. */
	bpf_probe_read_kernel(&address, sizeof(address), &ctx);
	vt_read_head(&frame, 0, address + sizeof(*ctx));
	return vt_pcap_filter(&frame);
}
