// SPDX-License-Identifier: GPL-2.0-only
/*
 * sock.c: what a socket says of itself.
 *
 * Owns: reading full sockets, request sockets, timewait sockets and segments.
 * Called by: hooks.c in handler context; conn.c through tlc_ident_fn.
 * Must not: write to any of them (the one thing ever written is the cookie,
 * by the kernel's own function), or take a lock: the function that was probed
 * holds what it takes to read them.
 */
#include "probe/sock.h"

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/synopts.h"

/**
 * tlc_sock_assign_cookie() - give the socket its number
 * @sk: full, request or timewait socket
 *
 * Context: any.
 */
u64 tlc_sock_assign_cookie(struct sock *sk)
{
	u32 half[2];

	sock_diag_save_cookie(sk, half);
	return (u64)half[1] << 32 | half[0];
}

static void ident_net(const struct net *net, struct tlc_ident *id)
{
	id->net = tlc_compat_net_cookie(net);
	id->netns = net->ns.inum;
}

static void ident_ipv4(__be32 local, __be32 remote, struct tlc_ident *id)
{
	memcpy(id->local, &local, sizeof(local));
	memcpy(id->remote, &remote, sizeof(remote));
}

static bool is_link_local(const struct in6_addr *addr)
{
	return (addr->s6_addr32[0] & htonl(0xffc00000)) == htonl(0xfe800000);
}

/*
 * A link-local address means nothing without its interface, to which bind(),
 * connect() and the SYN's arrival bind the socket.  Any other address does, and
 * SO_BINDTODEVICE is not part of it.
 */
static void ident_ipv6(const struct in6_addr *local,
		       const struct in6_addr *remote, int bound, struct tlc_ident *id)
{
	memcpy(id->local, local, sizeof(*local));
	memcpy(id->remote, remote, sizeof(*remote));
	id->family = TCP_LIFECYCLE_FAMILY_IPV6;
	id->ifindex = is_link_local(local) || is_link_local(remote) ? bound : 0;
}

/**
 * tlc_sock_ident() - who talks to whom, from a full socket
 * @obj: struct sock
 * @id: filled; zeroed by the caller
 */
void tlc_sock_ident(const void *obj, struct tlc_ident *id)
{
	const struct sock *sk = obj;
	const struct inet_sock *inet = inet_sk(sk);

	ident_net(sock_net(sk), id);
	id->lport = inet->inet_num;
	id->rport = ntohs(inet->inet_dport);
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6 &&
	    !ipv6_addr_v4mapped(&sk->sk_v6_daddr)) {
		const struct in6_addr *local = &sk->sk_v6_rcv_saddr;

		if (ipv6_addr_any(local) && inet6_sk(sk))
			local = &inet6_sk(sk)->saddr;
		ident_ipv6(local, &sk->sk_v6_daddr, READ_ONCE(sk->sk_bound_dev_if), id);
		return;
	}
#endif
	ident_ipv4(inet->inet_rcv_saddr ?: inet->inet_saddr, inet->inet_daddr,
		   id);
	id->family = sk->sk_family == AF_INET6 ? TCP_LIFECYCLE_FAMILY_IPV4_MAPPED :
						 TCP_LIFECYCLE_FAMILY_IPV4;
}

/**
 * tlc_sock_ident_request() - who talks to whom, from a request socket
 * @obj: struct request_sock
 * @id: filled; zeroed by the caller
 */
void tlc_sock_ident_request(const void *obj, struct tlc_ident *id)
{
	const struct request_sock *req = obj;
	const struct inet_request_sock *ireq = inet_rsk(req);

	ident_net(read_pnet(&ireq->ireq_net), id);
	id->lport = ireq->ir_num;
	id->rport = ntohs(ireq->ir_rmt_port);
#if IS_ENABLED(CONFIG_IPV6)
	if (ireq->ireq_family == AF_INET6 &&
	    !ipv6_addr_v4mapped(&ireq->ir_v6_rmt_addr)) {
		ident_ipv6(&ireq->ir_v6_loc_addr, &ireq->ir_v6_rmt_addr, ireq->ir_iif, id);
		return;
	}
#endif
	ident_ipv4(ireq->ir_loc_addr, ireq->ir_rmt_addr, id);
	id->family = ireq->ireq_family == AF_INET6 ? TCP_LIFECYCLE_FAMILY_IPV4_MAPPED :
						     TCP_LIFECYCLE_FAMILY_IPV4;
}

