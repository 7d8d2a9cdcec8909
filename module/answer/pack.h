/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PACK_H
#define TLC_PACK_H

#include <linux/skbuff.h>

#include "life/record.h"
#include "life/view.h"

/* Room for one record with all its entries; see pack_test.c. */
#define TLC_PACK_RECORD_MAX	2560

int tlc_pack_record(struct sk_buff *skb, const struct tlc_record *rec,
		    const struct tlc_view *view, bool brief);

#endif /* TLC_PACK_H */
