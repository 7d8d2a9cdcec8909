/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_MSS_H
#define TLC_MSS_H

#include "life/event.h"

/* What a peer that sends no MSS option is taken to accept (RFC 9293, 3.7.1). */
#define TLC_MSS_DEFAULT_IPV4	536
#define TLC_MSS_DEFAULT_IPV6	1220

bool tlc_mss_fits_cookie(u16 mss);
enum tcp_lifecycle_mss_by tlc_mss_adv_by(const struct tlc_mss_facts *f);
enum tcp_lifecycle_mss_by tlc_mss_eff_by(const struct tlc_mss_facts *f,
					 const struct tlc_synopts *peer, bool cookie);

#endif /* TLC_MSS_H */
