// SPDX-License-Identifier: GPL-2.0
/*
 * conn.c: a record, as it came out of a message.
 *
 * What an attribute says is believed only after its length has been checked;
 * one that is not known, or that is malformed, is as good as absent.
 */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "fields.h"

_Static_assert(TCP_LIFECYCLE_A_CONN_MAX < 64, "struct conn: has");
_Static_assert(TCP_LIFECYCLE_A_ENTRY_MAX < 32, "struct entry: has");

static const struct {
	enum mnl_attr_data_type mnl;
	size_t size;
} carried[] = {
	[FIELD_U8] = { MNL_TYPE_U8, 1 },
	[FIELD_U16] = { MNL_TYPE_U16, 2 },
	[FIELD_U32] = { MNL_TYPE_U32, 4 },
	[FIELD_U64] = { MNL_TYPE_U64, 8 },
	[FIELD_FLAG] = { MNL_TYPE_FLAG, 0 },
	[FIELD_WORD] = { MNL_TYPE_U8, 1 },
	[FIELD_OPTIONS] = { MNL_TYPE_U8, 1 },
	[FIELD_COOKIE] = { MNL_TYPE_U64, 8 },
	[FIELD_ADDR] = { MNL_TYPE_BINARY, 0 },
	[FIELD_STRING] = { MNL_TYPE_BINARY, 0 },
};

static bool take_addr(const struct nlattr *attr, struct addr *addr)
{
	size_t len = mnl_attr_get_payload_len(attr);
	uint16_t type = mnl_attr_get_type(attr);
	bool v4 = type == TCP_LIFECYCLE_A_CONN_LOCAL4 ||
		  type == TCP_LIFECYCLE_A_CONN_REMOTE4;

	if (len != (v4 ? 4 : 16))
		return false;
	addr->len = len;
	memcpy(addr->byte, mnl_attr_get_payload(attr), len);
	return true;
}

static void take_comm(const struct nlattr *attr, struct conn *c)
{
	size_t len = strnlen(mnl_attr_get_payload(attr),
			     mnl_attr_get_payload_len(attr));

	if (len >= sizeof(c->comm))
		len = sizeof(c->comm) - 1;
	memcpy(c->comm, mnl_attr_get_payload(attr), len);
	c->comm[len] = '\0';
	c->comm_len = len;
}

/* Return: whether the attribute was well-formed. */
static bool take(const struct nlattr *attr, const struct field *f, void *to)
{
	void *at = (char *)to + f->offset;

	if (mnl_attr_validate(attr, carried[f->type].mnl) < 0)
		return false;
	switch (f->type) {
	case FIELD_FLAG:
		*(bool *)at = true;
		return true;
	case FIELD_ADDR:
		return take_addr(attr, at);
	case FIELD_STRING:
		take_comm(attr, to);
		return true;
	default:
		memcpy(at, mnl_attr_get_payload(attr), carried[f->type].size);
		return true;
	}
}

/* A record has some fifty attributes, a dump many records: no search in each. */
static const struct field *conn_field[TCP_LIFECYCLE_A_CONN_MAX + 1];
static const struct field *entry_field[TCP_LIFECYCLE_A_ENTRY_MAX + 1];

static void __attribute__((constructor)) index_fields(void)
{
	size_t i;

	for (i = 0; i < fields_nr_conn; i++)
		conn_field[fields_conn[i].attr] = &fields_conn[i];
	for (i = 0; i < fields_nr_entry; i++)
		entry_field[fields_entry[i].attr] = &fields_entry[i];
}

static void take_entry(const struct nlattr *nest, struct entry *e)
{
	const struct nlattr *attr;
	const struct field *f;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) > TCP_LIFECYCLE_A_ENTRY_MAX)
			continue;
		f = entry_field[mnl_attr_get_type(attr)];
		if (f && take(attr, f, e))
			e->has |= 1U << f->attr;
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
	uint16_t type = mnl_attr_get_type(attr);
	const struct field *f;

	if (type == TCP_LIFECYCLE_A_CONN_ENTRY) {
		c->has |= 1ULL << TCP_LIFECYCLE_A_CONN_ENTRY;
		return add_entry(attr, c);
	}
	f = type <= TCP_LIFECYCLE_A_CONN_MAX ? conn_field[type] : NULL;
	if (f && take(attr, f, c))
		c->has |= 1ULL << f->attr;
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
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		err = take_conn(attr, c);
		if (err) {
			conn_free(c);
			return err;
		}
	}
	return 0;
}

static int take_event(const struct nlattr *nest, uint64_t seq,
		      conn_event_fn fn, void *data)
{
	struct conn event = { 0 };
	const struct nlattr *attr;
	int err = 0;

	mnl_attr_for_each_nested(attr, nest) {
		err = take_conn(attr, &event);
		if (err)
			break;
	}
	if (!err)
		err = fn(&event, seq, data);
	conn_free(&event);
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
	const struct nlattr *attr;
	uint64_t seq;
	int err;

	memset(b, 0, sizeof(*b));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
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

	seq = b->seq;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (!fn || mnl_attr_get_type(attr) != TCP_LIFECYCLE_A_BATCH_EVENT)
			continue;
		err = take_event(attr, seq++, fn, data);
		if (err)
			return err;
	}
	return 0;
}
