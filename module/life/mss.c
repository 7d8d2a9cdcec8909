// SPDX-License-Identifier: GPL-2.0-only
/*
 * mss.c: why an MSS is what it is.
 *
 * Owns: the arithmetic of RFC 6691 as Linux does it (tcp_sync_mss(),
 * tcp_advertise_mss()), read backwards: from the value to what made it.
 * Called by: opening.c when a connection is established, midlife.c later.  Pure.
 * Must not: look at a socket.
 */
#include "life/mss.h"

#include <linux/minmax.h>

/* What holds the MTU of the path down. */
static enum tcp_lifecycle_mss_by mtu_by(const struct tlc_mss_facts *f)
{
	if (!f->dev_mtu)
		return TCP_LIFECYCLE_MSS_BY_UNKNOWN;
	if (f->pmtu >= f->dev_mtu)
		return TCP_LIFECYCLE_MSS_BY_MTU;
	if (f->pmtu_learned)
		return TCP_LIFECYCLE_MSS_BY_PMTU;
	return f->route_mtu ? TCP_LIFECYCLE_MSS_BY_ROUTE :
			      TCP_LIFECYCLE_MSS_BY_PMTU;
}

/**
 * tlc_mss_fits_cookie() - may a SYN cookie have been what told this MSS?
 * @mss: the kernel's bound from the peer's option
 *
 * msstab in net/ipv4/syncookies.c and in net/ipv6/syncookies.c.
 *
 * Context: any.
 */
bool tlc_mss_fits_cookie(u16 mss)
{
	switch (mss) {
	case 536:
	case 1300:
	case 1440:
	case 1460:
	case 1280 - 60:
	case 1480 - 60:
	case 9000 - 60:
		return true;
	}
	return false;
}

/**
 * tlc_mss_adv_by() - what set the MSS we advertised
 * @f: facts taken from the socket
 *
 * Context: any.
 */
enum tcp_lifecycle_mss_by tlc_mss_adv_by(const struct tlc_mss_facts *f)
{
	if (!f->adv)
		return TCP_LIFECYCLE_MSS_BY_UNKNOWN;
	if (f->user && f->adv == f->user)
		return TCP_LIFECYCLE_MSS_BY_MAXSEG;
	if (f->route_advmss && f->adv == f->route_advmss)
		return TCP_LIFECYCLE_MSS_BY_ROUTE;
	/* What was learned of the path need not show in what is advertised. */
	if (f->dev_mtu && f->adv + f->header == f->dev_mtu)
		return TCP_LIFECYCLE_MSS_BY_MTU;
	return mtu_by(f);
}

/**
 * tlc_mss_eff_by() - what holds the effective MSS down
 * @f: facts taken from the socket
 * @peer: options of the peer's SYN
 * @cookie: the connection was made of a SYN cookie
 *
 * The kernel takes the least of the peer's bound and of what the path lets
 * through, then takes the options off, then bounds it to half of the largest
 * window seen, then to what MTU probing has found to get through.  Where peer
 * and path agree, the path is named.
 *
 * A SYN cookie has room for one of four values: the largest that the peer's option, or
 * TCP_MAXSEG below it, allows.  What the option was nobody knows any more, so it cannot
 * be named.
 *
 * Context: any.
 */
enum tcp_lifecycle_mss_by tlc_mss_eff_by(const struct tlc_mss_facts *f,
					 const struct tlc_synopts *peer, bool cookie)
{
	u32 path, least;

	if (!f->eff || !f->pmtu || !f->clamp)
		return TCP_LIFECYCLE_MSS_BY_UNKNOWN;

	if (f->eff + f->options + f->header == f->probed_mtu)
		return TCP_LIFECYCLE_MSS_BY_PMTU;
	path = f->pmtu > f->header ? f->pmtu - f->header : 0;
	least = min_t(u32, path, f->clamp);
	if (f->eff + f->options < least)
		return TCP_LIFECYCLE_MSS_BY_WINDOW;
	if (f->clamp >= path)
		return mtu_by(f);
	if (f->user && f->user == f->clamp &&
	    (!peer->known || !peer->mss || peer->mss > f->user))
		return TCP_LIFECYCLE_MSS_BY_MAXSEG;
	if (cookie)
		return TCP_LIFECYCLE_MSS_BY_COOKIE;
	if (peer->known && !peer->mss)
		return TCP_LIFECYCLE_MSS_BY_DEFAULT;
	return TCP_LIFECYCLE_MSS_BY_PEER;
}
