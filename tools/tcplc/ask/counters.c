// SPDX-License-Identifier: GPL-2.0-only
/*
 * counters.c: the statistics of the module, as they came out of messages.
 */
#include "ask/counters.h"

#include <string.h>

#include <linux/kernel.h>

#include "ask/source.h"

_Static_assert(TCP_LIFECYCLE_A_STATS_MAX < 32, "struct counters: has");

#define FIELD(attr, member, about, loss) \
	{ { TCP_LIFECYCLE_A_STATS_##attr, #member, about, loss }, \
	  offsetof(struct counters, member), sizeof(((struct counters *)0)->member) }

static const struct {
	struct counters_field field;
	size_t offset;
	size_t size;
} fields[] = {
	FIELD(LIVE, live, "records of open connections and listeners", false),
	FIELD(DEAD, dead, "records of ended connections", false),
	FIELD(CAPACITY, capacity, "size of the pool, in records", false),
	FIELD(BORN, born, "records created since the module was loaded", false),
	FIELD(EXCLUDED, excluded, "connections excluded by the configuration", false),
	FIELD(UNTRACKED, untracked, "connections without a record: the pool was full", true),
	FIELD(MISSED, missed, "hits whose hook could not run", true),
	FIELD(DROPPED, dropped, "entries that did not fit in their record", true),
	FIELD(GAPS, gaps, "transitions that did not begin in the recorded state", true),
	FIELD(ILLEGAL, illegal, "transitions outside the RFC 9293 diagram", true),
	FIELD(EVICTED, evicted, "ended connections dropped early, to make room", true),
	FIELD(FEED_LOST, feed_lost, "events lost because the feed's ring was full", true),
	FIELD(FEED_SEQ, feed_seq, "number of the next event of the feed", false),
	FIELD(ALL_FEED_LOST, all_feed_lost, "the same for the feed of all namespaces", true),
	FIELD(ALL_FEED_SEQ, all_feed_seq, "the same for the feed of all namespaces", false),
	FIELD(ENDED_LOST, ended_lost, "ended connections lost because their record was dropped before it was sent", true),
	FIELD(ENDED_SEQ, ended_seq, "number of the next ended connection", false),
	FIELD(ALL_ENDED_LOST, all_ended_lost, "the same for all namespaces", true),
	FIELD(ALL_ENDED_SEQ, all_ended_seq, "the same for all namespaces", false),
};

/**
 * counters_field() - the counters one by one
 * @i: from 0, in the order in which they are best printed
 *
 * Return: NULL behind the last.
 */
const struct counters_field *counters_field(unsigned int i)
{
	return i < ARRAY_SIZE(fields) ? &fields[i].field : NULL;
}

/**
 * counters_value() - a counter by its attribute
 * @t: the counters
 * @attr: TCP_LIFECYCLE_A_STATS_x
 */
uint64_t counters_value(const struct counters *t, unsigned int attr)
{
	uint64_t v64 = 0;
	uint32_t v32;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		const char *at = (const char *)t + fields[i].offset;

		if (fields[i].field.attr != attr)
			continue;
		if (fields[i].size == sizeof(v64)) {
			memcpy(&v64, at, sizeof(v64));
			return v64;
		}
		memcpy(&v32, at, sizeof(v32));
		return v32;
	}
	return 0;
}

/**
 * counters_set() - let a counter be known
 * @t: the counters
 * @name: as counters_field() has it
 * @value: of a narrower counter its low bits
 *
 * Return: false if there is none of this name.
 */
bool counters_set(struct counters *t, const char *name, uint64_t value)
{
	uint32_t v32 = value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].field.name, name))
			continue;
		memcpy((char *)t + fields[i].offset,
		       fields[i].size == sizeof(v32) ? (void *)&v32 : (void *)&value,
		       fields[i].size);
		t->has |= 1U << fields[i].field.attr;
		return true;
	}
	return false;
}

/* Read well-formed numbers only; what is not one stays as it was. */
static void take_u8(const struct nlattr *attr, uint8_t *to)
{
	if (mnl_attr_validate(attr, MNL_TYPE_U8) >= 0)
		*to = mnl_attr_get_u8(attr);
}

static void take_u64(const struct nlattr *attr, uint64_t *to)
{
	if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
		*to = mnl_attr_get_u64(attr);
}

static void take_string(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);

	len = strnlen(mnl_attr_get_payload(attr), len);
	len = len < size ? len : size - 1;
	memcpy(to, mnl_attr_get_payload(attr), len);
	to[len] = '\0';
}

static void take_verdict(const struct nlattr *nest, struct counters *t)
{
	uint8_t open = 0xff, close = 0xff, first = 0xff;
	const struct nlattr *attr;
	uint64_t count = 0;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_VERDICT_OPEN:
			take_u8(attr, &open);
			break;
		case TCP_LIFECYCLE_A_VERDICT_CLOSE:
			take_u8(attr, &close);
			break;
		case TCP_LIFECYCLE_A_VERDICT_FIRST:
			take_u8(attr, &first);
			break;
		case TCP_LIFECYCLE_A_VERDICT_COUNT:
			take_u64(attr, &count);
			break;
		}
	}
	if (open < ARRAY_SIZE(t->open))
		t->open[open] += count;
	if (close < ARRAY_SIZE(t->close))
		t->close[close] += count;
	if (first < ARRAY_SIZE(t->first))
		t->first[first] += count;
}

