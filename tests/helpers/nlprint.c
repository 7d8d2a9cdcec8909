// SPDX-License-Identifier: GPL-2.0-only
/*
 * nlprint.c: from attributes to text. It has its words from the spec (nlwords.h, which
 * nlwords makes), and shares no code with module or client.
 */
#include "nlprint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/tcp_lifecycle.h>

#include "nlattr.h"
#include "nlwords.h"

#define A(name) TCP_LIFECYCLE_A_##name
#define CONN_MAX (A(CONN_MAX) + 1)
#define ENTRY_MAX (A(ENTRY_MAX) + 1)

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

	for (i = 0; i < 31 && from[i]; i++)
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
	for (i = 0; i < 16; i++) {
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

/* Behind a link-local address stands the number of its interface. */
static void put_scope(const unsigned char *addr, const struct nlattr *ifindex)
{
	if (ifindex && addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80)
		printf("%%%llu", number(ifindex));
}

static void put_endpoint(const char *key, const struct nlattr *v4, const struct nlattr *v6,
			 const struct nlattr *port, const struct nlattr *ifindex)
{
	const struct nlattr *addr = v4 ?: v6;
	char text[INET6_ADDRSTRLEN];

	if (v4 && v6)
		die("%s has two addresses", key);
	if (!addr) {
		printf(" %s=-", key);
		return;
	}
	if (length(addr) != (v4 ? 4 : 16))
		die("%s is of %d bytes", key, length(addr));
	inet_ntop(v4 ? AF_INET : AF_INET6, data(addr), text, sizeof(text));
	printf(v4 ? " %s=%s" : " %s=[%s", key, text);
	if (!v4)
		put_scope(data(addr), ifindex);
	printf(v4 ? ":%llu" : "]:%llu", port ? number(port) : 0);
}

static void put_comm(const char *key, const struct nlattr *nla)
{
	const unsigned char *at;
	int i, len;

	printf(" %s=", key);
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
	int rst;

	parse(tb, ENTRY_MAX, data(nest), length(nest), 0);
	rst = must(tb, A(ENTRY_CAUSE)) == TCP_LIFECYCLE_CAUSE_RST_OUT;
	from = must(tb, A(ENTRY_FROM));
	to = must(tb, A(ENTRY_TO));
	put_seconds("\t+", must(tb, A(ENTRY_AT_US)));
	if (from == to)
		printf(" %s", state(from));
	else
		printf(" %s>%s", state(from), state(to));
	printf(" cause=%s", WORD(cause_words, must(tb, A(ENTRY_CAUSE))));
	if (from != to) {
		put("seq", tb[A(ENTRY_SEQ)]);
		put("ack", tb[A(ENTRY_ACK)]);
		if (tb[A(ENTRY_IN_US)])
			put_seconds(" in=", number(tb[A(ENTRY_IN_US)]));
		else
			fputs(" in=-", stdout);
	} else if (tb[A(ENTRY_LENGTH_MS)]) {
		put_seconds(" for=", number(tb[A(ENTRY_LENGTH_MS)]) * 1000);
	} else {
		printf(" count=%llu%s", must(tb, A(ENTRY_COUNT)),
		       must(tb, A(ENTRY_COUNT)) == (tb[A(ENTRY_MSS_BY)] || rst ? 255 : 65535) ? "+" : "");
		put_seconds(" last=+", must(tb, A(ENTRY_LAST_US)));
		if (tb[A(ENTRY_NTH)])
			put("n", tb[A(ENTRY_NTH)]);
		if (tb[A(ENTRY_LIMIT)])
			put("max", tb[A(ENTRY_LIMIT)]);
		if (rst) {
			printf(" reason=%s", tb[A(ENTRY_REASON)] ?
			       WORD(rst_reason_words, number(tb[A(ENTRY_REASON)])) : "-");
			put("seq", tb[A(ENTRY_SEQ)]);
		}
		if (tb[A(ENTRY_MSS_BY)]) {
			put("old", tb[A(ENTRY_MSS_OLD_BYTES)]);
			put("new", tb[A(ENTRY_MSS_NEW_BYTES)]);
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

static void put_cookie(const char *key, const struct nlattr *nla)
{
	if (nla)
		printf(" %s=%llx", key, number(nla));
	else
		printf(" %s=-", key);
}

static void put_owner(const struct nlattr **tb)
{
	const char *at = tb[A(CONN_OWNER)] ?
		WORD(cause_words, number(tb[A(CONN_OWNER)])) : "-";

	printf(" owner=%s", strcmp(at, "accepted") ? at : "accept");
	put("pid", tb[A(CONN_PID)]);
	put("uid", tb[A(CONN_UID)]);
	put("cgroup", tb[A(CONN_CGROUP)]);
	put_comm("comm", tb[A(CONN_COMM)]);
	put_comm("thread", tb[A(CONN_THREAD)]);
	put("closer_pid", tb[A(CONN_CLOSER_PID)]);
	put_comm("closer_comm", tb[A(CONN_CLOSER_COMM)]);
}

static void put_connection(const struct nlattr **tb)
{
	put("isn", tb[A(CONN_ISN)]);
	put("peer_isn", tb[A(CONN_PEER_ISN)]);
	put("fin", tb[A(CONN_FIN)]);
	put("peer_fin", tb[A(CONN_PEER_FIN)]);
	put("mss_adv", tb[A(CONN_MSS_ADV_BYTES)]);
	printf(" mss_adv_by=%s", tb[A(CONN_MSS_ADV_BY)] ?
	       WORD(mss_by_words, number(tb[A(CONN_MSS_ADV_BY)])) : "unknown");
	if (tb[A(CONN_MSS_ABSENT)])
		fputs(" mss_rcv=absent", stdout);
	else
		put("mss_rcv", tb[A(CONN_MSS_RCV_BYTES)]);
	put("mss_eff", tb[A(CONN_MSS_EFF_BYTES)]);
	printf(" mss_eff_by=%s", tb[A(CONN_MSS_EFF_BY)] ?
	       WORD(mss_by_words, number(tb[A(CONN_MSS_EFF_BY)])) : "unknown");
	put_options("offered", tb[A(CONN_OFFERED)]);
	put_options("agreed", tb[A(CONN_AGREED)]);
	if (tb[A(CONN_WSCALE_LOCAL)] && tb[A(CONN_WSCALE_PEER)])
		printf(" wscale=%llu/%llu", number(tb[A(CONN_WSCALE_LOCAL)]),
		       number(tb[A(CONN_WSCALE_PEER)]));
	else
		fputs(" wscale=-", stdout);
	put("rtt_us", tb[A(CONN_RTT_US)]);
	put_cookie("mptcp", tb[A(CONN_MPTCP)]);
	put_owner(tb);
	put_cookie("listener", tb[A(CONN_LISTENER)]);
	put("accept_us", tb[A(CONN_ACCEPT_US)]);
	put("tx", tb[A(CONN_TX_BYTES)]);
	put("rx", tb[A(CONN_RX_BYTES)]);
	put("tx_segs", tb[A(CONN_TX_SEGS)]);
	put("rx_segs", tb[A(CONN_RX_SEGS)]);
	put("retrans", tb[A(CONN_RETRANS)]);
	put("after_fin", tb[A(CONN_AFTER_FIN_BYTES)]);
	if (tb[A(CONN_TW_PLANNED_MS)])
		put_seconds(" tw_planned=", number(tb[A(CONN_TW_PLANNED_MS)]) * 1000);
	else
		fputs(" tw_planned=-", stdout);
	if (tb[A(CONN_TW_ACTUAL_US)])
		put_seconds(" tw_actual=", number(tb[A(CONN_TW_ACTUAL_US)]));
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
	put_endpoint("local", tb[A(CONN_LOCAL4)], tb[A(CONN_LOCAL6)], tb[A(CONN_LOCAL_PORT)],
		     tb[A(CONN_IFINDEX)]);
	put_endpoint("remote", tb[A(CONN_REMOTE4)], tb[A(CONN_REMOTE6)], tb[A(CONN_REMOTE_PORT)],
		     tb[A(CONN_IFINDEX)]);
	printf(" state=%s", tb[A(CONN_STATE)] ? state(number(tb[A(CONN_STATE)])) : "-");
	printf(" open=%s", tb[A(CONN_OPEN)] ? WORD(open_words, number(tb[A(CONN_OPEN)])) : "unknown");
	printf(" close=%s", VERDICT(close_words, tb[A(CONN_CLOSE)]));
	printf(" first=%s", VERDICT(first_words, tb[A(CONN_FIRST)]));
	put_seconds(" start=", must(tb, A(CONN_START_NS)) / 1000);
}

void put_record(const struct nlattr *at, int len)
{
	const struct nlattr *tb[CONN_MAX];

	parse(tb, CONN_MAX, at, len, A(CONN_ENTRY));
	printf("conn id=%llx.%llu", must(tb, A(CONN_COOKIE)), must(tb, A(CONN_GENERATION)));
	put("netns", tb[A(CONN_NETNS)]);
	printf(" family=%s", WORD(family_words, must(tb, A(CONN_FAMILY))));
	put_ends(tb);
	put_seconds(" age=", must(tb, A(CONN_AGE_US)));
	if (tb[A(CONN_OPEN)] && number(tb[A(CONN_OPEN)]) == TCP_LIFECYCLE_OPEN_LISTENER)
		put_listener(tb);
	else
		put_connection(tb);
	printf(" dropped=%llu gaps=%llu\n", tb[A(CONN_DROPPED)] ? number(tb[A(CONN_DROPPED)]) : 0,
	       tb[A(CONN_GAPS)] ? number(tb[A(CONN_GAPS)]) : 0);
	put_entries(at, len, A(CONN_ENTRY));
}

void put_event(const struct nlattr *nest)
{
	const struct nlattr *tb[CONN_MAX];

	parse(tb, CONN_MAX, data(nest), length(nest), A(CONN_ENTRY));
	printf("%llx.%llu", must(tb, A(CONN_COOKIE)), must(tb, A(CONN_GENERATION)));
	put("netns", tb[A(CONN_NETNS)]);
	printf(" family=%s", WORD(family_words, must(tb, A(CONN_FAMILY))));
	put_ends(tb);
	if (!tb[A(CONN_ENTRY)])
		die("an event without an entry");
	put_entries(data(nest), length(nest), A(CONN_ENTRY));
}
