// SPDX-License-Identifier: GPL-2.0-only
/*
 * conn.c: a record, as it came out of a message.
 *
 * What an attribute says is believed only after its length has been checked;
 * one that is not known, or that is malformed, is as good as absent.
 */
#include "base/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

_Static_assert(TCP_LIFECYCLE_A_CONN_MAX < 8 * sizeof(conn_mask), "struct conn: has");
_Static_assert(TCP_LIFECYCLE_A_ENTRY_MAX < 32, "struct entry: has");

/*
 * A dump has many records, a record some fifty attributes: what libmnl makes a call
 * of for each of these is written out here.
 */
static uint16_t type_of(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static size_t length_of(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

static const void *payload_of(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

/* Ends, like libmnl, at one that is longer than what is left. */
static bool is_whole(const struct nlattr *attr, const char *end)
{
	ptrdiff_t left = end - (const char *)attr;

	return left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
}

#define for_each_attr(attr, from, end) \
	for ((attr) = (from); is_whole(attr, end); \
	     (attr) = (const void *)((const char *)(attr) + NLA_ALIGN((attr)->nla_len)))

#define for_each_nested(attr, nest) \
	for_each_attr(attr, payload_of(nest), (const char *)(nest) + (nest)->nla_len)

#define for_each_in_message(attr, nlh) \
	for_each_attr(attr, mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr)), \
		      (const char *)(nlh) + (nlh)->nlmsg_len)

/* Each takes one attribute; none if its length is not what it must be. */
#define TAKE_FIXED(name, type_) \
	static bool take_##name(const struct nlattr *attr, type_ *to) \
	{ \
		if (length_of(attr) != sizeof(*to)) \
			return false; \
		memcpy(to, payload_of(attr), sizeof(*to)); \
		return true; \
	}
TAKE_FIXED(U8, uint8_t)
TAKE_FIXED(U16, uint16_t)
TAKE_FIXED(U32, uint32_t)
TAKE_FIXED(U64, uint64_t)
#define take_WORD take_U8
#define take_OPTIONS take_U16
#define take_COOKIE take_U64

static bool take_FLAG(const struct nlattr *attr, bool *to)
{
	*to = !length_of(attr);
	return *to;
}

static bool take_ADDR4(const struct nlattr *attr, struct addr *addr)
{
	if (length_of(attr) != 4)
		return false;
	addr->len = 4;
	memcpy(addr->byte, payload_of(attr), 4);
	return true;
}

static bool take_ADDR6(const struct nlattr *attr, struct addr *addr)
{
	if (length_of(attr) != 16)
		return false;
	addr->len = 16;
	memcpy(addr->byte, payload_of(attr), 16);
	return true;
}

static bool take_COMM(const struct nlattr *attr, char (*comm)[CONN_COMM_SIZE])
{
	size_t len = strnlen(payload_of(attr), length_of(attr));

	if (len >= sizeof(*comm))
		len = sizeof(*comm) - 1;
	memcpy(*comm, payload_of(attr), len);
	(*comm)[len] = '\0';
	return true;
}

static void take_entry(const struct nlattr *nest, struct entry *e)
{
	const struct nlattr *attr;

	for_each_nested(attr, nest) {
		switch (type_of(attr)) {
#define TAKE(attr_, carried, words, member) \
		case TCP_LIFECYCLE_A_ENTRY_##attr_: \
			if (take_##carried(attr, &e->member)) \
				e->has |= 1U << TCP_LIFECYCLE_A_ENTRY_##attr_; \
			break;
		FIELDS_ENTRY(TAKE)
#undef TAKE
		}
	}
}

static int add_entry(const struct nlattr *nest, struct conn *c)
{
	struct entry *more;

	if (c->nr_entries == CONN_MAX_ENTRIES)
		return -E2BIG;
	/* 8, 16, 32...: grow when the number is a power of two. */
	if (!c->entry || (c->nr_entries >= 8 && !(c->nr_entries & (c->nr_entries - 1)))) {
		more = reallocarray(c->entry, c->nr_entries ? c->nr_entries * 2 : 8,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		c->entry = more;
	}
	memset(&c->entry[c->nr_entries], 0, sizeof(*c->entry));
	take_entry(nest, &c->entry[c->nr_entries++]);
	return 0;
}

static int take_conn(const struct nlattr *attr, struct conn *c)
{
	switch (type_of(attr)) {
#define TAKE(attr_, carried, words, member) \
	case TCP_LIFECYCLE_A_CONN_##attr_: \
		if (take_##carried(attr, &c->member)) \
			c->has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_##attr_); \
		break;
	FIELDS_CONN(TAKE)
#undef TAKE
	case TCP_LIFECYCLE_A_CONN_ENTRY:
		c->has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_ENTRY);
		return add_entry(attr, c);
	}
	return 0;
}

/**
 * conn_free() - let go of what belongs to a record
 * @c: filled by conn_parse(), or all zero
 */
void conn_free(struct conn *c)
{
	free(c->entry);
	c->entry = NULL;
	c->nr_entries = 0;
}

/**
 * conn_parse() - read a record
 * @nlh: a message of conn-get or listener-get
 * @c: filled; to be freed by conn_free() if this succeeds
 *
 * Return: 0, or a negative error: no memory, or too many entries.
 */
int conn_parse(const struct nlmsghdr *nlh, struct conn *c)
{
	const struct nlattr *attr;
	int err;

	memset(c, 0, sizeof(*c));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	for_each_in_message(attr, nlh) {
		err = take_conn(attr, c);
		if (err) {
			conn_free(c);
			return err;
		}
	}
	return 0;
}

/**
 * conn_parse_ended() - read a message of the group "ended"
 * @nlh: the message
 * @b: filled: its number, what was lost, and whether there is a record in it
 * @c: filled; to be freed by conn_free() if this succeeds
 *
 * Return: as conn_parse().
 */
int conn_parse_ended(const struct nlmsghdr *nlh, struct batch *b, struct conn *c)
{
	int err = conn_parse(nlh, c);

	if (err)
		return err;
	*b = (struct batch){
		.seq = c->ended_seq,
		.lost = c->ended_lost,
		.nr = conn_has(c, TCP_LIFECYCLE_A_CONN_COOKIE),
		.has_seq = conn_has(c, TCP_LIFECYCLE_A_CONN_ENDED_SEQ),
	};
	return 0;
}

/**
 * struct known - whose events begin with certain bytes
 * @len: how many; 0: none
 * @bytes: those: the attributes of the identity, which come first
 * @has: what they come to, as in struct conn
 * @identity: likewise
 */
struct known {
	uint16_t len;
	char bytes[192];
	conn_mask has;
	char identity[CONN_IDENTITY_SIZE];
};

static struct known known[CONN_IDENTITY_KEPT];

/* By the cookie, with which an event begins; NULL: with this one it does not. */
static struct known *known_of(const struct nlattr *first, const char *end)
{
	uint64_t cookie;

	if (!is_whole(first, end) || type_of(first) != TCP_LIFECYCLE_A_CONN_COOKIE ||
	    !take_U64(first, &cookie))
		return NULL;
	return &known[CONN_IDENTITY_SLOT(cookie)];
}

/* Returns the first attribute that is yet to be read. */
static const struct nlattr *take_known(const struct known *k, const struct nlattr *first,
				       const char *end, struct conn *event)
{
	if (!k->len || k->len > end - (const char *)first || memcmp(k->bytes, first, k->len))
		return first;
	event->has = k->has;
	memcpy((char *)event + CONN_IDENTITY_AT, k->identity, CONN_IDENTITY_SIZE);
	return (const void *)((const char *)first + k->len);
}

static bool is_of_identity(const struct nlattr *attr)
{
	return type_of(attr) <= TCP_LIFECYCLE_A_CONN_MAX && CONN_BIT(type_of(attr)) & CONN_IDENTITY;
}

/* Nothing but what these bytes say was read so far. */
static void remember(struct known *k, const struct nlattr *first, const struct nlattr *behind,
		     const struct conn *event)
{
	size_t len = (const char *)behind - (const char *)first;

	if (len > sizeof(k->bytes))
		return;
	k->len = len;
	memcpy(k->bytes, first, len);
	k->has = event->has;
	memcpy(k->identity, (const char *)event + CONN_IDENTITY_AT, CONN_IDENTITY_SIZE);
}

/* @event: of the one before, whose room for entries is used again */
static int take_event(const struct nlattr *nest, struct conn *event)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *first = payload_of(nest), *attr = first;
	struct entry *room = event->entry;
	struct known *k = known_of(first, end);
	int err = 0;

	memset(event, 0, sizeof(*event));
	event->entry = room;
	if (k)
		attr = take_known(k, first, end, event);
	/* Nothing is to be remembered of one that was. */
	if (attr != first)
		k = NULL;
	for_each_attr(attr, attr, end) {
		if (k && !is_of_identity(attr)) {
			remember(k, first, attr, event);
			k = NULL;
		}
		err = take_conn(attr, event);
		if (err)
			break;
	}
	return err;
}

/**
 * conn_parse_batch() - read a message of the feed
 * @nlh: the message
 * @b: filled before the first event is given to @fn
 * @fn: gets each event, in order; NULL to read @b only
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error.
 */
int conn_parse_batch(const struct nlmsghdr *nlh, struct batch *b,
		     conn_event_fn fn, void *data)
{
	struct conn event = { 0 };
	const struct nlattr *attr;
	uint64_t seq;
	int err = 0;

	memset(b, 0, sizeof(*b));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	for_each_in_message(attr, nlh) {
		switch (type_of(attr)) {
		case TCP_LIFECYCLE_A_BATCH_SEQ:
			if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0) {
				b->seq = mnl_attr_get_u64(attr);
				b->has_seq = true;
			}
			break;
		case TCP_LIFECYCLE_A_BATCH_LOST:
			if (mnl_attr_validate(attr, MNL_TYPE_U64) >= 0)
				b->lost = mnl_attr_get_u64(attr);
			break;
		case TCP_LIFECYCLE_A_BATCH_EVENT:
			b->nr++;
			break;
		}
	}

	if (!fn)
		return 0;
	seq = b->seq;
	for_each_in_message(attr, nlh) {
		if (type_of(attr) != TCP_LIFECYCLE_A_BATCH_EVENT)
			continue;
		err = take_event(attr, &event);
		if (!err)
			err = fn(&event, seq++, data);
		if (err)
			break;
	}
	conn_free(&event);
	return err;
}

/**
 * conn_entered() - the first transition into a state, or NULL
 * @c: a connection
 * @state: enum tcp_lifecycle_state
 */
const struct entry *conn_entered(const struct conn *c, uint8_t state)
{
	unsigned int i;

	for (i = 0; i < c->nr_entries; i++)
		if (entry_moves(&c->entry[i]) && c->entry[i].to == state)
			return &c->entry[i];
	return NULL;
}

/**
 * conn_last_move() - the last transition, or NULL
 * @c: a connection
 */
const struct entry *conn_last_move(const struct conn *c)
{
	unsigned int i = c->nr_entries;

	while (i--)
		if (entry_moves(&c->entry[i]))
			return &c->entry[i];
	return NULL;
}
