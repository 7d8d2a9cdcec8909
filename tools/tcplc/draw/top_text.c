// SPDX-License-Identifier: GPL-2.0-only
/*
 * top_text.c: totals as a screen, or as JSON.
 *
 * Pure.  A rate needs two looks: at the first one it is not known.
 */
#include "draw/top_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ends.h"
#include "base/names.h"
#include "base/text.h"
#include "base/wrap.h"
#include "draw/beside.h"
#include "draw/table.h"
#include "json/json.h"

#define NUMBER_SIZE 24
#define RATE_UNKNOWN -1.0
#define PARTIES_SHOWN 5		/* peers, and processes */
#define PARTIES_TOLD 20		/* likewise, in JSON */

typedef void (*put_fn)(FILE *out, const struct look *now, const struct look *before,
		       unsigned int width);

static double rate(const struct look *now, const struct look *before,
		   uint64_t n, uint64_t was)
{
	if (!before || now->at <= before->at)
		return RATE_UNKNOWN;
	/* Less than before: it was loaded anew. */
	return n < was ? 0 : (n - was) * 1e6 / (now->at - before->at);
}

/* What happened since the look before, as the records say. */
static double within_window(const struct look *now, uint64_t n)
{
	return look_has_window(now) ? n * 1e9 / (now->window.until - now->window.from) :
				      RATE_UNKNOWN;
}

static const char *put_rate(char *out, double r)
{
	if (r < 0)
		snprintf(out, NUMBER_SIZE, "-");
	else
		snprintf(out, NUMBER_SIZE, r < 99.95 ? "%.1f" : "%.0f", r);
	return out;
}

static const char *const sorted_by[PARTIES_BY_NR] = {
	[PARTIES_BORN] = "NEW/S",
	[PARTIES_OPEN] = "OPEN",
	[PARTIES_ENDED] = "ENDED",
	[PARTIES_RESET] = "RESET",
};

static void put_head(FILE *out, const struct look *now,
		     const struct look *before)
{
	char born[NUMBER_SIZE], ended[NUMBER_SIZE], clock[16];
	time_t wall = now->real / 1000000000;
	struct tm tm = { 0 };

	localtime_r(&wall, &tm);
	strftime(clock, sizeof(clock), "%T", &tm);
	fprintf(out, "%stcplc top%s  %s", text_on(TEXT_BOLD), text_off(), clock);
	if (!look_has_host(now)) {
		fputs("  totals need CAP_NET_ADMIN on the host\n", out);
		return;
	}
	put_rate(born, rate(now, before, now->counters.born, before ? before->counters.born : 0));
	put_rate(ended, rate(now, before, look_ended(now),
			     before ? look_ended(before) : 0));
	fprintf(out, "  %u live, %u dead, room for %u  new/s %s  ended/s %s\n",
		now->counters.live, now->counters.dead, now->counters.capacity, born, ended);
}

/* Of what this reader may see; the feed's own numbers are no loss. */
static const struct counters_field *loss(const struct look *now, unsigned int i)
{
	const struct counters_field *field = counters_field(i);

	return field && field->loss && counters_has(&now->counters, field->attr) ?
	       field : NULL;
}

static void put_losses(FILE *out, const struct look *now, unsigned int width)
{
	char *text = NULL;
	bool any = false;
	unsigned int i;
	size_t size;
	FILE *f;

	f = open_memstream(&text, &size);
	if (!f)
		return;
	for (i = 0; counters_field(i); i++) {
		if (!loss(now, i))
			continue;
		any |= counters_value(&now->counters, counters_field(i)->attr);
		fprintf(f, " %s=%" PRIu64, counters_field(i)->name,
			counters_value(&now->counters, counters_field(i)->attr));
	}
	fclose(f);
	fprintf(out, "%slost ", text_on(any ? TEXT_BAD : TEXT_PLAIN));
	wrap_print(out, text, strlen("lost "), width);
	fputs(text_off(), out);
	free(text);
}

static void put_states(FILE *out, const struct look *now, const struct look *before,
		       unsigned int width)
{
	static const struct table_column columns[] = {
		{ .title = "STATE" },
		{ .title = "NOW", .right = true },
	};
	struct table *t = table_new(out, columns, 2, width, true);
	char number[NUMBER_SIZE];
	unsigned int i;

	(void)before;
	if (!t)
		return;
	for (i = 0; i <= TCP_LIFECYCLE_STATE_MAX; i++) {
		if (!now->state[i])
			continue;
		snprintf(number, sizeof(number), "%" PRIu64, now->state[i]);
		table_row(t, (struct table_cell[]){
			{ tlc_words_state(i), text_state_color(i) },
			{ number, TEXT_PLAIN },
		});
	}
	table_end(t);
}

