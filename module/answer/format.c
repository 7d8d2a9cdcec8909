// SPDX-License-Identifier: GPL-2.0-only
/*
 * format.c: a record as text, format 2; docs/format.md is its contract.
 *
 * Owns: order, keys and escaping.
 * Called by: proc.c in process context with a copy of a record, no lock held.
 * Pure but for the seq_file it writes to.
 * Must not: print a kernel address, or a byte from userspace as it came; or have printf()
 * read a format for each of fifty keys, which took half of the time.
 */
#include "answer/format.h"

#include <linux/ctype.h>
#include <linux/math64.h>
#include <linux/time64.h>

#include "life/fsm.h"
#include "life/history.h"
#include "life/reading.h"
#include "life/words.h"

/**
 * tlc_format_escaped() - a string userspace controls, as one word
 * @m: output
 * @s: string, ended by NUL or by @max
 * @max: its greatest length
 *
 * Letters, digits and a few signs are printed as they are, all else as \xHH; so
 * is a string that is just "-", which means "not known", or empty.
 */
void tlc_format_escaped(struct seq_file *m, const char *s, size_t max)
{
	size_t i;

	if (!s[0] || (s[0] == '-' && !s[1])) {
		seq_printf(m, "\\x%02x", s[0]);
		return;
	}
	for (i = 0; i < max && s[i]; i++) {
		unsigned char c = s[i];

		if (isascii(c) && (isalnum(c) || strchr("-_./:@+,()[]", c)))
			seq_putc(m, c);
		else
			seq_printf(m, "\\x%02x", c);
	}
}

static void put_us(struct seq_file *m, const char *key, u64 us)
{
	char digits[7] = ".";
	unsigned int i;
	u32 rest;
	u64 sec = div_u64_rem(us, USEC_PER_SEC, &rest);

	seq_put_decimal_ull(m, key, sec);
	for (i = sizeof(digits) - 1; i; i--, rest /= 10)
		digits[i] = '0' + rest % 10;
	seq_write(m, digits, sizeof(digits));
}

static void put_ns(struct seq_file *m, const char *key, u64 ns)
{
	put_us(m, key, div_u64(ns, NSEC_PER_USEC));
}

static void put_word(struct seq_file *m, const char *key, const char *word)
{
	seq_puts(m, key);
	seq_puts(m, word);
}

static void put_number(struct seq_file *m, const char *key, bool known, u64 value)
{
	if (known)
		seq_put_decimal_ull(m, key, value);
	else
		put_word(m, key, "-");
}

static void put_ipv4(struct seq_file *m, const char *key, const u8 *addr)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		seq_put_decimal_ull(m, i ? "." : key, addr[i]);
}

static void put_endpoint(struct seq_file *m, const char *key,
			 const struct tlc_ident *id, const u8 *addr, u16 port)
{
	if (id->family != TCP_LIFECYCLE_FAMILY_IPV6)
		put_ipv4(m, key, addr);
	else if (tlc_reading_has_scope(id, addr))
		seq_printf(m, "%s[%pI6c%%%u]", key, addr, id->ifindex);
	else
		seq_printf(m, "%s[%pI6c]", key, addr);
	seq_put_decimal_ull(m, ":", port);
}

static void put_options(struct seq_file *m, const char *key, bool known, u16 opts)
{
	const char *comma = "";
	unsigned int i;

	seq_puts(m, key);
	if (!known) {
		seq_putc(m, '-');
		return;
	}
	for (i = 0; tlc_words_opt(i); i++) {
		if (!(opts & BIT(i)))
			continue;
		put_word(m, comma, tlc_words_opt(i));
		comma = ",";
	}
	if (!*comma)
		seq_puts(m, "none");
}

static void put_negotiation(struct seq_file *m, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	bool agreed = rec->flags & TLC_FLAG_AGREED;

	put_number(m, " mss_adv=", c->mss_adv, c->mss_adv);
	put_word(m, " mss_adv_by=", tlc_words_mss_by(c->mss_adv_by));
	if (rec->flags & TLC_FLAG_PEER_SYN && !(rec->flags & TLC_FLAG_PEER_MSS))
		put_word(m, " mss_rcv=", "absent");
	else
		put_number(m, " mss_rcv=", rec->flags & TLC_FLAG_PEER_SYN, c->mss_rcv);
	put_number(m, " mss_eff=", agreed && c->mss_eff, c->mss_eff);
	put_word(m, " mss_eff_by=", tlc_words_mss_by(c->mss_eff_by));
	put_options(m, " offered=", rec->flags & TLC_FLAG_OFFERED, c->offered);
	put_options(m, " agreed=", agreed, c->agreed);
	put_number(m, " wscale=", agreed && c->agreed & TCP_LIFECYCLE_OPT_WSCALE, c->wscale[0]);
	if (agreed && c->agreed & TCP_LIFECYCLE_OPT_WSCALE)
		seq_put_decimal_ull(m, "/", c->wscale[1]);
	put_number(m, " rtt_us=", rec->flags & TLC_FLAG_RTT, c->rtt_us);
}

