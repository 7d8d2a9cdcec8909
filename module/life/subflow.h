/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_SUBFLOW_H
#define TLC_SUBFLOW_H

#include "life/record.h"

void tlc_subflow_apply(struct tlc_record *rec, const struct tlc_event *ev);
void tlc_subflow_reset(struct tlc_record *rec, u8 cause);
u8 tlc_subflow_end(const struct tlc_record *rec, const struct tlc_event *ev);

#endif /* TLC_SUBFLOW_H */