static void put_word(struct table *t, const struct look *now,
		     const struct look *before, const char *what,
		     struct table_cell word, uint64_t n, uint64_t was)
{
	char number[NUMBER_SIZE], per_second[NUMBER_SIZE];

	if (!n)
		return;
	snprintf(number, sizeof(number), "%" PRIu64, n);
	put_rate(per_second, rate(now, before, n, was));
	table_row(t, (struct table_cell[]){
		{ what, TEXT_PLAIN }, word, { number, TEXT_PLAIN },
		{ per_second, TEXT_PLAIN },
	});
}

static void put_verdicts(FILE *out, const struct look *now,
			 const struct look *before, unsigned int width)
{
	static const struct table_column columns[] = {
		{ .title = "VERDICT" },
		{ .title = "" },
		{ .title = "TOTAL", .right = true },
		{ .title = "PER-SECOND", .right = true },
	};
	struct table *t;
	unsigned int i;

	if (!look_has_host(now))
		return;
	t = table_new(out, columns, 4, width, true);
	if (!t)
		return;
	for (i = 0; i <= TCP_LIFECYCLE_OPEN_MAX; i++)
		put_word(t, now, before, "open",
			 (struct table_cell){ tlc_words_open(i), TEXT_PLAIN },
			 now->counters.open[i], before ? before->counters.open[i] : 0);
	for (i = TCP_LIFECYCLE_CLOSE_NONE + 1; i <= TCP_LIFECYCLE_CLOSE_MAX; i++)
		put_word(t, now, before, "close",
			 (struct table_cell){ tlc_words_close(i), text_close_color(i) },
			 now->counters.close[i], before ? before->counters.close[i] : 0);
	table_end(t);
}

static void put_listener(struct table *t, const struct look *now,
			 const struct look *before,
			 const struct look_listener *l)
{
	const struct look_listener *was =
		before ? look_listener(before, l->cookie) : NULL;
	char accepted[NUMBER_SIZE], per_second[NUMBER_SIZE];
	char syn[NUMBER_SIZE], full[NUMBER_SIZE], room[NUMBER_SIZE];

	snprintf(accepted, sizeof(accepted), "%u", l->accepted);
	put_rate(per_second, rate(now, before, l->accepted, was ? was->accepted : 0));
	snprintf(syn, sizeof(syn), "%u", l->syn_overflow);
	snprintf(full, sizeof(full), "%u", l->accept_overflow);
	snprintf(room, sizeof(room), "%u", l->backlog);
	table_row(t, (struct table_cell[]){
		{ l->local, TEXT_LISTEN }, { accepted, TEXT_PLAIN },
		{ per_second, TEXT_PLAIN },
		{ syn, l->syn_overflow ? TEXT_BAD : TEXT_PLAIN },
		{ full, l->accept_overflow ? TEXT_BAD : TEXT_PLAIN },
		{ room, TEXT_PLAIN }, { l->comm, TEXT_PLAIN },
	});
}

static void put_listeners(FILE *out, const struct look *now,
			  const struct look *before, unsigned int width)
{
	static const struct table_column columns[] = {
		{ .title = "LISTENER", .shorten = ends_shorten },
		{ .title = "ACCEPTED", .right = true },
		{ .title = "PER-SECOND", .right = true },
		{ .title = "SYN-FULL", .right = true, .leaves = 1 },
		{ .title = "ACCEPT-FULL", .right = true, .leaves = 2 },
		{ .title = "ROOM", .right = true, .leaves = 4 },
		{ .title = "PROCESS", .leaves = 3 },
	};
	struct table *t = table_new(out, columns, 7, width, true);
	unsigned int hidden;
	size_t i;

	if (!t)
		return;
	for (i = 0; i < now->nr_listeners; i++)
		put_listener(t, now, before, &now->listener[i]);
	hidden = table_end(t);
	if (hidden)
		fprintf(out, "%s%u column%s hidden, -w shows %s%s\n", text_on(TEXT_DIM),
			hidden, hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them",
			text_off());
}

