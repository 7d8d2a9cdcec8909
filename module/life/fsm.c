// SPDX-License-Identifier: GPL-2.0-only
/*
 * fsm.c: the state diagram of RFC 9293, section 3.3.2, as a table.
 *
 * Owns: which transition is legal.
 * Called by: apply.c for each transition (any context), the formatter.  Pure.
 * Must not: forbid anything; an edge outside the diagram is flagged by the
 * caller and recorded all the same.
 *
 * Where Linux departs from the diagram:
 *  - SYN-RECEIVED is two things: the request socket NEW_SYN_RECV and the child
 *    SYN_RECV, and the step between them is an edge of its own.
 *  - SYN-RECEIVED -> LISTEN does not exist: the request dies (NEW_SYN_RECV ->
 *    CLOSED) and the listener, a socket of its own, never left LISTEN.
 *  - A SYN cookie or a Fast Open child begins at LISTEN -> SYN_RECV.
 *  - LISTEN -> SYN-SENT (a listener that sends) is not offered by the socket
 *    interface.
 */
#include "life/fsm.h"

#define S(name) TCP_LIFECYCLE_STATE_##name

const u8 tlc_fsm_edges[TLC_STATES_ROOM][TLC_STATES_ROOM] = {
	[S(CLOSED)] = {
		[S(LISTEN)] = TLC_EDGE_RFC,
		[S(SYN_SENT)] = TLC_EDGE_RFC,
	},
	[S(LISTEN)] = {
		[S(CLOSED)] = TLC_EDGE_RFC,
		[S(NEW_SYN_RECV)] = TLC_EDGE_RFC,
		[S(SYN_RECV)] = TLC_EDGE_LINUX,
	},
	[S(SYN_SENT)] = {
		[S(CLOSED)] = TLC_EDGE_RFC,
		[S(SYN_RECV)] = TLC_EDGE_RFC,
		[S(ESTABLISHED)] = TLC_EDGE_RFC,
	},
	[S(NEW_SYN_RECV)] = {
		[S(SYN_RECV)] = TLC_EDGE_LINUX,
		[S(CLOSED)] = TLC_EDGE_LINUX,
	},
	[S(SYN_RECV)] = {
		[S(ESTABLISHED)] = TLC_EDGE_RFC,
		[S(FIN_WAIT_1)] = TLC_EDGE_RFC,
		[S(CLOSE_WAIT)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(ESTABLISHED)] = {
		[S(FIN_WAIT_1)] = TLC_EDGE_RFC,
		[S(CLOSE_WAIT)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(FIN_WAIT_1)] = {
		[S(FIN_WAIT_2)] = TLC_EDGE_RFC,
		[S(CLOSING)] = TLC_EDGE_RFC,
		[S(TIME_WAIT)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(FIN_WAIT_2)] = {
		[S(TIME_WAIT)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(CLOSE_WAIT)] = {
		[S(LAST_ACK)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(CLOSING)] = {
		[S(TIME_WAIT)] = TLC_EDGE_RFC,
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(LAST_ACK)] = {
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
	[S(TIME_WAIT)] = {
		[S(CLOSED)] = TLC_EDGE_RFC,
	},
};