static void take_counter(const struct nlattr *attr, struct counters *t)
{
	uint16_t type = mnl_attr_get_type(attr);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (fields[i].field.attr != type ||
		    mnl_attr_get_payload_len(attr) != fields[i].size)
			continue;
		memcpy((char *)t + fields[i].offset, mnl_attr_get_payload(attr),
		       fields[i].size);
		t->has |= 1U << type;
	}
}

static int take_counters(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct counters *t = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_STATS_VERDICT) {
			t->has |= 1U << TCP_LIFECYCLE_A_STATS_VERDICT;
			take_verdict(attr, t);
		} else {
			take_counter(attr, t);
		}
	}
	return 0;
}

/**
 * counters_get() - ask for the counters
 * @nl: open
 * @t: filled
 *
 * Return: 0, or a negative error, explained in &nl.why; so do the others, or
 * what @fn returned.
 */
int counters_get(struct nl *nl, struct counters *t)
{
	memset(t, 0, sizeof(*t));
	if (nl->source)
		return nl->source->counters(nl, t);
	return nl_do(nl, nl_request(nl, TCP_LIFECYCLE_CMD_STATS_GET), take_counters, t);
}

struct taker {
	counters_edge_fn edge;
	counters_histogram_fn histogram;
	counters_hook_fn hook;
	void *data;
};

static int take_edge(const struct nlmsghdr *nlh, void *data)
{
	const struct taker *t = data;
	const struct nlattr *attr;
	struct edge e = { 0 };

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_EDGE_FROM:
			take_u8(attr, &e.from);
			break;
		case TCP_LIFECYCLE_A_EDGE_TO:
			take_u8(attr, &e.to);
			break;
		case TCP_LIFECYCLE_A_EDGE_COUNT:
			take_u64(attr, &e.count);
			break;
		case TCP_LIFECYCLE_A_EDGE_LEGAL:
			e.legal = true;
			break;
		}
	}
	return t->edge(&e, t->data);
}

/**
 * counters_edges() - ask for the transition matrix
 * @nl: open
 * @fn: gets each edge that was taken
 * @data: for @fn
 */
int counters_edges(struct nl *nl, counters_edge_fn fn, void *data)
{
	struct taker t = { .edge = fn, .data = data };

	if (nl->source)
		return nl->source->edges(nl, fn, data);
	return nl_dump(nl, nl_request(nl, TCP_LIFECYCLE_CMD_EDGE_GET), take_edge, &t);
}

static void take_bucket(const struct nlattr *nest, struct histogram *h)
{
	const struct nlattr *attr;

	if (h->nr == HISTOGRAM_BUCKETS)
		return;
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_BUCKET_LEAST)
			take_u64(attr, &h->least[h->nr]);
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_BUCKET_COUNT)
			take_u64(attr, &h->count[h->nr]);
	}
	h->nr++;
}

static int take_histogram(const struct nlmsghdr *nlh, void *data)
{
	const struct taker *t = data;
	const struct nlattr *attr;
	struct histogram h = { 0 };

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_HISTOGRAM_STATE:
			take_u8(attr, &h.state);
			h.has_state = true;
			break;
		case TCP_LIFECYCLE_A_HISTOGRAM_BUCKET:
			take_bucket(attr, &h);
			break;
		}
	}
	return t->histogram(&h, t->data);
}

/**
 * counters_histograms() - ask for the histograms
 * @nl: open
 * @fn: gets each
 * @data: for @fn
 */
int counters_histograms(struct nl *nl, counters_histogram_fn fn, void *data)
{
	struct taker t = { .histogram = fn, .data = data };

	if (nl->source)
		return nl->source->histograms(nl, fn, data);
	return nl_dump(nl, nl_request(nl, TCP_LIFECYCLE_CMD_HISTOGRAM_GET),
		       take_histogram, &t);
}

static int take_hook(const struct nlmsghdr *nlh, void *data)
{
	const struct taker *t = data;
	const struct nlattr *attr;
	struct hook h = { 0 };

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_HOOK_SYMBOL:
			take_string(attr, h.symbol, sizeof(h.symbol));
			break;
		case TCP_LIFECYCLE_A_HOOK_LOST:
			take_string(attr, h.lost, sizeof(h.lost));
			break;
		case TCP_LIFECYCLE_A_HOOK_GROUP:
			take_u8(attr, &h.group);
			break;
		case TCP_LIFECYCLE_A_HOOK_REQUIRED:
			h.required = true;
			break;
		case TCP_LIFECYCLE_A_HOOK_ATTACHED:
			h.attached = true;
			break;
		case TCP_LIFECYCLE_A_HOOK_ENABLED:
			h.enabled = true;
			break;
		case TCP_LIFECYCLE_A_HOOK_HITS:
			take_u64(attr, &h.hits);
			h.has_counts = true;
			break;
		case TCP_LIFECYCLE_A_HOOK_WAY:
			take_u8(attr, &h.way);
			h.has_way = true;
			break;
		case TCP_LIFECYCLE_A_HOOK_MISSED:
			take_u64(attr, &h.missed);
			break;
		}
	}
	return t->hook(&h, t->data);
}

/**
 * counters_hooks() - ask for the hook table
 * @nl: open
 * @fn: gets each row
 * @data: for @fn
 */
int counters_hooks(struct nl *nl, counters_hook_fn fn, void *data)
{
	struct taker t = { .hook = fn, .data = data };

	if (nl->source)
		return nl->source->hooks(nl, fn, data);
	return nl_dump(nl, nl_request(nl, TCP_LIFECYCLE_CMD_HOOK_GET), take_hook, &t);
}
