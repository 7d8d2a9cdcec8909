// SPDX-License-Identifier: GPL-2.0-only
/*
 * names.c: from numbers to words and back.
 */
#include "base/names.h"

#include <ctype.h>
#include <stddef.h>

#include <linux/kernel.h>
#include <linux/tcp_lifecycle.h>

/**
 * names_owner() - name of the system call at which an owner was taken
 * @cause: enum tcp_lifecycle_cause
 */
const char *names_owner(u8 cause)
{
	return cause == TCP_LIFECYCLE_CAUSE_ACCEPTED ? "accept" :
	       tlc_words_cause(cause);
}

static const struct {
	const char *(*word)(u8 value);
	unsigned int count;
} kinds[] = {
	[NAMES_STATE] = { tlc_words_state, TCP_LIFECYCLE_STATE_MAX + 1 },
	[NAMES_OPEN] = { tlc_words_open, TCP_LIFECYCLE_OPEN_MAX + 1 },
	[NAMES_CLOSE] = { tlc_words_close, TCP_LIFECYCLE_CLOSE_MAX + 1 },
	[NAMES_FIRST] = { tlc_words_first, TCP_LIFECYCLE_FIRST_MAX + 1 },
	[NAMES_CAUSE] = { tlc_words_cause, TCP_LIFECYCLE_CAUSE_MAX + 1 },
	[NAMES_MSS_BY] = { tlc_words_mss_by, TCP_LIFECYCLE_MSS_BY_MAX + 1 },
	[NAMES_RST_REASON] = { tlc_words_rst_reason, TCP_LIFECYCLE_RST_REASON_MAX + 1 },
	[NAMES_FAMILY] = { tlc_words_family, TCP_LIFECYCLE_FAMILY_MAX + 1 },
	[NAMES_GROUP] = { tlc_words_group, TCP_LIFECYCLE_GROUP_MAX + 1 },
	[NAMES_WAY] = { tlc_words_way, TCP_LIFECYCLE_WAY_MAX + 1 },
	[NAMES_OWNER] = { names_owner, TCP_LIFECYCLE_CAUSE_MAX + 1 },
};

/**
 * names_word() - the word for a number
 * @kind: what the number means
 * @value: the number
 *
 * Return: "unknown" for a number that has none, "-" for nothing.
 */
const char *names_word(enum names_kind kind, unsigned int value)
{
	return value <= 0xff ? kinds[kind].word(value) : "unknown";
}

/**
 * names_count() - how many numbers there are of a kind
 * @kind: which
 */
unsigned int names_count(enum names_kind kind)
{
	return kinds[kind].count;
}

/**
 * names_equal() - are two words the same, but for case and for _ and -?
 * @a: one
 * @b: the other
 */
bool names_equal(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		char ca = *a == '_' ? '-' : tolower((unsigned char)*a);
		char cb = *b == '_' ? '-' : tolower((unsigned char)*b);

		if (ca != cb)
			return false;
	}
	return true;
}

/**
 * names_value() - the number for a word
 * @kind: what the word means
 * @word: in any case, with - or _; "none" for "-"
 * @value: set to the number
 *
 * Return: false if no number has this word.
 */
bool names_value(enum names_kind kind, const char *word, unsigned int *value)
{
	unsigned int i;

	for (i = 0; i < kinds[kind].count; i++) {
		const char *known = kinds[kind].word(i);

		if (names_equal(word, known) ||
		    (known[0] == '-' && !known[1] && names_equal(word, "none"))) {
			*value = i;
			return true;
		}
	}
	return false;
}