/* @name: of TASK_COMM_LEN */
static void put_name(struct seq_file *m, const char *key, const char *name)
{
	seq_puts(m, key);
	tlc_format_escaped(m, name, TASK_COMM_LEN);
}

static void put_cookie(struct seq_file *m, const char *key, u64 cookie)
{
	if (cookie)
		seq_printf(m, "%s%llx", key, cookie);
	else
		put_word(m, key, "-");
}

static void put_owner(struct seq_file *m, const struct tlc_record *rec,
		      const struct tlc_view *view)
{
	const struct tlc_owner *o = &rec->owner;

	if (!rec->owner_at) {
		seq_puts(m, " owner=- pid=- uid=- cgroup=- comm=- thread=-");
		return;
	}
	put_word(m, " owner=", rec->owner_at == TCP_LIFECYCLE_CAUSE_ACCEPTED ?
		 "accept" : tlc_words_cause(rec->owner_at));
	put_number(m, " pid=", view->show_pid, o->pid);
	seq_put_decimal_ull(m, " uid=", from_kuid_munged(view->user_ns, o->uid));
	seq_put_decimal_ull(m, " cgroup=", o->cgroup);
	put_name(m, " comm=", o->comm);
	if (o->thread[0])
		put_name(m, " thread=", o->thread);
	else
		put_word(m, " thread=", "-");
}

static void put_closer(struct seq_file *m, const struct tlc_record *rec,
		       const struct tlc_view *view)
{
	const struct tlc_closer *c = &rec->closer;

	put_number(m, " closer_pid=", view->show_pid && c->pid, c->pid);
	if (c->pid)
		put_name(m, " closer_comm=", c->comm);
	else
		put_word(m, " closer_comm=", "-");
}

static void put_accept(struct seq_file *m, const struct tlc_record *rec)
{
	u32 us = 0;
	bool known = tlc_reading_accept_wait(rec, &us);

	put_cookie(m, " listener=", rec->listener);
	put_number(m, " accept_us=", known, us);
}

static void put_volume(struct seq_file *m, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	bool known = rec->flags & TLC_FLAG_VOLUME;
	u64 after = 0;

	put_number(m, " tx=", known, c->tx);
	put_number(m, " rx=", known, c->rx);
	put_number(m, " tx_segs=", known, c->tx_segs);
	put_number(m, " rx_segs=", known, c->rx_segs);
	put_number(m, " retrans=", known, c->retrans);
	known = tlc_reading_after_fin(rec, &after);
	put_number(m, " after_fin=", known, after);
}

static void put_timewait(struct seq_file *m, const struct tlc_record *rec)
{
	u32 planned_ms;
	u64 actual_us;

	if (tlc_reading_tw_planned(rec, &planned_ms))
		put_ns(m, " tw_planned=", (u64)planned_ms * NSEC_PER_MSEC);
	else
		put_word(m, " tw_planned=", "-");
	if (tlc_reading_tw_actual(rec, &actual_us))
		put_ns(m, " tw_actual=", actual_us * NSEC_PER_USEC);
	else
		put_word(m, " tw_actual=", "-");
}

static void put_connection(struct seq_file *m, const struct tlc_record *rec,
			   const struct tlc_view *view)
{
	const struct tlc_conn_facts *c = &rec->conn;

	put_number(m, " isn=", rec->flags & TLC_FLAG_ISN, c->isn);
	put_number(m, " peer_isn=", rec->flags & TLC_FLAG_PEER_ISN, c->peer_isn);
	put_number(m, " fin=", rec->flags & TLC_FLAG_FIN, c->fin);
	put_number(m, " peer_fin=", rec->flags & TLC_FLAG_PEER_FIN, c->peer_fin);
	put_negotiation(m, rec);
	put_cookie(m, " mptcp=", c->mptcp);
	put_owner(m, rec, view);
	put_closer(m, rec, view);
	put_accept(m, rec);
	put_volume(m, rec);
	put_timewait(m, rec);
}

