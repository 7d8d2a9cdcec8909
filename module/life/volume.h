/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_VOLUME_H
#define TLC_VOLUME_H

#include "life/record.h"

void tlc_volume_take(struct tlc_record *rec, const struct tlc_tcp *tcp);
void tlc_volume_follow(struct tlc_record *rec, const struct tlc_event *ev);

#endif /* TLC_VOLUME_H */
