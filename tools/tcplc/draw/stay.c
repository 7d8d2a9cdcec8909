// SPDX-License-Identifier: GPL-2.0-only
/*
 * stay.c: what a connection did between its handshake and its end.
 *
 * Pure.  Its bytes are those of the whole life: it says so where some of them may
 * have crossed outside ESTABLISHED.  While a connection is there they are not known: the
 * module reads them with the entries.
 */
#include "draw/stay.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define HAS(name) conn_has(c, TCP_LIFECYCLE_A_CONN_##name)

/* Where it was left, or NULL. */
static const struct entry *left(const struct conn *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++)
		if (entry_moves(&c->entry[i]) && c->entry[i].from == S(ESTABLISHED))
			return &c->entry[i];
	return NULL;
}

/* Not known where the beginning or the end of it was not recorded. */
static bool duration(const struct conn *c, uint64_t *us)
{
	const struct entry *in = conn_entered(c, S(ESTABLISHED)), *out = left(c);

	if (!in || (out && out->gap))
		return false;
	if (!out && (c->state != S(ESTABLISHED) || !HAS(AGE_US)))
		return false;
	*us = out ? out->at_us : c->age_us;
	*us = *us > in->at_us ? *us - in->at_us : 0;
	return true;
}

/* Data in a SYN, or after a FIN of which the record does not say how much came then. */
static bool elsewhere(const struct conn *c)
{
	bool fin = HAS(FIN) || HAS(PEER_FIN) || conn_entered(c, S(FIN_WAIT_1)) ||
		   conn_entered(c, S(CLOSE_WAIT));

	return c->open == TCP_LIFECYCLE_OPEN_FASTOPEN || (fin && !HAS(AFTER_FIN_BYTES));
}

static void put_bytes(FILE *out, const struct conn *c)
{
	if (HAS(TX_BYTES))
		fprintf(out, "%" PRIu64 " byte%s sent and acknowledged", c->tx_bytes,
			c->tx_bytes == 1 ? "" : "s");
	if (HAS(RX_BYTES))
		fprintf(out, "%s%" PRIu64 " %sreceived", HAS(TX_BYTES) ? ", " : "", c->rx_bytes,
			HAS(TX_BYTES) ? "" : c->rx_bytes == 1 ? "byte " : "bytes ");
	if (elsewhere(c))
		fputs(" in all", out);
	else if (c->after_fin_bytes)
		fprintf(out, ", %" PRIu64 " of them after the first FIN", c->after_fin_bytes);
}

/**
 * stay_text() - how long it was in ESTABLISHED, and what crossed
 * @out: the text; empty if neither is known
 * @size: room in it
 * @c: a connection with its entries
 */
void stay_text(char *out, size_t size, const struct conn *c)
{
	bool bytes = (HAS(TX_BYTES) || HAS(RX_BYTES)) && c->state != S(ESTABLISHED), known;
	char buf[TEXT_DURATION_SIZE];
	uint64_t us;
	FILE *f;

	out[0] = '\0';
	f = fmemopen(out, size - 1, "w");
	if (!f)
		return;
	known = duration(c, &us);
	if (known)
		fprintf(f, "for %s%s%s", text_duration(buf, us),
			c->state == S(ESTABLISHED) ? " so far" : "", bytes ? ": " : "");
	if (bytes)
		put_bytes(f, c);
	fclose(f);
	out[size - 1] = '\0';
}
