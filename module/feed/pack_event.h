/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PACK_EVENT_H
#define TLC_PACK_EVENT_H

#include <linux/skbuff.h>

#include "feed/feed.h"

int tlc_pack_event(struct sk_buff *skb, const struct tlc_feed_event *ev,
		   s64 real_offset);

#endif /* TLC_PACK_EVENT_H */
