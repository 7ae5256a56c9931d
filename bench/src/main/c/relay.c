// SPDX-License-Identifier: Apache-2.0
/*
 * Measures the CPU time of a datagram's way from one network namespace to another, with or without
 * programs attached to that way. One thread on one CPU sends a datagram and receives it, again and
 * again. The clock is the thread's CPU time, so other programs on the machine matter less.
 *
 *   relay FROM TO ADDRESS DATAGRAMS        prints the nanoseconds for one datagram
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 5300
#define PAYLOAD_BYTES 64

static int socket_in(const char *netns)
{
	char path[128];
	int fd, sock;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0)
		err(1, "socket");
	return sock;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void relay(int from, int to, long datagrams)
{
	char bytes[PAYLOAD_BYTES] = { 0 };

	for (long i = 0; i < datagrams; i++) {
		if (send(from, bytes, sizeof(bytes), 0) != sizeof(bytes) ||
		    recv(to, bytes, sizeof(bytes), 0) != sizeof(bytes))
			err(1, "datagram %ld", i);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	long datagrams;
	cpu_set_t cpu;
	double began;
	int from, to;

	if (argc != 5 || inet_pton(AF_INET, argv[3], &address.sin_addr) != 1)
		errx(2, "usage: relay FROM TO ADDRESS DATAGRAMS");
	datagrams = atol(argv[4]);
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		err(1, "sched_setaffinity");
	to = socket_in(argv[2]);
	if (bind(to, (struct sockaddr *)&address, sizeof(address)))
		err(1, "bind");
	from = socket_in(argv[1]);
	if (connect(from, (struct sockaddr *)&address, sizeof(address)))
		err(1, "connect");
	relay(from, to, datagrams / 10);
	began = seconds();
	relay(from, to, datagrams);
	printf("%.0f\n", (seconds() - began) * 1e9 / datagrams);
	return 0;
}
