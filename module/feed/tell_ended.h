/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tell_ended.h: from the records of ended connections to those who listen.
 *
 * Used by: publish.c, whose worker it is; main.c, which hands over where records come
 * from.
 */
#ifndef TLC_TELL_ENDED_H
#define TLC_TELL_ENDED_H

#include <linux/skbuff.h>

#include "feed/audience.h"
#include "life/view.h"

/**
 * struct tlc_ended_source - where records come from, and how they are packed
 * @next: copies the next record that has yet to be told of, if its connection ended by
 *	  @died_by, boot time, ns; false: there is none
 * @any: is there one, whenever it ended?
 * @pack: puts it into a message; 0 or -EMSGSIZE
 */
struct tlc_ended_source {
	bool (*next)(u64 died_by, struct tlc_record *rec);
	bool (*any)(void);
	int (*pack)(struct sk_buff *skb, const struct tlc_record *rec,
		    const struct tlc_view *view, bool brief);
};

void tlc_tell_ended_init(const struct tlc_ended_source *from);
void tlc_tell_ended(const bool *live);
bool tlc_tell_ended_more(void);
void tlc_tell_ended_lost(struct audience *a);

#endif /* TLC_TELL_ENDED_H */
