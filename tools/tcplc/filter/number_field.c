// SPDX-License-Identifier: GPL-2.0-only
/*
 * number_field.c: the numbers of a record that a filter can compare.
 */
#include "filter/number_field.h"

#include <linux/kernel.h>

#include "base/names.h"
#include "filter/parse_value.h"

#define READ(member) \
	static uint64_t read_##member(const struct conn *c) \
	{ \
		return c->member; \
	}

READ(cookie)
READ(generation)
READ(netns)
READ(age_us)
READ(lived_us)
READ(rtt_us)
READ(mss_eff_bytes)
READ(mss_adv_bytes)
READ(mss_rcv_bytes)
READ(pid)
READ(uid)
READ(cgroup)
READ(listener)
READ(accept_us)
READ(tx_bytes)
READ(rx_bytes)
READ(retrans)
READ(after_fin_bytes)
READ(dropped)
READ(gaps)

#define NUMBER(word, attr, unit, bare, member) \
	{ word, TCP_LIFECYCLE_A_CONN_##attr, UNIT_##unit, bare, false, read_##member }
#define OF_EVENT(word, attr, unit, member) \
	{ word, TCP_LIFECYCLE_A_CONN_##attr, UNIT_##unit, false, true, read_##member }

static const struct number numbers[] = {
	OF_EVENT("id", COOKIE, COOKIE, cookie),
	OF_EVENT("netns", NETNS, NONE, netns),
	NUMBER("age", AGE_US, DURATION, false, age_us),
	NUMBER("lived", LIVED_US, DURATION, false, lived_us),
	NUMBER("rtt", RTT_US, DURATION, false, rtt_us),
	NUMBER("mss", MSS_EFF_BYTES, NONE, false, mss_eff_bytes),
	NUMBER("mss-adv", MSS_ADV_BYTES, NONE, false, mss_adv_bytes),
	NUMBER("mss-rcv", MSS_RCV_BYTES, NONE, false, mss_rcv_bytes),
	NUMBER("pid", PID, NONE, false, pid),
	NUMBER("uid", UID, USER, false, uid),
	NUMBER("cgroup", CGROUP, NONE, false, cgroup),
	NUMBER("listener", LISTENER, COOKIE, false, listener),
	NUMBER("accept-wait", ACCEPT_US, DURATION, false, accept_us),
	NUMBER("tx", TX_BYTES, BYTES, false, tx_bytes),
	NUMBER("rx", RX_BYTES, BYTES, false, rx_bytes),
	NUMBER("retrans", RETRANS, NONE, true, retrans),
	NUMBER("after-fin", AFTER_FIN_BYTES, BYTES, true, after_fin_bytes),
	NUMBER("dropped", DROPPED, NONE, true, dropped),
	NUMBER("gaps", GAPS, NONE, true, gaps),
};

/* The part of an id behind the dot. */
const struct number number_generation =
	OF_EVENT("generation", GENERATION, NONE, generation);

/**
 * number_find() - by word
 * @word: in any case, with - or _
 *
 * Return: NULL if there is none.
 */
const struct number *number_find(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (names_equal(word, numbers[i].word))
			return &numbers[i];
	return NULL;
}

/**
 * number_try() - which of them may have been meant?
 * @n: the search
 */
void number_try(struct nearest *n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		nearest_try(n, numbers[i].word);
}

/**
 * number_value() - read a value to compare with
 * @number: which number
 * @text: what was written
 * @value: set
 *
 * Return: false if it cannot be read.
 */
bool number_value(const struct number *number, const char *text, uint64_t *value)
{
	switch (number->unit) {
	case UNIT_DURATION:
		return value_duration(text, value);
	case UNIT_BYTES:
		return value_bytes(text, value);
	case UNIT_COOKIE:
		return value_cookie(text, value);
	case UNIT_USER:
		return value_user(text, value);
	default:
		return value_number(text, value);
	}
}

/**
 * number_expected() - what a value looks like
 * @number: which number
 */
const char *number_expected(const struct number *number)
{
	switch (number->unit) {
	case UNIT_DURATION:
		return "a time with its unit, for example 500us, 10ms, 2s, 1h30m";
	case UNIT_BYTES:
		return "a number of bytes, for example 512, 64k, 1M";
	case UNIT_COOKIE:
		return "an id as tcplc list prints it";
	case UNIT_USER:
		return "a user's name or number";
	default:
		return "a number";
	}
}