/**
 * tlc_sock_ident_timewait() - who talks to whom, from a timewait socket
 * @obj: struct inet_timewait_sock
 * @id: filled; zeroed by the caller
 */
void tlc_sock_ident_timewait(const void *obj, struct tlc_ident *id)
{
	const struct inet_timewait_sock *tw = obj;

	ident_net(twsk_net(tw), id);
	id->lport = tw->tw_num;
	id->rport = ntohs(tw->tw_dport);
#if IS_ENABLED(CONFIG_IPV6)
	if (tw->tw_family == AF_INET6 &&
	    !ipv6_addr_v4mapped(&tw->tw_v6_daddr)) {
		ident_ipv6(&tw->tw_v6_rcv_saddr, &tw->tw_v6_daddr, tw->tw_bound_dev_if, id);
		return;
	}
#endif
	ident_ipv4(tw->tw_rcv_saddr, tw->tw_daddr, id);
	id->family = tw->tw_family == AF_INET6 ? TCP_LIFECYCLE_FAMILY_IPV4_MAPPED :
						 TCP_LIFECYCLE_FAMILY_IPV4;
}

/**
 * tlc_sock_read_volume() - what tlc_volume_take() wants to know
 * @sk: full TCP socket, as for tlc_sock_read_tcp()
 * @out: of it snd_una, and what counts bytes and segments, are filled
 */
void tlc_sock_read_volume(const struct sock *sk, struct tlc_tcp *out)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	out->snd_una = tp->snd_una;
	out->bytes_acked = tp->bytes_acked;
	out->bytes_received = tp->bytes_received;
	out->segs_out = tp->segs_out;
	out->segs_in = READ_ONCE(tp->segs_in);
	out->total_retrans = tp->total_retrans;
}

/**
 * tlc_sock_rst_seq() - sequence number of an RST that is sent of our own accord
 * @sk: full TCP socket, its lock held
 *
 * As tcp_acceptable_seq(): behind what was sent, which is not all that was written,
 * unless the peer has taken back the window for it.
 */
u32 tlc_sock_rst_seq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 beyond = tp->snd_nxt - tcp_wnd_end(tp);

	if ((s32)beyond <= 0 ||
	    (tp->rx_opt.wscale_ok && beyond < 1U << tp->rx_opt.rcv_wscale))
		return tp->snd_nxt;
	return tcp_wnd_end(tp);
}

/**
 * tlc_sock_read_tcp() - sequence numbers and volume
 * @sk: full TCP socket, its lock held, or what is read may be of different moments
 * @out: filled, but for what tlc_sock_read_end() fills
 *
 * While a process holds the lock, segments are counted nevertheless as they come.
 */
void tlc_sock_read_tcp(const struct sock *sk, struct tlc_tcp *out)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	tlc_sock_read_volume(sk, out);
	out->write_seq = tp->write_seq;
	out->rcv_nxt = tp->rcv_nxt;
	out->data_segs_in = READ_ONCE(tp->data_segs_in);
	out->srtt_us = tp->srtt_us >> 3;
	out->orphan = sock_flag(sk, SOCK_DEAD);
	out->one_segment = !tlc_sock_is_owned(sk) &&
			   RB_EMPTY_ROOT(&tp->out_of_order_queue);
}

/**
 * tlc_sock_read_end() - what may have ended it: errors, limits of the kernel
 * @sk: full TCP socket, about to be CLOSED
 * @out: filled, but for what tlc_sock_read_tcp() fills
 */
