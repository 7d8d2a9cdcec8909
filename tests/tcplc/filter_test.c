// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter_test.c: filters are read, mean what they say, and point at what is wrong.
 */
#include <stdlib.h>
#include <time.h>

#include <linux/genetlink.h>

#include "base/names.h"
#include "check.h"
#include "filter/filter.h"
#include "pack.h"

/* 2030-01-01 00:00:00 UTC */
#define NOW 1893456000000000000ULL
#define ARRAY(a) (sizeof(a) / sizeof((a)[0]))
#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)

static struct entry entries[] = {
	{ .at_us = 0, .cause = TCP_LIFECYCLE_CAUSE_CONNECT },
	{ .at_us = 500000, .cause = TCP_LIFECYCLE_CAUSE_TIMER_RTO_SYN, .last_us = 1500000 },
	{ .at_us = 2000000, .cause = TCP_LIFECYCLE_CAUSE_SYN_ACK_RECEIVED, .illegal = true },
};

/* Sixty seconds old. */
static const struct conn web = {
	.has = ~(conn_mask)0,
	.cookie = 0x89c, .generation = 2, .netns = 4026531840U,
	.family = TCP_LIFECYCLE_FAMILY_IPV4,
	.local = { 4, { 10, 1, 2, 3 } }, .remote = { 4, { 192, 0, 2, 1 } },
	.local_port = 45000, .remote_port = 443,
	.state = TCP_LIFECYCLE_STATE_TIME_WAIT, .open = TCP_LIFECYCLE_OPEN_ACTIVE,
	.close = TCP_LIFECYCLE_CLOSE_FIN, .first = TCP_LIFECYCLE_FIRST_LOCAL,
	.start_ns = NOW - 60000000000ULL, .age_us = 60000000,
	.rtt_us = 12000, .mss_eff_bytes = 1380, .mss_adv_bytes = 1460, .mss_rcv_bytes = 1400, .retrans = 1,
	.pid = 42, .uid = 0, .cgroup = 7, .listener = 0x99, .accept_us = 10,
	.tx_bytes = 1024, .rx_bytes = 1 << 20, .after_fin_bytes = 5,
	.comm = "my curl", .entry = entries, .nr_entries = 3,
};

static const struct conn six = {
	.has = A(COOKIE) | A(STATE) | A(LOCAL6) | A(REMOTE6) | A(LOCAL_PORT) | A(FAMILY),
	.family = TCP_LIFECYCLE_FAMILY_IPV6,
	.local = { 16, { 0xfe, 0x80, [15] = 1 } }, .remote = { 16, { 0x20, 1, 0xd, 0xb8 } },
	.local_port = 80, .state = TCP_LIFECYCLE_STATE_NEW_SYN_RECV,
};

static bool says(const char *text, const struct conn *c)
{
	struct filter_error error;
	struct filter *f = filter_parse(text, NOW, &error);
	bool good;

	if (!f) {
		filter_error_print(&error, stdout);
		CHECK(!"it can be read");
		return false;
	}
	good = filter_match(f, c);
	filter_free(f);
	return good;
}

static void each(const char *const *texts, size_t nr, const struct conn *c, bool wanted)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (says(texts[i], c) == wanted)
			continue;
		printf("'%s' should %smatch\n", texts[i], wanted ? "" : "not ");
		CHECK(!"as expected");
	}
}

