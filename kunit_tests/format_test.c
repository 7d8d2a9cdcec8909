// SPDX-License-Identifier: GPL-2.0-only
/*
 * format_test.c: the text of a record, against docs/format.md.
 */
#include <kunit/test.h>
#include <linux/user_namespace.h>

#include "answer/format.h"
#include "life.h"
#include "life/words.h"

static char text[8192];
static struct tlc_record rec;

static const struct tlc_view view = {
	.now = BORN + 5000 * TICK,
	.user_ns = &init_user_ns,
	.show_pid = true,
};

static const char *format(const struct tlc_view *v)
{
	struct seq_file m = { .buf = text, .size = sizeof(text) - 1 };

	tlc_format_record(&m, &rec, v);
	text[m.count] = '\0';
	return text;
}

static const char *escape(const char *s, size_t max)
{
	struct seq_file m = { .buf = text, .size = sizeof(text) - 1 };

	tlc_format_escaped(&m, s, max);
	text[m.count] = '\0';
	return text;
}

#define EXPECT_HAS(test, s) \
	KUNIT_EXPECT_TRUE_MSG(test, strstr(text, s), "no \"%s\" in:\n%s", s, text)

static void a_name_cannot_tear_the_text_apart(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, escape("nginx", 16), "nginx");
	KUNIT_EXPECT_STREQ(test, escape("a b\n\tc=d", 16), "a\\x20b\\x0a\\x09c\\x3dd");
	KUNIT_EXPECT_STREQ(test, escape("\x1b[2J\\", 16), "\\x1b[2J\\x5c");
	KUNIT_EXPECT_STREQ(test, escape("\xff\x80", 16), "\\xff\\x80");
	KUNIT_EXPECT_STREQ(test, escape("unending", 4), "unen");
	KUNIT_EXPECT_STREQ(test, escape("", 16), "\\x00");
	KUNIT_EXPECT_STREQ(test, escape("-", 16), "\\x2d");
	KUNIT_EXPECT_STREQ(test, escape("-a", 16), "-a");
}

static void a_living_connection_shows_what_is_known(struct kunit *test)
{
	connect_to(&rec, 1400);
	rec.id.netns = 4026531840U;
	memcpy(rec.id.local, "\x0a\x00\x00\x01", 4);
	memcpy(rec.id.remote, "\x0a\x00\x00\x02", 4);
	format(&view);

	EXPECT_HAS(test, "conn id=1a2b.0 netns=4026531840 family=ipv4"
		   " local=10.0.0.1:1024 remote=10.0.0.2:80"
		   " state=ESTABLISHED open=active close=- first=-"
		   " start=1.000000 age=5.000000 isn=1000 peer_isn=500000"
		   " fin=- peer_fin=-");
	EXPECT_HAS(test, " offered=mss,sack agreed=mss wscale=- rtt_us=30000 mptcp=-");
	EXPECT_HAS(test, " tw_planned=- tw_actual=- dropped=0 gaps=0\n");
	EXPECT_HAS(test, "\t+0.000000 CLOSED>SYN_SENT cause=connect seq=1000 ack=- in=-\n");
	EXPECT_HAS(test, "\t+0.030000 SYN_SENT>ESTABLISHED cause=syn-ack-received"
		   " seq=500000 ack=1001 in=0.030000\n");
}

/* A peer's initial number is 0 once in 2^32 times, and always where a script makes it. */
static void a_number_of_0_is_a_number(struct kunit *test)
{
	struct tlc_event ev = request(0, true);

	ev.peer_isn = 0;
	begin(&rec, &ev);
	format(&view);
	EXPECT_HAS(test, " cause=syn-received seq=0 ack=- ");
	ev = event(TLC_EVENT_CHILD, 20);
	ev.from = S(NEW_SYN_RECV);
	ev.to = S(SYN_RECV);
	ev.isn = ~0U;
	ev.peer_isn = ~0U;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " cause=ack-received seq=0 ack=0 ");
}

