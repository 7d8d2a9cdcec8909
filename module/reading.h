/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_READING_H
#define TLC_READING_H

#include "record.h"

bool tlc_reading_accept_wait(const struct tlc_record *rec, u32 *us);
bool tlc_reading_after_fin(const struct tlc_record *rec, u64 *bytes);
bool tlc_reading_tw_planned(const struct tlc_record *rec, u32 *ms);
bool tlc_reading_tw_actual(const struct tlc_record *rec, u64 *us);
bool tlc_reading_has_segment(const struct tlc_entry *e);
bool tlc_reading_has_ack(const struct tlc_entry *e);
bool tlc_reading_has_length(const struct tlc_entry *e);

#endif /* TLC_READING_H */