static void terms_that_hold(void)
{
	static const char *const texts[] = {
		"", "state time-wait", "state TIME_WAIT", "state TIMEWAIT", "state connected",
		"state synchronized", "state bucket", "state all", "state listen,time-wait",
		"live", "not dead", "open active", "opened active", "close fin",
		"verdict normal", "verdict any", "close fin,refused", "closed-by local",
		"first local", "ipv4", "family ipv4", "family inet", "not mapped",
		"src 10.1.2.3", "src 10.0.0.0/8", "src 10.1.2.99/24", "src 10.1.2.3:45000",
		"src :45000", "src *:45000", "dst 192.0.2.1:443", "dst 192.0.2.1:https",
		"dst 0.0.0.0/0", "host 10.1.2.3", "host 192.0.2.1:443",
		"src ::ffff:10.1.2.3", "src [::ffff:10.1.0.0]/112:45000",
		"dport 443", "dport = 443", "dport == 443", "dport=443", "dport eq 443",
		"dport https", "dport :443", "dport 400-500", "dport 80,443", "dport != 80",
		"dport != 80,8080", "dport >= 443", "dport <= 443", "dport < 444",
		"dport>442", "sport ge 1024", "port 443", "port 45000", "port != 80",
		"dport != 1-400",
		"since 1m", "since 90s", "since 2029-12-31T23:59:00", "since 2029-12-31",
		"since 23:58", "since 23:58:30", "since \"2029-12-31 23:59\"", "since yesterday",
		"until 0", "until 1m", "until 59s", "until 23:59:00", "until 2029-12-31T23:59",
		"until today", "not until yesterday", "since 2m until 30s", "not today",
		"comm \"my curl\"", "comm my*", "pid 42", "pid=42", "uid root", "uid 0",
		"id 89c", "id sk:89c", "id 0x89c", "id 89c.2", "listener 99", "netns 4026531840",
		"cgroup 7", "rtt > 10ms", "rtt < 0.1s", "rtt = 12ms", "rtt != 11999us", "age = 1m",
		"age < 1h30m", "lived < 1s", "mss < 1400", "mss-adv 1460", "mss-rcv 1400", "accept-wait 10us",
		"tx = 1k", "rx >= 1M", "after-fin", "retrans", "retrans > 0", "retrans 1",
		"not gaps", "gaps = 0", "cause timer", "cause rto,accepted",
		"cause syn-ack-received", "illegal",
		"state listen or dport 443", "not (state listen or dport 80)",
		"state time-wait dport 443", "state time-wait && dport 443",
		"! state listen and ! dport 80", "!(dead) || gaps", "((live))",
		"STATE Time-Wait AND DPORT 443", "not not live", "retrans and live",
	};

	setenv("TZ", "UTC", 1);
	tzset();
	each(texts, ARRAY(texts), &web, true);
}

static void terms_that_do_not_hold(void)
{
	static const char *const texts[] = {
		"state established", "state listen or state closed", "dead", "state big",
		"open passive", "verdict reset", "verdict timeout", "close none",
		"closed-by peer", "ipv6", "src 10.1.2.4", "src 11.0.0.0/8", "src ::/0",
		"src 10.1.2.3:45001", "host 10.1.2.3:443", "dport 80", "dport 1-442",
		"dport < 443", "dport > 443", "port != 443", "since 1s", "since 5s",
		"until 61s", "until 23:58:59", "until yesterday", "since today", "today",
		"comm curl", "pid 43", "pid < 0", "uid 1", "id 89c.1", "id 89", "rtt > 12ms",
		"gaps", "dropped", "mss > 18446744073709551615", "cause keepalive",
		"dport != 443,80", "live and dead", "not live",
	};

	each(texts, ARRAY(texts), &web, false);
}

static void other_families(void)
{
	static const char *const yes[] = {
		"src fe80::1", "src [fe80::1]:80", "src [fe80::]/10:80", "src fe80::/10",
		"src :80", "src *:80", "dst 2001:db8::/32", "host [fe80::1]:80", "ipv6",
		"family inet6", "state syn-recv", "state new-syn-recv", "state syn-received",
		"state bucket", "close none", "not rtt > 1ms", "not comm curl", "not dport 80",
	};
	static const char *const no[] = {
		"src 0.0.0.0/0", "rtt < 1s", "rtt >= 0", "rtt != 5us", "comm *", "dport 80",
		"dport != 80", "gaps = 0", "illegal", "not src fe80::1", "mapped",
	};

	each(yes, ARRAY(yes), &six, true);
	each(no, ARRAY(no), &six, false);
}

