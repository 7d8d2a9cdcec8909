/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_VERDICT_H
#define TLC_VERDICT_H

#include "life/record.h"

/**
 * struct tlc_verdict - how a connection ended
 * @close: enum tcp_lifecycle_close
 * @cause: enum tcp_lifecycle_cause of the last transition
 * @first: enum tcp_lifecycle_first, if no FIN had settled it before
 */
struct tlc_verdict {
	u8 close;
	u8 cause;
	u8 first;
};

/**
 * tlc_verdict_sends_rst() - is an RST built from the very socket that ends?
 * @close: enum tcp_lifecycle_close
 */
static inline bool tlc_verdict_sends_rst(u8 close)
{
	return close == TCP_LIFECYCLE_CLOSE_RST_UNREAD ||
	       close == TCP_LIFECYCLE_CLOSE_RST_LINGER ||
	       close == TCP_LIFECYCLE_CLOSE_FASTCLOSE_SENT ||
	       close == TCP_LIFECYCLE_CLOSE_SUBFLOW_RESET ||
	       close == TCP_LIFECYCLE_CLOSE_RST_LINGER2;
}

struct tlc_verdict tlc_verdict_socket(const struct tlc_record *rec,
				      const struct tlc_event *ev);
u8 tlc_verdict_request_cause(const struct tlc_record *rec, const struct tlc_event *ev,
			     struct tlc_segment *seg);
struct tlc_verdict tlc_verdict_request(const struct tlc_event *ev);
struct tlc_verdict tlc_verdict_timewait(const struct tlc_record *rec,
					const struct tlc_event *ev);

#endif /* TLC_VERDICT_H */
