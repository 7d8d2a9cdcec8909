// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter.c: which connections are recorded.
 *
 * Owns: matching an identity against the parameters.
 * Called by: conn.c in handler context, once or twice in the life of a
 * connection.  Pure.
 * Must not: change its mind: the same addresses always give the same answer,
 * or a connection left out would come back in mid-life.
 */
#include "params.h"

#include <linux/string.h>

static bool is_loopback(const struct tlc_ident *id, const u8 *addr)
{
	static const u8 v6_loopback[16] = { [15] = 1 };

	if (id->family == TCP_LIFECYCLE_FAMILY_IPV6)
		return !memcmp(addr, v6_loopback, sizeof(v6_loopback));
	return addr[0] == 127;
}

static bool has_port(const struct tlc_filter *f, u16 port)
{
	unsigned int i;

	for (i = 0; i < f->nr_ports; i++)
		if (f->port[i] == port)
			return true;
	return false;
}

/**
 * tlc_filter_keeps() - is this connection to be recorded?
 * @f: filter
 * @id: addresses and ports
 *
 * A local port of 0 is one not chosen yet, and may still match: the question
 * is asked again when it is known.
 *
 * Context: any.
 */
bool tlc_filter_keeps(const struct tlc_filter *f, const struct tlc_ident *id)
{
	if (f->exclude_loopback &&
	    (is_loopback(id, id->local) || is_loopback(id, id->remote)))
		return false;
	if (!f->nr_ports || !id->lport)
		return true;
	return has_port(f, id->lport) || has_port(f, id->rport);
}
