// SPDX-License-Identifier: GPL-2.0-only
/*
 * both.c: the two ends of one connection, in order of time.
 */
#include "draw/both.h"

#include <stdlib.h>
#include <string.h>

#define HAS(c, name) conn_has(c, TCP_LIFECYCLE_A_CONN_##name)

static bool same_addr(const struct addr *a, const struct addr *b)
{
	return a->len == b->len && !memcmp(a->byte, b->byte, a->len);
}

/**
 * both_match() - are these the two ends of one connection?
 * @one: a record
 * @other: another
 *
 * Return: true if the addresses and both initial sequence numbers are the other's, with
 * the ends exchanged. Where one is not known, nobody can tell.
 */
bool both_match(const struct conn *one, const struct conn *other)
{
	if (one->cookie == other->cookie && one->generation == other->generation)
		return false;
	return HAS(one, ISN) && HAS(one, PEER_ISN) && HAS(other, ISN) && HAS(other, PEER_ISN) &&
	       one->isn == other->peer_isn && one->peer_isn == other->isn &&
	       one->local_port == other->remote_port && one->remote_port == other->local_port &&
	       same_addr(&one->local, &other->remote) && same_addr(&one->remote, &other->local);
}

/* Nanoseconds; of one clock for both ends. */
static uint64_t start_of(const struct both *b, unsigned int end)
{
	const struct conn *c = b->end[end];
	bool boot = HAS(b->end[0], BOOT_START_NS) && (!b->end[1] || HAS(b->end[1], BOOT_START_NS));

	return boot ? c->boot_start_ns : c->start_ns;
}

/* What has no time of its own happened with what stands before it. */
static void set_times(struct happening *h, size_t nr, uint64_t offset)
{
	uint64_t last = offset;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (h[i].rung->at + offset > last)
			last = h[i].rung->at + offset;
		h[i].at = last;
	}
}

/* FIN+ACK is a FIN at its sender. */
static bool same_kind(const char *a, const char *b)
{
	size_t n = strcspn(a, "+");

	return n == strcspn(b, "+") && !strncmp(a, b, n);
}

static bool same_segment(const struct rung *sent, const struct rung *got)
{
	return sent->kind == RUNG_SEGMENT && got->kind == RUNG_SEGMENT && sent->out &&
	       !got->out && same_kind(sent->label, got->label) && sent->has_seq &&
	       got->has_seq && sent->seq == got->seq &&
	       (sent->no_ack || got->no_ack || !sent->has_ack || !got->has_ack ||
		sent->ack == got->ack);
}

struct side {
	struct happening *what;
	size_t nr;
	size_t next;
	size_t *place;	/* where in the whole each went */
};

/* Did this side send anything again in the time between? */
static bool sent_again(const struct side *s, uint64_t after, uint64_t until)
{
	const struct happening *h;

	for (h = s->what; h < s->what + s->nr; h++)
		if (h->rung->kind == RUNG_TIMER && strncmp(h->rung->text, "delayed ACK", 11) &&
		    h->at > after && h->at < until)
			return true;
	return false;
}

/*
 * The first may have been lost, and what came a later one, of which no entry has the
 * time. An ACK that is not on record leaves again with whatever the other side sends again.
 */
static bool may_be_another(const struct side *from, size_t i, const struct side *to, size_t j)
{
	uint64_t sent = from->what[i].at, got = to->what[j].at;

	return sent_again(from, sent, got) ||
	       (from->what[i].rung->implied && sent_again(to, sent, got));
}

/* Each is received once, and not before it was sent, but for what rounding takes. */
static void pair(struct side *sender, struct side *receiver)
{
	struct happening *from = sender->what, *to = receiver->what;
	size_t i, j;

	for (i = 0; i < sender->nr; i++) {
		for (j = 0; j < receiver->nr; j++) {
			if (to[j].mate == BOTH_NONE && to[j].at + 2 >= from[i].at &&
			    same_segment(from[i].rung, to[j].rung) &&
			    !may_be_another(sender, i, receiver, j)) {
				from[i].mate = j;
				to[j].mate = i;
				break;
			}
		}
	}
}

/* What was received waits for what was sent. */
static bool is_early(const struct side *s, const struct side *other)
{
	const struct happening *h = &s->what[s->next];

	return h->mate != BOTH_NONE && !h->rung->out && h->mate >= other->next;
}

static struct side *earlier(struct side *a, struct side *b)
{
	if (a->next == a->nr)
		return b;
	if (b->next == b->nr)
		return a;
	if (is_early(a, b))
		return b;
	if (is_early(b, a))
		return a;
	return b->what[b->next].at < a->what[a->next].at ? b : a;
}

static void merge(struct both *b, struct side side[2])
{
	struct side *s;
	size_t i;

	while (side[0].next < side[0].nr || side[1].next < side[1].nr) {
		s = earlier(&side[0], &side[1]);
		s->place[s->next] = b->nr;
		b->what[b->nr++] = s->what[s->next++];
	}
	for (i = 0; i < b->nr; i++)
		if (b->what[i].mate != BOTH_NONE)
			b->what[i].mate = side[!b->what[i].peer].place[b->what[i].mate];
}

static int take(struct both *b, unsigned int end, struct side *s, uint64_t base)
{
	size_t i;

	b->rungs[end] = rung_list(b->end[end], true, &s->nr);
	s->what = calloc(s->nr + 1, sizeof(*s->what));
	s->place = calloc(s->nr + 1, sizeof(*s->place));
	if (!b->rungs[end] || !s->what || !s->place)
		return -1;
	for (i = 0; i < s->nr; i++)
		s->what[i] = (struct happening){
			.rung = &b->rungs[end][i], .peer = end, .mate = BOTH_NONE,
		};
	set_times(s->what, s->nr, (start_of(b, end) - base) / 1000);
	return 0;
}

/**
 * both_make() - put together what happened
 * @b: filled; to be freed by both_free() in any case
 * @one: a record with its entries
 * @other: that of the other end, as both_match() says, or NULL
 *
 * Return: 0, or -1 if there is no memory.
 */
int both_make(struct both *b, const struct conn *one, const struct conn *other)
{
	struct side side[2] = { 0 };
	unsigned int end, ends = other ? 2 : 1;
	uint64_t base;
	int err = 0;

	*b = (struct both){ .end = { one, other } };
	base = start_of(b, 0);
	if (other && start_of(b, 1) < base)
		base = start_of(b, 1);
	for (end = 0; end < ends && !err; end++)
		err = take(b, end, &side[end], base);
	if (!err) {
		b->what = calloc(side[0].nr + side[1].nr + 1, sizeof(*b->what));
		err = b->what ? 0 : -1;
	}
	if (!err) {
		pair(&side[0], &side[1]);
		pair(&side[1], &side[0]);
		merge(b, side);
	}
	for (end = 0; end < 2; end++) {
		free(side[end].what);
		free(side[end].place);
	}
	return err;
}

/**
 * both_free() - let go of it
 * @b: as both_make() left it
 */
void both_free(struct both *b)
{
	free(b->what);
	free(b->rungs[0]);
	free(b->rungs[1]);
	*b = (struct both){ 0 };
}
