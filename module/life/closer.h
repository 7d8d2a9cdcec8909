/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_CLOSER_H
#define TLC_CLOSER_H

#include "life/record.h"

void tlc_closer_note(struct tlc_record *rec, const struct tlc_event *ev, u8 cause);

#endif /* TLC_CLOSER_H */
