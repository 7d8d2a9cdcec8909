// SPDX-License-Identifier: GPL-2.0-only
/*
 * mptcp.c: the handlers of what happens to an MPTCP socket, and what a subflow can say.
 *
 * Owns: telling the records of its subflows what a process did to the MPTCP socket.
 * Called by: attach.c, as the handlers in hooks.c, which has the table; hooks.c and
 * causes.c, for a TCP socket that is a subflow.
 * Must not: allocate, sleep, print, write to a socket but its cookie, or follow MPTCP's
 * own structures, which no header shows.
 *
 * Where both sockets are known to belong together: MPTCP tells its path managers so, by
 * mptcp_event(msk, ssk), for each subflow that is agreed on, with both held.  The first
 * subflow of connect() is known before: it has had the MPTCP socket's struct socket since
 * it was made.
 */
#include <linux/hash.h>
#include <linux/mptcp.h>
#include <linux/net.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <net/mptcp.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/attach.h"
#include "probe/handler.h"
#include "table/party.h"

#define TCPOPT_MULTIPATH	30
#define MP_FASTCLOSE		7	/* RFC 8684, 3.5: upper half of the third byte */

static u64 key_of(const struct sock *msk)
{
	return (unsigned long)msk;
}

/*
 * The MPTCP socket whose struct socket a subflow has, or NULL: it has one of the kernel's
 * while connect() goes on for a further subflow, none before accept() and after close().
 *
 * The caller's function holds the subflow's lock.  close() takes that away under this lock
 * before the MPTCP socket is let go of: what is found here stays until it is released.
 * The kernel's own is freed by RCU, and preemption is off.
 */
static struct sock *msk_of(const struct sock *ssk)
{
	const struct socket *sock = READ_ONCE(ssk->sk_socket);
	struct sock *sk = sock ? READ_ONCE(sock->sk) : NULL;

	return sk && sk->sk_protocol == IPPROTO_MPTCP ? sk : NULL;
}

/**
 * tlc_mptcp_is_foreign() - does a connection belong to another process than its caller?
 * @sk: subflow in connect()
 *
 * A further subflow is made by a worker, or, but not in 5.10, by whoever manages the paths.
 */
bool tlc_mptcp_is_foreign(const struct sock *sk)
{
	return tlc_compat_subflow_shares() ? !msk_of(sk) : current->flags & PF_KTHREAD;
}

/**
 * tlc_mptcp_close_cause() - why the kernel sends a FIN on a subflow, or closes it
 * @sk: subflow
 *
 * MPTCP sends FINs when both directions of the connection are over.  While one is not, the
 * subflow alone goes: its peer closed it, or a path manager took it away.  Else there was
 * a call, and the record has been told of it.
 */
u8 tlc_mptcp_close_cause(const struct sock *sk)
{
	const struct sock *msk = msk_of(sk);

	return msk && (1 << READ_ONCE(msk->sk_state)) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) ?
	       C(SUBFLOW_CLOSED) : C(UNKNOWN);
}

/**
 * tlc_mptcp_reset_cause() - which RST of MPTCP is this?
 * @sk: subflow in tcp_send_active_reset()
 * @regs: registers at its entry
 * @reason: enum tcp_lifecycle_rst_reason
 *
 * TCP's own are left out: it closes the socket before it sends them, but where a timer gives
 * up, which the verdict knows, and where the record has been told of the caller.
 *
 * Return: cause of the transition that follows, UNKNOWN if it is not MPTCP's.
 */
u8 tlc_mptcp_reset_cause(const struct sock *sk, const struct pt_regs *regs, u8 reason)
{
	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return C(UNKNOWN);
	return tlc_compat_is_fastclose(regs, reason) ? C(FASTCLOSE_SENT) : C(SUBFLOW_RESET);
}

/**
 * tlc_mptcp_is_fastclose() - has an RST the option MP_FASTCLOSE?
 * @skb: segment, its TCP header pulled
 */
bool tlc_mptcp_is_fastclose(const struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *opt = (const u8 *)(th + 1);
	const u8 *end = (const u8 *)th + th->doff * 4;

	while (opt < end && *opt != TCPOPT_EOL) {
		if (*opt == TCPOPT_NOP) {
			opt++;
			continue;
		}
		if (end - opt < 2 || opt[1] < 2 || opt[1] > end - opt)
			return false;
		if (opt[0] == TCPOPT_MULTIPATH && opt[1] >= 3 && opt[2] >> 4 == MP_FASTCLOSE)
			return true;
		opt += opt[1];
	}
	return false;
}

