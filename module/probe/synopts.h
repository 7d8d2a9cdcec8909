/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_SYNOPTS_H
#define TLC_SYNOPTS_H

#include "life/event.h"

void tlc_synopts_parse(const u8 *opt, unsigned int len, struct tlc_synopts *out);

#endif /* TLC_SYNOPTS_H */
