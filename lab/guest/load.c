// SPDX-License-Identifier: Apache-2.0
/*
 * Healthy conversations for the packets of a fault to get lost among: UDP between each of some
 * network namespaces and one that answers, at a steady rate.
 *
 *   load PACKETS_PER_S NETNS_OF_ANSWERS NETNS…
 *
 * The n-th namespace, from 0, has 198.18.n.1 and reaches 198.18.n.2 in the one that answers, which
 * load.sh sees to. PACKETS_PER_S are those that each namespace sends and receives together. The
 * first line of standard output says how many namespaces are answered and have the load; a fault
 * that stops everything gets none. SIGTERM ends it, and the second line counts. Exit code 0; 1 with
 * an error; 1 too where packets of the load were not answered.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FLOWS = 4, MAX_NETNS = 8, PORT = 7, TICK_MS = 2, PROBE_MS = 1000, LINGER_MS = 1000 };

struct side {
	const char *netns;
	bool answered;
	int answers; /* socket in the namespace that answers */
	int asks[FLOWS];
	long sent, received; /* requests sent, answers received */
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static void fail(const char *what, const char *which)
{
	fprintf(stderr, "load: %s %s: %s\n", what, which, strerror(errno));
	exit(1);
}

static void enter(const char *netns)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail("cannot enter", netns);
	close(fd);
}

static struct sockaddr_in address(int n, int host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(0xc6120000u + ((unsigned)n << 8) + host);
	return address;
}

/* A socket of the namespace that the process is in. */
static int bound(struct sockaddr_in local)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof(local)))
		fail("cannot bind", inet_ntoa(local.sin_addr));
	return fd;
}

/* An error is what becomes of the packet, and shows as an answer that is missing. */
static void ask(struct side *side)
{
	char payload[64] = "load";

	if (send(side->asks[side->sent % FLOWS], payload, sizeof(payload), 0) < 0 &&
	    errno == EAGAIN)
		return;
	side->sent++;
}

static void answer(int fd)
{
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	char payload[64];
	ssize_t size;

	while ((size = recvfrom(fd, payload, sizeof(payload), 0, (struct sockaddr *)&from,
				&length)) >= 0)
		sendto(fd, payload, (size_t)size, 0, (struct sockaddr *)&from, length);
}

static void exchange(struct side *sides, int count, int timeout_ms)
{
	struct pollfd polled[MAX_NETNS * (FLOWS + 1)];
	char payload[64];
	int n = 0;

	for (int i = 0; i < count; i++) {
		polled[n++] = (struct pollfd){ .fd = sides[i].answers, .events = POLLIN };
		for (int flow = 0; flow < FLOWS; flow++)
			polled[n++] =
				(struct pollfd){ .fd = sides[i].asks[flow], .events = POLLIN };
	}
	if (poll(polled, (nfds_t)n, timeout_ms) <= 0)
		return;
	for (int i = 0; i < n; i++) {
		struct side *side = &sides[i / (FLOWS + 1)];

		if (!polled[i].revents)
			continue;
		if (polled[i].fd == side->answers) {
			answer(polled[i].fd);
			continue;
		}
		while (recv(polled[i].fd, payload, sizeof(payload), 0) >= 0)
			side->received++;
	}
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool all_answered(const struct side *sides, int count)
{
	for (int i = 0; i < count; i++)
		if (sides[i].answered && sides[i].received < sides[i].sent)
			return false;
	return true;
}

static void await_answers(struct side *sides, int count, long limit_ms)
{
	long until = now_ms() + limit_ms;

	while (!all_answered(sides, count) && now_ms() < until)
		exchange(sides, count, TICK_MS);
}

/* Finds the namespaces that the fault leaves a load to. */
static int probe(struct side *sides, int count)
{
	int answered = 0;

	for (int i = 0; i < count; i++) {
		sides[i].answered = true;
		for (int flow = 0; flow < FLOWS; flow++)
			ask(&sides[i]);
	}
	await_answers(sides, count, PROBE_MS);
	for (int i = 0; i < count; i++) {
		sides[i].answered = sides[i].received == FLOWS;
		answered += sides[i].answered;
	}
	return answered;
}

static void run(struct side *sides, int count, long requests_per_s)
{
	long began = now_ms(), asked = 0;

	while (!ended) {
		long due = (now_ms() - began) * requests_per_s / 1000;

		/* What a busy machine did not get to in time is not made up for by a burst. */
		if (due - asked > requests_per_s / 10)
			asked = due - requests_per_s / 10;
		for (; asked < due; asked++)
			for (int i = 0; i < count; i++)
				if (sides[i].answered)
					ask(&sides[i]);
		exchange(sides, count, TICK_MS);
	}
	await_answers(sides, count, LINGER_MS);
}

int main(int argc, char **argv)
{
	static struct side sides[MAX_NETNS];
	int count = argc - 3;
	long packets_per_s = argc > 1 ? atol(argv[1]) : 0, sent = 0, received = 0;

	if (count < 1 || count > MAX_NETNS || packets_per_s < 2) {
		fprintf(stderr, "usage: load PACKETS_PER_S NETNS_OF_ANSWERS NETNS…\n");
		return 1;
	}
	signal(SIGTERM, end);
	signal(SIGINT, end);
	for (int i = 0; i < count; i++) {
		struct sockaddr_in to = address(i, 2, PORT);

		sides[i].netns = argv[i + 3];
		enter(argv[2]);
		sides[i].answers = bound(to);
		enter(sides[i].netns);
		for (int flow = 0; flow < FLOWS; flow++) {
			sides[i].asks[flow] = bound(address(i, 1, 0));
			if (connect(sides[i].asks[flow], (struct sockaddr *)&to, sizeof(to)))
				fail("cannot reach the other end from", sides[i].netns);
		}
	}
	printf("%d of %d namespaces carry %ld packets/s besides\n", probe(sides, count), count,
	       packets_per_s);
	fflush(stdout);
	run(sides, count, packets_per_s / 2);
	for (int i = 0; i < count; i++) {
		sent += sides[i].answered ? sides[i].sent : 0;
		received += sides[i].answered ? sides[i].received : 0;
	}
	printf("%ld packets, %ld not answered\n", sent + received, sent - received);
	return sent != received;
}
