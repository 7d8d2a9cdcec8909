// SPDX-License-Identifier: GPL-2.0-only
/*
 * rules.c: the rules there are, and one look by all of them.
 */
#include "why/rules.h"

#include <errno.h>
#include <string.h>

#include <linux/kernel.h>

/* One line each; a rule may stand anywhere, findings are sorted by how bad they are. */
#define RULES(X) \
	X(close_wait) \
	X(never_accepted) \
	X(closed_unaccepted) \
	X(accept_queue) \
	X(syn_queue) \
	X(connect_refused) \
	X(connect_unreachable) \
	X(connect_timed_out) \
	X(ports) \
	X(syn_loss) \
	X(syn_ack_loss) \
	X(reset_unread) \
	X(reset_late_data) \
	X(reset_linger) \
	X(reset_received) \
	X(mss_cookie) \
	X(mss_pmtu) \
	X(mss_small) \
	X(fin_wait_2) \
	X(orphans) \
	X(tw_overflow) \
	X(half_open) \
	X(dead_peer) \
	X(self_connect)

#define DECLARE(name) extern const struct rule rule_##name;
RULES(DECLARE)
#undef DECLARE

static const struct rule *const rules[] = {
#define ROW(name) &rule_##name,
	RULES(ROW)
#undef ROW
};

_Static_assert(ARRAY_SIZE(rules) <= RULES_MAX, "struct rules");

/**
 * rules_at() - one by one
 * @i: from 0
 *
 * Return: NULL behind the last.
 */
const struct rule *rules_at(size_t i)
{
	return i < ARRAY_SIZE(rules) ? rules[i] : NULL;
}

/**
 * rules_begin() - begin a look
 * @r: filled
 * @c: what can be seen
 */
void rules_begin(struct rules *r, const struct coverage *c)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		r->blind[i] = (rules[i]->hooks & c->off) ||
			      (rules[i]->symbol && coverage_lacks(c, rules[i]->symbol));
}

/**
 * rules_collect() - look at a record
 * @r: begun
 * @w: what rules have in hand
 * @c: the record, with its entries
 */
void rules_collect(struct rules *r, const struct why *w, const struct conn *c)
{
	size_t i;

	if (facts_is_listener(c))
		r->listeners++;
	else
		r->records++;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!r->blind[i])
			rules[i]->collect(w, &r->tally[i], c);
}

static int judge(struct rules *r, size_t i, const struct why *w, struct findings *f)
{
	struct tally *t = &r->tally[i];
	enum severity severity;
	struct finding *one;
	size_t j;

	for (j = 0; j < t->nr; j++) {
		severity = rules[i]->judge(w, &t->group[j]);
		if (severity == SEVERITY_NONE)
			continue;
		one = findings_add(f);
		if (!one)
			return -ENOMEM;
		group_sort(&t->group[j]);
		one->rule = rules[i];
		one->severity = severity;
		one->group = &t->group[j];
		rules[i]->print(w, &t->group[j], &one->story);
		r->found[i] = true;
	}
	return 0;
}

/**
 * rules_judge() - when all records were looked at
 * @r: collected; it must outlive @f
 * @w: what rules have in hand
 * @f: findings are added, and all are sorted
 *
 * Return: 0, or a negative error.
 */
int rules_judge(struct rules *r, const struct why *w, struct findings *f)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		err = judge(r, i, w, f);
		if (err)
			return err;
	}
	findings_sort(f);
	return 0;
}

/**
 * rules_left_out() - how often a rule had no room for what it should have counted
 * @r: collected
 */
uint64_t rules_left_out(const struct rules *r)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		sum += r->tally[i].left_out;
	return sum;
}

/**
 * rules_free() - let go of what was collected
 * @r: begun
 */
void rules_free(struct rules *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		tally_free(&r->tally[i]);
}
