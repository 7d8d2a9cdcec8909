// SPDX-License-Identifier: GPL-2.0-only
/*
 * rung_text.c: what stands on an arrow of a ladder.
 */
#include "draw/rung_text.h"

#include <stdio.h>

static int put_number(char *out, size_t size, const char *key, uint32_t value,
		      bool relative, uint32_t from)
{
	if (relative)
		return snprintf(out, size, " %s %u (%u)", key, value, value - from);
	return snprintf(out, size, " %s %u", key, value);
}

/**
 * rung_label() - what a segment is, with its numbers
 * @out: at least RUNG_LABEL_SIZE bytes
 * @size: its size
 * @r: a rung that is a segment
 * @relative: also count from the sender's first number
 */
void rung_label(char *out, size_t size, const struct rung *r, bool relative)
{
	int n = snprintf(out, size, "%s", r->label);

	if (r->has_seq)
		n += put_number(out + n, size - n, "seq", r->seq,
				relative && r->rel_seq, r->seq_from);
	else if (!r->no_seq && !r->implied)
		n += snprintf(out + n, size - n, " seq unknown");
	if (r->has_ack && !r->no_ack)
		put_number(out + n, size - n, "ack", r->ack,
			   relative && r->rel_ack, r->ack_from);
}

static int put_short(char *out, size_t size, const char *key, uint32_t value,
		     bool relative, uint32_t from)
{
	if (relative)
		return snprintf(out, size, " %s %u", key, value - from);
	return snprintf(out, size, " %s =%u", key, value);
}

/**
 * rung_label_short() - the same, its numbers counted from the sender's first one
 * @out: at least RUNG_LABEL_SIZE bytes
 * @size: its size
 * @r: a rung that is a segment
 *
 * Where that one is not known the number is the one on the wire, behind a "=".
 */
void rung_label_short(char *out, size_t size, const struct rung *r)
{
	int n = snprintf(out, size, "%s", r->label);

	if (r->has_seq)
		n += put_short(out + n, size - n, "seq", r->seq, r->rel_seq, r->seq_from);
	else if (!r->no_seq && !r->implied)
		n += snprintf(out + n, size - n, " seq unknown");
	if (r->has_ack && !r->no_ack)
		put_short(out + n, size - n, "ack", r->ack, r->rel_ack, r->ack_from);
}
