// SPDX-License-Identifier: Apache-2.0
/*
 * Sends datagrams that a capture can tell apart, and no probe: all begin alike, and the number of
 * each stands behind the first 112 bytes of the frame, which are all that an event has.
 *
 *   numbered PACKETS_PER_S COUNT ADDRESS
 *
 * To UDP port 9 of the IPv4 ADDRESS. Numbers are big-endian, 64 bits, at byte 100 of the payload,
 * and begin with 1. Exit code 0; 1 with an error.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { PORT = 9, PAYLOAD_BYTES = 128, NUMBER_AT = 100 };

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void wait_until(int64_t ns)
{
	struct timespec at = { .tv_sec = ns / 1000000000LL, .tv_nsec = ns % 1000000000LL };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static int connected(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		perror("numbered");
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	char payload[PAYLOAD_BYTES] = "all alike";
	long per_s = argc > 1 ? atol(argv[1]) : 0, count = argc > 2 ? atol(argv[2]) : 0;
	int64_t began;
	int fd;

	if (argc != 4 || per_s <= 0 || count <= 0) {
		fprintf(stderr, "usage: numbered PACKETS_PER_S COUNT ADDRESS\n");
		return 1;
	}
	fd = connected(argv[3]);
	began = now_ns();
	for (long n = 1; n <= count; n++) {
		uint64_t number = htobe64((uint64_t)n);

		if (n % 10 == 0) /* ten at once: the timer is no finer than 50 us */
			wait_until(began + n * 1000000000LL / per_s);
		memcpy(payload + NUMBER_AT, &number, sizeof(number));
		/* that nobody listens is said of the packet before, and this one is not sent */
		while (send(fd, payload, sizeof(payload), 0) < 0 && errno == ECONNREFUSED)
			;
	}
	return 0;
}
