/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dead.h: the records of connections that have ended.
 *
 * Each is in one list: that of the CPU its connection ended on, or, until it was sent to
 * who listens, in one for all.  Whoever takes it from there takes it off its chain next.
 */
#ifndef TLC_DEAD_H
#define TLC_DEAD_H

#include "life/record.h"

void tlc_dead_init(void);
void tlc_dead_bury(struct tlc_record *rec);
bool tlc_dead_exhume(struct tlc_record *rec);
const struct tlc_record *tlc_dead_untold(u64 died_by);
bool tlc_dead_tell(struct tlc_record *rec);
struct tlc_record *tlc_dead_take(u64 died_by);
struct tlc_record *tlc_dead_evict(void);
struct tlc_record *tlc_dead_find(void);
u64 tlc_dead_longest(void);
unsigned int tlc_dead_number(void);

#endif /* TLC_DEAD_H */
