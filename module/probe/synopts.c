// SPDX-License-Identifier: GPL-2.0-only
/*
 * synopts.c: the option field of a SYN.
 *
 * Owns: reading it.  The kernel's own parser stores MSS already clamped and
 * cannot tell "absent" from "536", which is what row N1 asks for.
 * Called by: hooks.c, in softirq, once or twice in the life of a connection.
 * Must not: read behind @len, or loop on hostile lengths.
 */
#include "probe/synopts.h"

#include <linux/string.h>
#include <net/tcp.h>

/* RFC 5925: kind, length, both key ids; the kernel has names for it since 6.7. */
#define OPT_AO		29
#define OPT_AO_MIN	4

static void parse_one(const u8 *opt, u8 len, struct tlc_synopts *out)
{
	switch (opt[0]) {
	case TCPOPT_MSS:
		if (len == TCPOLEN_MSS) {
			out->mss = opt[2] << 8 | opt[3];
			out->opts |= TCP_LIFECYCLE_OPT_MSS;
		}
		break;
	case TCPOPT_WINDOW:
		if (len == TCPOLEN_WINDOW) {
			out->wscale = opt[2];
			out->opts |= TCP_LIFECYCLE_OPT_WSCALE;
		}
		break;
	case TCPOPT_SACK_PERM:
		if (len == TCPOLEN_SACK_PERM)
			out->opts |= TCP_LIFECYCLE_OPT_SACK;
		break;
	case TCPOPT_TIMESTAMP:
		if (len == TCPOLEN_TIMESTAMP)
			out->opts |= TCP_LIFECYCLE_OPT_TIMESTAMPS;
		break;
	case TCPOPT_FASTOPEN:
		out->opts |= TCP_LIFECYCLE_OPT_FASTOPEN;
		break;
	case TCPOPT_EXP:
		/* As Fast Open was tried out; others have magic numbers of their own. */
		if (len >= TCPOLEN_EXP_FASTOPEN_BASE &&
		    (opt[2] << 8 | opt[3]) == TCPOPT_FASTOPEN_MAGIC)
			out->opts |= TCP_LIFECYCLE_OPT_FASTOPEN;
		break;
	case TCPOPT_MD5SIG:
		if (len == TCPOLEN_MD5SIG)
			out->opts |= TCP_LIFECYCLE_OPT_MD5;
		break;
	case OPT_AO:
		if (len >= OPT_AO_MIN)
			out->opts |= TCP_LIFECYCLE_OPT_AO;
		break;
	case TCPOPT_MPTCP:
		out->opts |= TCP_LIFECYCLE_OPT_MPTCP;
		break;
	}
}

/**
 * tlc_synopts_parse() - read the options of one SYN or SYN-ACK
 * @opt: first byte behind the fixed TCP header
 * @len: bytes of options, at most 40
 * @out: filled; ECN is in the flags, not the options, and left to the caller
 *
 * Stops at the first malformed option, as the kernel's own parser does.
 *
 * Context: any.
 */
void tlc_synopts_parse(const u8 *opt, unsigned int len, struct tlc_synopts *out)
{
	memset(out, 0, sizeof(*out));
	out->known = true;

	while (len) {
		unsigned int size;

		if (opt[0] == TCPOPT_EOL)
			return;
		if (opt[0] == TCPOPT_NOP) {
			opt++;
			len--;
			continue;
		}
		if (len < 2)
			return;
		size = opt[1];
		if (size < 2 || size > len)
			return;
		parse_one(opt, size, out);
		opt += size;
		len -= size;
	}
}