static void every_word_is_known(void)
{
	static const struct {
		const char *keyword;
		enum names_kind kind;
	} kinds[] = {
		{ "state", NAMES_STATE }, { "open", NAMES_OPEN }, { "close", NAMES_CLOSE },
		{ "closed-by", NAMES_FIRST }, { "family", NAMES_FAMILY },
		{ "cause", NAMES_CAUSE },
	};
	struct filter_error error;
	unsigned int value;
	struct filter *f;
	char text[64];
	size_t k;

	for (k = 0; k < ARRAY(kinds); k++) {
		for (value = 0; value < names_count(kinds[k].kind); value++) {
			snprintf(text, sizeof(text), "%s %s", kinds[k].keyword,
				 names_word(kinds[k].kind, value));
			f = filter_parse(text, NOW, &error);
			if (!f)
				filter_error_print(&error, stdout);
			CHECK(f);
			filter_free(f);
		}
	}
}

static void errors_point_at_the_word(void)
{
	static const struct {
		const char *text;
		size_t at, len;
		const char *what;
	} bad[] = {
		{ "state establishd", 6, 10, "did you mean 'established'?" },
		{ "state time-wait,lisen", 16, 5, "did you mean 'listen'?" },
		{ "state", 5, 0, "'state' needs a state" },
		{ "state and dport 80", 6, 3, "'state' needs a state" },
		{ "sate listen", 0, 4, "did you mean 'state'?" },
		{ "established", 0, 11, "say 'state established'" },
		{ "live rst-received", 5, 12, "say 'close rst-received'" },
		{ "passive", 0, 7, "say 'open passive'" },
		{ "xyzzyxyzzy", 0, 10, "unknown word 'xyzzyxyzzy'; a term begins with" },
		{ "close rest", 6, 4, "did you mean 'reset'?" },
		{ "closed-by me", 10, 2, "'me' is not valid after 'closed-by'" },
		{ "dport 65536", 6, 5, "not a port" },
		{ "dport nosuchservice", 6, 13, "there is no service" },
		{ "dport 20-10", 6, 5, "not a range of ports" },
		{ "dport > 1-10", 8, 4, "only be compared with = and !=" },
		{ "dport >", 7, 0, "needs a port" },
		{ "src 10.0.0.0/33", 4, 11, "is not an address" },
		{ "src 10.0.0", 4, 6, "is not an address" },
		{ "src example.com", 4, 11, "names are not looked up" },
		{ "src [::1", 4, 4, "without its ']'" },
		{ "src *", 4, 1, "neither an address nor a port" },
		{ "dst 10.0.0.1:99999", 4, 14, "not a port" },
		{ "live and", 8, 0, "ends where a term is expected" },
		{ "and live", 0, 3, "expected a term" },
		{ "live or or dead", 8, 2, "expected a term" },
		{ "(live", 0, 1, "has no ')'" },
		{ "live)", 4, 1, "has no '('" },
		{ "()", 1, 1, "expected a term" },
		{ "not", 3, 0, "ends where a term is expected" },
		{ "rtt", 3, 0, "needs a time with its unit" },
		{ "rtt > 10", 6, 2, "not a time with its unit" },
		{ "rtt > 10parsec", 6, 8, "not a time with its unit" },
		{ "mss < abc", 6, 3, "not a number" },
		{ "tx > 1X", 5, 2, "not a number of bytes" },
		{ "uid nobodyofthatname", 4, 16, "not a user's name" },
		{ "id xyz", 3, 3, "not an id" },
		{ "id 89c.x", 3, 5, "is not an id" },
		{ "since tomorrow", 6, 8, "is not a time" },
		{ "since 25:00", 6, 5, "is not a time" },
		{ "until tomorrow", 6, 8, "'until' needs how long ago" },
		{ "until", 5, 0, "'until' needs how long ago" },
		{ "dport 443 state foo", 16, 3, "'foo' is not valid after 'state'" },
		{ "pid 18446744073709551616", 4, 20, "not a number" },
	};
	struct filter_error error;
	struct filter *f;
	size_t i;

	for (i = 0; i < ARRAY(bad); i++) {
		f = filter_parse(bad[i].text, NOW, &error);
		CHECK(!f);
		filter_free(f);
		if (!f && error.at == bad[i].at && error.len == bad[i].len &&
		    strstr(error.what, bad[i].what))
			continue;
		printf("'%s': wanted %zu+%zu '%s', got %zu+%zu\n", bad[i].text, bad[i].at,
		       bad[i].len, bad[i].what, error.at, error.len);
		filter_error_print(&error, stdout);
		CHECK(!"as expected");
	}
}

