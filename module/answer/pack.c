// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack.c: a record as netlink attributes.
 *
 * Owns: which attribute has which field, and what is left out because
 * it is not known; include/tcp_lifecycle.yaml is the contract.
 * Called by: netlink_conn.c in process context, no lock held.  Pure
 * but for the message it writes to.
 * Must not: leave half a record in a message that has no more room.
 */
#include "answer/pack.h"

#include <linux/cred.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <net/netlink.h>

#include "life/fsm.h"
#include "life/history.h"
#include "life/reading.h"

#define A(name) TCP_LIFECYCLE_A_CONN_##name
#define E(name) TCP_LIFECYCLE_A_ENTRY_##name

/*
 * Once something found no room nothing more is tried: the caller cancels what
 * was begun.
 */
struct pack {
	struct sk_buff *skb;
	int err;
};

static void put_u8(struct pack *p, int attr, u8 value)
{
	p->err = p->err ?: nla_put_u8(p->skb, attr, value);
}

static void put_u16(struct pack *p, int attr, u16 value)
{
	p->err = p->err ?: nla_put_u16(p->skb, attr, value);
}

static void put_u32(struct pack *p, int attr, u32 value)
{
	p->err = p->err ?: nla_put_u32(p->skb, attr, value);
}

static void put_u64(struct pack *p, int attr, u64 value)
{
	/* "pad" has the same number in both sets of attributes. */
	BUILD_BUG_ON((int)A(PAD) != (int)E(PAD));
	p->err = p->err ?: nla_put_u64_64bit(p->skb, attr, value, A(PAD));
}

static void put_flag(struct pack *p, int attr, bool set)
{
	if (set)
		p->err = p->err ?: nla_put_flag(p->skb, attr);
}

static void put_bytes(struct pack *p, int attr, const void *data, int len)
{
	p->err = p->err ?: nla_put(p->skb, attr, len, data);
}

/* @name: of TASK_COMM_LEN */
static void put_name(struct pack *p, int attr, const char *name)
{
	put_bytes(p, attr, name, strnlen(name, TASK_COMM_LEN));
}

static void put_addr(struct pack *p, int v4, int v6, const struct tlc_ident *id,
		     const u8 *addr)
{
	bool ipv6 = id->family == TCP_LIFECYCLE_FAMILY_IPV6;

	put_bytes(p, ipv6 ? v6 : v4, addr, ipv6 ? 16 : 4);
}

static void put_identity(struct pack *p, u64 cookie, u32 generation,
			 const struct tlc_ident *id)
{
	put_u64(p, A(COOKIE), cookie);
	put_u32(p, A(GENERATION), generation);
	put_u32(p, A(NETNS), id->netns);
	put_u8(p, A(FAMILY), id->family);
	put_addr(p, A(LOCAL4), A(LOCAL6), id, id->local);
	put_addr(p, A(REMOTE4), A(REMOTE6), id, id->remote);
	put_u16(p, A(LOCAL_PORT), id->lport);
	put_u16(p, A(REMOTE_PORT), id->rport);
	if (id->ifindex)
		put_u32(p, A(IFINDEX), id->ifindex);
}

static void put_verdict(struct pack *p, u8 open, u8 close, u8 first)
{
	put_u8(p, A(OPEN), open);
	if (close != TCP_LIFECYCLE_CLOSE_NONE)
		put_u8(p, A(CLOSE), close);
	if (first != TCP_LIFECYCLE_FIRST_NONE)
		put_u8(p, A(FIRST), first);
}

static void put_sequence(struct pack *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;

	if (rec->flags & TLC_FLAG_ISN)
		put_u32(p, A(ISN), c->isn);
	if (rec->flags & TLC_FLAG_PEER_ISN)
		put_u32(p, A(PEER_ISN), c->peer_isn);
	if (rec->flags & TLC_FLAG_FIN)
		put_u32(p, A(FIN), c->fin);
	if (rec->flags & TLC_FLAG_PEER_FIN)
		put_u32(p, A(PEER_FIN), c->peer_fin);
}

