// SPDX-License-Identifier: GPL-2.0
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
 * minutes; shares no code with module or client, and has its words from the spec
 * (nlwords.h, which nlwords makes).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/tcp_lifecycle.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "nlwords.h"

#define A(name) TCP_LIFECYCLE_A_##name
#define CONN_MAX (A(CONN_MAX) + 1)
#define ENTRY_MAX (A(ENTRY_MAX) + 1)

static int fd, family, quiet;
static unsigned int mcgrp;
static const char *wanted_group;
static char buffer[1 << 20];

static struct {
	unsigned long messages, records, events, batches, interrupted, enobufs, hole;
	unsigned long long first, next, lost;
	int gaps;
} sum;

static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("nlread: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	exit(1);
}

/* Attributes. */

static const struct nlattr *payload_of(const struct nlmsghdr *nlh, int *len)
{
	*len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	return (const void *)((const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN);
}

/* The next one, or none; a wrong length is the kernel's mistake. */
static const struct nlattr *next(const struct nlattr **at, int *len)
{
	const struct nlattr *nla = *at;
	int step;

	if (*len <= 0)
		return NULL;
	if (*len < NLA_HDRLEN || nla->nla_len < NLA_HDRLEN || nla->nla_len > *len)
		die("an attribute of %u bytes where %d are left", nla->nla_len, *len);
	step = NLA_ALIGN(nla->nla_len);
	*at = (const void *)((const char *)nla + step);
	*len -= step;
	return nla;
}

static const void *data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

static int length(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

static void parse(const struct nlattr **tb, int max, const struct nlattr *at, int len, int multi)
{
	const struct nlattr *nla;

	memset(tb, 0, max * sizeof(*tb));
	while ((nla = next(&at, &len))) {
		int type = nla->nla_type & NLA_TYPE_MASK;

		if (type >= max)
			die("attribute %d is not in the spec", type);
		if (tb[type] && type != multi && type != 1)
			die("attribute %d stands there twice", type);
		if (!tb[type])
			tb[type] = nla;
	}
}

static unsigned long long number(const struct nlattr *nla)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	switch (length(nla)) {
	case 1:
		return *(const uint8_t *)data(nla);
	case 2:
		memcpy(&v16, data(nla), 2);
		return v16;
	case 4:
		memcpy(&v32, data(nla), 4);
		return v32;
	case 8:
		memcpy(&v64, data(nla), 8);
		return v64;
	}
	die("a number of %d bytes", length(nla));
	return 0;
}

static unsigned long long must(const struct nlattr **tb, int type)
{
	if (!tb[type])
		die("attribute %d is missing", type);
	return number(tb[type]);
}

/* Text. */

#define WORD(words, value) word(words, sizeof(words) / sizeof(words[0]), value)

static const char *word(const char *const *words, size_t nr, unsigned long long value)
{
	if (value >= nr || !words[value])
		die("%llu has no word in the spec", value);
	return words[value];
}

static const char *state(unsigned long long value)
{
	static char text[4][32];
	static int turn;
	char *at = text[turn++ % 4];
	const char *from = WORD(state_words, value);
	int i;

	for (i = 0; from[i] && i < 31; i++)
		at[i] = from[i] == '-' ? '_' : toupper(from[i]);
	at[i] = 0;
	return at;
}

static void put(const char *key, const struct nlattr *nla)
{
	if (nla)
		printf(" %s=%llu", key, number(nla));
	else
		printf(" %s=-", key);
}

static void put_seconds(const char *key, unsigned long long us)
{
	printf("%s%llu.%06llu", key, us / 1000000, us % 1000000);
}

static void put_options(const char *key, const struct nlattr *nla)
{
	const char *comma = "";
	unsigned int i;

	printf(" %s=", key);
	if (!nla) {
		putchar('-');
		return;
	}
	for (i = 0; i < 8; i++) {
		const char *name;

		if (!(number(nla) & 1 << i))
			continue;
		name = WORD(opt_words, i);
		if (!strcmp(name, "timestamps"))
			name = "ts";
		if (!strcmp(name, "fastopen"))
			name = "tfo";
		printf("%s%s", comma, name);
		comma = ",";
	}
	if (!*comma)
		fputs("none", stdout);
}

static void put_endpoint(const char *key, const struct nlattr *v4, const struct nlattr *v6,
			 const struct nlattr *port)
{
	char text[INET6_ADDRSTRLEN];

	if (v4 && v6)
		die("%s has two addresses", key);
	if (!v4 && !v6) {
		printf(" %s=-", key);
		return;
	}
	if (length(v4 ?: v6) != (v4 ? 4 : 16))
		die("%s is of %d bytes", key, length(v4 ?: v6));
	inet_ntop(v4 ? AF_INET : AF_INET6, data(v4 ?: v6), text, sizeof(text));
	printf(v4 ? " %s=%s:%llu" : " %s=[%s]:%llu", key, text, port ? number(port) : 0);
}

static void put_comm(const struct nlattr *nla)
{
	const unsigned char *at;
	int i, len;

	fputs(" comm=", stdout);
	if (!nla) {
		putchar('-');
		return;
	}
	at = data(nla);
	len = length(nla);
	if (len && !at[len - 1])
		len--;
	if (!len || (len == 1 && *at == '-')) {
		printf("\\x%02x", len ? *at : 0);
		return;
	}
	for (i = 0; i < len; i++)
		printf(isascii(at[i]) && (isalnum(at[i]) || strchr("-_./:@+,()[]", at[i])) ?
		       "%c" : "\\x%02x", at[i]);
}

static void put_entry(const struct nlattr *nest)
{
	const struct nlattr *tb[ENTRY_MAX];
	unsigned long long from, to;

	parse(tb, ENTRY_MAX, data(nest), length(nest), 0);
	from = must(tb, A(ENTRY_FROM));
	to = must(tb, A(ENTRY_TO));
	put_seconds("\t+", must(tb, A(ENTRY_AT)));
	if (from == to)
		printf(" %s", state(from));
	else
		printf(" %s>%s", state(from), state(to));
	printf(" cause=%s", WORD(cause_words, must(tb, A(ENTRY_CAUSE))));
	if (from != to) {
		put("seq", tb[A(ENTRY_SEQ)]);
		put("ack", tb[A(ENTRY_ACK)]);
		if (tb[A(ENTRY_IN)])
			put_seconds(" in=", number(tb[A(ENTRY_IN)]));
		else
			fputs(" in=-", stdout);
	} else if (tb[A(ENTRY_LENGTH)]) {
		put_seconds(" for=", number(tb[A(ENTRY_LENGTH)]) * 1000);
	} else {
		printf(" count=%llu%s", must(tb, A(ENTRY_COUNT)),
		       must(tb, A(ENTRY_COUNT)) == (tb[A(ENTRY_MSS_BY)] ? 255 : 65535) ? "+" : "");
		put_seconds(" last=+", must(tb, A(ENTRY_LAST)));
		if (tb[A(ENTRY_NTH)])
			put("n", tb[A(ENTRY_NTH)]);
		if (tb[A(ENTRY_LIMIT)])
			put("max", tb[A(ENTRY_LIMIT)]);
		if (must(tb, A(ENTRY_CAUSE)) == TCP_LIFECYCLE_CAUSE_RST_OUT)
			printf(" reason=%s", tb[A(ENTRY_REASON)] ?
			       WORD(rst_reason_words, number(tb[A(ENTRY_REASON)])) : "-");
		if (tb[A(ENTRY_MSS_BY)]) {
			put("old", tb[A(ENTRY_MSS_OLD)]);
			put("new", tb[A(ENTRY_MSS_NEW)]);
			printf(" by=%s", WORD(mss_by_words, number(tb[A(ENTRY_MSS_BY)])));
		}
	}
	if (tb[A(ENTRY_GAP)])
		fputs(" gap", stdout);
	if (tb[A(ENTRY_ILLEGAL)])
		fputs(" illegal", stdout);
	if (tb[A(ENTRY_REPLACES)])
		printf(" replaces=%llu", number(tb[A(ENTRY_REPLACES)]));
	putchar('\n');
}

static void put_entries(const struct nlattr *at, int len, int type)
{
	const struct nlattr *nla;

	while ((nla = next(&at, &len)))
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			put_entry(nla);
}

static void put_owner(const struct nlattr **tb)
{
	const char *at = tb[A(CONN_OWNER)] ?
		WORD(cause_words, number(tb[A(CONN_OWNER)])) : "-";

	printf(" owner=%s", strcmp(at, "accepted") ? at : "accept");
	put("pid", tb[A(CONN_PID)]);
	put("uid", tb[A(CONN_UID)]);
	put("cgroup", tb[A(CONN_CGROUP)]);
	put_comm(tb[A(CONN_COMM)]);
}

static void put_connection(const struct nlattr **tb)
{
	put("isn", tb[A(CONN_ISN)]);
	put("peer_isn", tb[A(CONN_PEER_ISN)]);
	put("fin", tb[A(CONN_FIN)]);
	put("peer_fin", tb[A(CONN_PEER_FIN)]);
	put("mss_adv", tb[A(CONN_MSS_ADV)]);
	printf(" mss_adv_by=%s", tb[A(CONN_MSS_ADV_BY)] ?
	       WORD(mss_by_words, number(tb[A(CONN_MSS_ADV_BY)])) : "unknown");
	if (tb[A(CONN_MSS_ABSENT)])
		fputs(" mss_rcv=absent", stdout);
	else
		put("mss_rcv", tb[A(CONN_MSS_RCV)]);
	put("mss_eff", tb[A(CONN_MSS_EFF)]);
	printf(" mss_eff_by=%s", tb[A(CONN_MSS_EFF_BY)] ?
	       WORD(mss_by_words, number(tb[A(CONN_MSS_EFF_BY)])) : "unknown");
	put_options("offered", tb[A(CONN_OFFERED)]);
	put_options("agreed", tb[A(CONN_AGREED)]);
	if (tb[A(CONN_WSCALE_LOCAL)] && tb[A(CONN_WSCALE_PEER)])
		printf(" wscale=%llu/%llu", number(tb[A(CONN_WSCALE_LOCAL)]),
		       number(tb[A(CONN_WSCALE_PEER)]));
	else
		fputs(" wscale=-", stdout);
	put("rtt_us", tb[A(CONN_RTT)]);
	put_owner(tb);
	if (tb[A(CONN_LISTENER)])
		printf(" listener=%llx", number(tb[A(CONN_LISTENER)]));
	else
		fputs(" listener=-", stdout);
	put("accept_us", tb[A(CONN_ACCEPT_WAIT)]);
	put("tx", tb[A(CONN_TX)]);
	put("rx", tb[A(CONN_RX)]);
	put("tx_segs", tb[A(CONN_TX_SEGS)]);
	put("rx_segs", tb[A(CONN_RX_SEGS)]);
	put("retrans", tb[A(CONN_RETRANS)]);
	put("after_fin", tb[A(CONN_AFTER_FIN)]);
	if (tb[A(CONN_TW_PLANNED)])
		put_seconds(" tw_planned=", number(tb[A(CONN_TW_PLANNED)]) * 1000);
	else
		fputs(" tw_planned=-", stdout);
	if (tb[A(CONN_TW_ACTUAL)])
		put_seconds(" tw_actual=", number(tb[A(CONN_TW_ACTUAL)]));
	else
		fputs(" tw_actual=-", stdout);
}

static void put_listener(const struct nlattr **tb)
{
	put_owner(tb);
	put("backlog", tb[A(CONN_BACKLOG)]);
	put("accepted", tb[A(CONN_ACCEPTED)]);
	put("syn_overflow", tb[A(CONN_SYN_OVERFLOW)]);
	put("accept_overflow", tb[A(CONN_ACCEPT_OVERFLOW)]);
	put("cookies_sent", tb[A(CONN_COOKIES_SENT)]);
	put("cookies_valid", tb[A(CONN_COOKIES_VALID)]);
}

/* The verdicts: absent is what the spec calls none, in the text "-". */
static const char *verdict(const char *const *words, size_t nr, const struct nlattr *nla)
{
	const char *text = nla ? word(words, nr, number(nla)) : "none";

	return strcmp(text, "none") ? text : "-";
}

#define VERDICT(words, nla) verdict(words, sizeof(words) / sizeof(words[0]), nla)

static void put_ends(const struct nlattr **tb)
{
	put_endpoint("local", tb[A(CONN_LOCAL4)], tb[A(CONN_LOCAL6)], tb[A(CONN_LOCAL_PORT)]);
	put_endpoint("remote", tb[A(CONN_REMOTE4)], tb[A(CONN_REMOTE6)], tb[A(CONN_REMOTE_PORT)]);
	printf(" state=%s", tb[A(CONN_STATE)] ? state(number(tb[A(CONN_STATE)])) : "-");
	printf(" open=%s", tb[A(CONN_OPEN)] ? WORD(open_words, number(tb[A(CONN_OPEN)])) : "unknown");
	printf(" close=%s", VERDICT(close_words, tb[A(CONN_CLOSE)]));
	printf(" first=%s", VERDICT(first_words, tb[A(CONN_FIRST)]));
	put_seconds(" start=", must(tb, A(CONN_START)) / 1000);
}

static void put_record(const struct nlattr *at, int len)
{
	const struct nlattr *tb[CONN_MAX];

	sum.records++;
	if (quiet)
		return;
	parse(tb, CONN_MAX, at, len, A(CONN_ENTRY));
	printf("conn id=%llx.%llu", must(tb, A(CONN_COOKIE)), must(tb, A(CONN_GENERATION)));
	put("netns", tb[A(CONN_NETNS)]);
	printf(" family=%s", WORD(family_words, must(tb, A(CONN_FAMILY))));
	put_ends(tb);
	put_seconds(" age=", must(tb, A(CONN_AGE)));
	if (tb[A(CONN_OPEN)] && number(tb[A(CONN_OPEN)]) == TCP_LIFECYCLE_OPEN_LISTENER)
		put_listener(tb);
	else
		put_connection(tb);
	printf(" dropped=%llu gaps=%llu\n", tb[A(CONN_DROPPED)] ? number(tb[A(CONN_DROPPED)]) : 0,
	       tb[A(CONN_GAPS)] ? number(tb[A(CONN_GAPS)]) : 0);
	put_entries(at, len, A(CONN_ENTRY));
}

static void put_event(const struct nlattr *nest)
{
	const struct nlattr *tb[CONN_MAX];

	if (quiet)
		return;
	parse(tb, CONN_MAX, data(nest), length(nest), A(CONN_ENTRY));
	printf("%llx.%llu", must(tb, A(CONN_COOKIE)), must(tb, A(CONN_GENERATION)));
	put("netns", tb[A(CONN_NETNS)]);
	printf(" family=%s", WORD(family_words, must(tb, A(CONN_FAMILY))));
	put_ends(tb);
	if (!tb[A(CONN_ENTRY)])
		die("an event without an entry");
	put_entries(data(nest), length(nest), A(CONN_ENTRY));
}

static void put_batch(const struct nlattr *at, int len)
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
		put_batch(at, len);
	else
		put_record(at, len);
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
