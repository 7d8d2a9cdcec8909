// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlfuzz: random and mutated netlink messages for the family, one after another.
 *
 *	nlfuzz MESSAGES SEED
 *
 * Most begin as a request the family takes, with any of its attributes and with
 * values in range, and are then damaged in up to four places: bytes, lengths,
 * types and nesting of attributes, flags, command, version, the message's own
 * length. Some are noise from the header on. Every answer is read. Prints what
 * became of them; the same seed makes the same messages.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/tcp_lifecycle.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define A(name) TCP_LIFECYCLE_A_##name
#define ROOM 65536

static uint64_t random_state;
static unsigned char message[ROOM + 4096], answer[1 << 20];
static size_t used;
static int fd, family, group[2];
static unsigned long accepted, records, refused[256], ignored, damaged, unsent, dumps;

static void die(const char *what)
{
	fprintf(stderr, "nlfuzz: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint32_t any(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state >> 32;
}

static uint32_t below(uint32_t n)
{
	return any() % n;
}

static int one_in(uint32_t n)
{
	return !below(n);
}

/* Numbers at which things break. */
static uint64_t odd_number(void)
{
	static const uint64_t odd[] = {
		0, 1, 2, 7, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 32767, 32768,
		65535, 65536, 86399, 86400, 86401, 0x7fffffff, 0x80000000, 0xffffffff,
		0x100000000, 0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX,
	};

	return one_in(3) ? (uint64_t)any() << 32 | any() : odd[below(sizeof(odd) / sizeof(odd[0]))];
}

/* Putting a message together. */

static void put(const void *data, size_t len)
{
	if (used + len > ROOM)
		return;
	memcpy(message + used, data, len);
	used += len;
	while (used % 4)
		message[used++] = 0;
}

static size_t begin(int type)
{
	struct nlattr nla = { .nla_type = type };
	size_t at = used;

	put(&nla, sizeof(nla));
	return at;
}

static void end(size_t at)
{
	uint16_t len = used - at;

	if (at + 4 <= ROOM)
		memcpy(message + at, &len, 2);
}

static void attr(int type, const void *data, size_t len)
{
	struct nlattr nla = { .nla_type = type, .nla_len = NLA_HDRLEN + len };

	if (used + NLA_ALIGN(nla.nla_len) > ROOM)
		return;
	put(&nla, sizeof(nla));
	put(data, len);
}

static void number(int type, size_t len, uint64_t value)
{
	attr(type, &value, len);
}

/* Requests as they ought to be. */

static void filter(void)
{
	static const unsigned char zero[16];
	unsigned char address[16] = { 10, 77, 0, 1 };
	size_t nest = begin(A(CONN_FILTER) | NLA_F_NESTED);

	if (one_in(3))
		number(A(FILTER_STATES), 4, below(1 << 13));
	if (one_in(4))
		number(A(FILTER_FAMILIES), 4, below(8));
	if (one_in(4))
		number(A(FILTER_OPENS), 4, below(256));
	if (one_in(4))
		number(A(FILTER_CLOSES), 8, any() & 0x7fffffff);
	if (one_in(4))
		number(A(FILTER_FIRSTS), 4, below(128));
	if (one_in(3)) {
		attr(A(FILTER_LOCAL4), address, 4);
		if (one_in(2))
			number(A(FILTER_LOCAL_PREFIX), 1, below(33));
	} else if (one_in(3)) {
		attr(A(FILTER_LOCAL6), one_in(2) ? zero : address, 16);
		number(A(FILTER_LOCAL_PREFIX), 1, below(129));
	}
	if (one_in(4)) {
		attr(A(FILTER_REMOTE4), address, 4);
		number(A(FILTER_REMOTE_PREFIX), 1, below(33));
	} else if (one_in(4)) {
		attr(A(FILTER_REMOTE6), zero, 16);
		number(A(FILTER_REMOTE_PREFIX), 1, below(129));
	}
	if (one_in(4))
		number(A(FILTER_LOCAL_PORT), 2, 1 + below(65535));
	if (one_in(4))
		number(A(FILTER_REMOTE_PORT), 2, 1 + below(65535));
	if (one_in(4))
		number(A(FILTER_PORT), 2, 1 + below(65535));
	if (one_in(4))
		number(A(FILTER_SINCE), 8, odd_number());
	end(nest);
}

static void config(void)
{
	unsigned int i, n;

	if (one_in(2))
		number(A(CONFIG_RETENTION), 4, 1 + below(86400));
	if (one_in(3))
		number(A(CONFIG_EXCLUDE_LOOPBACK), 1, below(2));
	if (one_in(3))
		attr(A(CONFIG_ANY_PORT), NULL, 0);
	if (one_in(4))
		for (i = 0, n = below(70); i < n; i++)
			number(A(CONFIG_PORT), 2, 1 + below(65535));
	/* To attach and detach probes takes the kernel a fraction of a second. */
	for (n = one_in(400) ? 1 + below(4) : 0; n; n--) {
		size_t nest = begin(A(CONFIG_GROUP) | NLA_F_NESTED);

		number(A(GROUP_STATE_GROUP), 1, 1 + below(TCP_LIFECYCLE_GROUP_MAX));
		number(A(GROUP_STATE_ENABLED), 1, below(2));
		end(nest);
	}
}

static void request(void)
{
	struct nlmsghdr nlh = { .nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK };
	struct genlmsghdr genl = { .version = 1 };
	uint32_t len;

	used = 0;
	/* A change of the settings waits for the handlers that still go by the old ones. */
	genl.cmd = one_in(500) ? TCP_LIFECYCLE_CMD_CLEAR :
		   one_in(100) ? TCP_LIFECYCLE_CMD_CONFIG_SET :
				 1 + below(TCP_LIFECYCLE_CMD_CONFIG_SET - 1);
	switch (genl.cmd) {
	case TCP_LIFECYCLE_CMD_CONN_GET:
		/* Dumps of all records take most of the time. */
		nlh.nlmsg_flags |= one_in(8) ? NLM_F_DUMP : 0;
		break;
	case TCP_LIFECYCLE_CMD_EDGE_GET:
	case TCP_LIFECYCLE_CMD_HISTOGRAM_GET:
		/* Each waits for the handlers that are under way: an RCU grace period. */
		nlh.nlmsg_flags |= one_in(50) ? NLM_F_DUMP : 0;
		break;
	case TCP_LIFECYCLE_CMD_LISTENER_GET:
	case TCP_LIFECYCLE_CMD_HOOK_GET:
		nlh.nlmsg_flags |= NLM_F_DUMP;
	}
	nlh.nlmsg_seq = any();
	put(&nlh, sizeof(nlh));
	put(&genl, sizeof(genl));
	switch (genl.cmd) {
	case TCP_LIFECYCLE_CMD_CONN_GET:
		if (!(nlh.nlmsg_flags & NLM_F_DUMP)) {
			number(A(CONN_COOKIE), 8, one_in(4) ? odd_number() : 1 + below(300));
			if (one_in(3))
				number(A(CONN_GENERATION), 4, below(3));
		} /* fall through */
	case TCP_LIFECYCLE_CMD_LISTENER_GET:
		if (nlh.nlmsg_flags & NLM_F_DUMP && !one_in(3))
			filter();
		if (one_in(3))
			attr(A(CONN_ALL_NETNS), NULL, 0);
		if (one_in(3))
			attr(A(CONN_BRIEF), NULL, 0);
		break;
	case TCP_LIFECYCLE_CMD_CONFIG_SET:
		config();
	}
	len = used;
	memcpy(message, &len, 4);
}

/* Damage. */

/* Somewhere in the message an attribute may begin. */
static size_t some_place(void)
{
	size_t first = NLMSG_HDRLEN + GENL_HDRLEN;

	return used > first + 4 ? first + below((used - first) / 4) * 4 : first;
}

static void damage_attribute(void)
{
	size_t at = some_place();
	uint16_t half = odd_number();

	switch (below(4)) {
	case 0:			/* its length */
		memcpy(message + at, &half, 2);
		break;
	case 1:
		half = below(64);
		memcpy(message + at, &half, 2);
		break;
	case 2:			/* its type */
		half = below(128) | (one_in(3) ? NLA_F_NESTED : 0) |
			(one_in(8) ? NLA_F_NET_BYTEORDER : 0);
		memcpy(message + at + 2, &half, 2);
		break;
	case 3:			/* its value */
		if (at + 12 <= used) {
			uint64_t value = odd_number();

			memcpy(message + at + 4, &value, 1 << below(4));
		}
	}
}

static void add_noise(void)
{
	unsigned char noise[512];
	size_t i, nest[20];
	unsigned int depth;

	for (i = 0; i < sizeof(noise); i++)
		noise[i] = any();
	switch (below(5)) {
	case 0:			/* an attribute of noise */
		attr(below(one_in(4) ? 1 << 14 : 64) | (one_in(2) ? NLA_F_NESTED : 0), noise,
		     below(64));
		break;
	case 1:			/* nests in nests */
		for (depth = 0; depth < below(19) + 1; depth++)
			nest[depth] = begin((one_in(2) ? A(CONN_FILTER) : A(CONFIG_GROUP)) |
					    NLA_F_NESTED);
		while (depth--)
			end(nest[depth]);
		break;
	case 2:			/* the same again and again */
		for (i = below(200); i; i--)
			number(below(TCP_LIFECYCLE_A_CONN_MAX + 2), 1 << below(4), odd_number());
		break;
	case 3:			/* bytes that begin no attribute */
		put(noise, below(16));
		break;
	case 4:			/* very much of it */
		for (i = one_in(50) ? 120 : 2; i; i--)
			attr(below(64), noise, sizeof(noise));
	}
}

static void damage(void)
{
	struct nlmsghdr *nlh = (void *)message;
	struct genlmsghdr *genl = (void *)(message + NLMSG_HDRLEN);
	size_t kept = used;

	switch (below(12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		damage_attribute();
		break;
	case 4:
		message[below(used)] = any();
		break;
	case 5:
		nlh->nlmsg_flags ^= 1 << below(16);
		break;
	case 6:
		genl->cmd = one_in(2) ? any() : below(TCP_LIFECYCLE_CMD_MAX + 2);
		break;
	case 7:
		if (one_in(2))
			genl->version = any();
		else
			genl->reserved = any();
		break;
	case 8:			/* it says that it is longer, or shorter */
		nlh->nlmsg_len = one_in(2) ? below(used + 64) : odd_number();
		return;
	case 9:			/* cut short, and says so or not */
		used = NLMSG_HDRLEN + below(used - NLMSG_HDRLEN + 1);
		if (one_in(3))
			return;
		break;
	default:
		add_noise();
	}
	if (kept != used)
		nlh->nlmsg_len = used;
}

/* Sending, and reading all that comes back. */

static void on_answer(const unsigned char *at, size_t len, unsigned int *answers)
{
	while (len >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *nlh = (const void *)at;
		int error;

		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > len) {
			errno = EBADMSG;
			die("an answer");
		}
		if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
			memcpy(&error, at + NLMSG_HDRLEN, 4);
			(*answers)++;
			if (error)
				refused[-error & 255]++;
			else
				accepted++;
			if (nlh->nlmsg_type == NLMSG_DONE)
				dumps++;
		} else {
			records++;
		}
		if (NLMSG_ALIGN(nlh->nlmsg_len) >= len)
			break;
		len -= NLMSG_ALIGN(nlh->nlmsg_len);
		at += NLMSG_ALIGN(nlh->nlmsg_len);
	}
}

