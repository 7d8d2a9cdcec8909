/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PLACE_H
#define TLC_PLACE_H

#include <linux/kprobes.h>

#define TLC_PLACES_MAX	48

/**
 * struct tlc_place - where the probe of a hook stands
 * @probe: the kernel's part
 * @entry: where the function begins
 * @stays: it is to stay at @entry
 * @behind: ftrace's call site stands between @entry and the probe
 */
struct tlc_place {
	struct kprobe probe;
	u8 *entry;
	bool stays;
	bool behind;
};

int tlc_place_find(struct tlc_place *place, const char *symbol, kprobe_pre_handler_t handler);
void tlc_place_arm(struct tlc_place *const *places, int *errs, unsigned int nr);
int tlc_place_enable(struct tlc_place *place, bool on);
u8 tlc_place_way(const struct tlc_place *place);

#endif /* TLC_PLACE_H */