static void an_error_is_printed_with_a_caret(void)
{
	struct filter_error error;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CHECK(!filter_parse("live and\tstate lisen", NOW, &error));
	filter_error_print(&error, out);
	fclose(out);
	CHECK_TEXT(text, "tcplc: filter: 'lisen' is not valid after 'state'; did you mean 'listen'?\n"
			 "    live and?state lisen\n"
			 "                   ^~~~~\n");
	free(text);
}

static void depth_and_length_are_bounded(void)
{
	static char text[8192];
	struct filter_error error;

	memset(text, '(', 4000);
	CHECK(!filter_parse(text, NOW, &error));
	CHECK(strstr(error.what, "too many parentheses"));
	memset(text, '!', 4000);
	CHECK(!filter_parse(text, NOW, &error));
	memset(text, 'x', 8000);
	CHECK(!filter_parse(text, NOW, &error));
	CHECK(strstr(error.what, "longer than"));
}

static void what_an_event_lacks_is_named(void)
{
	struct filter_error error;
	struct filter *f;

	f = filter_parse("state listen and (live or comm nginx) and rtt > 1ms", NOW, &error);
	CHECK(f && filter_needs(f, FILTER_NEEDS_RECORD, &error));
	CHECK(error.at == 26 && error.len == 4);
	CHECK(!filter_needs(f, FILTER_NEEDS_ENTRIES, NULL));
	filter_free(f);
	f = filter_parse("state listen dport 80 id 5.1 close any closed-by peer since 1m "
			 "cause timer src ::1 netns 5", NOW, &error);
	CHECK(f && !filter_needs(f, FILTER_NEEDS_RECORD, &error));
	CHECK(f && filter_needs(f, FILTER_NEEDS_ENTRIES, NULL));
	filter_free(f);
}

