/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signing.h: does this host take only modules that are signed, and by whom?
 *
 * Owns: Secure Boot, lockdown, module.sig_enforce, the key of DKMS.
 * Used by: tcplc doctor.
 * Must not: sign anything.
 */
#ifndef TCPLC_SIGNING_H
#define TCPLC_SIGNING_H

/* enum signing_key - does the firmware know the key that DKMS signs with? */
enum signing_key {
	SIGNING_KEY_UNKNOWN,	/* no mokutil, no key, or an answer that is not known */
	SIGNING_KEY_ENROLLED,
	SIGNING_KEY_ABSENT,
};

const char *signing_wanted(void);
enum signing_key signing_key(void);

#endif /* TCPLC_SIGNING_H */
