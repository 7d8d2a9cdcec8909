/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PACK_H
#define TLC_PACK_H

#include <linux/skbuff.h>

#include "attr.h"
#include "feed/pack_entry.h"
#include "feed/pack_head.h"
#include "life/record.h"
#include "life/view.h"

/* Of the largest record without its entries, and with all of them; see pack_test.c. */
#define TLC_PACK_HEAD_MAX \
	(TLC_PACK_IDENTITY_MAX + TLC_PACK_VERDICT_MAX + \
	 27 * TLC_ATTR_SMALL + 9 * TLC_ATTR_U64 + 3 * TLC_ATTR_16)
#define TLC_PACK_RECORD_MAX	(TLC_PACK_HEAD_MAX + TLC_ENTRIES * TLC_PACK_ENTRY_MAX)

int tlc_pack_record(struct sk_buff *skb, const struct tlc_record *rec,
		    const struct tlc_view *view, bool brief);

#endif /* TLC_PACK_H */