static void read_all(unsigned int *answers)
{
	ssize_t got;

	for (;;) {
		got = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
		if (got >= 0)
			on_answer(answer, got, answers);
		else if (errno == EAGAIN)
			return;
		else if (errno != ENOBUFS && errno != EINTR)
			die("recv");
	}
}

static void open_socket(void)
{
	struct sockaddr_nl here = { .nl_family = AF_NETLINK };
	int one = 1;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (void *)&here, sizeof(here)))
		die("socket");
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	if (one_in(2))
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
}

/* By the kernel's own control family; its attributes in a fixed order would do. */
static void find_family(void)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr nla;
		char name[16];
	} ask = {
		.nlh = { sizeof(ask), GENL_ID_CTRL, NLM_F_REQUEST, 1, 0 },
		.genl = { CTRL_CMD_GETFAMILY, 1, 0 },
		.nla = { NLA_HDRLEN + sizeof(TCP_LIFECYCLE_FAMILY_NAME), CTRL_ATTR_FAMILY_NAME },
		.name = TCP_LIFECYCLE_FAMILY_NAME,
	};
	const unsigned char *at = answer + NLMSG_HDRLEN + GENL_HDRLEN;
	ssize_t got;

	if (send(fd, &ask, sizeof(ask), 0) < 0)
		die("send");
	got = recv(fd, answer, sizeof(answer), 0);
	while (got > 0 && at + 4 <= answer + got) {
		uint16_t len, type;

		memcpy(&len, at, 2);
		memcpy(&type, at + 2, 2);
		if (type == CTRL_ATTR_FAMILY_ID)
			memcpy(&family, at + 4, 2);
		if ((type & NLA_TYPE_MASK) == CTRL_ATTR_MCAST_GROUPS)
			/* In each nest the id, then the name; or the other way round. */
			for (int i = 4, n = 0; i + 12 <= len && n < 2; i += 4) {
				uint16_t inner[2];

				memcpy(inner, at + i, 4);
				if (inner[0] == 8 && inner[1] == CTRL_ATTR_MCAST_GRP_ID)
					memcpy(&group[n++], at + i + 4, 4);
			}
		at += NLA_ALIGN(len) ?: 4;
	}
	if (!family || !group[0] || !group[1]) {
		errno = ENOENT;
		die("the family or its groups");
	}
}