void tlc_sock_read_end(const struct sock *sk, struct tlc_tcp *out)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	u32 since = icsk->icsk_probes_tstamp;

	out->error = READ_ONCE(sk->sk_err);
	out->soft_error = READ_ONCE(sk->sk_err_soft);
	out->both_shut = (sk->sk_shutdown & SHUTDOWN_MASK) == SHUTDOWN_MASK;
	out->peer_done = sock_flag(sk, SOCK_DONE);
	out->no_linger2 = READ_ONCE(tcp_sk(sk)->linger2) < 0;
	out->unhashed = tlc_sock_is_unhashed(sk);
	out->net_gone = !check_net(sock_net(sk));
	out->window_shut = !tcp_sk(sk)->snd_wnd;
	out->fin_time_long = tcp_fin_time(sk) > TCP_TIMEWAIT_LEN;
	out->user_timeout = READ_ONCE(icsk->icsk_user_timeout);
	out->rst_seq = tlc_sock_rst_seq(sk);
	out->probing = since ? jiffies_to_msecs(tcp_jiffies32 - since) : 0;
}

/* What makes up tp->bytes_acked, but for SYN and FIN. */
static u64 data_acked(const struct tcp_sock *tp)
{
	u64 sent = READ_ONCE(tp->bytes_sent) - READ_ONCE(tp->bytes_retrans);

	return sent - (READ_ONCE(tp->snd_nxt) - READ_ONCE(tp->snd_una));
}

/**
 * tlc_sock_counts_syn() - is our SYN among the bytes acknowledged?
 * @sk: full TCP socket, its lock not held
 *
 * It is where we connected; children are born with theirs acknowledged.  In
 * sequence numbers a FIN is one as well, acknowledged or not.
 *
 * Return: false also if the socket does not hold still.
 */
bool tlc_sock_counts_syn(const struct sock *sk)
{
	const u32 sent_fin = TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_CLOSING |
			     TCPF_LAST_ACK;
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 acked, data;
	u8 state;
	int i;

	for (i = 0; i < 8; i++) {
		state = READ_ONCE(sk->sk_state);
		acked = READ_ONCE(tp->bytes_acked);
		data = data_acked(tp);
		smp_rmb();	/* pairs with nothing: twice the same is likely enough */
		if (acked != READ_ONCE(tp->bytes_acked) ||
		    data != data_acked(tp) || state != READ_ONCE(sk->sk_state))
			continue;
		/* The FIN is counted once, in what was sent or what was acked. */
		if ((1 << state) & sent_fin && READ_ONCE(tp->snd_nxt) == READ_ONCE(tp->write_seq))
			data++;
		return acked == data + 1;
	}
	return false;
}

static bool pmtu_learned(const struct dst_entry *dst)
{
	if (dst->ops->family == AF_INET)
		/* An ICMP error may set it on a route in use, under no lock of ours */
		return data_race(container_of(dst, struct rtable, dst)->rt_pmtu != 0);
	/* As may one of IPv6 */
	return data_race(container_of(dst, struct rt6_info, dst)->rt6i_flags) &
	       RTF_MODIFIED;
}

static void read_route(const struct dst_entry *dst, struct tlc_mss_facts *out)
{
	const struct net_device *dev = dst ? READ_ONCE(dst->dev) : NULL;

	if (unlikely(!dev)) {
		out->dev_mtu = 0;
		out->route_mtu = 0;
		out->route_advmss = 0;
		out->pmtu_learned = false;
		return;
	}
	/* What a datagram can hold bounds the loopback's 65536. */
	out->dev_mtu = min_t(u32, READ_ONCE(dev->mtu),
			     dst->ops->family == AF_INET ? IP_MAX_MTU : IP6_MAX_MTU);
	out->route_mtu = dst_metric_raw(dst, RTAX_MTU);
	out->route_advmss = dst_metric_raw(dst, RTAX_ADVMSS);
	out->pmtu_learned = pmtu_learned(dst);
}

