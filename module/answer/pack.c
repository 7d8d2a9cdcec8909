// SPDX-License-Identifier: GPL-2.0-only
/*
 * pack.c: a record as netlink attributes.
 *
 * Owns: which attribute has which field, and what is left out because
 * it is not known; include/tcp_lifecycle.yaml is the contract.
 * Called by: netlink_conn.c in process context, no lock held.  Pure
 * but for the message it writes to.
 * Must not: leave half a record in a message that has no more room; or check for
 * room but once, see attr.h.
 */
#include "answer/pack.h"

#include <linux/cred.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <net/netlink.h>

#include "attr.h"
#include "feed/pack_entry.h"
#include "feed/pack_head.h"
#include "life/fsm.h"
#include "life/history.h"
#include "life/reading.h"

#define A(name) TCP_LIFECYCLE_A_CONN_##name

/* @name: of TASK_COMM_LEN */
static void *put_name(void *p, u16 attr, const char *name)
{
	return tlc_attr_bytes(p, attr, name, strnlen(name, TASK_COMM_LEN));
}

static void *put_sequence(void *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;

	if (rec->flags & TLC_FLAG_ISN)
		p = tlc_attr_u32(p, A(ISN), c->isn);
	if (rec->flags & TLC_FLAG_PEER_ISN)
		p = tlc_attr_u32(p, A(PEER_ISN), c->peer_isn);
	if (rec->flags & TLC_FLAG_FIN)
		p = tlc_attr_u32(p, A(FIN), c->fin);
	if (rec->flags & TLC_FLAG_PEER_FIN)
		p = tlc_attr_u32(p, A(PEER_FIN), c->peer_fin);
	return p;
}

static void *put_negotiation(void *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	bool agreed = rec->flags & TLC_FLAG_AGREED;

	if (c->mss_adv) {
		p = tlc_attr_u16(p, A(MSS_ADV_BYTES), c->mss_adv);
		p = tlc_attr_u8(p, A(MSS_ADV_BY), c->mss_adv_by);
	}
	if (rec->flags & TLC_FLAG_PEER_MSS)
		p = tlc_attr_u16(p, A(MSS_RCV_BYTES), c->mss_rcv);
	else if (rec->flags & TLC_FLAG_PEER_SYN)
		p = tlc_attr_flag(p, A(MSS_ABSENT));
	if (agreed && c->mss_eff) {
		p = tlc_attr_u16(p, A(MSS_EFF_BYTES), c->mss_eff);
		p = tlc_attr_u8(p, A(MSS_EFF_BY), c->mss_eff_by);
	}
	if (rec->flags & TLC_FLAG_OFFERED)
		p = tlc_attr_u16(p, A(OFFERED), c->offered);
	if (agreed)
		p = tlc_attr_u16(p, A(AGREED), c->agreed);
	if (agreed && c->agreed & TCP_LIFECYCLE_OPT_WSCALE) {
		p = tlc_attr_u8(p, A(WSCALE_LOCAL), c->wscale[0]);
		p = tlc_attr_u8(p, A(WSCALE_PEER), c->wscale[1]);
	}
	if (rec->flags & TLC_FLAG_RTT)
		p = tlc_attr_u32(p, A(RTT_US), c->rtt_us);
	return p;
}

static void *put_owner(void *p, const struct tlc_record *rec,
		       const struct tlc_view *view)
{
	const struct tlc_owner *o = &rec->owner;

	if (!rec->owner_at)
		return p;
	p = tlc_attr_u8(p, A(OWNER), rec->owner_at);
	if (view->show_pid)
		p = tlc_attr_u32(p, A(PID), o->pid);
	p = tlc_attr_u32(p, A(UID), from_kuid_munged(view->user_ns, o->uid));
	p = tlc_attr_u64(p, A(CGROUP), o->cgroup);
	p = put_name(p, A(COMM), o->comm);
	if (o->thread[0])
		p = put_name(p, A(THREAD), o->thread);
	return p;
}

static void *put_closer(void *p, const struct tlc_record *rec,
			const struct tlc_view *view)
{
	const struct tlc_closer *c = &rec->closer;

	if (!c->pid)
		return p;
	if (view->show_pid)
		p = tlc_attr_u32(p, A(CLOSER_PID), c->pid);
	p = put_name(p, A(CLOSER_COMM), c->comm);
	return p;
}

