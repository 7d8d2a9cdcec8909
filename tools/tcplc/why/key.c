// SPDX-License-Identifier: GPL-2.0-only
/*
 * key.c: what a rule counts by.
 */
#include "why/key.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "why/facts_of.h"

/**
 * key_begin() - a key that has nothing but the namespace
 * @k: filled, also between its members
 * @c: a connection
 */
void key_begin(struct key *k, const struct conn *c)
{
	memset(k, 0, sizeof(*k));
	k->netns = c->netns;
}

static void take_addr(struct key *k, const struct conn *c, const struct addr *addr)
{
	k->family = c->family;
	k->addr.len = addr->len;
	memcpy(k->addr.byte, addr->byte, addr->len);
	k->ifindex = c->ifindex;
}

/**
 * key_remote() - add the remote end
 * @k: begun
 * @c: a connection
 */
void key_remote(struct key *k, const struct conn *c)
{
	key_remote_host(k, c);
	k->port = c->remote_port;
}

/**
 * key_remote_host() - add the remote address
 * @k: begun
 * @c: a connection
 */
void key_remote_host(struct key *k, const struct conn *c)
{
	take_addr(k, c, &c->remote);
}

/**
 * key_local_host() - add the local address to a remote end
 * @k: begun
 * @c: a connection
 */
void key_local_host(struct key *k, const struct conn *c)
{
	k->local.len = c->local.len;
	memcpy(k->local.byte, c->local.byte, c->local.len);
}

/**
 * key_local() - add the local end
 * @k: begun
 * @c: a connection or a listener
 */
void key_local(struct key *k, const struct conn *c)
{
	take_addr(k, c, &c->local);
	k->port = c->local_port;
}

/* The kernel and its names are not trusted to end by a NUL and nothing behind it. */
static void take_comm(struct key *k, const char *comm)
{
	memset(k->comm, 0, sizeof(k->comm));
	memcpy(k->comm, comm, strnlen(comm, sizeof(k->comm) - 1));
}

/**
 * key_owner() - add the process that opened or accepted it
 * @k: begun
 * @c: a connection or a listener
 */
void key_owner(struct key *k, const struct conn *c)
{
	take_comm(k, c->comm);
	k->pid = c->pid;
	k->place = place_of(c);
}

/**
 * key_closer() - add the process that ended this side
 * @k: begun
 * @c: a connection
 *
 * A record names it only where it is not the owner.
 */
void key_closer(struct key *k, const struct conn *c)
{
	if (!conn_has(c, TCP_LIFECYCLE_A_CONN_CLOSER_COMM)) {
		key_owner(k, c);
		return;
	}
	take_comm(k, c->closer_comm);
	k->pid = c->closer_pid;
}

/**
 * key_service() - add the end that does not change from one connection to the next
 * @k: begun
 * @c: a connection
 */
void key_service(struct key *k, const struct conn *c)
{
	if (facts_connected(c)) {
		key_remote(k, c);
		k->side = KEY_CLIENT;
	} else if (facts_came_in(c)) {
		key_local(k, c);
		k->side = KEY_SERVER;
	} else {
		key_remote_host(k, c);
		k->side = KEY_UNKNOWN;
	}
}

/**
 * key_end() - its address, and its port if it has one
 * @out: at least ENDS_SIZE bytes
 * @k: a key
 *
 * Return: @out: 10.0.0.1:80, [2001:db8::1]:80, 10.0.0.1 or fe80::1%eth0.
 */
const char *key_end(char *out, const struct key *k)
{
	struct conn c = {
		.has = CONN_BIT(TCP_LIFECYCLE_A_CONN_REMOTE_PORT),
		.family = k->family, .netns = k->netns, .ifindex = k->ifindex,
		.remote = k->addr, .remote_port = k->port,
	};
	char scope[ENDS_SCOPE_SIZE];

	if (k->ifindex)
		c.has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_IFINDEX);
	if (k->port)
		return ends_remote(out, &c);
	text_addr(out, &k->addr);
	if (*ends_scope(scope, &c, &k->addr))
		snprintf(out + strlen(out), ENDS_SIZE - strlen(out), "%%%s", scope);
	return out;
}

/**
 * key_who() - its process
 * @out: at least KEY_WHO_SIZE bytes
 * @k: a key
 *
 * Return: @out: java/4711 orders.service; without what is not known; harmless to print.
 */
const char *key_who(char *out, const struct key *k)
{
	char where[PLACE_TEXT_SIZE];
	size_t len = text_escape(out, KEY_WHO_SIZE, k->comm, strlen(k->comm));

	if (!k->comm[0])
		len = snprintf(out, KEY_WHO_SIZE, "unknown process");
	if (k->pid)
		len += snprintf(out + len, KEY_WHO_SIZE - len, "/%u", k->pid);
	if (place_text(where, k->place))
		snprintf(out + len, KEY_WHO_SIZE - len, " %s", where);
	return out;
}