/**
 * tlc_sock_read_mss() - all that has a say in the MSS of a connection
 * @sk: full TCP socket
 * @out: filled
 *
 * Context: preemption disabled, which is an RCU read side for the route.
 */
void tlc_sock_read_mss(const struct sock *sk, struct tlc_mss_facts *out)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	/* The kernel takes its own timestamps off once they are agreed on. */
	out->adv = tp->advmss +
		   (tp->rx_opt.tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0);
	out->eff = tp->mss_cache;
	out->clamp = tp->rx_opt.mss_clamp;
	out->user = READ_ONCE(tp->rx_opt.user_mss);
	out->pmtu = icsk->icsk_pmtu_cookie;
	out->probed_mtu = icsk->icsk_mtup.enabled ? icsk->icsk_mtup.search_low : 0;
	out->header = icsk->icsk_af_ops->net_header_len + sizeof(struct tcphdr);
	out->options = tp->tcp_header_len - sizeof(struct tcphdr) +
		       icsk->icsk_ext_hdr_len;
	read_route(rcu_dereference_raw(sk->sk_dst_cache), out);
}

/**
 * tlc_sock_read_mss_offer() - what makes the MSS a SYN or SYN-ACK advertises
 * @sk: socket that connects, or listener
 * @dst: route to the peer, or NULL
 * @out: filled
 *
 * Context: preemption disabled.
 */
void tlc_sock_read_mss_offer(const struct sock *sk, const struct dst_entry *dst,
			     struct tlc_mss_facts *out)
{
	*out = (struct tlc_mss_facts) { };
	if (!dst)
		return;
	/* A listener's TCP_MAXSEG may be set just now; the kernel asks no lock, either */
	out->adv = data_race(tcp_mss_clamp(tcp_sk(sk), dst_metric_advmss(dst)));
	/* As above */
	out->user = data_race(tcp_sk(sk)->rx_opt.user_mss);
	out->pmtu = dst_mtu(dst);
	out->header = sizeof(struct tcphdr) +
		      (dst->ops->family == AF_INET ? sizeof(struct iphdr) :
						     sizeof(struct ipv6hdr));
	read_route(dst, out);
}

/**
 * tlc_sock_read_syn() - options of a SYN or SYN-ACK that came in
 * @skb: segment, its TCP header pulled by tcp_v4_rcv() or tcp_v6_rcv()
 * @out: filled
 */
void tlc_sock_read_syn(const struct sk_buff *skb, struct tlc_synopts *out)
{
	const struct tcphdr *th = tcp_hdr(skb);
	unsigned int len = th->doff * 4;

	if (len < sizeof(*th)) {
		*out = (struct tlc_synopts) { };
		return;
	}
	tlc_synopts_parse((const u8 *)(th + 1), len - sizeof(*th), out);
	/* RFC 3168: a SYN offers with both bits, a SYN-ACK agrees with one. */
	if (th->ece && (th->ack ? !th->cwr : th->cwr))
		out->opts |= TCP_LIFECYCLE_OPT_ECN;
}

/**
 * tlc_sock_read_process() - its number and its name
 * @out: pid and comm are filled, the rest is not
 *
 * Context: process only.
 */
void tlc_sock_read_process(struct tlc_owner *out)
{
	out->pid = task_tgid_nr(current);
	/* Another thread may give this one a name, through /proc */
	data_race(memcpy(out->comm, current->group_leader->comm, sizeof(out->comm)));
}

/**
 * tlc_sock_read_owner() - the calling process
 * @out: filled
 *
 * Context: process only: in softirq current is whoever was interrupted.
 */
void tlc_sock_read_owner(struct tlc_owner *out)
{
	tlc_sock_read_process(out);
	out->uid = current_euid();
	/* As above */
	data_race(memcpy(out->thread, current->comm, sizeof(out->thread)));
	if (!strncmp(out->comm, out->thread, sizeof(out->comm)))
		out->thread[0] = '\0';
#ifdef CONFIG_CGROUPS
	rcu_read_lock();
	out->cgroup = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
#else
	out->cgroup = 0;
#endif
}
