// SPDX-License-Identifier: GPL-2.0-only
/*
 * counters_json.c: totals, transitions, histograms and hooks as JSON, and back.
 */
#include "saved/counters_json.h"

#include <stdio.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "json/json.h"

static json_t *words(enum names_kind kind, const uint64_t *count)
{
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; i < names_count(kind); i++)
		if (count[i])
			json_object_set_new(object, names_word(kind, i), json_u64(count[i]));
	return object;
}

/**
 * counters_json() - the totals
 * @t: them
 *
 * Return: a new object, or NULL if there is no memory; so do the others.
 */
json_t *counters_json(const struct counters *t)
{
	json_t *object = json_pack("{s:s}", "type", "totals");
	const struct counters_field *f;
	unsigned int i;

	for (i = 0; (f = counters_field(i)); i++)
		if (counters_has(t, f->attr))
			json_object_set_new(object, f->name,
					    json_u64(counters_value(t, f->attr)));
	if (counters_has(t, TCP_LIFECYCLE_A_STATS_VERDICT)) {
		json_object_set_new(object, "open", words(NAMES_OPEN, t->open));
		json_object_set_new(object, "close", words(NAMES_CLOSE, t->close));
		json_object_set_new(object, "first", words(NAMES_FIRST, t->first));
	}
	return object;
}

/**
 * edge_json() - a transition that was taken
 * @e: it
 */
json_t *edge_json(const struct edge *e)
{
	return json_pack("{s:s,s:s,s:s,s:o,s:b}", "type", "edge",
			 "from", names_word(NAMES_STATE, e->from),
			 "to", names_word(NAMES_STATE, e->to),
			 "count", json_u64(e->count), "legal", e->legal);
}

/**
 * histogram_json() - how long something took
 * @h: it
 */
json_t *histogram_json(const struct histogram *h)
{
	json_t *object = json_pack("{s:s}", "type", "histogram");
	json_t *buckets = json_array();
	unsigned int i;

	json_object_set_new(object, "of", json_string(h->has_state ?
			    names_word(NAMES_STATE, h->state) : "handshake"));
	for (i = 0; i < h->nr; i++)
		json_array_append_new(buckets,
				      json_pack("{s:o,s:o}", "least_us",
						json_u64(h->least[i]), "count",
						json_u64(h->count[i])));
	json_object_set_new(object, "buckets", buckets);
	return object;
}

/**
 * hook_json() - a row of the hook table
 * @h: it
 */
json_t *hook_json(const struct hook *h)
{
	json_t *object;

	object = json_pack("{s:s,s:o,s:o,s:s,s:b,s:b,s:b}", "type", "hook",
			   "symbol", json_bytes(h->symbol, strlen(h->symbol)),
			   "lost", json_bytes(h->lost, strlen(h->lost)),
			   "group", names_word(NAMES_GROUP, h->group),
			   "required", h->required, "attached", h->attached,
			   "enabled", h->enabled);
	if (h->has_way)
		json_object_set_new(object, "way", json_string(names_word(NAMES_WAY, h->way)));
	if (h->has_counts) {
		json_object_set_new(object, "hits", json_u64(h->hits));
		json_object_set_new(object, "missed", json_u64(h->missed));
	}
	return object;
}

static bool take_number(const json_t *value, uint64_t *to)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*to = json_integer_value(value);
	return true;
}

static bool take_word(const json_t *value, enum names_kind kind, uint8_t *to)
{
	unsigned int n;

	if (!json_is_string(value) || !names_value(kind, json_string_value(value), &n))
		return false;
	*to = n;
	return true;
}

/* A name of the kernel; who wrote the file may have put anything there. */
static void take_text(const json_t *value, char *to, size_t size)
{
	const char *text = json_string_value(value);

	text_escape(to, size, text ? text : "", text ? strlen(text) : 0);
}

