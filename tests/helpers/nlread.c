// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlread: what the netlink family says, as docs/format.md would print it.
 *
 *	nlread dump [OPTION]...		a dump, as records and entries
 *	nlread feed GROUP [OPTION]...	print "ready", then events until end of input
 *
 *	-l  listener-get		-a  all network namespaces	-b  brief
 *	-q  read, decode no records or events	-r BYTES  receive buffer of the socket
 *
 * An event is "ID NETNS ENDPOINTS STATE OPEN CLOSE FIRST START", a tab, and the
 * entry, with "replaces=N" behind it where it takes back others. The last line
 * begins with "#" and adds up. In C because Python under emulation would need
 * minutes.
 *
 * Here is what is sent and received, and whether it adds up; nlprint.c has the text.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/tcp_lifecycle.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nlattr.h"
#include "nlprint.h"

#define A(name) TCP_LIFECYCLE_A_##name

static int fd, family, quiet;
static unsigned int mcgrp;
static const char *wanted_group;
static char buffer[1 << 20];

static struct {
	unsigned long messages, records, events, batches, interrupted, enobufs, hole;
	unsigned long long first, next, lost;
	int gaps;
} sum;

/* What the family says. */

static void on_record(const struct nlattr *at, int len)
{
	sum.records++;
	if (!quiet)
		put_record(at, len);
}

static void on_batch(const struct nlattr *at, int len)
{
	const struct nlattr *first = at, *nla;
	unsigned long long seq = 0, lost = 0;
	unsigned long events = 0;
	int rest = len;
	bool have = false;

	/* Quiet: what a reader has to look at, to know that it misses nothing. */
	while ((nla = next(&at, &len)) && !(quiet && events)) {
		switch (nla->nla_type & NLA_TYPE_MASK) {
		case A(BATCH_SEQ):
			seq = number(nla);
			have = true;
			break;
		case A(BATCH_LOST):
			lost = number(nla);
			break;
		case A(BATCH_EVENT):
			events++;
			break;
		}
	}
	if (!have)
		die("a batch without a number");
	if (!sum.batches++) {
		sum.first = seq;
	} else if (seq != sum.next && !quiet) {
		sum.gaps++;
		sum.hole += seq - sum.next;
		printf("! expected=%llu got=%llu\n", sum.next, seq);
	}
	if (lost < sum.lost)
		die("lost went back from %llu to %llu", sum.lost, lost);
	sum.lost = lost;
	sum.events += events;
	sum.next = seq + events;
	if (quiet)
		return;
	at = first;
	len = rest;
	while ((nla = next(&at, &len)))
		if ((nla->nla_type & NLA_TYPE_MASK) == A(BATCH_EVENT))
			put_event(nla);
}

/* Messages. */

static const struct nlattr *payload_of(const struct nlmsghdr *nlh, int *len)
{
	*len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	return (const void *)((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN);
}

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[64];
};

static void add(struct request *req, int type, const void *value, int len)
{
	struct nlattr *nla = (void *)((char *)req + NLMSG_ALIGN(req->nlh.nlmsg_len));

	nla->nla_type = type;
	nla->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)nla + NLA_HDRLEN, value, len);
	req->nlh.nlmsg_len = NLMSG_ALIGN(req->nlh.nlmsg_len) + NLA_ALIGN(nla->nla_len);
}

static void start(struct request *req, int type, int flags, int cmd)
{
	memset(req, 0, sizeof(*req));
	req->nlh.nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	req->nlh.nlmsg_seq = 7;
	req->genl.cmd = cmd;
	req->genl.version = 1;
}

static void on_family(const struct nlattr *at, int len)
{
	const struct nlattr *nla, *group, *field;

	while ((nla = next(&at, &len))) {
		const struct nlattr *groups = data(nla);
		int rest = length(nla);

		if ((nla->nla_type & NLA_TYPE_MASK) == CTRL_ATTR_FAMILY_ID)
			family = number(nla);
		if ((nla->nla_type & NLA_TYPE_MASK) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		while ((group = next(&groups, &rest))) {
			const struct nlattr *fields = data(group);
			int left = length(group);
			const char *name = "";
			unsigned int id = 0;

			while ((field = next(&fields, &left))) {
				if (field->nla_type == CTRL_ATTR_MCAST_GRP_NAME)
					name = data(field);
				if (field->nla_type == CTRL_ATTR_MCAST_GRP_ID)
					id = number(field);
			}
			if (wanted_group && !strcmp(name, wanted_group))
				mcgrp = id;
		}
	}
}

/* One message; true at the end of an answer. */
static bool on_message(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = (const void *)((const char *)nlh + NLMSG_HDRLEN);
	const struct genlmsghdr *genl = (const void *)err;
	const struct nlattr *at;
	int len;

	sum.messages++;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		sum.interrupted = 1;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
		if (err->error)
			die("the kernel said: %s", strerror(-err->error));
		return true;
	}
	at = payload_of(nlh, &len);
	if (nlh->nlmsg_type == GENL_ID_CTRL)
		on_family(at, len);
	else if (genl->cmd == TCP_LIFECYCLE_CMD_BATCH_NTF)
		on_batch(at, len);
	else
		on_record(at, len);
	return false;
}

