/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_SITE_H
#define TLC_SITE_H

#include <linux/types.h>

#define TLC_SITE_CALL	5	/* ftrace's call, or the no-op in its place */
#define TLC_SITE_ENDBR	4	/* endbr64, or what IBT puts there instead */
#define TLC_SITE_MAX	(TLC_SITE_ENDBR + TLC_SITE_CALL)

unsigned int tlc_site_length(const u8 *entry);

#endif /* TLC_SITE_H */
