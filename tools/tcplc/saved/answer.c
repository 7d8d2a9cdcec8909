// SPDX-License-Identifier: GPL-2.0-only
/*
 * answer.c: the answers of a file to what the module is asked.
 */
#include "saved/answer.h"

#include <errno.h>
#include <stdio.h>

#include "ask/query.h"
#include "ask/source.h"
#include "base/boot.h"
#include "base/clock.h"
#include "base/ends.h"
#include "saved/counters_json.h"
#include "saved/settings_json.h"

/* The file that answers, for ends.c. */
static const struct header *answering;

/* As the kernel has it: the records of one's own namespace, but on request. */
static bool is_visible(const struct tcplc *ctx, const struct conn *c)
{
	const struct header *h = saved_header(ctx->nl.answers);

	return ctx->all_netns || !h->netns || c->netns == h->netns;
}

struct dump {
	const struct tcplc *ctx;
	const struct query *query;
	query_fn fn;
	void *data;
};

static int give(struct conn *c, void *data)
{
	const struct dump *d = data;
	const struct query *q = d->query;

	if (!is_visible(d->ctx, c) ||
	    (q->cmd == TCP_LIFECYCLE_CMD_LISTENER_GET &&
	     c->open != TCP_LIFECYCLE_OPEN_LISTENER) ||
	    (q->filter && !filter_match(q->filter, c)))
		return 0;
	return d->fn(c, d->data);
}

static int on_dump(struct tcplc *ctx, const struct query *q, query_fn fn, void *data)
{
	struct dump d = { .ctx = ctx, .query = q, .fn = fn, .data = data };
	int err;

	err = saved_records(ctx->nl.answers, query_is_brief(q), give, &d);
	ctx->nl.interrupted = saved_interrupted(ctx->nl.answers);
	if (err == -ENOMEM)
		snprintf(ctx->nl.why, sizeof(ctx->nl.why), "no memory");
	return err;
}

struct search {
	const struct tcplc *ctx;
	uint64_t cookie;
	const uint32_t *generation;
	struct conn best;
	bool found;
};

static int compare(struct conn *c, void *data)
{
	struct search *s = data;

	if (c->cookie != s->cookie || !is_visible(s->ctx, c) ||
	    (s->generation && *s->generation != c->generation) ||
	    (s->found && c->generation < s->best.generation))
		return 0;
	conn_free(&s->best);
	s->best = *c;
	s->found = true;
	c->entry = NULL;	/* they have moved */
	c->nr_entries = 0;
	return 0;
}

static int on_one(struct tcplc *ctx, uint64_t cookie, const uint32_t *generation,
		  query_fn fn, void *data)
{
	struct search s = { .ctx = ctx, .cookie = cookie, .generation = generation };
	int err;

	err = saved_records(ctx->nl.answers, false, compare, &s);
	if (!err && !s.found)
		err = -ENOENT;
	if (err)
		snprintf(ctx->nl.why, sizeof(ctx->nl.why), "%s", err == -ENOENT ?
			 "there is no such record" : "no memory");
	else
		err = fn(&s.best, data);
	conn_free(&s.best);
	return err;
}

static int take_counters(const json_t *object, char *why, size_t size, void *data)
{
	if (counters_json_read(object, data))
		snprintf(why, size, "not all totals can be read");
	return 0;
}

static int on_counters(struct nl *nl, struct counters *t)
{
	return saved_lines(nl->answers, "totals", take_counters, t);
}

/* Lines of one type, each made into a struct for a function. */
#define ANSWER(name, fn_type) \
	struct name##_taker { \
		fn_type fn; \
		void *data; \
	}; \
	\
	static int take_##name(const json_t *object, char *why, size_t size, void *data) \
	{ \
		const struct name##_taker *t = data; \
		struct name it; \
	\
		if (!name##_json_read(object, &it)) \
			return t->fn(&it, t->data); \
		snprintf(why, size, "it is no " #name); \
		return 0; \
	} \
	\
	static int on_##name##s(struct nl *nl, fn_type fn, void *data) \
	{ \
		struct name##_taker t = { fn, data }; \
	\
		return saved_lines(nl->answers, #name, take_##name, &t); \
	}

ANSWER(edge, counters_edge_fn)
ANSWER(histogram, counters_histogram_fn)
ANSWER(hook, counters_hook_fn)

struct settings_taker {
	struct settings *to;
	bool found;
};

static int take_settings(const json_t *object, char *why, size_t size, void *data)
{
	struct settings_taker *t = data;

	t->found = !settings_json_read(object, t->to);
	if (!t->found)
		snprintf(why, size, "it has no settings");
	return 0;
}

static int on_settings(struct nl *nl, struct settings *s)
{
	struct settings_taker t = { .to = s };
	int err = saved_lines(nl->answers, "settings", take_settings, &t);

	if (!err && !t.found)
		snprintf(nl->why, sizeof(nl->why), "the file does not have the settings");
	return !err && !t.found ? -ENOENT : err;
}

static int take_host(const json_t *object, char *why, size_t size, void *data)
{
	if (host_json_read(object, data))
		snprintf(why, size, "not all settings of the kernel can be read");
	return 0;
}

static void on_host(struct nl *nl, struct host *h)
{
	saved_lines(nl->answers, "sysctls", take_host, h);
}

static const char *name_of(uint32_t index)
{
	unsigned int i;

	for (i = 0; i < answering->nr_interfaces; i++)
		if (answering->interface[i].index == index)
			return answering->interface[i].name;
	return NULL;
}

/* What this machine says of itself is what the other said. */
static void stand_in(const struct header *h)
{
	answering = h;
	clock_pin(h ? h->saved : 0);
	boot_set_id(h ? h->boot : NULL);
	ends_set_netns(h ? h->netns : 0);
	ends_set_ifname(h ? name_of : NULL);
}

static int on_end(struct nl *nl)
{
	struct saved *s = nl->answers;
	bool fault = saved_fault(s, nl->why, sizeof(nl->why));

	stand_in(NULL);
	saved_close(s);
	nl->source = NULL;
	nl->answers = NULL;
	return fault ? -1 : 0;
}

static const struct source source = {
	.dump = on_dump,
	.one = on_one,
	.counters = on_counters,
	.edges = on_edges,
	.histograms = on_histograms,
	.hooks = on_hooks,
	.settings = on_settings,
	.host = on_host,
	.end = on_end,
};

/**
 * answer_from() - let a file answer in place of the module
 * @s: open; belongs to @nl from now on, if this succeeds
 * @nl: all zero
 *
 * Return: 0, or -ENOMEM, explained in &nl.why.
 */
int answer_from(struct saved *s, struct nl *nl)
{
	if (nl_answer(nl, &source, s))
		return -ENOMEM;
	stand_in(saved_header(s));
	return 0;
}