/* Tell all subflows, but for one. */
static void tell(const struct sock *msk, struct tlc_event *ev, u64 but)
{
	struct tlc_party party __uninitialized;
	unsigned int i;

	tlc_party_list(key_of(msk), &party);
	for (i = 0; i < party.nr; i++) {
		ev->cookie = party.cookie[i];
		if (ev->cookie != but)
			tlc_conn_tell(ev, 0, NULL);
	}
}

/*
 * A subflow without a record yet: the child of a SYN cookie or of Fast Open.  What makes
 * one follows at once, on the same CPU.
 */
struct late {
	u64 cookie;
	u64 key;
	u64 mptcp;
	bool first;
};

static DEFINE_PER_CPU(struct late, late);

static void name(struct tlc_event *ev, u64 key)
{
	if (!tlc_conn_tell(ev, key, NULL))
		*this_cpu_ptr(&late) = (struct late) {
			.cookie = ev->cookie, .key = key, .mptcp = ev->mptcp, .first = ev->first,
		};
}

static void begins(u64 cookie, u64 key, u64 mptcp, u16 agreed)
{
	struct tlc_event ev = EVENT(SUBFLOW);

	ev.cookie = cookie;
	ev.first = true;
	ev.mptcp = mptcp;
	ev.agreed = agreed;
	tlc_party_forget(key);
	name(&ev, key);
}

static void joins(u64 cookie, u64 key)
{
	struct tlc_party party __uninitialized;
	struct tlc_event ev = EVENT(SUBFLOW);
	unsigned int i;

	ev.cookie = cookie;
	ev.agreed = TCP_LIFECYCLE_OPT_MPTCP;
	tlc_party_list(key, &party);
	for (i = 0; i < party.nr; i++)
		if (tlc_conn_inherit(party.cookie[i], &ev))
			break;
	name(&ev, key);
}

/* Was it too early, just now? */
static bool take_late(struct sock *ssk, struct late *mine)
{
	*mine = *this_cpu_ptr(&late);
	if (!mine->cookie || mine->cookie != tlc_sock_cookie(ssk))
		return false;
	this_cpu_ptr(&late)->cookie = 0;
	return true;
}

/**
 * tlc_mptcp_queued() - the child of a SYN cookie or of Fast Open has got its record
 * @ssk: child, in inet_csk_reqsk_queue_add()
 */
void tlc_mptcp_queued(struct sock *ssk)
{
	struct late mine;

	if (take_late(ssk, &mine))
		begins(mine.cookie, mine.key, mine.mptcp, TCP_LIFECYCLE_OPT_MPTCP);
}

/**
 * tlc_mptcp_established() - a child's handshake is over
 * @ssk: subflow in SYN_RECV
 *
 * One that joined by a SYN cookie is put in no queue: this is where its record begins.
 */
void tlc_mptcp_established(struct sock *ssk)
{
	const struct tcp_sock *tp = tcp_sk(ssk);
	struct tlc_event ev = EVENT(CHILD);
	struct late mine;

	if (!take_late(ssk, &mine) || mine.first)
		return;
	ev.first = true;
	ev.from = S(LISTEN);
	ev.to = S(SYN_RECV);
	ev.isn = tp->snd_una - 1;
	ev.peer_isn = tp->rcv_nxt - 1;
	deliver(&ev, ssk);
	joins(mine.cookie, mine.key);
}

/*
 * Sockets whose SYN will ask for MPTCP.  Not each does: where SYNs with the option were
 * lost, 6.12 leaves it out for an hour, in all of a namespace.  They have no cookie yet.
 */
static struct {
	raw_spinlock_t lock;	/* Protects the others */
	const void *sk[64];
	bool lost[64];		/* another one was here before: it may be any */
} asking = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(asking.lock),
};

/* mptcp_token_new_connect(ssk): only MP_CAPABLE needs a token */
void __maybe_unused tlc_mptcp_on_token(struct pt_regs *regs)
{
	const void *ssk = ARG(regs, 0, void *);
	unsigned int i = hash_ptr(ssk, 6);

	raw_spin_lock(&asking.lock);
	asking.lost[i] |= asking.sk[i] && asking.sk[i] != ssk;
	asking.sk[i] = ssk;
	raw_spin_unlock(&asking.lock);
}

/* Can it be known?  Rare: only connect() of MPTCP asks. */
static bool is_told_of_tokens(void)
{
	unsigned int i;

	for (i = 0; i < tlc_nr_hooks; i++)
		if (tlc_hooks[i].handler == tlc_mptcp_on_token)
			return READ_ONCE(tlc_hooks[i].attached) && READ_ONCE(tlc_hooks[i].enabled);
	return false;
}

/**
 * tlc_mptcp_is_offered() - has the SYN of a subflow the option?
 * @ssk: subflow, in tcp_connect()
 */
