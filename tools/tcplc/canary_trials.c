// SPDX-License-Identifier: GPL-2.0
/*
 * canary_trials.c: the connections that are made.
 *
 * Owns: a network namespace of its own, in which this process then stays, and what is
 * done in it.  Its addresses are none of loopback's, which the module may be told to
 * leave out.  What waits for a timer is begun, and waits with all the others.
 */
#define _GNU_SOURCE
#include "canary.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/kernel.h>

/* For documentation (RFC 5737, RFC 3849): the second is of nobody, what goes there is lost. */
/* Where nothing else is said, a connection comes from the first address, that of TRIAL_PLAIN. */
#define HERE 0xc0000200U
#define NOWHERE 0xc6336400U
#define HERE6 "2001:db8::"
#define HAND_PORT 4243		/* of what is sent by hand */

/* Of linux/ipv6.h, which does not go together with netinet/in.h. */
struct in6_request {
	struct in6_addr address;
	uint32_t prefix;
	int index;
};

static int hold(struct canary *c, int fd)
{
	if (fd >= 0 && c->nr_held < ARRAY_SIZE(c->held))
		c->held[c->nr_held++] = fd;
	return fd;
}

static socklen_t address(struct sockaddr_storage *to, enum trial trial, int family,
			 uint32_t net, uint16_t port)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET6) {
		inet_pton(AF_INET6, HERE6, &v6->sin6_addr);
		v6->sin6_addr.s6_addr[15] = trial;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	v4->sin_addr.s_addr = htonl(net | trial);
	v4->sin_port = htons(port);
	return sizeof(*v4);
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
	socklen_t size = address(&here, trial, family, HERE, c->port);
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
	socklen_t size = address(&there, trial, family, net, c->port);
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
	end[0] = connected(c, trial, family, HERE, true);
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

static bool write_word(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool well;

	if (fd < 0)
		return false;
	well = write(fd, word, strlen(word)) > 0;
	close(fd);
	return well;
}

static bool try_plain(struct canary *c)
{
	int fd = listener(c, TRIAL_PLAIN, AF_INET, 3), mine, theirs;
	char byte;

	if (fd < 0 || listen(fd, 7))
		return false;
	mine = connected(c, TRIAL_PLAIN, AF_INET, HERE, true);
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
	s.to = htonl(HERE | TRIAL_ABORT);
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

	well = write_word(path, "2") && pair(c, TRIAL_COOKIE, AF_INET, end);
	write_word(path, "1");
	return well;
}

/* One waits for accept(), and there is no room for another. */
static bool try_overflow(struct canary *c)
{
	return listener(c, TRIAL_OVERFLOW, AF_INET, 0) >= 0 &&
	       connected(c, TRIAL_OVERFLOW, AF_INET, HERE, true) >= 0 &&
	       connected(c, TRIAL_OVERFLOW, AF_INET, HERE, false) >= 0;
}

/* A SYN of nobody: whoever has the address answers the SYN-ACK by RST. */
static bool try_syn(struct canary *c, enum trial trial, uint32_t net)
{
	const struct wire_segment syn = {
		.from = htonl(net | trial), .to = htonl(HERE | trial), .sport = HAND_PORT,
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

	if (!write_word(path, "61") || !pair(c, TRIAL_FIN_WAIT_2, AF_INET, end))
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
	static const char why[] = "this kernel refuses what it takes to try it";
	static const char no_ipv6[] = "there is no IPv6";

	note(c, TRIAL_SYN_LOST, connected(c, TRIAL_SYN_LOST, AF_INET, NOWHERE, false) >= 0, why);
	note(c, TRIAL_SYN_ACK_LOST, try_syn(c, TRIAL_SYN_ACK_LOST, NOWHERE), why);
	note(c, TRIAL_UNREACHABLE, try_syn(c, TRIAL_UNREACHABLE, NOWHERE), why);
	note(c, TRIAL_LOSS_PROBE, try_syn(c, TRIAL_LOSS_PROBE, NOWHERE), why);
	note(c, TRIAL_RESET, try_syn(c, TRIAL_RESET, HERE), why);
	note(c, TRIAL_KEEPALIVE, try_keepalive(c), why);
	note(c, TRIAL_FIN_WAIT_2, try_fin_wait_2(c), why);
	note(c, TRIAL_DELAYED_ACK, try_delayed_ack(c), why);
	note(c, TRIAL_PLAIN, try_plain(c), why);
	note(c, TRIAL_PLAIN6, c->failed[TRIAL_PLAIN6] ||
	     pair(c, TRIAL_PLAIN6, AF_INET6, (int[2]){ 0 }), no_ipv6);
	note(c, TRIAL_LATE, try_late(c, TRIAL_LATE, AF_INET), why);
	note(c, TRIAL_LATE6, c->failed[TRIAL_LATE6] || try_late(c, TRIAL_LATE6, AF_INET6),
	     no_ipv6);
	note(c, TRIAL_LINGER, try_linger(c), why);
	note(c, TRIAL_ABORT, try_abort(c), "this kernel ends no socket from outside");
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
		.from = htonl(HERE | TRIAL_PLAIN), .to = htonl(HERE | TRIAL_PLAIN),
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
		.from = htonl(HERE | TRIAL_UNREACHABLE), .to = htonl(NOWHERE | TRIAL_UNREACHABLE),
		.sport = c->port, .dport = HAND_PORT,
		.seq = c->numbers[TRIAL_UNREACHABLE].server_isn,
	};

	wire_icmp(c->raw, &s, 1, 0);
}

static void go_on_mtu(struct canary *c)
{
	const struct trial_numbers *n = &c->numbers[TRIAL_MTU];
	const struct wire_segment s = {
		.from = htonl(HERE | TRIAL_PLAIN), .to = htonl(HERE | TRIAL_MTU),
		.sport = n->client_port, .dport = c->port, .seq = n->client_isn + 1,
	};

	wire_icmp(c->raw, &s, 4, 1400);
}

/* The third segment of the handshake by hand; what is then sent nobody acknowledges. */
static void go_on_loss_probe(struct canary *c)
{
	const struct trial_numbers *n = &c->numbers[TRIAL_LOSS_PROBE];
	const struct wire_segment ack = {
		.from = htonl(NOWHERE | TRIAL_LOSS_PROBE), .to = htonl(HERE | TRIAL_LOSS_PROBE),
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

/* The loopback device, up, with addresses that are none of loopback's, and a way to nobody. */
static int lay_out(struct canary *c)
{
	struct ifreq lo = { .ifr_name = "lo" }, alias = { .ifr_name = "lo:1" };
	struct sockaddr_storage a;
	struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = (char[]){ "lo" } };
	struct in6_request v6 = { .prefix = 128, .index = 1 };
	static const enum trial six[] = { TRIAL_PLAIN6, TRIAL_LATE6 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), fd6;
	unsigned int i;
	int err = 0;

	if (fd < 0)
		return -errno;
	lo.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	address(&a, TRIAL_PLAIN, AF_INET, HERE, 0);
	memcpy(&alias.ifr_addr, &a, sizeof(alias.ifr_addr));
	address(&a, TRIAL_NONE, AF_INET, NOWHERE, 0);
	memcpy(&route.rt_dst, &a, sizeof(route.rt_dst));
	address(&a, TRIAL_NONE, AF_INET, 0xffffff00U, 0);
	memcpy(&route.rt_genmask, &a, sizeof(route.rt_genmask));
	/* A class C address: its mask, and that all of it is here, the kernel adds. */
	if (ioctl(fd, SIOCSIFFLAGS, &lo) || ioctl(fd, SIOCSIFADDR, &alias) ||
	    ioctl(fd, SIOCADDRT, &route))
		err = -errno;
	close(fd);
	write_word("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0");
	fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (i = 0; i < ARRAY_SIZE(six); i++) {
		address(&a, six[i], AF_INET6, 0, 0);
		v6.address = ((struct sockaddr_in6 *)&a)->sin6_addr;
		if (fd6 < 0 || ioctl(fd6, SIOCSIFADDR, &v6))
			c->failed[six[i]] = "there is no IPv6";
	}
	if (fd6 >= 0)
		close(fd6);
	return err;
}

/**
 * canary_begin() - enter a network namespace of its own
 * @c: all zero but for its port
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: 0, or a negative error.
 */
int canary_begin(struct canary *c, char *why, size_t size)
{
	int err;

	if (unshare(CLONE_NEWNET)) {
		err = -errno;
		snprintf(why, size, "no network namespace could be made: %s", strerror(-err));
		return err;
	}
	err = lay_out(c);
	c->raw = err ? err : wire_open();
	if (c->raw < 0) {
		snprintf(why, size, "the network of the trials could not be laid out: %s",
			 strerror(-c->raw));
		return c->raw;
	}
	return 0;
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
