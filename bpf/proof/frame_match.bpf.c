// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * A test's way to the pcap filter. It has no hook: BPF_PROG_RUN runs it, and it returns what the
 * filter says of the bytes in its context, however few. It needs SEC("syscall"): 5.14
 * (79a7f8bdb159).
 */
#include "../emit.h"

struct vt_frame_input {
	__u32 captured; /* number of bytes behind len */
	__u32 len;
};

SEC("syscall")
int frame_match(struct vt_frame_input *ctx)
{
	struct vt_frame frame = { .captured = ctx->captured, .len = ctx->len };
	__u64 address = 0;

	/* From memory, because the verifier refuses to use the context pointer as a number. */
	bpf_probe_read_kernel(&address, sizeof(address), &ctx);
	vt_read_head(&frame, 0, address + sizeof(*ctx));
	return vt_pcap_filter(&frame);
}
