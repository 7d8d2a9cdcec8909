// SPDX-License-Identifier: GPL-2.0-only
/*
 * volume.c: bytes and segments of a connection.
 *
 * Owns: what of the socket's counts is data.
 * Called by: apply.c, opening.c and midlife.c, under the lock of the record's chain.  Pure.
 * Must not: look at a socket.
 */
#include "life/volume.h"

/**
 * tlc_volume_take() - take over bytes and segments
 * @rec: record
 * @tcp: the full socket
 *
 * bytes_acked and bytes_received count SYN and FIN, which are not data.
 */
void tlc_volume_take(struct tlc_record *rec, const struct tlc_tcp *tcp)
{
	struct tlc_conn_facts *c = &rec->conn;
	u64 tx = tcp->bytes_acked;
	u64 rx = tcp->bytes_received;

	if (tx && rec->flags & TLC_FLAG_AGREED && rec->flags & TLC_FLAG_SYN_BUILT)
		tx--;
	if (tx && (rec->flags & TLC_FLAG_FIN) && tcp->snd_una == c->fin + 1)
		tx--;
	if (rx && (rec->flags & TLC_FLAG_PEER_FIN))
		rx--;
	c->tx = tx;
	c->rx = rx;
	c->tx_segs = tcp->segs_out;
	c->rx_segs = tcp->segs_in;
	c->retrans = tcp->total_retrans;
	rec->flags |= TLC_FLAG_VOLUME;
}

/**
 * tlc_volume_follow() - take them over with an entry, while there is a full socket
 * @rec: record
 * @ev: what made the entry
 *
 * Counts are no older than the newest entry.  Of a socket that is older than the
 * module, and was not taken in yet, it is not known whether SYN or FIN are among
 * the bytes: where there are none, neither is.
 */
void tlc_volume_follow(struct tlc_record *rec, const struct tlc_event *ev)
{
	if (rec->died || rec->open == TCP_LIFECYCLE_OPEN_LISTENER || rec->flags & TLC_FLAG_TIMEWAIT)
		return;
	if (rec->flags & TLC_FLAG_VOLUME ||
	    (!ev->tcp.bytes_acked && !ev->tcp.bytes_received))
		tlc_volume_take(rec, &ev->tcp);
}