static void put_party(struct table *t, const struct look *now, const struct party *p)
{
	char open[NUMBER_SIZE], ended[NUMBER_SIZE], reset[NUMBER_SIZE];
	char born[NUMBER_SIZE], died[NUMBER_SIZE];

	snprintf(open, sizeof(open), "%" PRIu64, p->open);
	snprintf(ended, sizeof(ended), "%" PRIu64, p->ended);
	snprintf(reset, sizeof(reset), "%" PRIu64, p->reset);
	table_row(t, (struct table_cell[]){
		{ p->name, TEXT_PLAIN },
		{ put_rate(born, within_window(now, p->born)), TEXT_PLAIN },
		{ put_rate(died, within_window(now, p->died)), TEXT_PLAIN },
		{ open, TEXT_PLAIN }, { ended, TEXT_PLAIN },
		{ reset, p->reset ? TEXT_BAD : TEXT_PLAIN },
	});
}

/* The busiest; an address is shortened where there is no room, a name of a process not. */
static void put_parties(FILE *out, const struct look *now, const struct parties *p,
			const char *title, bool address, unsigned int width)
{
	const struct table_column columns[] = {
		{ .title = title, .shorten = address ? ends_shorten : NULL },
		{ .title = "NEW/S", .right = true },
		{ .title = "ENDED/S", .right = true },
		{ .title = "OPEN", .right = true },
		{ .title = "ENDED", .right = true },
		{ .title = "RESET", .right = true },
	};
	struct table *t;
	size_t i;

	if (!p->nr)
		return;
	t = table_new(out, columns, 6, width, true);
	if (!t)
		return;
	for (i = 0; i < p->nr && i < PARTIES_SHOWN; i++)
		put_party(t, now, &p->party[i]);
	table_end(t);
	if (p->nr > PARTIES_SHOWN)
		fprintf(out, "%sand %zu more%s\n", text_on(TEXT_DIM), p->nr - PARTIES_SHOWN,
			text_off());
}

/* Two tables, as much beside each other as there is room for. */
static void put_beside(FILE *out, const struct look *now, const struct look *before,
		       unsigned int width, put_fn left, put_fn right)
{
	char *text[2] = { NULL, NULL };
	put_fn put[2] = { left, right };
	size_t size, i;
	FILE *f;

	for (i = 0; i < 2; i++) {
		f = open_memstream(&text[i], &size);
		if (!f)
			break;
		put[i](f, now, before, width);
		fclose(f);
	}
	if (i == 2 && (*text[0] || *text[1])) {
		putc('\n', out);
		beside_print(out, text[0], text[1], width);
	}
	free(text[0]);
	free(text[1]);
}

static void put_processes(FILE *out, const struct look *now, const struct look *before,
			  unsigned int width)
{
	(void)before;
	put_parties(out, now, &now->processes, "PROCESS", false, width);
}

static void put_peers(FILE *out, const struct look *now, const struct look *before,
		      unsigned int width)
{
	(void)before;
	put_parties(out, now, &now->peers, "PEER", true, width);
}

static void put_keys(FILE *out, const struct top_style *style)
{
	if (!style->keys)
		return;
	fprintf(out, "%sby %s (s: another)  %s  q: quit%s\n", text_on(TEXT_DIM),
		sorted_by[style->by], style->paused ? "PAUSED (p: go on)" : "p: pause", text_off());
}

/**
 * top_text_print() - a screen
 * @out: where to
 * @now: what to show
 * @before: the look before, or NULL
 * @style: how
 */
void top_text_print(FILE *out, const struct look *now, const struct look *before,
		    const struct top_style *style)
{
	put_head(out, now, before);
	put_losses(out, now, style->width);
	put_keys(out, style);
	put_beside(out, now, before, style->width, put_states, put_verdicts);
	put_beside(out, now, before, style->width, put_processes, put_peers);
	putc('\n', out);
	put_listeners(out, now, before, style->width);
}