/* The kernel's side, by the words of the spec. */
static bool in_prefix(const struct addr *a, const struct nlattr *attr, unsigned int bits)
{
	const uint8_t *b = mnl_attr_get_payload(attr);
	unsigned int len = mnl_attr_get_payload_len(attr), i;

	if (a->len != len)
		return false;
	for (i = 0; i < bits && i < len * 8; i++)
		if ((a->byte[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static uint64_t last_time(const struct conn *c)
{
	uint64_t us = c->state == TCP_LIFECYCLE_STATE_CLOSED ? c->age_us : 0;
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++) {
		us = c->entry[i].at_us > us ? c->entry[i].at_us : us;
		us = c->entry[i].last_us > us ? c->entry[i].last_us : us;
	}
	return c->start_ns + us * 1000;
}

static bool kernel_says(const struct nlmsghdr *nlh, const struct conn *c)
{
	const struct nlattr *attr, *f, *v[TCP_LIFECYCLE_A_FILTER_MAX + 1] = { 0 };
	unsigned int bits;

#define GIVEN(name) (v[TCP_LIFECYCLE_A_FILTER_##name])
#define U8(name) mnl_attr_get_u8(GIVEN(name))
#define U16(name) mnl_attr_get_u16(GIVEN(name))
#define MASKED(name, value) (GIVEN(name) && !(mnl_attr_get_u32(GIVEN(name)) >> (value) & 1))
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		mnl_attr_for_each_nested(f, attr) {
			CHECK(!v[mnl_attr_get_type(f)]);	/* each once */
			v[mnl_attr_get_type(f)] = f;
		}
	if (MASKED(STATES, c->state) || MASKED(FAMILIES, c->family) ||
	    MASKED(OPENS, c->open) || MASKED(FIRSTS, c->first))
		return false;
	if (GIVEN(CLOSES) && !(mnl_attr_get_u64(GIVEN(CLOSES)) >> c->close & 1))
		return false;
	bits = GIVEN(LOCAL_PREFIX) ? U8(LOCAL_PREFIX) : 128;
	if ((GIVEN(LOCAL4) && !in_prefix(&c->local, GIVEN(LOCAL4), bits)) ||
	    (GIVEN(LOCAL6) && !in_prefix(&c->local, GIVEN(LOCAL6), bits)))
		return false;
	bits = GIVEN(REMOTE_PREFIX) ? U8(REMOTE_PREFIX) : 128;
	if ((GIVEN(REMOTE4) && !in_prefix(&c->remote, GIVEN(REMOTE4), bits)) ||
	    (GIVEN(REMOTE6) && !in_prefix(&c->remote, GIVEN(REMOTE6), bits)))
		return false;
	if ((GIVEN(LOCAL_PORT) && U16(LOCAL_PORT) != c->local_port) ||
	    (GIVEN(REMOTE_PORT) && U16(REMOTE_PORT) != c->remote_port) ||
	    (GIVEN(PORT) && U16(PORT) != c->local_port && U16(PORT) != c->remote_port))
		return false;
	return !GIVEN(SINCE) || last_time(c) >= mnl_attr_get_u64(GIVEN(SINCE));
}

static size_t random_term(char *out, size_t size)
{
	static const char *const terms[] = {
		"live", "dead", "ipv4", "ipv6", "mapped", "gaps", "illegal", "state bucket",
		"state connected", "close reset", "verdict normal", "src 10.0.0.0/8",
		"src 10.0.0.0/15", "dst 10.0.1.0/24", "dst a00::/8", "host 10.0.0.1",
		"host a01:1::/31", "src 10.1.0.0/16:80", "sport 80", "dport 80-81",
		"dport != 80", "port 81", "port != 79", "sport < 81", "rtt > 5ms",
		"comm nginx", "pid 2", "cause timer", "src [a00::]/9:79", "id 5", "id 6.1",
	};
	unsigned int kind;

	switch (pack_below(7)) {
	case 0:
		kind = pack_below(TCP_LIFECYCLE_STATE_MAX + 1);
		return snprintf(out, size, "state %s", names_word(NAMES_STATE, kind));
	case 1:
		kind = pack_below(TCP_LIFECYCLE_OPEN_MAX + 1);
		return snprintf(out, size, "open %s", names_word(NAMES_OPEN, kind));
	case 2:
		kind = pack_below(TCP_LIFECYCLE_CLOSE_MAX + 1);
		return snprintf(out, size, "close %s", names_word(NAMES_CLOSE, kind));
	case 3:
		kind = pack_below(TCP_LIFECYCLE_FIRST_MAX + 1);
		return snprintf(out, size, "closed-by %s", names_word(NAMES_FIRST, kind));
	case 4:
		return snprintf(out, size, "since %us", pack_below(620));
	default:
		return snprintf(out, size, "%s", terms[pack_below(ARRAY(terms))]);
	}
}

static size_t random_filter(char *out, size_t size, unsigned int depth)
{
	size_t len = 0;

	switch (depth ? pack_below(5) : 0) {
	case 1:
		len += snprintf(out + len, size - len, "not (");
		break;
	case 2:
	case 3:
	case 4:
		len += snprintf(out + len, size - len, "(");
		len += random_filter(out + len, size - len, depth - 1);
		len += snprintf(out + len, size - len, pack_below(3) ? " and " : " or ");
		break;
	default:
		return random_term(out, size);
	}
	len += random_filter(out + len, size - len, depth - 1);
	len += snprintf(out + len, size - len, ")");
	return len;
}

static void the_kernel_passes_at_least_what_matches(void)
{
	static char buffer[PACK_SIZE];
	static char text[4000];
	unsigned int round, i, matched = 0, passed = 0, refused = 0;
	struct filter_error error;
	struct entry entry[8];
	struct nlmsghdr *nlh;
	struct filter *f;
	struct conn c;
	bool ours, theirs;

	for (round = 0; round < 4000; round++) {
		random_filter(text, sizeof(text), 4);
		f = filter_parse(text, NOW, &error);
		if (!f) {
			filter_error_print(&error, stdout);
			CHECK(!"it can be read");
			continue;
		}
		nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_CONN_GET);
		filter_put(f, nlh);
		CHECK(nlh->nlmsg_len < 200);
		for (i = 0; i < 50; i++) {
			pack_random(&c, entry, ARRAY(entry));
			ours = filter_match(f, &c);
			theirs = kernel_says(nlh, &c);
			matched += ours;
			passed += theirs;
			refused += !theirs;
			if (ours && !theirs) {
				printf("the kernel would keep back what matches: %s\n", text);
				CHECK(!"a superset");
				break;
			}
		}
		filter_free(f);
	}
	/* All this proves nothing if it never happens. */
	CHECK(matched > 1000 && refused > 1000 && passed > matched);
	/* And it is of use only if the kernel does keep back most of the rest. */
	CHECK(refused > (matched + refused) / 4);
}

static void one_term_is_said_to_the_kernel_exactly(void)
{
	static const char *const exact[] = {
		"state time-wait", "not state listen", "open active,passive", "close reset",
		"not verdict normal", "closed-by peer", "ipv6", "live", "dead", "sport 80",
		"dport 81", "port 80", "src 10.0.0.0/15", "dst a00::/16", "since 300s",
		"state listen or state closed", "not (live or mapped)",
		"sport 80 and dport 81 and live and dst 10.0.0.0/8",
	};
	static char buffer[PACK_SIZE];
	struct filter_error error;
	struct entry entry[8];
	struct nlmsghdr *nlh;
	struct filter *f;
	struct conn c;
	unsigned int n;
	size_t i;

	for (i = 0; i < ARRAY(exact); i++) {
		f = filter_parse(exact[i], NOW, &error);
		CHECK(f);
		if (!f)
			continue;
		nlh = pack_begin(buffer, TCP_LIFECYCLE_CMD_CONN_GET);
		filter_put(f, nlh);
		for (n = 0; n < 2000; n++) {
			pack_random(&c, entry, ARRAY(entry));
			if (filter_match(f, &c) == kernel_says(nlh, &c))
				continue;
			printf("not the same: %s\n", exact[i]);
			CHECK(!"exactly");
			break;
		}
		filter_free(f);
	}
}

static void no_text_harms_the_parser(void)
{
	static const char *const bits[] = {
		"state", "live", "(", ")", "!", "and", "or", "not", "=", "!=", "<", ">=",
		"dport", "80", "80-90", ",", "src", "[", "]", "[::1]:80", "10.0.0.0/8", ":",
		"/", "\"", "\"a b", "since", "5m", "12:30", "rtt", "10ms", "comm", "\xff",
		"id", "89c.", ".", "-", "gaps", "retrans", "port", "*", "host", "[]", "1-",
		"2030-01-01T", "closed-by", "-1", "0x", "sk:", "&", "|", "&&", "\t", "\\",
	};
	struct filter_error error;
	struct filter *f;
	unsigned int round, i, nr;
	char text[512];
	size_t len;

	for (round = 0; round < 50000; round++) {
		nr = pack_below(12);
		len = 0;
		text[0] = '\0';
		for (i = 0; i < nr; i++)
			len += snprintf(text + len, sizeof(text) - len, "%s%s",
					pack_below(3) ? " " : "",
					bits[pack_below(ARRAY(bits))]);
		f = filter_parse(text, NOW, &error);
		if (f) {
			filter_match(f, &web);
			filter_match(f, &six);
		} else {
			CHECK(error.what[0] && error.at + error.len <= strlen(text));
		}
		filter_free(f);
	}
}

int main(void)
{
	CHECK_RUN(terms_that_hold);
	CHECK_RUN(terms_that_do_not_hold);
	CHECK_RUN(other_families);
	CHECK_RUN(every_word_is_known);
	CHECK_RUN(errors_point_at_the_word);
	CHECK_RUN(an_error_is_printed_with_a_caret);
	CHECK_RUN(depth_and_length_are_bounded);
	CHECK_RUN(what_an_event_lacks_is_named);
	CHECK_RUN(the_kernel_passes_at_least_what_matches);
	CHECK_RUN(one_term_is_said_to_the_kernel_exactly);
	CHECK_RUN(no_text_harms_the_parser);
	return check_end();
}