static void a_dead_one_shows_planned_and_actual_2msl(struct kunit *test)
{
	connect_it(&rec);
	close_first(&rec, 5);
	enter_timewait(&rec, 6);
	apply(&rec, timewait(TLC_EVENT_TW_EXPIRE, 60720, S(CLOSED), 0));
	format(&view);

	EXPECT_HAS(test, " state=CLOSED open=active close=fin first=local");
	EXPECT_HAS(test, " age=60.720000");
	EXPECT_HAS(test, " tw_planned=60.000000 tw_actual=60.600000");
	EXPECT_HAS(test, "\t+0.120000 TIME_WAIT cause=2msl-armed for=60.000000\n");
	EXPECT_HAS(test, "\t+60.720000 TIME_WAIT>CLOSED cause=2msl-expired"
		   " seq=- ack=- in=60.600000\n");
}

static void ipv6_stands_in_brackets(struct kunit *test)
{
	connect_it(&rec);
	rec.id.family = TCP_LIFECYCLE_FAMILY_IPV6;
	memset(rec.id.local, 0, 16);
	rec.id.local[15] = 1;
	memset(rec.id.remote, 0, 16);
	rec.id.remote[0] = 0xfd;
	rec.id.remote[15] = 2;
	format(&view);
	EXPECT_HAS(test, " family=ipv6 local=[::1]:1024 remote=[fd00::2]:80 ");
	rec.id.ifindex = 3;
	rec.id.local[0] = 0xfe;
	rec.id.local[1] = 0x80;
	format(&view);
	EXPECT_HAS(test, " family=ipv6 local=[fe80::1%3]:1024 remote=[fd00::2]:80 ");
	rec.id.family = TCP_LIFECYCLE_FAMILY_IPV4_MAPPED;
	memcpy(rec.id.local, "\x7f\x00\x00\x01", 4);
	format(&view);
	EXPECT_HAS(test, " family=ipv4-mapped local=127.0.0.1:1024 ");
}

static void an_rst_shows_the_kernels_reason(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_RST_OUT, 1000);

	connect_it(&rec);
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " cause=rst-out count=1 last=+1.000000 reason=- seq=-\n");
	ev = event(TLC_EVENT_RST_OUT, 2350);
	ev.reason = TCP_LIFECYCLE_RST_REASON_ABORT_ON_CLOSE;
	ev.has_seq = true;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " cause=rst-out count=2 last=+2.300000 reason=abort-on-close seq=0\n");
}

static void rsts_beyond_number_are_said_to_be_more(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_RST_OUT, 1000);
	int i;

	connect_it(&rec);
	for (i = 0; i < 300; i++) {
		ev.has_seq = true;
		ev.seq = i;
		apply(&rec, ev);
	}
	format(&view);
	EXPECT_HAS(test, " cause=rst-out count=255+ last=+1.000000 reason=- seq=299\n");
}

static void a_timer_shows_count_and_last(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_TIMER, 1000);

	connect_it(&rec);
	ev.cause = C(TIMER_KEEPALIVE);
	ev.nth = 1;
	ev.limit = 9;
	apply(&rec, ev);
	ev.now += 75 * 1000 * TICK;
	ev.nth = 2;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, "\t+1.000000 ESTABLISHED cause=timer-keepalive count=2"
		   " last=+76.000000 n=2 max=9\n");
}

static void a_changed_mss_shows_both(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_MSS, 1000);

	connect_it(&rec);
	rec.conn.mss_eff = 1448;
	ev.mss = (struct tlc_mss_facts) {
		.eff = 1148, .clamp = 1460, .dev_mtu = 1500, .pmtu = 1200,
		.header = 40, .options = 12, .pmtu_learned = true,
	};
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, "	+1.000000 ESTABLISHED cause=mss-changed count=1"
		   " last=+1.000000 old=1448 new=1148 by=pmtu\n");
	EXPECT_HAS(test, " mss_eff=1148 mss_eff_by=pmtu ");
}

static void oddities_are_flagged_where_they_stand(struct kunit *test)
{
	connect_it(&rec);
	apply(&rec, state(60, S(CLOSE_WAIT), S(LISTEN)));
	format(&view);
	EXPECT_HAS(test, "CLOSE_WAIT>LISTEN");
	EXPECT_HAS(test, " gap illegal\n");
	EXPECT_HAS(test, " gaps=1\n");
}