bool tlc_mptcp_is_offered(const struct sock *ssk)
{
	unsigned int i = hash_ptr(ssk, 6);
	bool offered;

	if (!msk_of(ssk) || !is_told_of_tokens())
		return true;	/* MP_JOIN has no choice */
	raw_spin_lock(&asking.lock);
	offered = asking.sk[i] == ssk;
	if (offered)
		asking.sk[i] = NULL;
	else
		offered = asking.lost[i];
	raw_spin_unlock(&asking.lock);
	return offered;
}

/**
 * tlc_mptcp_connects() - a subflow is about to send its SYN
 * @ssk: subflow, in tcp_connect()
 */
void tlc_mptcp_connects(struct sock *ssk)
{
	struct sock *msk = msk_of(ssk);

	if (msk)
		begins(tlc_sock_cookie(ssk), key_of(msk), tlc_sock_cookie(msk), 0);
}

/*
 * The first subflow is agreed on.  A server's MPTCP socket was just made, as a copy: if it
 * has a cookie that is its listener's, and all its siblings'.
 */
static void created(struct sock *msk, struct sock *ssk)
{
	bool copied = ssk->sk_state == TCP_SYN_RECV && atomic64_read(&msk->sk_cookie);

	begins(tlc_sock_cookie(ssk), key_of(msk), copied ? 0 : tlc_sock_cookie(msk),
	       TCP_LIFECYCLE_OPT_MPTCP);
}

/* mptcp_event(type, msk, ssk, gfp) */
void __maybe_unused tlc_mptcp_on_event(struct pt_regs *regs)
{
	struct sock *msk = ARG(regs, 1, struct sock *);
	struct sock *ssk = ARG(regs, 2, struct sock *);

	switch (ARG(regs, 0, int)) {
	case MPTCP_EVENT_CREATED:
		created(msk, ssk);
		break;
	case MPTCP_EVENT_SUB_ESTABLISHED:
		joins(tlc_sock_cookie(ssk), key_of(msk));
		break;
	}
}

/**
 * tlc_mptcp_accepted() - accept() gives an MPTCP socket a file
 * @msk: MPTCP socket, in security_sock_graft()
 */
void tlc_mptcp_accepted(struct sock *msk)
{
	struct tlc_party party __uninitialized;
	struct tlc_event ev = EVENT(ACCEPT);
	u64 listener;
	unsigned int i;

	tlc_sock_read_owner(&ev.owner);
	tlc_party_list(key_of(msk), &party);
	for (i = 0; i < party.nr; i++) {
		ev.kind = party.first[i] ? TLC_EVENT_ACCEPT : TLC_EVENT_ADOPTED;
		ev.cause = C(ACCEPTED);
		ev.cookie = party.cookie[i];
		listener = 0;
		tlc_conn_tell(&ev, 0, &listener);
		if (ev.kind == TLC_EVENT_ADOPTED || !listener)
			continue;
		ev.kind = TLC_EVENT_LISTENER_COUNT;
		ev.counter = TLC_COUNTER_ACCEPTED;
		ev.cookie = listener;
		tlc_conn_tell(&ev, 0, NULL);
	}
}

/**
 * tlc_mptcp_fastclosed() - one end ends the connection of a subflow at once
 * @sk: subflow, in tcp_reset() or tcp_send_active_reset(); the others follow
 * @cause: FASTCLOSE_RECEIVED or FASTCLOSE_SENT
 */
void tlc_mptcp_fastclosed(struct sock *sk, u8 cause)
{
	struct sock *msk = msk_of(sk);
	struct tlc_event ev = EVENT(PARTED);

	ev.cause = cause;
	if (msk)
		tell(msk, &ev, tlc_sock_cookie(sk));
}

/* mptcp_close(msk, timeout): the process; what follows may be a worker's doing */
void __maybe_unused tlc_mptcp_on_close(struct pt_regs *regs)
{
	struct tlc_event ev = EVENT(PARTED);

	ev.cause = C(CLOSE);
	if (current->flags & PF_EXITING)
		ev.cause = current->exit_code & 0x7f ? C(KILLED) : C(EXIT);
	read_closer(&ev.owner);
	tell(ARG(regs, 0, struct sock *), &ev, 0);
}

/* mptcp_shutdown(msk, how): does something from these states only */
void __maybe_unused tlc_mptcp_on_shutdown(struct pt_regs *regs)
{
	struct sock *msk = ARG(regs, 0, struct sock *);
	struct tlc_event ev = EVENT(PARTED);

	if (!(ARG(regs, 1, int) & SEND_SHUTDOWN) ||
	    !((1 << msk->sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_CLOSE_WAIT)))
		return;
	ev.cause = C(SHUTDOWN);
	read_closer(&ev.owner);
	tell(msk, &ev, 0);
}
