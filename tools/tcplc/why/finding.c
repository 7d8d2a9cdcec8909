// SPDX-License-Identifier: GPL-2.0-only
/*
 * finding.c: what was found, and how it is shown.
 */
#include "why/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"
#include "json/json.h"

#define INDENT 4

/**
 * findings_add() - one more
 * @f: them
 *
 * Return: it, all zero; NULL if there is no memory.
 */
struct finding *findings_add(struct findings *f)
{
	struct finding *more;

	if (!(f->nr & (f->nr - 1))) {
		more = reallocarray(f->one, f->nr ? 2 * f->nr : 1, sizeof(*more));
		if (!more)
			return NULL;
		f->one = more;
	}
	memset(&f->one[f->nr], 0, sizeof(*f->one));
	return &f->one[f->nr++];
}

static int worse_first(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->group->count != y->group->count)
		return x->group->count > y->group->count ? -1 : 1;
	return strcmp(x->story.headline, y->story.headline);
}

/**
 * findings_sort() - the worst first; of two equally bad the one with more connections
 * @f: them
 */
void findings_sort(struct findings *f)
{
	if (f->one)
		qsort(f->one, f->nr, sizeof(*f->one), worse_first);
}

static void print_line(FILE *out, const char *label, const char *text, unsigned int width)
{
	fprintf(out, "%*s%s%-12s%s ", INDENT, "", text_on(TEXT_DIM), label, text_off());
	wrap_print(out, text, INDENT + 13, width);
}

static void print_one(FILE *out, const struct finding *one, unsigned int width)
{
	bool severe = one->severity == SEVERITY_SEVERE;

	fprintf(out, "%s%-*s%s", text_on(severe ? TEXT_BAD : TEXT_WAIT), INDENT,
		severe ? "!!" : "!", text_off());
	wrap_print(out, one->story.headline, INDENT, width);
	if (one->story.facts[0]) {
		fprintf(out, "%*s", INDENT, "");
		wrap_print(out, one->story.facts, INDENT, width);
	}
	print_line(out, "usual cause:", one->rule->usual, width);
	print_line(out, "remedy:", one->rule->remedy, width);
	/* In one piece, whatever the width: it is to be copied. */
	fprintf(out, "%*s%s%s%s\n\n", INDENT, "", text_on(TEXT_BOLD), one->story.command,
		text_off());
}

/**
 * findings_of() - how many findings of a rule there are
 * @f: sorted
 * @rule: which
 * @until: among so many: f->nr for all, an index for those before it
 */
size_t findings_of(const struct findings *f, const struct rule *rule, size_t until)
{
	size_t i, nr = 0;

	for (i = 0; i < until; i++)
		nr += f->one[i].rule == rule;
	return nr;
}

/**
 * findings_print() - as text
 * @out: where
 * @f: sorted
 * @width: of a line; 0 for any
 * @all: also those of a rule that has shown FINDINGS_SHOWN
 */
void findings_print(FILE *out, const struct findings *f, unsigned int width, bool all)
{
	char text[160];
	size_t i, nr;

	for (i = 0; i < f->nr; i++) {
		nr = all ? 0 : findings_of(f, f->one[i].rule, i);
		if (nr < FINDINGS_SHOWN) {
			print_one(out, &f->one[i], width);
		} else if (nr == FINDINGS_SHOWN) {
			nr = findings_of(f, f->one[i].rule, f->nr) - nr;
			snprintf(text, sizeof(text), "%s more of the rule %s: --all shows them",
				 COUNT(nr), f->one[i].rule->name);
			fprintf(out, "%-*s", INDENT, "...");
			wrap_print(out, text, INDENT, width);
			fputc('\n', out);
		}
	}
}

static void put_name(json_t *to, const char *key, const char *name)
{
	if (name)
		json_object_set_new(to, key, json_bytes(name, strlen(name)));
}

static void put_place(json_t *to, const struct place *p)
{
	put_name(to, "cgroup_path", p->path);
	put_name(to, "unit", p->unit);
	put_name(to, "slice", p->slice);
	put_name(to, "container", p->container);
	put_name(to, "pod", p->pod);
}

static void put_key(json_t *to, const struct key *k)
{
	char text[ENDS_SIZE];
	struct key host = *k;

	if (k->comm[0])
		json_object_set_new(to, "comm", json_bytes(k->comm, strlen(k->comm)));
	if (k->pid)
		json_object_set_new(to, "pid", json_integer(k->pid));
	if (k->place)
		put_place(to, k->place);
	if (k->addr.len) {
		host.port = 0;
		json_object_set_new(to, "address", json_string(key_end(text, &host)));
	}
	if (k->local.len)
		json_object_set_new(to, "local_address", json_string(text_addr(text, &k->local)));
	if (k->port)
		json_object_set_new(to, "port", json_integer(k->port));
	if (k->cookie) {
		text_number(text, k->cookie, 16);
		json_object_set_new(to, "listener", json_string(text));
	}
}

static json_t *shares(const struct group *g)
{
	json_t *array = json_array(), *one;
	unsigned int i;

	for (i = 0; i < g->nr_parts; i++) {
		one = json_object();
		put_key(one, &g->part[i].key);
		json_object_set_new(one, "count", json_u64(g->part[i].count));
		json_array_append_new(array, one);
	}
	return array;
}

static int print_json(const struct finding *one)
{
	const struct group *g = one->group;
	json_t *object = json_object(), *of = json_object();

	json_object_set_new(object, "rule", json_string(one->rule->name));
	json_object_set_new(object, "severity",
			    json_string(one->severity == SEVERITY_SEVERE ? "severe" : "notable"));
	json_object_set_new(object, "count", json_u64(g->count));
	if (!g->partial && g->of)
		json_object_set_new(object, "of", json_u64(g->of));
	json_object_set_new(of, "netns", json_integer(g->key.netns));
	put_key(of, &g->about);
	put_key(of, &g->key);
	json_object_set_new(object, "whose", of);
	if (g->longest)
		json_object_set_new(object, "longest_us", json_u64(g->longest));
	if (g->first) {
		json_object_set_new(object, "first_start_ns", json_u64(g->first));
		json_object_set_new(object, "last_start_ns", json_u64(g->last));
	}
	if (g->nr_parts) {
		json_object_set_new(object, "shares", shares(g));
		json_object_set_new(object, "others", json_u64(g->others));
	}
	json_object_set_new(object, "text", json_string(one->story.headline));
	json_object_set_new(object, "facts", json_string(one->story.facts));
	json_object_set_new(object, "cause", json_string(one->rule->usual));
	json_object_set_new(object, "remedy", json_string(one->rule->remedy));
	json_object_set_new(object, "command", json_string(one->story.command));
	return json_print(object);
}

/**
 * findings_print_json() - as JSON, one object a line
 * @f: sorted
 *
 * Return: 0, or -1 if one could not be made or written.
 */
int findings_print_json(const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr; i++)
		if (print_json(&f->one[i]))
			return -1;
	return 0;
}

/**
 * findings_free() - let go of them
 * @f: them
 */
void findings_free(struct findings *f)
{
	free(f->one);
	f->one = NULL;
	f->nr = 0;
}