static void an_absent_mss_is_not_an_unknown_one(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_SYN_ACK, 30);

	connect_it(&rec);
	format(&view);
	EXPECT_HAS(test, " mss_rcv=- ");
	ev.syn.known = true;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " mss_rcv=absent ");
	ev.syn.opts = TCP_LIFECYCLE_OPT_MSS;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " mss_rcv=0 ");
	ev.syn.mss = 536;
	apply(&rec, ev);
	format(&view);
	EXPECT_HAS(test, " mss_rcv=536 ");
}

static void a_pid_means_nothing_in_another_pid_namespace(struct kunit *test)
{
	struct tlc_view inside = view;

	connect_it(&rec);
	rec.owner.pid = 4242;
	rec.owner.uid = GLOBAL_ROOT_UID;
	strscpy(rec.owner.comm, "cu rl", sizeof(rec.owner.comm));
	format(&view);
	EXPECT_HAS(test, " owner=connect pid=4242 uid=0 cgroup=0 comm=cu\\x20rl"
		   " thread=- closer_pid=- closer_comm=- ");
	inside.show_pid = false;
	format(&inside);
	EXPECT_HAS(test, " owner=connect pid=- uid=0 ");
}

static void a_listener_shows_its_totals(struct kunit *test)
{
	struct tlc_event ev = event(TLC_EVENT_LISTEN, 0);

	ev.from = S(CLOSED);
	ev.to = S(LISTEN);
	ev.backlog = 511;
	begin(&rec, &ev);
	rec.lsn.counter[TLC_COUNTER_ACCEPT_OVERFLOW] = 3;
	format(&view);
	EXPECT_HAS(test, " open=listener close=- ");
	EXPECT_HAS(test, " backlog=511 accepted=0 syn_overflow=0 accept_overflow=3"
		   " cookies_sent=0 cookies_valid=0 dropped=0 gaps=0\n");
	EXPECT_HAS(test, "\t+0.000000 CLOSED>LISTEN cause=listen seq=- ack=- in=-\n");
	KUNIT_EXPECT_PTR_EQ(test, strstr(text, "isn="), NULL);
}

static void every_number_has_a_word_without_a_space(struct kunit *test)
{
	static const struct {
		const char *(*word)(u8 value);
		u8 max;
	} kinds[] = {
		{ tlc_words_state, TCP_LIFECYCLE_STATE_MAX },
		{ tlc_words_open, TCP_LIFECYCLE_OPEN_MAX },
		{ tlc_words_close, TCP_LIFECYCLE_CLOSE_MAX },
		{ tlc_words_first, TCP_LIFECYCLE_FIRST_MAX },
		{ tlc_words_mss_by, TCP_LIFECYCLE_MSS_BY_MAX },
		{ tlc_words_rst_reason, TCP_LIFECYCLE_RST_REASON_MAX },
	};
	unsigned int i, value, unknown;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		unknown = 0;
		for (value = 0; value <= kinds[i].max; value++) {
			const char *w = kinds[i].word(value);

			KUNIT_EXPECT_PTR_EQ(test, strpbrk(w, " =\t\n"), NULL);
			unknown += !strcmp(w, "unknown");
		}
		/* One value of each kind may mean just that. */
		KUNIT_EXPECT_LE(test, unknown, 1U);
		KUNIT_EXPECT_STREQ(test, kinds[i].word(255), "unknown");
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_name_cannot_tear_the_text_apart),
	KUNIT_CASE(a_living_connection_shows_what_is_known),
	KUNIT_CASE(a_number_of_0_is_a_number),
	KUNIT_CASE(a_dead_one_shows_planned_and_actual_2msl),
	KUNIT_CASE(ipv6_stands_in_brackets),
	KUNIT_CASE(an_rst_shows_the_kernels_reason),
	KUNIT_CASE(rsts_beyond_number_are_said_to_be_more),
	KUNIT_CASE(a_timer_shows_count_and_last),
	KUNIT_CASE(a_changed_mss_shows_both),
	KUNIT_CASE(oddities_are_flagged_where_they_stand),
	KUNIT_CASE(an_absent_mss_is_not_an_unknown_one),
	KUNIT_CASE(a_pid_means_nothing_in_another_pid_namespace),
	KUNIT_CASE(a_listener_shows_its_totals),
	KUNIT_CASE(every_number_has_a_word_without_a_space),
	{}
};

static struct kunit_suite suite = {
	.name = "tcp_lifecycle_format",
	.test_cases = cases,
};

kunit_test_suite(suite);
