/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_MIDLIFE_H
#define TLC_MIDLIFE_H

#include "life/record.h"

void tlc_midlife_mss(struct tlc_record *rec, const struct tlc_event *ev,
		     struct tlc_tally *tally);
void tlc_midlife_found(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally);
void tlc_midlife_timer(struct tlc_record *rec, const struct tlc_event *ev,
		       struct tlc_tally *tally);
void tlc_midlife_hint(struct tlc_record *rec, const struct tlc_event *ev);
void tlc_midlife_rst_out(struct tlc_record *rec, const struct tlc_event *ev,
			 struct tlc_tally *tally);

#endif /* TLC_MIDLIFE_H */