static void *put_volume(void *p, const struct tlc_record *rec)
{
	const struct tlc_conn_facts *c = &rec->conn;
	u64 after;

	if (rec->flags & TLC_FLAG_VOLUME) {
		p = tlc_attr_u64(p, A(TX_BYTES), c->tx);
		p = tlc_attr_u64(p, A(RX_BYTES), c->rx);
		p = tlc_attr_u32(p, A(TX_SEGS), c->tx_segs);
		p = tlc_attr_u32(p, A(RX_SEGS), c->rx_segs);
		p = tlc_attr_u32(p, A(RETRANS), c->retrans);
	}
	if (tlc_reading_after_fin(rec, &after))
		p = tlc_attr_u64(p, A(AFTER_FIN_BYTES), after);
	return p;
}

static void *put_connection(void *p, const struct tlc_record *rec,
			    const struct tlc_view *view)
{
	u32 value;
	u64 us;

	p = put_sequence(p, rec);
	p = put_negotiation(p, rec);
	if (rec->conn.mptcp)
		p = tlc_attr_u64(p, A(MPTCP), rec->conn.mptcp);
	p = put_owner(p, rec, view);
	p = put_closer(p, rec, view);
	if (rec->listener)
		p = tlc_attr_u64(p, A(LISTENER), rec->listener);
	if (tlc_reading_accept_wait(rec, &value))
		p = tlc_attr_u32(p, A(ACCEPT_US), value);
	p = put_volume(p, rec);
	if (tlc_reading_tw_planned(rec, &value))
		p = tlc_attr_u32(p, A(TW_PLANNED_MS), value);
	if (tlc_reading_tw_actual(rec, &us))
		p = tlc_attr_u64(p, A(TW_ACTUAL_US), us);
	return p;
}

static void *put_listener(void *p, const struct tlc_record *rec,
			  const struct tlc_view *view)
{
	p = put_owner(p, rec, view);
	p = put_closer(p, rec, view);
	p = tlc_attr_u32(p, A(BACKLOG), rec->lsn.backlog);
	p = tlc_attr_u32(p, A(ACCEPTED), rec->lsn.counter[TLC_COUNTER_ACCEPTED]);
	p = tlc_attr_u32(p, A(SYN_OVERFLOW), rec->lsn.counter[TLC_COUNTER_SYN_OVERFLOW]);
	p = tlc_attr_u32(p, A(ACCEPT_OVERFLOW), rec->lsn.counter[TLC_COUNTER_ACCEPT_OVERFLOW]);
	p = tlc_attr_u32(p, A(COOKIES_SENT), rec->lsn.counter[TLC_COUNTER_COOKIES_SENT]);
	p = tlc_attr_u32(p, A(COOKIES_VALID), rec->lsn.counter[TLC_COUNTER_COOKIES_VALID]);
	return p;
}

static void *put_entries(void *p, const struct tlc_record *rec)
{
	const struct tlc_entry *last = NULL;
	unsigned int i;

	for (i = 0; i < rec->nr; i++) {
		const struct tlc_entry *e = &rec->entry[i];
		u64 stay_us = last && tlc_reading_knows_when(e) ?
			      e->at_us - last->at_us : TLC_STAY_UNKNOWN;

		p = tlc_pack_entry(p, A(ENTRY), e, stay_us, tlc_reading_after_gap(e, last),
				   tlc_fsm_edge(e->from, e->to) == TLC_EDGE_ILLEGAL, 0);
		if (tlc_history_is_move(e))
			last = e;
	}
	return p;
}

/**
 * tlc_pack_record() - attributes of a connection
 * @skb: message; it is as before if there is no room
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
	void *begin = skb_tail_pointer(skb), *p = begin;
	u64 lived;

	if (skb_tailroom(skb) < TLC_PACK_HEAD_MAX + (brief ? 0 : rec->nr * TLC_PACK_ENTRY_MAX))
		return -EMSGSIZE;
	p = tlc_pack_identity(p, rec->cookie, rec->generation, &rec->id, rec->born,
			      view->real_offset);
	p = tlc_pack_verdict(p, rec->state, rec->open, rec->close, rec->first);
	p = tlc_attr_u64(p, A(AGE_US), div_u64(tlc_reading_age(rec, view->now), NSEC_PER_USEC));
	if (tlc_reading_lived(rec, view->now, &lived))
		p = tlc_attr_u64(p, A(LIVED_US), lived);
	if (tlc_reading_is_older(rec))
		p = tlc_attr_flag(p, A(FOUND));
	if (rec->open == TCP_LIFECYCLE_OPEN_LISTENER)
		p = put_listener(p, rec, view);
	else
		p = put_connection(p, rec, view);
	p = tlc_attr_u32(p, A(DROPPED), rec->dropped);
	p = tlc_attr_u32(p, A(GAPS), rec->gaps);
	if (!brief)
		p = put_entries(p, rec);
	skb_put(skb, p - begin);
	return 0;
}
