/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_WORDS_H
#define TLC_WORDS_H

#include <linux/types.h>

const char *tlc_words_state(u8 state);
const char *tlc_words_open(u8 open);
const char *tlc_words_close(u8 close);
const char *tlc_words_first(u8 first);
const char *tlc_words_cause(u8 cause);
const char *tlc_words_mss_by(u8 by);
const char *tlc_words_rst_reason(u8 reason);
const char *tlc_words_family(u8 family);
const char *tlc_words_group(u8 group);
const char *tlc_words_way(u8 way);
const char *tlc_words_opt(unsigned int bit);

#endif /* TLC_WORDS_H */
