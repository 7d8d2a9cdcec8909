// SPDX-License-Identifier: GPL-2.0-only
/*
 * our_syn.c: which options our SYN carries, and which are in force.
 *
 * Owns: the decisions of tcp_syn_options() and what it calls, which the compiler has
 * inlined, made again of what they are made of.
 * Called by: hooks.c in handler context, census.c at load.
 * Must not: write to a socket, or take a lock, see sock.c.
 */
#include <linux/minmax.h>
#include <linux/tcp.h>
#include <net/dst.h>
#include <net/tcp.h>

#include "compat.h"
#include "probe/sock.h"

#define OPT(name) TCP_LIFECYCLE_OPT_##name

/*
 * TCP_MD5SIG and TCP-AO: is there a key for this very peer?  tcp_connect() fails where
 * there is one of each, and a child inherits those for its peer only.
 */
static u16 signature(const struct sock *sk)
{
#ifdef CONFIG_TCP_MD5SIG
	if (unlikely(rcu_access_pointer(tcp_sk(sk)->md5sig_info)) &&
	    tcp_sk(sk)->af_specific->md5_lookup(sk, sk))
		return OPT(MD5);
#endif
#ifdef CONFIG_TCP_AO
	if (unlikely(rcu_access_pointer(tcp_sk(sk)->ao_info)) &&
	    tcp_sk(sk)->af_specific->ao_lookup(sk, (struct sock *)sk, -1, -1))
		return OPT(AO);
#endif
	return 0;
}

/**
 * tlc_sock_read_agreed() - options in force
 * @sk: full TCP socket, about to be ESTABLISHED
 * @ev: agreed and wscale are filled
 */
void tlc_sock_read_agreed(const struct sock *sk, struct tlc_event *ev)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_options_received *rx = &tp->rx_opt;

	ev->agreed = (rx->wscale_ok ? OPT(WSCALE) : 0) |
		     (rx->sack_ok ? OPT(SACK) : 0) |
		     (rx->tstamp_ok ? OPT(TIMESTAMPS) : 0) |
		     (tlc_compat_ecn(tp) ? OPT(ECN) : 0) |
		     (sk_is_mptcp(sk) ? OPT(MPTCP) : 0) | signature(sk);
	ev->wscale[0] = rx->rcv_wscale;
	ev->wscale[1] = rx->snd_wscale;
}

/* net.ipv4.tcp_ecn: 1 asks for ECN, 3 and 4, which 7.3 knows, for either kind. */
static bool offers_ecn(const struct sock *sk)
{
	const struct dst_entry *dst = rcu_dereference_raw(sk->sk_dst_cache);
	u8 asks = READ_ONCE(sock_net(sk)->ipv4.sysctl_tcp_ecn);

	return asks == 1 || asks == 3 || asks == 4 ||
	       tcp_ca_needs_ecn(sk) ||
	       (dst && dst_feature(dst, RTAX_FEATURE_ECN));
}

/* As tcp_fastopen_active_should_disable(): a firewall on the way swallowed such SYNs. */
static bool fast_open_is_off(const struct netns_ipv4 *ipv4)
{
	unsigned int timeout = READ_ONCE(ipv4->sysctl_tcp_fastopen_blackhole_timeout);
	int times = atomic_read(&ipv4->tfo_active_disable_times);

	if (!timeout || !times)
		return false;
	smp_rmb();	/* pairs with smp_mb__before_atomic() in tcp_fastopen_active_disable() */
	return time_before(jiffies, READ_ONCE(ipv4->tfo_active_disable_stamp) +
				    (1 << min(times - 1, 6)) * timeout * HZ);
}

/* As tcp_fastopen_no_cookie(): data rides on the SYN, and the option does not. */
static bool needs_no_cookie(const struct sock *sk)
{
	const struct dst_entry *dst = rcu_dereference_raw(sk->sk_dst_cache);

	return READ_ONCE(sock_net(sk)->ipv4.sysctl_tcp_fastopen) & TFO_CLIENT_NO_COOKIE ||
	       tcp_sk(sk)->fastopen_no_cookie ||
	       (dst && dst_metric(dst, RTAX_FASTOPEN_NO_COOKIE));
}

/*
 * A SYN asks for a cookie, or has the one that tcp_metrics.c keeps, which nobody else
 * can look up.  Next to a signature there may be no room for that: tcp_finish_connect()
 * tells, see tlc_sock_sent_fast_open().
 */
static u16 fast_open(const struct sock *sk, u16 opts)
{
	return likely(!tcp_sk(sk)->fastopen_req) || opts & (OPT(MD5) | OPT(AO)) ||
	       fast_open_is_off(&sock_net(sk)->ipv4) || needs_no_cookie(sk) ?
	       0 : OPT(FASTOPEN);
}

/**
 * tlc_sock_read_offered() - options the SYN will carry
 * @sk: full TCP socket in tcp_connect()
 * @ev: isn and the options in syn are filled
 */
void tlc_sock_read_offered(const struct sock *sk, struct tlc_event *ev)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	u16 opts = OPT(MSS) | signature(sk);

	/* With MD5 there is no room for timestamps. */
	if (READ_ONCE(ipv4->sysctl_tcp_timestamps) && !(opts & OPT(MD5)))
		opts |= OPT(TIMESTAMPS);
	if (READ_ONCE(ipv4->sysctl_tcp_window_scaling))
		opts |= OPT(WSCALE);
	if (READ_ONCE(ipv4->sysctl_tcp_sack))
		opts |= OPT(SACK);
	if (offers_ecn(sk))
		opts |= OPT(ECN);
	ev->isn = tcp_sk(sk)->write_seq;
	ev->syn.known = true;
	ev->syn.opts = opts | fast_open(sk, opts);
}

/**
 * tlc_sock_sent_fast_open() - the SYN had the option of Fast Open
 * @sk: full TCP socket whose SYN is answered
 *
 * Return: TCP_LIFECYCLE_OPT_FASTOPEN or 0.
 */
u16 tlc_sock_sent_fast_open(const struct sock *sk)
{
	return tcp_sk(sk)->syn_fastopen ? OPT(FASTOPEN) : 0;
}
