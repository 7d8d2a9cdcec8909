/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_FSM_H
#define TLC_FSM_H

#include <linux/types.h>

#include <uapi/linux/tcp_lifecycle.h>

/* Numbers a state may have, 0 for "not known" included. */
#define TLC_STATES	(TCP_LIFECYCLE_STATE_MAX + 1)

#define TLC_STATES_ROOM	16	/* an entry has four bits for one */

/**
 * enum tlc_edge - what RFC 9293 says of a transition
 * @TLC_EDGE_ILLEGAL: outside the diagram
 * @TLC_EDGE_RFC: in the diagram, or in the text of section 3.10
 * @TLC_EDGE_LINUX: not in the RFC, and how Linux is built: see fsm.c
 */
enum tlc_edge {
	TLC_EDGE_ILLEGAL,
	TLC_EDGE_RFC,
	TLC_EDGE_LINUX,
};

extern const u8 tlc_fsm_edges[TLC_STATES_ROOM][TLC_STATES_ROOM];

/**
 * tlc_fsm_edge() - look a transition up
 * @from: enum tcp_lifecycle_state
 * @to: enum tcp_lifecycle_state
 *
 * Context: any.
 * Return: enum tlc_edge; a number that is no state makes the edge illegal.
 */
static inline enum tlc_edge tlc_fsm_edge(u8 from, u8 to)
{
	if ((from | to) >= TLC_STATES_ROOM)
		return TLC_EDGE_ILLEGAL;
	return tlc_fsm_edges[from][to];
}

#endif /* TLC_FSM_H */