static void put_listener(struct seq_file *m, const struct tlc_record *rec,
			 const struct tlc_view *view)
{
	static const char *const names[] = {
		[TLC_COUNTER_ACCEPTED] = " accepted=",
		[TLC_COUNTER_SYN_OVERFLOW] = " syn_overflow=",
		[TLC_COUNTER_ACCEPT_OVERFLOW] = " accept_overflow=",
		[TLC_COUNTER_COOKIES_SENT] = " cookies_sent=",
		[TLC_COUNTER_COOKIES_VALID] = " cookies_valid=",
	};
	unsigned int i;

	put_owner(m, rec, view);
	put_closer(m, rec, view);
	put_number(m, " backlog=", true, rec->lsn.backlog);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		put_number(m, names[i], true, rec->lsn.counter[i]);
}

static void put_move(struct seq_file *m, const struct tlc_entry *e,
		     const struct tlc_entry *last)
{
	put_word(m, " ", tlc_words_state(e->from));
	put_word(m, ">", tlc_words_state(e->to));
	put_word(m, " cause=", tlc_words_cause(e->cause));
	put_number(m, " seq=", e->has_seq, e->seq);
	put_number(m, " ack=", e->has_ack, e->ack);
	if (last && tlc_reading_knows_when(e))
		put_us(m, " in=", e->at_us - last->at_us);
	else
		put_word(m, " in=", "-");
	if (tlc_reading_after_gap(e, last))
		seq_puts(m, " gap");
	if (tlc_fsm_edge(e->from, e->to) == TLC_EDGE_ILLEGAL)
		seq_puts(m, " illegal");
}

static void put_note(struct seq_file *m, const struct tlc_entry *e)
{
	u32 count, most;

	put_word(m, " ", tlc_words_state(e->from));
	put_word(m, " cause=", tlc_words_cause(e->cause));
	if (tlc_reading_has_length(e)) {
		put_us(m, " for=", (u64)e->length_ms * USEC_PER_MSEC);
		return;
	}
	count = tlc_reading_count(e, &most);
	put_number(m, " count=", true, count);
	put_us(m, count == most ? "+ last=+" : " last=+", tlc_reading_last_us(e));
	if (tlc_reading_is_mss(e)) {
		put_number(m, " old=", true, e->mss_old);
		put_number(m, " new=", true, e->mss_new);
		put_word(m, " by=", tlc_words_mss_by(e->mss_by));
		return;
	}
	if (tlc_reading_is_rst(e)) {
		put_word(m, " reason=", tlc_words_rst_reason(e->rst_reason));
		put_number(m, " seq=", e->has_seq, e->rst_seq);
		return;
	}
	if (e->nth)
		put_number(m, " n=", true, e->nth);
	if (e->limit)
		put_number(m, " max=", true, e->limit);
}

/**
 * tlc_format_record() - a record and its entries
 * @m: output
 * @rec: a copy no handler writes to
 * @view: from where it is looked at
 *
 * Context: process.
 */
void tlc_format_record(struct seq_file *m, const struct tlc_record *rec,
		       const struct tlc_view *view)
{
	const struct tlc_ident *id = &rec->id;
	const struct tlc_entry *last = NULL;
	unsigned int i;

	seq_printf(m, "conn id=%llx", rec->cookie);
	put_number(m, ".", true, rec->generation);
	put_number(m, " netns=", true, id->netns);
	put_word(m, " family=", tlc_words_family(id->family));
	put_endpoint(m, " local=", id, id->local, id->lport);
	put_endpoint(m, " remote=", id, id->remote, id->rport);
	put_word(m, " state=", tlc_words_state(rec->state));
	put_word(m, " open=", tlc_words_open(rec->open));
	put_word(m, " close=", tlc_words_close(rec->close));
	put_word(m, " first=", tlc_words_first(rec->first));
	put_ns(m, " start=", rec->born + view->real_offset);
	put_ns(m, " age=", tlc_reading_age(rec, view->now));
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		put_listener(m, rec, view);
	else
		put_connection(m, rec, view);
	put_number(m, " dropped=", true, rec->dropped);
	put_number(m, " gaps=", true, rec->gaps);
	seq_putc(m, '\n');

	for (i = 0; i < rec->nr; i++) {
		const struct tlc_entry *e = &rec->entry[i];

		put_us(m, "\t+", e->at_us);
		if (tlc_history_is_move(e)) {
			put_move(m, e, last);
			last = e;
		} else {
			put_note(m, e);
		}
		seq_putc(m, '\n');
	}
}
