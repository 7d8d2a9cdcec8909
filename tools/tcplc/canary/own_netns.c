// SPDX-License-Identifier: GPL-2.0-only
/*
 * own_netns.c: where the connections are made.
 *
 * Owns: a network namespace of its own, in which this process then stays.  Its addresses
 * are not loopback's, which the module may be configured to exclude.
 */
#define _GNU_SOURCE
#include "canary/canary.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#define HERE6 "2001:db8::"

/* Of linux/ipv6.h, which does not go together with netinet/in.h. */
struct in6_request {
	struct in6_addr address;
	uint32_t prefix;
	int index;
};

/**
 * canary_address() - the address of a trial
 * @to: filled
 * @trial: whose
 * @family: AF_INET or AF_INET6
 * @net: IPv4: of which network
 * @port: in host order
 *
 * Return: its size.
 */
socklen_t canary_address(struct sockaddr_storage *to, enum trial trial, int family,
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

/**
 * canary_write() - set what /proc/sys has of this namespace
 * @path: there
 * @word: its new value
 */
bool canary_write(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool well;

	if (fd < 0)
		return false;
	well = write(fd, word, strlen(word)) > 0;
	close(fd);
	return well;
}

/* The kernel takes it into use a moment later. */
static bool add_ipv6(enum trial trial)
{
	static const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	struct in6_request v6 = { .prefix = 128, .index = 1 };
	struct sockaddr_storage a;
	socklen_t size = canary_address(&a, trial, AF_INET6, 0, 0);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned int patience = 1000;
	bool well;

	if (fd < 0)
		return false;
	v6.address = ((struct sockaddr_in6 *)&a)->sin6_addr;
	well = !ioctl(fd, SIOCSIFADDR, &v6);
	while (well && bind(fd, (struct sockaddr *)&a, size)) {
		well = errno == EADDRNOTAVAIL && patience--;
		nanosleep(&pause, NULL);
	}
	close(fd);
	return well;
}

/* The loopback device, up, with addresses that are not loopback's, and a route to nobody. */
static int lay_out(struct canary *c)
{
	struct ifreq lo = { .ifr_name = "lo" }, alias = { .ifr_name = "lo:1" };
	struct sockaddr_storage a;
	struct rtentry route = { .rt_flags = RTF_UP, .rt_dev = (char[]){ "lo" } };
	static const enum trial six[] = { TRIAL_PLAIN6, TRIAL_LATE6 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned int i;
	int err = 0;

	if (fd < 0)
		return -errno;
	lo.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	canary_address(&a, TRIAL_PLAIN, AF_INET, CANARY_HERE, 0);
	memcpy(&alias.ifr_addr, &a, sizeof(alias.ifr_addr));
	canary_address(&a, TRIAL_NONE, AF_INET, CANARY_NOWHERE, 0);
	memcpy(&route.rt_dst, &a, sizeof(route.rt_dst));
	canary_address(&a, TRIAL_NONE, AF_INET, 0xffffff00U, 0);
	memcpy(&route.rt_genmask, &a, sizeof(route.rt_genmask));
	/* A class C address: its mask, and that all of it is here, the kernel adds. */
	if (ioctl(fd, SIOCSIFFLAGS, &lo) || ioctl(fd, SIOCSIFADDR, &alias) ||
	    ioctl(fd, SIOCADDRT, &route))
		err = -errno;
	close(fd);
	canary_write("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "0");
	for (i = 0; i < ARRAY_SIZE(six); i++)
		if (!add_ipv6(six[i]))
			c->failed[six[i]] = "there is no IPv6";
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
		snprintf(why, size, "cannot create a network namespace: %s", strerror(-err));
		return err;
	}
	err = lay_out(c);
	c->raw = err ? err : wire_open();
	if (c->raw < 0) {
		snprintf(why, size, "cannot set up the network for the test connections: %s",
			 strerror(-c->raw));
		return c->raw;
	}
	return 0;
}
