/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PUBLISH_H
#define TLC_PUBLISH_H

#include <linux/types.h>

#include "feed/feed.h"
#include "feed/tell_ended.h"

struct net;

/**
 * struct tlc_publish_state - where a feed stands
 * @seq: number the next event, or ended connection, will have
 * @lost: those that were lost in the kernel
 */
struct tlc_publish_state {
	u64 seq;
	u64 lost;
};

int tlc_publish_init(bool (*sees_joining)(void), const struct tlc_ended_source *ended);
void tlc_publish_start(void);
void tlc_publish_look(bool saw);
void tlc_publish_stop(void);
void tlc_publish_exit(void);
struct tlc_feed_net *tlc_publish_everyone(void);
void tlc_publish_kick(enum tlc_feed_kick how);
void tlc_publish_state(const struct net *net, enum tlc_feed_kind kind,
		       struct tlc_publish_state *own, struct tlc_publish_state *all);

#endif /* TLC_PUBLISH_H */