static void put_negotiation(struct pack *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	bool agreed = rec->flags & TLC_FLAG_AGREED;

	if (c->mss_adv) {
		put_u16(p, A(MSS_ADV_BYTES), c->mss_adv);
		put_u8(p, A(MSS_ADV_BY), c->mss_adv_by);
	}
	if (rec->flags & TLC_FLAG_PEER_MSS)
		put_u16(p, A(MSS_RCV_BYTES), c->mss_rcv);
	put_flag(p, A(MSS_ABSENT),
		 rec->flags & TLC_FLAG_PEER_SYN && !(rec->flags & TLC_FLAG_PEER_MSS));
	if (agreed && c->mss_eff) {
		put_u16(p, A(MSS_EFF_BYTES), c->mss_eff);
		put_u8(p, A(MSS_EFF_BY), c->mss_eff_by);
	}
	if (rec->flags & TLC_FLAG_OFFERED)
		put_u16(p, A(OFFERED), c->offered);
	if (agreed)
		put_u16(p, A(AGREED), c->agreed);
	if (agreed && c->agreed & TCP_LIFECYCLE_OPT_WSCALE) {
		put_u8(p, A(WSCALE_LOCAL), c->wscale[0]);
		put_u8(p, A(WSCALE_PEER), c->wscale[1]);
	}
	if (rec->flags & TLC_FLAG_RTT)
		put_u32(p, A(RTT_US), c->rtt_us);
}

static void put_owner(struct pack *p, const struct tlc_record *rec,
		      const struct tlc_view *view)
{
	const struct tlc_owner *o = &rec->owner;

	if (!rec->owner_at)
		return;
	put_u8(p, A(OWNER), rec->owner_at);
	if (view->show_pid)
		put_u32(p, A(PID), o->pid);
	put_u32(p, A(UID), from_kuid_munged(view->user_ns, o->uid));
	put_u64(p, A(CGROUP), o->cgroup);
	put_name(p, A(COMM), o->comm);
	if (o->thread[0])
		put_name(p, A(THREAD), o->thread);
}

static void put_closer(struct pack *p, const struct tlc_record *rec,
		       const struct tlc_view *view)
{
	const struct tlc_closer *c = &rec->closer;

	if (!c->pid)
		return;
	if (view->show_pid)
		put_u32(p, A(CLOSER_PID), c->pid);
	put_name(p, A(CLOSER_COMM), c->comm);
}

static void put_volume(struct pack *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	u64 after;

	if (rec->flags & TLC_FLAG_VOLUME) {
		put_u64(p, A(TX_BYTES), c->tx);
		put_u64(p, A(RX_BYTES), c->rx);
		put_u32(p, A(TX_SEGS), c->tx_segs);
		put_u32(p, A(RX_SEGS), c->rx_segs);
		put_u32(p, A(RETRANS), c->retrans);
	}
	if (tlc_reading_after_fin(rec, &after))
		put_u64(p, A(AFTER_FIN_BYTES), after);
}

static void put_connection(struct pack *p, const struct tlc_record *rec,
			   const struct tlc_view *view)
{
	u32 value;
	u64 us;

	put_sequence(p, rec);
	put_negotiation(p, rec);
	if (rec->conn.mptcp)
		put_u64(p, A(MPTCP), rec->conn.mptcp);
	put_owner(p, rec, view);
	put_closer(p, rec, view);
	if (rec->listener)
		put_u64(p, A(LISTENER), rec->listener);
	if (tlc_reading_accept_wait(rec, &value))
		put_u32(p, A(ACCEPT_US), value);
	put_volume(p, rec);
	if (tlc_reading_tw_planned(rec, &value))
		put_u32(p, A(TW_PLANNED_MS), value);
	if (tlc_reading_tw_actual(rec, &us))
		put_u64(p, A(TW_ACTUAL_US), us);
}

static void put_listener(struct pack *p, const struct tlc_record *rec,
			 const struct tlc_view *view)
{
	put_owner(p, rec, view);
	put_closer(p, rec, view);
	put_u32(p, A(BACKLOG), rec->lsn.backlog);
	put_u32(p, A(ACCEPTED), rec->lsn.counter[TLC_COUNTER_ACCEPTED]);
	put_u32(p, A(SYN_OVERFLOW), rec->lsn.counter[TLC_COUNTER_SYN_OVERFLOW]);
	put_u32(p, A(ACCEPT_OVERFLOW), rec->lsn.counter[TLC_COUNTER_ACCEPT_OVERFLOW]);
	put_u32(p, A(COOKIES_SENT), rec->lsn.counter[TLC_COUNTER_COOKIES_SENT]);
	put_u32(p, A(COOKIES_VALID), rec->lsn.counter[TLC_COUNTER_COOKIES_VALID]);
}

