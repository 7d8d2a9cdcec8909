/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_JOINING_H
#define TLC_JOINING_H

#include "feed/audience.h"

#define TLC_JOIN_WINDOW	(10 * HZ)	/* whoever joins has joined by then */

void tlc_joining_seen(const struct net *net, int number);
bool tlc_joining_anybody(struct audience *a, bool sees_joining);
bool tlc_joining_settle(struct audience *a, bool there);

#endif /* TLC_JOINING_H */
