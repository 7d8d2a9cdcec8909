// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch.c: what is sent to an audience, a datagram at a time.
 *
 * Owns: the datagrams begun, who is kept from getting one.
 * Called by: publish.c and tell_ended.c, in the worker.
 * Must not: know what is in one.
 */
#include "feed/batch.h"

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "family.h"

#define BATCH_SIZE	SKB_WITH_OVERHEAD(8192)	/* the specification says so, too */

/* Those with a batch begun, each of them held; the worker's alone. */
static LIST_HEAD(begun);

/**
 * tlc_batch_begin() - a datagram to be filled
 * @a: held, and has none
 *
 * Context: the worker.
 * Return: NULL if there is no memory.
 */
struct sk_buff *tlc_batch_begin(struct audience *a)
{
	a->skb = alloc_skb(BATCH_SIZE, GFP_KERNEL);
	a->hdr = NULL;
	a->pids_in = false;
	if (a->skb && list_empty(&a->begun)) {
		kref_get(&a->ref);
		list_add_tail(&a->begun, &begun);
	}
	return a->skb;
}

/**
 * tlc_batch_put_header() - begin a message
 * @a: its datagram is begun
 * @hdr: filled, for genlmsg_end()
 * @cmd: TCP_LIFECYCLE_CMD_*
 * @seq: attribute of the number
 * @lost: attribute of the losses
 * @pad: attribute of the padding
 *
 * Context: the worker.
 * Return: 0 or -EMSGSIZE, and the datagram is as before.
 */
int tlc_batch_put_header(struct audience *a, void **hdr, u8 cmd, int seq, int lost, int pad)
{
	const u64 n = tlc_audience_lost(a);

	*hdr = genlmsg_put(a->skb, 0, 0, &tlc_netlink_family, 0, cmd);
	if (!*hdr)
		return -EMSGSIZE;
	if (nla_put_u64_64bit(a->skb, seq, a->seq, pad) ||
	    nla_put_u64_64bit(a->skb, lost, n, pad)) {
		genlmsg_cancel(a->skb, *hdr);
		return -EMSGSIZE;
	}
	a->lost_told = n;
	return 0;
}

/*
 * Whoever joined the group's number before it was ours was not asked for the right.
 * As for requests, it is the socket's opener who needs it; netlink keeps sockets
 * from going meanwhile.
 */
static int keep_from(struct sock *sk, struct sk_buff *skb, void *data)
{
	const struct file *opened = sk->sk_socket->file;
	struct audience *a = data;

	if (!opened || !file_ns_capable(opened, a->net->user_ns, CAP_NET_ADMIN))
		return 1;
	/* Who must not see them has joined meanwhile: nobody gets these, as the numbers tell. */
	if (a->pids_in && READ_ONCE(a->foreign))
		return 1;
	a->heard = true;
	return 0;
}

static void send(struct audience *a)
{
	a->sent = true;
	/* The kernels that have no filter are left a moment behind this look. */
	if (a->pids_in && READ_ONCE(a->foreign))
		kfree_skb(a->skb);
	else if (!tlc_compat_multicast(&tlc_netlink_family, a->net, a->skb, a->group,
				       keep_from, a))
		a->heard = true;
	a->skb = NULL;
}

/**
 * tlc_batch_flush() - send what was begun, if anything was
 * @a: held
 *
 * Whom it does not reach the kernel tells by ENOBUFS, and the numbers of the
 * next batch tell how many it were.
 *
 * Context: the worker.
 */
void tlc_batch_flush(struct audience *a)
{
	const unsigned long since = jiffies;

	if (!a->skb)
		return;
	if (a->hdr)
		genlmsg_end(a->skb, a->hdr);
	send(a);
	/*
	 * That holds netlink's tables, and whoever makes a namespace waits until
	 * nobody does: to be woken is of no use to him if the next one is sent first.
	 */
	if (time_after(jiffies, since + 1))
		schedule_timeout_uninterruptible(1);
	else
		cond_resched();
}

/**
 * tlc_batch_send_begun() - send all that was begun
 *
 * Context: the worker.
 */
void tlc_batch_send_begun(void)
{
	struct audience *a;

	while ((a = list_first_entry_or_null(&begun, struct audience, begun))) {
		list_del_init(&a->begun);
		if (!tlc_audience_take(a))
			continue;
		tlc_batch_flush(a);
		tlc_audience_let_go(a);
	}
}
