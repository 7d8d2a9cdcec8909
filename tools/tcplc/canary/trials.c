// SPDX-License-Identifier: GPL-2.0-only
/*
 * trials.c: the connections that are made.
 *
 * Owns: what is done for each trial.  What waits for a timer is begun, and waits with all
 * the others.
 */
#define _GNU_SOURCE
#include "canary/canary.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/kernel.h>

#define HAND_PORT 4243		/* of what is sent by hand */

static int hold(struct canary *c, int fd)
{
	if (fd >= 0 && c->nr_held < ARRAY_SIZE(c->held))
		c->held[c->nr_held++] = fd;
	return fd;
}

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value));
}

/* Nothing here may wait for ever, should it not go as it always does. */
static int stream(struct canary *c, int family)
{
	static const struct timeval patience = { .tv_sec = 2 };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return hold(c, fd);
}

static int bound(struct canary *c, enum trial trial, int family)
{
	struct sockaddr_storage here;
	socklen_t size = canary_address(&here, trial, family, CANARY_HERE, c->port);
	int fd = stream(c, family);

	if (fd < 0 || set(fd, SOL_SOCKET, SO_REUSEADDR, 1) ||
	    bind(fd, (struct sockaddr *)&here, size))
		return -1;
	return fd;
}

static int listener(struct canary *c, enum trial trial, int family, int backlog)
{
	int fd = bound(c, trial, family);

	return fd < 0 || listen(fd, backlog) ? -1 : fd;
}

static int connected(struct canary *c, enum trial trial, int family, uint32_t net, bool wait)
{
	struct sockaddr_storage there;
	socklen_t size = canary_address(&there, trial, family, net, c->port);
	int fd = stream(c, family);

	if (fd < 0 || (!wait && fcntl(fd, F_SETFL, O_NONBLOCK)))
		return -1;
	if (connect(fd, (struct sockaddr *)&there, size) && (wait || errno != EINPROGRESS))
		return -1;
	return fd;
}

/* Both ends of a connection; false if there is none. */
static bool pair(struct canary *c, enum trial trial, int family, int end[2])
{
	int fd = listener(c, trial, family, 3);

	if (fd < 0)
		return false;
	end[0] = connected(c, trial, family, CANARY_HERE, true);
	end[1] = end[0] < 0 ? -1 : hold(c, accept4(fd, NULL, NULL, SOCK_CLOEXEC));
	return end[1] >= 0;
}

/* It is closed here, and not once more at the end. */
static void close_held(struct canary *c, int fd)
{
	unsigned int i;

	for (i = 0; i < c->nr_held; i++)
		if (c->held[i] == fd)
			c->held[i] = -1;
	close(fd);
}

static bool try_plain(struct canary *c)
{
	int fd = listener(c, TRIAL_PLAIN, AF_INET, 3), mine, theirs;
	char byte;

	if (fd < 0 || listen(fd, 7))
		return false;
	mine = connected(c, TRIAL_PLAIN, AF_INET, CANARY_HERE, true);
	theirs = mine < 0 ? -1 : hold(c, accept4(fd, NULL, NULL, SOCK_CLOEXEC));
	/* Both ways: one way alone is shutdown()'s whoever tells. */
	if (theirs < 0 || shutdown(mine, SHUT_RDWR) || recv(theirs, &byte, 1, 0) != 0)
		return false;
	close_held(c, theirs);
	close_held(c, mine);
	return true;
}

/* Data for a socket that is closed. */
static bool try_late(struct canary *c, enum trial trial, int family)
{
	int end[2];

	if (!pair(c, trial, family, end))
		return false;
	close_held(c, end[0]);
	return send(end[1], "x", 1, MSG_NOSIGNAL) == 1;
}

static bool try_linger(struct canary *c)
{
	static const struct linger none = { .l_onoff = 1 };
	int end[2];

	if (!pair(c, TRIAL_LINGER, AF_INET, end) ||
	    setsockopt(end[0], SOL_SOCKET, SO_LINGER, &none, sizeof(none)))
		return false;
	close_held(c, end[0]);
	return true;
}

static bool try_abort(struct canary *c)
{
	struct sockaddr_in here;
	socklen_t size = sizeof(here);
	struct wire_segment s = { .dport = c->port };
	int end[2];

	if (!pair(c, TRIAL_ABORT, AF_INET, end) ||
	    getsockname(end[0], (struct sockaddr *)&here, &size))
		return false;
	s.sport = ntohs(here.sin_port);
	s.from = here.sin_addr.s_addr;
	s.to = htonl(CANARY_HERE | TRIAL_ABORT);
	return !wire_destroy(&s);
}

static bool try_listen_fails(struct canary *c)
{
	int first = bound(c, TRIAL_LISTEN_FAILS, AF_INET);
	int second = bound(c, TRIAL_LISTEN_FAILS, AF_INET);

	return first >= 0 && second >= 0 && !listen(first, 3) && listen(second, 3);
}