static unsigned int count_lines(const char *text)
{
	unsigned int nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/**
 * top_text_fit() - as much of a screen as the terminal has room for
 * @out: where to
 * @text: from top_text_print(), each line ended
 * @room: lines there are; 0: not known
 *
 * The last line says how many are not shown.
 */
void top_text_fit(FILE *out, const char *text, unsigned int room)
{
	unsigned int lines = count_lines(text);
	unsigned int shown = room && lines > room ? room - 1 : lines;
	size_t len;

	for (; shown; shown--, lines--) {
		len = strcspn(text, "\n");
		fwrite(text, 1, len, out);
		fputs("\033[0m\033[K", out);
		text += len + 1;
		if (lines > 1)
			putc('\n', out);
	}
	if (lines)
		fprintf(out, "%s%u more line%s, the terminal is too small%s\033[K",
			text_on(TEXT_BAD), lines, lines == 1 ? "" : "s", text_off());
}

/* Rates are left out, not null, while they are not known. */
static void set_rate(json_t *object, const char *key, double r)
{
	if (r >= 0)
		json_object_set_new(object, key, json_real(r));
}

static json_t *words(const uint64_t *count, unsigned int from, unsigned int to,
		     const char *(*word)(u8 value))
{
	json_t *object = json_object();

	for (; from <= to; from++)
		if (count[from])
			json_object_set_new(object, word(from), json_u64(count[from]));
	return object;
}

static json_t *listener(const struct look *now, const struct look *before,
			const struct look_listener *l)
{
	const struct look_listener *was =
		before ? look_listener(before, l->cookie) : NULL;
	char cookie[NUMBER_SIZE];
	json_t *object;

	snprintf(cookie, sizeof(cookie), "%" PRIx64, l->cookie);
	object = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I}",
			   "cookie", cookie, "local", l->local, "comm", l->comm,
			   "backlog", (json_int_t)l->backlog,
			   "accepted", (json_int_t)l->accepted,
			   "syn_overflow", (json_int_t)l->syn_overflow,
			   "accept_overflow", (json_int_t)l->accept_overflow,
			   "cookies_sent", (json_int_t)l->cookies_sent);
	set_rate(object, "accepted_per_second",
		 rate(now, before, l->accepted, was ? was->accepted : 0));
	return object;
}

static json_t *parties(const struct look *now, const struct parties *p, const char *key)
{
	json_t *list = json_array(), *object;
	size_t i;

	for (i = 0; i < p->nr && i < PARTIES_TOLD; i++) {
		object = json_pack("{s:s, s:I, s:I, s:I}", key, p->party[i].name,
				   "open", (json_int_t)p->party[i].open,
				   "ended", (json_int_t)p->party[i].ended,
				   "reset", (json_int_t)p->party[i].reset);
		set_rate(object, "born_per_second", within_window(now, p->party[i].born));
		set_rate(object, "ended_per_second", within_window(now, p->party[i].died));
		json_array_append_new(list, object);
	}
	return list;
}

static void set_host(json_t *object, const struct look *now,
		     const struct look *before)
{
	json_object_set_new(object, "live", json_u64(now->counters.live));
	json_object_set_new(object, "dead", json_u64(now->counters.dead));
	json_object_set_new(object, "capacity", json_u64(now->counters.capacity));
	json_object_set_new(object, "born", json_u64(now->counters.born));
	json_object_set_new(object, "ended", json_u64(look_ended(now)));
	set_rate(object, "born_per_second",
		 rate(now, before, now->counters.born, before ? before->counters.born : 0));
	set_rate(object, "ended_per_second",
		 rate(now, before, look_ended(now),
		      before ? look_ended(before) : 0));
	json_object_set_new(object, "open",
			    words(now->counters.open, 0, TCP_LIFECYCLE_OPEN_MAX,
				  tlc_words_open));
	json_object_set_new(object, "close",
			    words(now->counters.close, TCP_LIFECYCLE_CLOSE_NONE + 1,
				  TCP_LIFECYCLE_CLOSE_MAX, tlc_words_close));
}

/**
 * top_text_json() - the same as an object
 * @now: what to show
 * @before: the look before, or NULL
 *
 * Return: a new reference.
 */
json_t *top_text_json(const struct look *now, const struct look *before)
{
	json_t *object = json_object(), *list = json_array(), *lost = json_object();
	unsigned int f;
	size_t i;

	json_object_set_new(object, "time_s", json_integer(now->real / 1000000000));
	if (look_has_host(now))
		set_host(object, now, before);
	for (f = 0; counters_field(f); f++)
		if (loss(now, f))
			json_object_set_new(lost, counters_field(f)->name,
				json_u64(counters_value(&now->counters,
						      counters_field(f)->attr)));
	json_object_set_new(object, "lost", lost);
	json_object_set_new(object, "states",
			    words(now->state, 0, TCP_LIFECYCLE_STATE_MAX,
				  tlc_words_state));
	for (i = 0; i < now->nr_listeners; i++)
		json_array_append_new(list, listener(now, before, &now->listener[i]));
	json_object_set_new(object, "listeners", list);
	json_object_set_new(object, "processes", parties(now, &now->processes, "comm"));
	json_object_set_new(object, "peers", parties(now, &now->peers, "remote"));
	return object;
}