static void one(void)
{
	unsigned int answers = 0, times;
	size_t i;

	request();
	if (one_in(40)) {		/* noise from the header on */
		used = 20 + below(200);
		for (i = 0; i < used; i++)
			message[i] = any();
		if (!one_in(4)) {
			uint32_t len = used;
			uint16_t type = family;

			memcpy(message, &len, 4);
			memcpy(message + 4, &type, 2);
		}
		damaged++;
	} else if (!one_in(4)) {
		for (times = below(4) + 1; times; times--)
			damage();
		damaged++;
	}
	/* Not other families', which are no business of ours. */
	if (((struct nlmsghdr *)message)->nlmsg_type >= NLMSG_MIN_TYPE)
		((struct nlmsghdr *)message)->nlmsg_type = family;
	if (send(fd, message, used, MSG_DONTWAIT) < 0)
		unsent++;
	read_all(&answers);
	if (!answers)
		ignored++;
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[1], NULL, 0) : 0, i;
	int error;

	if (!count) {
		fputs("usage: nlfuzz MESSAGES SEED\n", stderr);
		return 2;
	}
	random_state = strtoull(argv[2], NULL, 0) * 0x9e3779b97f4a7c15 + 1;
	open_socket();
	find_family();
	for (i = 0; i < count; i++) {
		if (i % (count / 10 + 1) == 0)
			fprintf(stderr, "nlfuzz: %lu messages\n", i);
		/* Whoever comes, goes, and joins. */
		if (one_in(200)) {
			close(fd);
			open_socket();
		}
		if (one_in(100))
			setsockopt(fd, SOL_NETLINK, one_in(2) ? NETLINK_ADD_MEMBERSHIP :
				   NETLINK_DROP_MEMBERSHIP, &group[below(2)], sizeof(group[0]));
		one();
	}
	printf("seed=%s messages=%lu damaged=%lu accepted=%lu dumps=%lu answers=%lu ignored=%lu"
	       " unsent=%lu", argv[2], count, damaged, accepted, dumps, records, ignored, unsent);
	for (error = 0; error < 256; error++)
		if (refused[error])
			printf(" refused%d=%lu", error, refused[error]);
	putchar('\n');
	return 0;
}
