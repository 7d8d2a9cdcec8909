/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch.h: what is sent to an audience, a datagram at a time.
 *
 * Used by: publish.c and tell_ended.c, whose worker alone sends something.
 */
#ifndef TLC_BATCH_H
#define TLC_BATCH_H

#include "feed/audience.h"

struct sk_buff *tlc_batch_begin(struct audience *a);
int tlc_batch_put_header(struct audience *a, void **hdr, u8 cmd, int seq, int lost, int pad);
void tlc_batch_flush(struct audience *a);
void tlc_batch_send_begun(void);

#endif /* TLC_BATCH_H */
