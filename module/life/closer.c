// SPDX-License-Identifier: GPL-2.0-only
/*
 * closer.c: which process ended a connection.
 *
 * Owns: that it is told only where it is another than the owner.
 * Called by: apply.c and subflow.c, under the lock of the record's chain.  Pure.
 */
#include "life/closer.h"

#include <linux/string.h>

/*
 * Did the process end it in whose context it ended?  While one has a socket in hand,
 * what comes from the peer is processed in its context, too.
 */
static bool by_a_process(u8 cause)
{
	switch (cause) {
	case TCP_LIFECYCLE_CAUSE_CLOSE:
	case TCP_LIFECYCLE_CAUSE_SHUTDOWN:
	case TCP_LIFECYCLE_CAUSE_EXIT:
	case TCP_LIFECYCLE_CAUSE_KILLED:
	case TCP_LIFECYCLE_CAUSE_SILENT:
	case TCP_LIFECYCLE_CAUSE_RST_SENT:
	case TCP_LIFECYCLE_CAUSE_DISCONNECT:
	case TCP_LIFECYCLE_CAUSE_LISTENER_CLOSED:
	case TCP_LIFECYCLE_CAUSE_ABORT:
		return true;
	}
	return false;
}

/**
 * tlc_closer_note() - note who ended it, if that is a process, and not the owner
 * @rec: record
 * @ev: event to FIN_WAIT_1, LAST_ACK or CLOSED; or TLC_EVENT_PARTED
 * @cause: enum tcp_lifecycle_cause of that transition
 *
 * Whoever sent the FIN ended it, unless another process did so with more force.
 *
 * Context: any.
 */
void tlc_closer_note(struct tlc_record *rec, const struct tlc_event *ev, u8 cause)
{
	const struct tlc_owner *by = &ev->owner;

	/* Of a subflow the hook on the MPTCP socket tells; who runs here may be anybody. */
	if (!by_a_process(cause) || (rec->parted && ev->kind != TLC_EVENT_PARTED &&
				     cause != TCP_LIFECYCLE_CAUSE_ABORT))
		return;
	/* With TCP_LINGER2 below 0 the peer's ACK brings the RST about. */
	if (!by->pid && cause != TCP_LIFECYCLE_CAUSE_ABORT)
		return;
	memset(&rec->closer, 0, sizeof(rec->closer));
	if (!by->pid || (rec->owner_at && by->pid == rec->owner.pid))
		return;
	rec->closer.pid = by->pid;
	memcpy(rec->closer.comm, by->comm, sizeof(rec->closer.comm));
}
