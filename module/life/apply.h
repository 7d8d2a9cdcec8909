/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_APPLY_H
#define TLC_APPLY_H

#include "life/record.h"

void tlc_record_end_missed(struct tlc_record *rec, const struct tlc_event *ev,
			   struct tlc_tally *tally);
void tlc_record_apply(struct tlc_record *rec, const struct tlc_event *ev,
		      struct tlc_tally *tally);

#endif /* TLC_APPLY_H */