static int take_words(const json_t *object, enum names_kind kind, uint64_t *count)
{
	const json_t *value;
	const char *word;
	unsigned int n;
	int err = 0;

	json_object_foreach((json_t *)object, word, value)
		if (!names_value(kind, word, &n) || !take_number(value, &count[n]))
			err = -1;
	return err;
}

/**
 * counters_json_read() - the totals again
 * @object: what counters_json() made, or anything
 * @t: those that can be read are filled in
 *
 * Return: 0, or -1 if some cannot be read; so do the others.
 */
int counters_json_read(const json_t *object, struct counters *t)
{
	const struct counters_field *f;
	const json_t *value;
	uint64_t n;
	unsigned int i;
	int err = 0;

	for (i = 0; (f = counters_field(i)); i++) {
		value = json_object_get(object, f->name);
		if (value && take_number(value, &n))
			counters_set(t, f->name, n);
		else if (value)
			err = -1;
	}
	value = json_object_get(object, "open");
	if (!value)
		return err;
	t->has |= 1U << TCP_LIFECYCLE_A_STATS_VERDICT;
	if (take_words(value, NAMES_OPEN, t->open) ||
	    take_words(json_object_get(object, "close"), NAMES_CLOSE, t->close) ||
	    take_words(json_object_get(object, "first"), NAMES_FIRST, t->first))
		err = -1;
	return err;
}

/**
 * edge_json_read() - a transition again
 * @object: what edge_json() made, or anything
 * @e: filled
 */
int edge_json_read(const json_t *object, struct edge *e)
{
	*e = (struct edge){ .legal = json_is_true(json_object_get(object, "legal")) };
	return take_word(json_object_get(object, "from"), NAMES_STATE, &e->from) &&
	       take_word(json_object_get(object, "to"), NAMES_STATE, &e->to) &&
	       take_number(json_object_get(object, "count"), &e->count) ? 0 : -1;
}

/**
 * histogram_json_read() - a histogram again
 * @object: what histogram_json() made, or anything
 * @h: filled
 */
int histogram_json_read(const json_t *object, struct histogram *h)
{
	const json_t *of = json_object_get(object, "of"), *bucket;
	size_t i;

	*h = (struct histogram){ 0 };
	if (!json_is_string(of))
		return -1;
	h->has_state = strcmp(json_string_value(of), "handshake");
	if (h->has_state && !take_word(of, NAMES_STATE, &h->state))
		return -1;
	json_array_foreach(json_object_get(object, "buckets"), i, bucket) {
		if (h->nr == HISTOGRAM_BUCKETS ||
		    !take_number(json_object_get(bucket, "least_us"), &h->least[h->nr]) ||
		    !take_number(json_object_get(bucket, "count"), &h->count[h->nr]))
			return -1;
		h->nr++;
	}
	return 0;
}

/**
 * hook_json_read() - a row of the hook table again
 * @object: what hook_json() made, or anything
 * @h: filled
 */
int hook_json_read(const json_t *object, struct hook *h)
{
	*h = (struct hook){
		.required = json_is_true(json_object_get(object, "required")),
		.attached = json_is_true(json_object_get(object, "attached")),
		.enabled = json_is_true(json_object_get(object, "enabled")),
		.has_way = json_object_get(object, "way"),
		.has_counts = json_object_get(object, "hits"),
	};
	take_text(json_object_get(object, "symbol"), h->symbol, sizeof(h->symbol));
	take_text(json_object_get(object, "lost"), h->lost, sizeof(h->lost));
	if (!*h->symbol || !take_word(json_object_get(object, "group"), NAMES_GROUP, &h->group))
		return -1;
	if (h->has_way && !take_word(json_object_get(object, "way"), NAMES_WAY, &h->way))
		return -1;
	return !h->has_counts ||
	       (take_number(json_object_get(object, "hits"), &h->hits) &&
		take_number(json_object_get(object, "missed"), &h->missed)) ? 0 : -1;
}