static bool try_cookie(struct canary *c)
{
	static const char path[] = "/proc/sys/net/ipv4/tcp_syncookies";
	int end[2];
	bool well;

	well = canary_write(path, "2") && pair(c, TRIAL_COOKIE, AF_INET, end);
	canary_write(path, "1");
	return well;
}

/* One waits for accept(), and there is no room for another. */
static bool try_overflow(struct canary *c)
{
	return listener(c, TRIAL_OVERFLOW, AF_INET, 0) >= 0 &&
	       connected(c, TRIAL_OVERFLOW, AF_INET, CANARY_HERE, true) >= 0 &&
	       connected(c, TRIAL_OVERFLOW, AF_INET, CANARY_HERE, false) >= 0;
}

/* A SYN of nobody: whoever has the address answers the SYN-ACK by RST. */
static bool try_syn(struct canary *c, enum trial trial, uint32_t net)
{
	const struct wire_segment syn = {
		.from = htonl(net | trial), .to = htonl(CANARY_HERE | trial), .sport = HAND_PORT,
		.dport = c->port, .seq = 1000, .flags = WIRE_SYN,
	};

	return listener(c, trial, AF_INET, 3) >= 0 && !wire_send(c->raw, &syn);
}

static bool try_open(struct canary *c, enum trial trial)
{
	int end[2];

	return pair(c, trial, AF_INET, end);
}

static bool try_keepalive(struct canary *c)
{
	int end[2];

	return pair(c, TRIAL_KEEPALIVE, AF_INET, end) &&
	       !set(end[0], IPPROTO_TCP, TCP_KEEPIDLE, 1) &&
	       !set(end[0], SOL_SOCKET, SO_KEEPALIVE, 1);
}

static bool try_delayed_ack(struct canary *c)
{
	int end[2];

	return pair(c, TRIAL_DELAYED_ACK, AF_INET, end) &&
	       !set(end[1], IPPROTO_TCP, TCP_QUICKACK, 0) &&
	       send(end[0], "x", 1, MSG_NOSIGNAL) == 1;
}

/*
 * What is longer than 2MSL runs in the socket, the rest in a timewait socket.  The setting
 * stays, for it is also read as the ACK of our FIN comes.
 */
static bool try_fin_wait_2(struct canary *c)
{
	static const char path[] = "/proc/sys/net/ipv4/tcp_fin_timeout";
	int end[2];

	if (!canary_write(path, "61") || !pair(c, TRIAL_FIN_WAIT_2, AF_INET, end))
		return false;
	close_held(c, end[0]);
	return true;
}

/* What is not longer runs in a timewait socket from its beginning. */
static bool try_expires(struct canary *c)
{
	int end[2];

	if (!pair(c, TRIAL_EXPIRES, AF_INET, end) || set(end[0], IPPROTO_TCP, TCP_LINGER2, 1))
		return false;
	close_held(c, end[0]);
	return true;
}

static void note(struct canary *c, enum trial trial, bool well, const char *why)
{
	if (!well && !c->failed[trial])
		c->failed[trial] = why;
}

/**
 * canary_try() - make the connections
 * @c: begun
 */
void canary_try(struct canary *c)
{
	static const char why[] = "this kernel refuses what the test needs";
	static const char no_ipv6[] = "there is no IPv6";

	/* Of a SYN-ACK: it ends at its first timer. */
	canary_write("/proc/sys/net/ipv4/tcp_synack_retries", "0");
	note(c, TRIAL_SYN_LOST,
	     connected(c, TRIAL_SYN_LOST, AF_INET, CANARY_NOWHERE, false) >= 0, why);
	note(c, TRIAL_SYN_ACK_LOST, try_syn(c, TRIAL_SYN_ACK_LOST, CANARY_NOWHERE), why);
	note(c, TRIAL_UNREACHABLE, try_syn(c, TRIAL_UNREACHABLE, CANARY_NOWHERE), why);
	note(c, TRIAL_LOSS_PROBE, try_syn(c, TRIAL_LOSS_PROBE, CANARY_NOWHERE), why);
	note(c, TRIAL_RESET, try_syn(c, TRIAL_RESET, CANARY_HERE), why);
	note(c, TRIAL_KEEPALIVE, try_keepalive(c), why);
	note(c, TRIAL_FIN_WAIT_2, try_fin_wait_2(c), why);
	note(c, TRIAL_EXPIRES, try_expires(c), why);
	note(c, TRIAL_DELAYED_ACK, try_delayed_ack(c), why);
	note(c, TRIAL_PLAIN, try_plain(c), why);
	note(c, TRIAL_PLAIN6, c->failed[TRIAL_PLAIN6] ||
	     pair(c, TRIAL_PLAIN6, AF_INET6, (int[2]){ 0 }), no_ipv6);
	note(c, TRIAL_LATE, try_late(c, TRIAL_LATE, AF_INET), why);
	note(c, TRIAL_LATE6, c->failed[TRIAL_LATE6] || try_late(c, TRIAL_LATE6, AF_INET6),
	     no_ipv6);
	note(c, TRIAL_LINGER, try_linger(c), why);
	note(c, TRIAL_ABORT, try_abort(c), "this kernel cannot abort sockets");
	note(c, TRIAL_LISTEN_FAILS, try_listen_fails(c), why);
	note(c, TRIAL_COOKIE, try_cookie(c), "this kernel has no SYN cookies");
	note(c, TRIAL_OVERFLOW, try_overflow(c), why);
	note(c, TRIAL_MTU, try_open(c, TRIAL_MTU), why);
}

