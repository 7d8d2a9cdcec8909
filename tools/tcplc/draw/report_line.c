// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_line.c: one connection, as the page of tcplc report reads it.
 *
 * Written as it goes, as conn_json.c does it: a tree for each of a hundred thousand takes
 * too long.
 */
#include "draw/report_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ends.h"
#include "base/text.h"
#include "draw/both.h"
#include "draw/facts.h"
#include "draw/rung_text.h"
#include "draw/sentence.h"
#include "json/json.h"

#define HAS(name) conn_has(c, TCP_LIFECYCLE_A_CONN_##name)

/* Of a rung that is a segment, as report/ladder.js has them. */
#define FLAG_OUT 1U
#define FLAG_IMPLIED 2U
#define FLAG_BAD 4U

/**
 * report_string() - a string of JSON that may stand in a page
 * @out: where
 * @text: any bytes, ended by a NUL
 */
void report_string(FILE *out, const char *text)
{
	char escaped[JSON_ESCAPED_SIZE], *end;
	size_t len, piece;

	fputc('"', out);
	for (len = strlen(text); len; text += piece, len -= piece) {
		piece = strcspn(text, "<");
		if (!piece) {
			fputs("\\u003c", out);
			piece = 1;
		} else if (piece * JSON_ESCAPED_SIZE <= sizeof(escaped)) {
			end = json_escape(escaped, text, piece);
			fwrite(escaped, 1, end - escaped, out);
		} else {
			char *more = malloc(piece * JSON_ESCAPED_SIZE);

			if (!more)
				break;
			end = json_escape(more, text, piece);
			fwrite(more, 1, end - more, out);
			free(more);
		}
	}
	fputc('"', out);
}

static void put_number(FILE *out, bool known, uint64_t value)
{
	if (known)
		fprintf(out, ",%" PRIu64, value);
	else
		fputs(",null", out);
}

static void put_end(FILE *out, const char *text, bool known)
{
	fputc(',', out);
	report_string(out, known ? text : "unknown");
}

static void put_moves(FILE *out, const struct conn *c)
{
	const char *comma = "";
	unsigned int i;

	fputs(",[", out);
	for (i = 0; i < c->nr_entries; i++) {
		const struct entry *e = &c->entry[i];

		if (!entry_moves(e))
			continue;
		fprintf(out, "%s%u,%u,%" PRIu64, comma, e->from, e->to, e->at_us);
		comma = ",";
	}
	fputc(']', out);
}

/* In the order of names in report/records.js. */
static void put_row(FILE *out, const struct conn *c, const unsigned int *findings, size_t nr)
{
	char text[ENDS_SIZE];
	size_t i;

	fputc('[', out);
	report_string(out, text_id(text, c));
	fprintf(out, ",%u", c->state);
	put_end(out, ends_local(text, c), c->local.len);
	put_end(out, ends_remote(text, c), c->remote.len);
	fprintf(out, ",%u,%u,%u,%" PRIu64 ",%u", c->open, c->close, c->first, c->start_ns / 1000,
		conn_older(c));
	put_number(out, HAS(LIVED_US), c->lived_us);
	put_number(out, HAS(RTT_US), c->rtt_us);
	put_number(out, HAS(MSS_EFF_BYTES), c->mss_eff_bytes);
	put_number(out, HAS(TX_BYTES), c->tx_bytes);
	put_number(out, HAS(RX_BYTES), c->rx_bytes);
	put_number(out, HAS(RETRANS), c->retrans);
	fputc(',', out);
	report_string(out, c->comm);
	put_number(out, HAS(PID), c->pid);
	fprintf(out, ",%" PRIu64, c->age_us);
	put_number(out, HAS(ISN), c->isn);
	put_number(out, HAS(PEER_ISN), c->peer_isn);
	put_number(out, HAS(BOOT_START_NS), c->boot_start_ns / 1000);
	put_moves(out, c);
	for (i = 0; i < nr; i++)
		fprintf(out, "%s%u", i ? "," : ",[", findings[i]);
	fputs(nr ? "]]" : "]", out);
}

static void put_rung(FILE *out, const struct happening *h)
{
	const struct rung *r = h->rung;
	char label[RUNG_LABEL_SIZE];
	unsigned int flags;

	fprintf(out, "[%u,%" PRIu64 ",", r->kind, h->at);
	switch (r->kind) {
	case RUNG_STATE:
		fprintf(out, "%u", r->state);
		break;
	case RUNG_SEGMENT:
		rung_label(label, sizeof(label), r, true);
		flags = (r->out ? FLAG_OUT : 0) | (r->implied ? FLAG_IMPLIED : 0) |
			(strstr(r->label, "RST") || r->no_seq ? FLAG_BAD : 0);
		fprintf(out, "%u,", flags);
		report_string(out, label);
		break;
	default:
		report_string(out, r->text);
	}
	fputc(']', out);
}

struct facts_out {
	FILE *out;
	bool any;
};

static void put_fact(const char *name, const char *text, enum text_color color, void *data)
{
	struct facts_out *f = data;

	fputs(f->any ? ",[" : "[", f->out);
	f->any = true;
	report_string(f->out, name);
	fputc(',', f->out);
	report_string(f->out, text);
	fprintf(f->out, ",%u]", color == TEXT_BAD);
}

static int put_life(FILE *out, const struct conn *c, const struct losses *losses)
{
	char *said = sentence(c, losses);
	struct facts_out f = { .out = out };
	struct both b;
	size_t i;
	int err;

	err = both_make(&b, c, NULL);
	if (!said || err) {
		free(said);
		both_free(&b);
		return -1;
	}
	fputs("{\"said\":", out);
	report_string(out, said);
	fputs(",\"facts\":[", out);
	facts_each(c, put_fact, &f);
	fputs("],\"rungs\":[", out);
	for (i = 0; i < b.nr; i++) {
		fputs(i ? "," : "", out);
		put_rung(out, &b.what[i]);
	}
	fputs("]}", out);
	free(said);
	both_free(&b);
	return 0;
}

/**
 * report_line() - write one
 * @out: where
 * @c: a connection with its entries
 * @losses: what the module may have failed to see; NULL: not known
 * @findings: indexes of the findings it is one of
 * @nr: how many
 *
 * Return: 0, or -1 if there is no memory.
 */
int report_line(FILE *out, const struct conn *c, const struct losses *losses,
		const unsigned int *findings, size_t nr)
{
	int err;

	put_row(out, c, findings, nr);
	fputc('\t', out);
	err = put_life(out, c, losses);
	fputc('\n', out);
	return err;
}
