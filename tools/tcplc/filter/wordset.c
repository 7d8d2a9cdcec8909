// SPDX-License-Identifier: GPL-2.0-only
/*
 * wordset.c: words that mean a set of values.
 */
#include "filter/wordset.h"

#include <stdio.h>

#include <linux/kernel.h>
#include <linux/tcp_lifecycle.h>

#define BIT(prefix, name) (1ULL << TCP_LIFECYCLE_##prefix##_##name)
#define ALL(prefix) (BIT(prefix, MAX) * 2 - 1)

#define HALF_OPEN (BIT(STATE, SYN_RECV) | BIT(STATE, NEW_SYN_RECV))
#define CONNECTED (ALL(STATE) & ~(BIT(STATE, NONE) | BIT(STATE, LISTEN) | \
				  BIT(STATE, CLOSED)))
/* What the kernel keeps in small sockets, as ss has it. */
#define BUCKET (BIT(STATE, TIME_WAIT) | BIT(STATE, NEW_SYN_RECV))
#define RESET (BIT(CLOSE, RST_RECEIVED) | BIT(CLOSE, RST_UNREAD) | \
	       BIT(CLOSE, RST_LINGER) | BIT(CLOSE, RST_LATE_DATA) | \
	       BIT(CLOSE, RST_LINGER2) | BIT(CLOSE, REFUSED) | \
	       BIT(CLOSE, REQUEST_RESET) | BIT(CLOSE, FASTCLOSE_SENT) | \
	       BIT(CLOSE, FASTCLOSE_RECEIVED) | BIT(CLOSE, SUBFLOW_RESET))
#define TIMEOUT (BIT(CLOSE, TIMED_OUT) | BIT(CLOSE, REQUEST_TIMED_OUT) | \
		 BIT(CLOSE, RETRANSMIT) | BIT(CLOSE, KEEPALIVE) | \
		 BIT(CLOSE, PROBE) | BIT(CLOSE, USER_TIMEOUT) | \
		 BIT(CLOSE, FIN_WAIT_2) | BIT(CLOSE, UNSENT))
#define NORMAL (BIT(CLOSE, FIN) | BIT(CLOSE, SIMULTANEOUS) | BIT(CLOSE, THREE_SEGMENT))
#define TIMERS (BIT(CAUSE, TIMER_RTO_SYN) | BIT(CAUSE, TIMER_RTO_DATA) | \
		BIT(CAUSE, TIMER_RTO_FIN) | BIT(CAUSE, TIMER_SYN_ACK) | \
		BIT(CAUSE, TIMER_DELAYED_ACK) | BIT(CAUSE, TIMER_KEEPALIVE) | \
		BIT(CAUSE, TIMER_PROBE) | BIT(CAUSE, TIMER_LOSS_PROBE) | \
		BIT(CAUSE, TIMER_REORDERING) | BIT(CAUSE, TIMER_FIN_WAIT_2) | \
		BIT(CAUSE, TIMER_UNSENT))

static const struct {
	enum names_kind kind;
	const char *word;
	uint64_t mask;
} sets[] = {
	/*
	 * Where others say SYN-RECV they mean the half-open request, too, and
	 * it is nearly always what is there to be seen.
	 */
	{ NAMES_STATE, "syn-recv", HALF_OPEN },
	{ NAMES_STATE, "syn-received", HALF_OPEN },
	{ NAMES_STATE, "estab", BIT(STATE, ESTABLISHED) },
	{ NAMES_STATE, "fin-wait1", BIT(STATE, FIN_WAIT_1) },
	{ NAMES_STATE, "fin-wait2", BIT(STATE, FIN_WAIT_2) },
	{ NAMES_STATE, "timewait", BIT(STATE, TIME_WAIT) },
	{ NAMES_STATE, "close", BIT(STATE, CLOSED) },
	{ NAMES_STATE, "unconnected", BIT(STATE, CLOSED) },
	{ NAMES_STATE, "listening", BIT(STATE, LISTEN) },
	{ NAMES_STATE, "all", ALL(STATE) },
	{ NAMES_STATE, "connected", CONNECTED },
	{ NAMES_STATE, "synchronized", CONNECTED & ~BIT(STATE, SYN_SENT) },
	{ NAMES_STATE, "bucket", BUCKET },
	{ NAMES_STATE, "big", ALL(STATE) & ~BUCKET },
	{ NAMES_CLOSE, "reset", RESET },
	{ NAMES_CLOSE, "timeout", TIMEOUT },
	{ NAMES_CLOSE, "normal", NORMAL },
	{ NAMES_CLOSE, "any", ALL(CLOSE) & ~BIT(CLOSE, NONE) },
	{ NAMES_FIRST, "remote", BIT(FIRST, PEER) },
	{ NAMES_FIRST, "any", ALL(FIRST) & ~BIT(FIRST, NONE) },
	{ NAMES_FAMILY, "inet", BIT(FAMILY, IPV4) },
	{ NAMES_FAMILY, "inet6", BIT(FAMILY, IPV6) | BIT(FAMILY, IPV4_MAPPED) },
	{ NAMES_FAMILY, "mapped", BIT(FAMILY, IPV4_MAPPED) },
	{ NAMES_CAUSE, "timer", TIMERS },
	{ NAMES_CAUSE, "rto", BIT(CAUSE, TIMER_RTO_SYN) | BIT(CAUSE, TIMER_RTO_DATA) |
			      BIT(CAUSE, TIMER_RTO_FIN) },
	{ NAMES_CAUSE, "rst", BIT(CAUSE, RST_RECEIVED) | BIT(CAUSE, RST_SENT) |
			      BIT(CAUSE, RST_OUT) | BIT(CAUSE, FASTCLOSE_SENT) |
			      BIT(CAUSE, FASTCLOSE_RECEIVED) | BIT(CAUSE, SUBFLOW_RESET) },
};

/**
 * wordset_find() - the values a word means
 * @kind: of what
 * @word: in any case, with - or _
 * @mask: set: bit 1 << value for each
 *
 * Return: false if it means none.
 */
bool wordset_find(enum names_kind kind, const char *word, uint64_t *mask)
{
	unsigned int value;
	char timer[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		if (sets[i].kind == kind && names_equal(word, sets[i].word)) {
			*mask = sets[i].mask;
			return true;
		}
	}
	if (!names_value(kind, word, &value)) {
		/* Of timers the name will do: keepalive, rto-data. */
		snprintf(timer, sizeof(timer), "timer-%s", word);
		if (kind != NAMES_CAUSE || !names_value(kind, timer, &value))
			return false;
	}
	*mask = 1ULL << value;
	return true;
}

/**
 * wordset_at() - the words that mean several values, or a value by another name
 * @i: from 0
 * @kind: set: of what
 * @mask: set: bit 1 << value for each
 *
 * Return: NULL behind the last.
 */
const char *wordset_at(unsigned int i, enum names_kind *kind, uint64_t *mask)
{
	if (i >= ARRAY_SIZE(sets))
		return NULL;
	*kind = sets[i].kind;
	*mask = sets[i].mask;
	return sets[i].word;
}

/**
 * wordset_try() - which of the words may have been meant?
 * @kind: of what
 * @n: the search
 */
void wordset_try(enum names_kind kind, struct nearest *n)
{
	unsigned int value;
	size_t i;

	for (value = 0; value < names_count(kind); value++)
		nearest_try(n, names_word(kind, value));
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		if (sets[i].kind == kind)
			nearest_try(n, sets[i].word);
}
