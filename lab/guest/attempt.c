// SPDX-License-Identifier: Apache-2.0
/*
 * One attempt at what vethtraced does, by whoever runs it: capabilities.sh asks it which
 * capabilities suffice. Exit code 0, or 1 with libbpf's word for the reason.
 *
 *   attempt OBJECT PROGRAM…    load these programs of the object, and no others, and attach them
 *   attempt ring BYTES         create a ring buffer and map it
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int refused(const char *step, int error)
{
	fprintf(stderr, "%s: %s\n", step, strerror(error < 0 ? -error : error));
	return 1;
}

static int try_ring(__u32 ring_bytes)
{
	long page_bytes = sysconf(_SC_PAGESIZE);
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "attempt", 0, 0, ring_bytes, NULL);

	if (fd < 0)
		return refused("create", fd);
	if (mmap(NULL, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	return 0;
}

static bool is_wanted(const char *name, char **wanted)
{
	for (; *wanted; wanted++)
		if (strcmp(name, *wanted) == 0)
			return true;
	return false;
}

static int try_programs(const char *file, char **names)
{
	struct bpf_object *object = bpf_object__open(file);
	struct bpf_program *program;
	struct bpf_map *ring;
	int error, attached = 0;

	if (!object) {
		perror("open");
		return 2;
	}
	/* One page: the memory limit before Linux 5.11 is the ring's matter, not the program's. */
	ring = bpf_object__find_map_by_name(object, "vt_events");
	if (ring)
		bpf_map__set_max_entries(ring, sysconf(_SC_PAGESIZE));
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, is_wanted(bpf_program__name(program), names));
	error = bpf_object__load(object);
	if (error)
		return refused("load", error);
	bpf_object__for_each_program(program, object) {
		if (!bpf_program__autoload(program))
			continue;
		if (!bpf_program__attach(program)) {
			perror("attach");
			return 1;
		}
		attached++;
	}
	return attached > 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "ring") == 0)
		return try_ring(strtoul(argv[2], NULL, 10));
	if (argc >= 3)
		return try_programs(argv[1], argv + 2);
	fprintf(stderr, "usage: attempt OBJECT PROGRAM... | attempt ring BYTES\n");
	return 2;
}
