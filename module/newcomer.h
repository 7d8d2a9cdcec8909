/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_NEWCOMER_H
#define TLC_NEWCOMER_H

#include "chain.h"
#include "conn.h"
#include "params.h"
#include "record.h"

void tlc_newcomer_init(struct tlc_record *rec, const struct tlc_event *ev,
		       const struct tlc_ident *id, u32 generation, bool complete);
bool tlc_newcomer_begins(const struct tlc_event *ev);
bool tlc_newcomer_supersedes(const struct tlc_record *rec, const struct tlc_event *ev);
struct tlc_record *tlc_newcomer_join(struct tlc_chain *chain, const struct tlc_event *ev,
				     tlc_ident_fn ident, const void *obj);
bool tlc_newcomer_kept(const struct tlc_ident *id);
void tlc_newcomer_meet_older(bool yes);
void tlc_newcomer_configure(struct tlc_filter *fresh);
void tlc_newcomer_config(struct tlc_filter *now);
void tlc_newcomer_start(bool (*missed)(void));
void tlc_newcomer_stop(void);

#endif /* TLC_NEWCOMER_H */