/* What recv() gave; true at the end of an answer. */
static bool on_data(ssize_t got)
{
	const struct nlmsghdr *nlh = (const void *)buffer;
	bool done = false;

	while (got >= (ssize_t)sizeof(*nlh)) {
		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > (size_t)got)
			die("a message of %u bytes where %zd are left", nlh->nlmsg_len, got);
		done = on_message(nlh) || done;
		got -= NLMSG_ALIGN(nlh->nlmsg_len);
		nlh = (const void *)((const char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len));
	}
	return done;
}

static void ask(struct request *req)
{
	ssize_t got;

	if (send(fd, req, req->nlh.nlmsg_len, 0) < 0)
		die("send: %s", strerror(errno));
	do {
		got = recv(fd, buffer, sizeof(buffer), MSG_TRUNC);
		if (got < 0)
			die("recv: %s", strerror(errno));
		if ((size_t)got > sizeof(buffer))
			die("a datagram of %zd bytes", got);
	} while (!on_data(got));
}

static void dump(int cmd, bool all, bool brief)
{
	struct request req;

	start(&req, family, NLM_F_DUMP | NLM_F_ACK, cmd);
	if (all)
		add(&req, A(CONN_ALL_NETNS), NULL, 0);
	if (brief)
		add(&req, A(CONN_BRIEF), NULL, 0);
	sum.messages = 0;
	ask(&req);
	printf("# records=%lu messages=%lu interrupted=%lu\n", sum.records, sum.messages,
	       sum.interrupted);
}

/* Whatever is there; false if nothing is. */
static bool take(void)
{
	ssize_t got = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	if (got < 0 && errno == ENOBUFS) {
		sum.enobufs++;
		return true;
	}
	if (got < 0) {
		if (errno != EAGAIN)
			die("recv: %s", strerror(errno));
		return false;
	}
	on_data(got);
	return true;
}

static void feed(void)
{
	struct pollfd polled[2] = { { .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	struct rusage used;
	unsigned char byte;

	if (!mcgrp)
		die("no group %s", wanted_group);
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &mcgrp, sizeof(mcgrp)))
		die("join: %s", strerror(errno));
	fputs("ready\n", stderr);
	polled[0].fd = fd;
	for (;;) {
		if (poll(polled, 2, -1) < 0)
			die("poll: %s", strerror(errno));
		while (polled[0].revents && take())
			;
		if (polled[1].revents && read(0, &byte, 1) <= 0)
			break;
	}
	/* What is on its way: the feed's worker batches. */
	while (poll(polled, 1, 1000) > 0)
		take();
	getrusage(RUSAGE_SELF, &used);
	printf("# batches=%lu events=%lu first=%llu next=%llu lost=%llu gaps=%d"
	       " missed=%lu enobufs=%lu slept=%ld\n", sum.batches, sum.events, sum.first,
	       sum.next, sum.lost, sum.gaps, sum.hole, sum.enobufs, used.ru_nvcsw);
}

static void open_socket(int receive)
{
	struct sockaddr_nl here = { .nl_family = AF_NETLINK };
	struct request req;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)))
		die("socket: %s", strerror(errno));
	if (receive && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive, sizeof(receive)) &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof(receive)))
		die("receive buffer: %s", strerror(errno));
	start(&req, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
	add(&req, CTRL_ATTR_FAMILY_NAME, TCP_LIFECYCLE_FAMILY_NAME, sizeof(TCP_LIFECYCLE_FAMILY_NAME));
	ask(&req);
	if (!family)
		die("no family");
}

int main(int argc, char **argv)
{
	int option, cmd = TCP_LIFECYCLE_CMD_CONN_GET, receive = 0;
	const char *what = argc > 1 ? argv[1] : "";
	bool all = false, brief = false;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (!strcmp(what, "feed") && argc > 2)
		wanted_group = argv[2];
	else if (strcmp(what, "dump"))
		die("usage: nlread dump | feed GROUP [-l] [-a] [-b] [-q] [-r BYTES]");
	optind = wanted_group ? 3 : 2;
	while ((option = getopt(argc, argv, "labqr:")) != -1) {
		switch (option) {
		case 'l':
			cmd = TCP_LIFECYCLE_CMD_LISTENER_GET;
			break;
		case 'a':
			all = true;
			break;
		case 'b':
			brief = true;
			break;
		case 'q':
			quiet = 1;
			break;
		case 'r':
			receive = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	open_socket(receive);
	if (wanted_group)
		feed();
	else
		dump(cmd, all, brief);
	return 0;
}