static void put_move(struct pack *p, const struct tlc_entry *e, u64 stay_us, bool gap)
{
	if (e->has_seq)
		put_u32(p, E(SEQ), e->seq);
	if (e->has_ack)
		put_u32(p, E(ACK), e->ack);
	if (stay_us != TLC_STAY_UNKNOWN)
		put_u64(p, E(IN_US), stay_us);
	put_flag(p, E(GAP), gap);
	put_flag(p, E(ILLEGAL), tlc_fsm_edge(e->from, e->to) == TLC_EDGE_ILLEGAL);
}

static void put_note(struct pack *p, const struct tlc_entry *e)
{
	u32 count, most;

	if (tlc_reading_has_length(e)) {
		put_u32(p, E(LENGTH_MS), e->length_ms);
		return;
	}
	count = tlc_reading_count(e, &most);
	if (!count)
		return;
	put_u32(p, E(COUNT), count);
	put_u64(p, E(LAST_US), tlc_reading_last_us(e));
	if (tlc_reading_is_mss(e)) {
		put_u16(p, E(MSS_OLD_BYTES), e->mss_old);
		put_u16(p, E(MSS_NEW_BYTES), e->mss_new);
		put_u8(p, E(MSS_BY), e->mss_by);
		return;
	}
	if (tlc_reading_is_rst(e)) {
		if (e->has_seq)
			put_u32(p, E(SEQ), e->rst_seq);
		if (e->rst_reason)
			put_u8(p, E(REASON), e->rst_reason);
		return;
	}
	if (e->nth)
		put_u8(p, E(NTH), e->nth);
	if (e->limit)
		put_u8(p, E(LIMIT), e->limit);
}

static void put_entry(struct pack *p, const struct tlc_entry *e, u64 stay_us,
		      bool gap)
{
	struct nlattr *nest;

	if (p->err)
		return;
	nest = nla_nest_start(p->skb, A(ENTRY));
	if (!nest) {
		p->err = -EMSGSIZE;
		return;
	}
	put_u64(p, E(AT_US), e->at_us);
	put_u8(p, E(CAUSE), e->cause);
	put_u8(p, E(FROM), e->from);
	put_u8(p, E(TO), e->to);
	if (tlc_history_is_move(e))
		put_move(p, e, stay_us, gap);
	else
		put_note(p, e);
	nla_nest_end(p->skb, nest);
}

static void put_entries(struct pack *p, const struct tlc_record *rec)
{
	const struct tlc_entry *last = NULL;
	unsigned int i;

	for (i = 0; i < rec->nr; i++) {
		const struct tlc_entry *e = &rec->entry[i];
		u64 stay_us = last && tlc_reading_knows_when(e) ?
			      e->at_us - last->at_us : TLC_STAY_UNKNOWN;

		put_entry(p, e, stay_us, tlc_reading_after_gap(e, last));
		if (tlc_history_is_move(e))
			last = e;
	}
}

/**
 * tlc_pack_record() - attributes of a connection
 * @skb: message; what does not fit leaves it unfinished, for the caller to cancel
 * @rec: a copy no handler writes to
 * @view: from where it is looked at
 * @brief: leave the entries out
 *
 * Context: process.
 * Return: 0 or -EMSGSIZE.
 */
int tlc_pack_record(struct sk_buff *skb, const struct tlc_record *rec,
		    const struct tlc_view *view, bool brief)
{
	struct pack p = { .skb = skb };
	u64 lived;

	put_identity(&p, rec->cookie, rec->generation, &rec->id);
	put_u8(&p, A(STATE), rec->state);
	put_verdict(&p, rec->open, rec->close, rec->first);
	put_u64(&p, A(START_NS), rec->born + view->real_offset);
	put_u64(&p, A(BOOT_START_NS), rec->born);
	put_u64(&p, A(AGE_US), div_u64(tlc_reading_age(rec, view->now), NSEC_PER_USEC));
	if (tlc_reading_lived(rec, view->now, &lived))
		put_u64(&p, A(LIVED_US), lived);
	put_flag(&p, A(FOUND), tlc_reading_is_older(rec));
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		put_listener(&p, rec, view);
	else
		put_connection(&p, rec, view);
	put_u32(&p, A(DROPPED), rec->dropped);
	put_u32(&p, A(GAPS), rec->gaps);
	if (!brief)
		put_entries(&p, rec);
	return p.err;
}
