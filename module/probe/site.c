// SPDX-License-Identifier: GPL-2.0-only
/*
 * site.c: the bytes in front of a function's own first instruction.
 *
 * Owns: telling how long they are on x86-64, where compiler and kernel leave room for
 * ftrace (-mfentry).
 * Called by: place.c, at load.  Pure: it sees bytes only.
 * Must not: guess.  What may change a register has length 0.
 */
#include "probe/site.h"

#include <linux/kernel.h>
#include <linux/string.h>

/*
 * At an indirect call's target; and what the kernel writes over it where a function has
 * none (gen_endbr_poison(), before 6.15 and since).  No register changes.
 */
static const u8 endbr[][TLC_SITE_ENDBR] = {
	{ 0xf3, 0x0f, 0x1e, 0xfa },
	{ 0x66, 0x0f, 0x1f, 0x00 },
	{ 0x0f, 0x1f, 0x40, 0xd6 },
};

/*
 * nopl 0x0(%rax,%rax,1).  A call is there while anybody traces the function, who need not come
 * back: a live patch goes on in another function, and what is behind the call never runs.
 */
static bool is_call_site(const u8 *at)
{
	static const u8 nop[TLC_SITE_CALL] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };

	return !memcmp(at, nop, sizeof(nop));
}

/**
 * tlc_site_length() - how far behind a function's entry are its arguments still in place?
 * @entry: TLC_SITE_MAX bytes, from the entry on; ftrace has its call site among them
 *
 * Return: bytes from the entry to the first instruction of its own, if nothing stands
 * before that but the call site, and perhaps an endbr64; else 0.
 */
unsigned int tlc_site_length(const u8 *entry)
{
	unsigned int i;

	if (is_call_site(entry))
		return TLC_SITE_CALL;
	for (i = 0; i < ARRAY_SIZE(endbr); i++)
		if (!memcmp(entry, endbr[i], TLC_SITE_ENDBR) &&
		    is_call_site(entry + TLC_SITE_ENDBR))
			return TLC_SITE_ENDBR + TLC_SITE_CALL;
	return 0;
}
