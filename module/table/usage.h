/* SPDX-License-Identifier: GPL-2.0-only */
/* usage.h: how full the pool is. */
#ifndef TLC_USAGE_H
#define TLC_USAGE_H

/**
 * struct tlc_usage - how full the pool is
 * @capacity: records in all
 * @live: held by living connections
 * @dead: held by ended ones
 */
struct tlc_usage {
	unsigned int capacity;
	unsigned int live;
	unsigned int dead;
};

struct tlc_usage tlc_usage(void);

#endif /* TLC_USAGE_H */
