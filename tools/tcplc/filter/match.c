// SPDX-License-Identifier: GPL-2.0-only
/*
 * match.c: what a filter means.
 *
 * A comparison with what is not known does not hold; its negation does.
 */
#include "filter/ast.h"

#include <fnmatch.h>
#include <string.h>

#include "base/ends.h"
#include "base/text.h"
#include "filter/place_term.h"

static bool match_mask(const struct term *t, const struct conn *c)
{
	const uint8_t value[MASK_COUNT] = {
		[MASK_STATE] = c->state,
		[MASK_FAMILY] = c->family,
		[MASK_OPEN] = c->open,
		[MASK_CLOSE] = c->close,
		[MASK_FIRST] = c->first,
	};

	return value[t->of] < 64 && t->mask & 1ULL << value[t->of];
}

static bool in_prefix(const struct term *t, const struct addr *addr)
{
	unsigned int whole = t->prefix / 8, rest = t->prefix % 8;

	if (addr->len != t->addr.len || memcmp(addr->byte, t->addr.byte, whole))
		return false;
	return !rest || !((addr->byte[whole] ^ t->addr.byte[whole]) >> (8 - rest));
}

/* By its name, where it has one here, or by its number. */
static bool on_interface(const char *scope, const struct conn *c, const struct addr *addr)
{
	char text[ENDS_SCOPE_SIZE], number[24];

	if (!*scope)
		return true;
	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_IFINDEX))
		return false;
	text_number(number, c->ifindex, 10);
	return !strcmp(scope, number) || !strcmp(scope, ends_scope(text, c, addr));
}

static bool match_addr(const struct term *t, const struct conn *c)
{
	const struct addr *addr = t->side == SIDE_LOCAL ? &c->local : &c->remote;

	return in_prefix(t, addr) && on_interface(t->scope, c, addr);
}

static bool in_range(const struct term *t, uint64_t value)
{
	return (value >= t->least && value <= t->most) != t->outside;
}

static bool match_port(const struct term *t, const struct conn *c)
{
	bool local = conn_has(c, TCP_LIFECYCLE_A_CONN_LOCAL_PORT) &&
		     in_range(t, c->local_port);
	bool remote = conn_has(c, TCP_LIFECYCLE_A_CONN_REMOTE_PORT) &&
		      in_range(t, c->remote_port);

	switch (t->side) {
	case SIDE_LOCAL:
		return local;
	case SIDE_REMOTE:
		return remote;
	default:
		/* port != 80: none of them is. */
		return t->outside ? local && remote : local || remote;
	}
}

static uint64_t last_happened(const struct conn *c)
{
	uint64_t us = conn_dead(c) ? c->age_us : 0, then;
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++) {
		then = c->entry[i].last_us > c->entry[i].at_us ? c->entry[i].last_us :
							   c->entry[i].at_us;
		us = then > us ? then : us;
	}
	return us > (UINT64_MAX - c->start_ns) / 1000 ? UINT64_MAX : c->start_ns + us * 1000;
}

/*
 * The beginning, of an event itself.  That of a socket older than the module was before
 * what is on record, nobody knows when: it is known to be by a time only if the record
 * began by then.
 */
static uint64_t first_happened(const struct conn *c)
{
	uint64_t us = !conn_has(c, TCP_LIFECYCLE_A_CONN_AGE_US) && c->nr_entries ?
		      c->entry[0].at_us : 0;

	return us > (UINT64_MAX - c->start_ns) / 1000 ? UINT64_MAX : c->start_ns + us * 1000;
}

static bool match_comm(const struct term *t, const struct conn *c)
{
	return conn_has(c, TCP_LIFECYCLE_A_CONN_COMM) &&
	       (!strcmp(c->comm, t->comm) || !fnmatch(t->comm, c->comm, 0));
}

static bool match_cause(const struct term *t, const struct conn *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++)
		if (c->entry[i].cause < 64 && t->mask & 1ULL << c->entry[i].cause)
			return true;
	return false;
}

static bool match_illegal(const struct conn *c)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++)
		if (c->entry[i].illegal)
			return true;
	return false;
}

static bool match_term(const struct term *t, const struct conn *c)
{
	switch (t->kind) {
	case TERM_MASK:
		return match_mask(t, c);
	case TERM_ADDR:
		return match_addr(t, c);
	case TERM_PORT:
		return match_port(t, c);
	case TERM_NUMBER:
		return conn_has(c, t->number->attr) && in_range(t, t->number->read(c));
	case TERM_SINCE:
		return last_happened(c) >= t->least;
	case TERM_UNTIL:
		return first_happened(c) <= t->most;
	case TERM_COMM:
		return match_comm(t, c);
	case TERM_CAUSE:
		return match_cause(t, c);
	case TERM_ILLEGAL:
		return match_illegal(c);
	case TERM_PLACE:
		return place_term_match(t, c);
	}
	return false;
}

static bool match(const struct node *n, const struct conn *c)
{
	switch (n->type) {
	case NODE_AND:
		return match(n->left, c) && match(n->right, c);
	case NODE_OR:
		return match(n->left, c) || match(n->right, c);
	case NODE_NOT:
		return !match(n->left, c);
	default:
		return match_term(&n->term, c);
	}
}

/**
 * filter_match() - does a record pass?
 * @f: the filter
 * @c: the record, or an event if filter_needs() says that this will do
 */
bool filter_match(const struct filter *f, const struct conn *c)
{
	return !f->root || match(f->root, c);
}

static unsigned int term_needs(const struct term *t)
{
	switch (t->kind) {
	case TERM_NUMBER:
		return t->number->event ? 0 : FILTER_NEEDS_RECORD;
	case TERM_COMM:
	case TERM_PLACE:
		return FILTER_NEEDS_RECORD;
	case TERM_SINCE:
	case TERM_CAUSE:
	case TERM_ILLEGAL:
		return FILTER_NEEDS_ENTRIES;
	default:
		return 0;
	}
}

static const struct term *first_needing(const struct node *n, unsigned int what)
{
	const struct term *t;

	if (!n)
		return NULL;
	if (n->type == NODE_TERM)
		return term_needs(&n->term) & what ? &n->term : NULL;
	t = first_needing(n->left, what);
	return t ? t : first_needing(n->right, what);
}

/**
 * filter_needs() - does a filter ask for something?
 * @f: the filter
 * @what: FILTER_NEEDS_x, one or several
 * @error: filled if it does, to point at the first word that does; or NULL
 *
 * An event has one entry, and is a record without what FILTER_NEEDS_RECORD is
 * about; there "cause" and "since" speak of the event itself.
 */
bool filter_needs(const struct filter *f, unsigned int what,
		  struct filter_error *error)
{
	const struct term *t = first_needing(f->root, what);

	if (t && error) {
		memset(error, 0, sizeof(*error));
		snprintf(error->text, sizeof(error->text), "%s", f->text);
		error->at = t->at;
		error->len = t->len;
		snprintf(error->what, sizeof(error->what), "watch cannot filter by '%.*s'; tcplc list can",
			 (int)t->len, f->text + t->at);
	}
	return t;
}