/* A FIN once more, which restarts 2MSL, and an RST, which ends it. */
static void go_on_plain(struct canary *c)
{
	const struct trial_numbers *n = &c->numbers[TRIAL_PLAIN];
	struct wire_segment s = {
		.from = htonl(CANARY_HERE | TRIAL_PLAIN), .to = htonl(CANARY_HERE | TRIAL_PLAIN),
		.sport = c->port, .dport = n->client_port, .seq = n->server_fin,
		.ack = n->client_fin + 1, .flags = WIRE_FIN | WIRE_ACK,
	};

	wire_send(c->raw, &s);
	s.seq++;
	s.flags = WIRE_RST;
	wire_send(c->raw, &s);
}

static void go_on_unreachable(struct canary *c)
{
	const struct wire_segment s = {
		.from = htonl(CANARY_HERE | TRIAL_UNREACHABLE),
		.to = htonl(CANARY_NOWHERE | TRIAL_UNREACHABLE),
		.sport = c->port, .dport = HAND_PORT,
		.seq = c->numbers[TRIAL_UNREACHABLE].server_isn,
	};

	wire_icmp(c->raw, &s, 1, 0);
}

static void go_on_mtu(struct canary *c)
{
	const struct trial_numbers *n = &c->numbers[TRIAL_MTU];
	const struct wire_segment s = {
		.from = htonl(CANARY_HERE | TRIAL_PLAIN), .to = htonl(CANARY_HERE | TRIAL_MTU),
		.sport = n->client_port, .dport = c->port, .seq = n->client_isn + 1,
	};

	wire_icmp(c->raw, &s, 4, 1400);
}

/* The third segment of the handshake by hand; what is then sent nobody acknowledges. */
static void go_on_loss_probe(struct canary *c)
{
	const struct trial_numbers *n = &c->numbers[TRIAL_LOSS_PROBE];
	const struct wire_segment ack = {
		.from = htonl(CANARY_NOWHERE | TRIAL_LOSS_PROBE),
		.to = htonl(CANARY_HERE | TRIAL_LOSS_PROBE),
		.sport = HAND_PORT, .dport = c->port, .seq = 1001, .ack = n->server_isn + 1,
		.flags = WIRE_ACK,
	};
	struct sockaddr_storage here;
	socklen_t size = sizeof(here);
	unsigned int i;
	int fd;

	wire_send(c->raw, &ack);
	for (i = 0; i < c->nr_held; i++) {
		size = sizeof(here);
		if (c->held[i] < 0 || getsockname(c->held[i], (struct sockaddr *)&here, &size) ||
		    here.ss_family != AF_INET ||
		    ((struct sockaddr_in *)&here)->sin_addr.s_addr != ack.to)
			continue;
		fd = hold(c, accept4(c->held[i], NULL, NULL, SOCK_CLOEXEC));
		if (fd >= 0)
			send(fd, "x", 1, MSG_NOSIGNAL);
		return;
	}
}

static void once(struct canary *c, enum trial trial, bool known, void (*go_on)(struct canary *c))
{
	if (!known || c->went_on[trial])
		return;
	c->went_on[trial] = true;
	go_on(c);
}

/**
 * canary_go_on() - what takes numbers that are on record, as soon as they are
 * @c: tried, and looked at
 */
void canary_go_on(struct canary *c)
{
	const struct trial_numbers *n = c->numbers;

	once(c, TRIAL_PLAIN, n[TRIAL_PLAIN].has_fin, go_on_plain);
	once(c, TRIAL_UNREACHABLE, n[TRIAL_UNREACHABLE].has_server_isn, go_on_unreachable);
	once(c, TRIAL_MTU, n[TRIAL_MTU].has_isn, go_on_mtu);
	once(c, TRIAL_LOSS_PROBE, n[TRIAL_LOSS_PROBE].has_server_isn, go_on_loss_probe);
}

/**
 * canary_end() - close what is open, so that nothing goes on
 * @c: begun
 */
void canary_end(struct canary *c)
{
	static const struct linger none = { .l_onoff = 1 };
	unsigned int i;

	for (i = 0; i < c->nr_held; i++) {
		if (c->held[i] < 0)
			continue;
		setsockopt(c->held[i], SOL_SOCKET, SO_LINGER, &none, sizeof(none));
		close(c->held[i]);
	}
	close(c->raw);
}
