// SPDX-License-Identifier: GPL-2.0-only
/*
 * moved.c: what led from one state to another without a segment, in words.
 *
 * Pure.
 */
#include "draw/moved.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define SAME_BREATH_US 10000

/**
 * moved_closed() - what ended our side, or shut its half
 * @cause: of a transition
 */
const char *moved_closed(uint8_t cause)
{
	switch (cause) {
	case C(SHUTDOWN):
		return "shutdown()";
	case C(EXIT):
		return "the process ended";
	case C(KILLED):
		return "the process was killed";
	case C(SILENT):
		return "closed in repair mode: nothing was sent";
	case C(SUBFLOW_CLOSED):
		return "MPTCP removed the subflow";
	}
	return "close()";
}

/**
 * moved_text() - other causes without a segment
 * @cause: of a transition
 */
const char *moved_text(uint8_t cause)
{
	switch (cause) {
	case C(DISCONNECT):
		return "connect(AF_UNSPEC)";
	case C(ABORT):
		return "aborted from outside: ss -K or BPF";
	case C(TIMEOUT):
		return "the kernel gave up";
	case C(ACCEPT_QUEUE_FULL):
		return "the accept queue was full";
	case C(CHILD_FAILED):
		return "no socket could be created";
	case C(LISTENER_CLOSED):
		return "the listener was closed";
	case C(CONNECT_FAILED):
		return "connect() failed";
	case C(LISTEN_FAILED):
		return "listen() failed";
	case C(2MSL_EXPIRED):
		return "2MSL timer expired";
	case C(FIN_WAIT_2_EXPIRED):
		return "FIN_WAIT_2 timer expired";
	case C(REUSED):
		return "ports taken by a new connect() (tcp_tw_reuse)";
	case C(NETNS_GONE):
		return "its network namespace was deleted";
	case C(RESTORED):
		return "restored in repair mode: no segment";
	case C(ORPHAN_LIMIT):
		return "too many orphaned sockets, or too much memory in use";
	}
	return "cause unknown";
}

/**
 * moved_by_rst() - is this RST the first thing that came of what ended the connection?
 * @rst: an entry
 * @end: the one behind it
 *
 * The kernel sends it, and in the same breath goes to CLOSED: so they are recorded.
 */
bool moved_by_rst(const struct entry *rst, const struct entry *end)
{
	if (rst->cause != C(RST_OUT) || rst->count > 1 || !entry_moves(end) ||
	    end->to != S(CLOSED) || end->gap || end->at_us - rst->at_us > SAME_BREATH_US)
		return false;
	switch (end->cause) {
	case C(ABORT):
	case C(TIMEOUT):
	case C(ORPHAN_LIMIT):
	case C(FIN_WAIT_2_EXPIRED):
	case C(LATE_DATA):
	case C(NEW_SYN):
		return true;
	}
	return false;
}
