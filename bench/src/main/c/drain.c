// SPDX-License-Identifier: Apache-2.0
/*
 * The C program that RingBench compares the daemon's ring reader with: libbpf's
 * ring_buffer__consume, and a callback that decodes every field of a record into a struct. For each
 * line on standard input it fills its ring, drains it, and prints the number of records and the
 * nanoseconds that the drain took.
 *
 *   drain FILL.bpf.o RING_BYTES RECORDS
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wire.h"

#define KEPT 1024 /* a power of two */

/* The fields of the daemon's Event and Frame. */
struct event {
	__u64 ktime_ns, skb, skb_head, location;
	__u32 netns, ifindex, dev_flags, len_bytes, reason_or_mark;
	__s32 result;
	__u16 cpu, protocol;
	__u8 hook, packet_bytes, network_offset, flags;
	struct vt_source_settings settings;
	char ifname[VT_IFNAME_BYTES];
	__u8 packet[VT_PACKET_BYTES];
};

static struct event kept[KEPT];
static unsigned long records;
static unsigned long malformed;

static bool is_malformed(const struct vt_event *raw, size_t size)
{
	return size != sizeof(*raw) || raw->hook == VT_HOOK_UNSPECIFIED ||
	       raw->hook >= VT_HOOK_MAX || raw->packet_bytes > VT_PACKET_BYTES;
}

static void decode(struct event *event, const struct vt_event *raw)
{
	event->ktime_ns = raw->ktime_ns;
	event->skb = raw->skb;
	event->skb_head = raw->skb_head;
	event->location = raw->location;
	event->netns = raw->netns;
	event->ifindex = raw->ifindex;
	event->dev_flags = raw->dev_flags;
	event->len_bytes = raw->len_bytes;
	event->reason_or_mark = raw->reason_or_mark;
	event->result = raw->result;
	event->cpu = raw->cpu;
	event->protocol = ntohs(raw->protocol_be);
	event->hook = raw->hook;
	event->packet_bytes = raw->packet_bytes;
	event->network_offset = raw->network_offset;
	event->flags = raw->flags;
	if (raw->flags & VT_FLAG_SETTINGS)
		event->settings = raw->settings;
	memcpy(event->ifname, raw->ifname, sizeof(event->ifname));
	memcpy(event->packet, raw->packet, raw->packet_bytes);
}

static int on_record(void *context, void *data, size_t size)
{
	(void)context;
	records++;
	if (is_malformed(data, size))
		malformed++;
	else
		decode(&kept[records & (KEPT - 1)], data);
	return 0;
}

static int fail(const char *what)
{
	fprintf(stderr, "drain: %s: %s\n", what, strerror(errno));
	return 1;
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int round_trip(int fill_fd, struct ring_buffer *ring, __u64 wanted)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = &wanted, .ctx_size_in = sizeof(wanted));
	long long started;

	records = 0;
	if (bpf_prog_test_run_opts(fill_fd, &opts))
		return fail("bpf_prog_test_run_opts");
	started = now_ns();
	if (ring_buffer__consume(ring) < 0)
		return fail("ring_buffer__consume");
	printf("%lu %lld\n", records, now_ns() - started);
	return fflush(stdout) || malformed ? fail("malformed records") : 0;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct ring_buffer *ring;
	struct bpf_map *events;
	char line[16];
	int fill_fd;

	if (argc != 4) {
		fprintf(stderr, "usage: drain FILL.bpf.o RING_BYTES RECORDS\n");
		return 2;
	}
	object = bpf_object__open_file(argv[1], NULL);
	if (!object)
		return fail(argv[1]);
	events = bpf_object__find_map_by_name(object, "vt_events");
	if (!events || bpf_map__set_max_entries(events, strtoul(argv[2], NULL, 10)))
		return fail("vt_events");
	if (bpf_object__load(object))
		return fail("bpf_object__load");
	ring = ring_buffer__new(bpf_map__fd(events), on_record, NULL, NULL);
	if (!ring)
		return fail("ring_buffer__new");
	fill_fd = bpf_program__fd(bpf_object__find_program_by_name(object, "fill"));
	while (fgets(line, sizeof(line), stdin))
		if (round_trip(fill_fd, ring, strtoull(argv[3], NULL, 10)))
			return 1;
	ring_buffer__free(ring);
	bpf_object__close(object);
	return 0;
}
