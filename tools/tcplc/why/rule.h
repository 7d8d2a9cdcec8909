/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule.h: what a rule is, and what it has in hand.
 *
 * Used by: each rule_*.c, rules.c, finding.c, cmd/inspect.c.
 * Must not: know anything of one rule.
 */
#ifndef TCPLC_WHY_RULE_H
#define TCPLC_WHY_RULE_H

#include "why/facts_of.h"
#include "why/scope.h"
#include "why/story.h"
#include "why/tally.h"

#define RULE_SECOND 1000000ULL	/* in microseconds */

/* enum severity - how bad it is */
enum severity {
	SEVERITY_NONE,		/* it is not: no finding */
	SEVERITY_NOTABLE,	/* !  somebody should look at it */
	SEVERITY_SEVERE,	/* !! it keeps connections from working */
};

#define RULE_GROUP(name) (1U << TCP_LIFECYCLE_GROUP_##name)

/**
 * struct rule - one thing that may be wrong
 * @name: one word, the heading of its section in docs/why.md
 * @looked: what was looked at, for the last line; may be that of several rules
 * @threshold: when it is a finding
 * @usual: the usual cause, without a full stop
 * @remedy: the usual remedy, likewise
 * @hooks: groups of hooks it cannot do without, RULE_GROUP() of each
 * @symbol: a hook it cannot do without, or NULL
 * @collect: looks at one record, and counts it; keeps no pointer to it
 * @judge: how bad a group is
 * @print: tells of a group that is bad
 */
struct rule {
	const char *name;
	const char *looked;
	const char *threshold;
	const char *usual;
	const char *remedy;
	uint32_t hooks;
	const char *symbol;
	void (*collect)(const struct why *w, struct tally *t, const struct conn *c);
	enum severity (*judge)(const struct why *w, const struct group *g);
	void (*print)(const struct why *w, const struct group *g, struct story *s);
};

/* Is @count at least so many percent of @of?  Where @of is not known, yes. */
static inline bool rule_share(const struct group *g, unsigned int percent)
{
	return g->partial || g->count * 100 >= g->of * percent;
}

#endif /* TCPLC_WHY_RULE_H */
