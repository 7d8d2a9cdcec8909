// SPDX-License-Identifier: GPL-2.0-only
/*
 * ends.c: the two ends of a connection, as text.
 */
#include "base/ends.h"

#include <net/if.h>
#include <string.h>

#include "base/text.h"

#define MAX_GROUPS 9	/* of an IPv6 address: eight, or seven with :: at an end */

static uint32_t own_netns;
static ends_ifname_fn ifname;

/**
 * ends_set_netns() - where this process is
 * @inode: of its network namespace, whose interfaces it can name; 0: not known
 */
void ends_set_netns(uint32_t inode)
{
	own_netns = inode;
}

/**
 * ends_set_ifname() - who knows the names of interfaces
 * @fn: returns the name of a number, or NULL; NULL: this kernel knows them
 */
void ends_set_ifname(ends_ifname_fn fn)
{
	ifname = fn;
}

static const char *name_of(uint32_t index, char *room)
{
	return ifname ? ifname(index) : if_indextoname(index, room);
}

static bool is_link_local(const struct addr *addr)
{
	return addr->len == 16 && addr->byte[0] == 0xfe && (addr->byte[1] & 0xc0) == 0x80;
}

/**
 * ends_scope() - the interface a link-local address belongs to
 * @out: at least ENDS_SCOPE_SIZE bytes
 * @c: the connection
 * @addr: one of its addresses
 *
 * Its name, if the connection is of this network namespace and the interface is
 * still there; else its number, which holds in the connection's namespace.
 *
 * Return: @out; empty if the address needs none, or it is not known.
 */
const char *ends_scope(char *out, const struct conn *c, const struct addr *addr)
{
	char room[IF_NAMESIZE];
	const char *name;

	out[0] = '\0';
	if (!is_link_local(addr) || !conn_has(c, TCP_LIFECYCLE_A_CONN_IFINDEX))
		return out;
	name = own_netns && c->netns == own_netns ? name_of(c->ifindex, room) : NULL;
	if (name)
		text_escape(out, ENDS_SCOPE_SIZE, name, strlen(name));
	else
		text_number(out, c->ifindex, 10);
	return out;
}

static const char *endpoint(char *out, const struct conn *c, const struct addr *addr,
			    uint16_t port, bool has_port)
{
	char scope[ENDS_SCOPE_SIZE], *at;

	text_endpoint(out, addr, port, has_port);
	at = strchr(out, ']');
	if (!at || !*ends_scope(scope, c, addr))
		return out;
	memmove(at + 1 + strlen(scope), at, strlen(at) + 1);
	*at = '%';
	memcpy(at + 1, scope, strlen(scope));
	return out;
}

/**
 * ends_local() - the end at this machine
 * @out: at least ENDS_SIZE bytes
 * @c: the connection
 *
 * Return: @out: 10.0.0.1:80, [2001:db8::1]:80 or [fe80::1%eth0]:80.
 */
const char *ends_local(char *out, const struct conn *c)
{
	return endpoint(out, c, &c->local, c->local_port,
			conn_has(c, TCP_LIFECYCLE_A_CONN_LOCAL_PORT));
}

/**
 * ends_remote() - the end at the peer
 * @out: at least ENDS_SIZE bytes
 * @c: the connection; a listener has none, and 0 for its port
 *
 * Return: @out, as ends_local().
 */
const char *ends_remote(char *out, const struct conn *c)
{
	return endpoint(out, c, &c->remote, c->remote_port,
			conn_has(c, TCP_LIFECYCLE_A_CONN_REMOTE_PORT) && c->remote_port);
}

/* An address in brackets: where its groups begin, the first of all at 0. */
struct groups {
	const char *addr;
	size_t begin[MAX_GROUPS];
	unsigned int nr;
	size_t end;		/* of the last one: a scope may follow */
	bool scope;
};

static bool split(const char *text, struct groups *g)
{
	size_t i;

	if (*text != '[')
		return false;
	*g = (struct groups){ .addr = text + 1, .nr = 1 };
	for (i = 0; g->addr[i] && !strchr("%]", g->addr[i]); i++)
		if (g->addr[i] == ':' && !strchr(":%]", g->addr[i + 1]) && g->nr < MAX_GROUPS)
			g->begin[g->nr++] = i + 1;
	g->end = i;
	g->scope = g->addr[i] == '%';
	return g->addr[i];
}

/* Which groups in the middle go: those from @first up to @last, not including it. */
struct hole {
	unsigned int first;
	unsigned int last;
};

static size_t width_with(const struct groups *g, struct hole h, size_t mark)
{
	size_t head = g->begin[h.first], tail = 1 + g->end - g->begin[h.last];

	return head + mark + tail;
}

/*
 * The widest that fits, of two such the one whose hole is nearer to the middle; the
 * narrowest, if none fits.  At least one group stays at either end, but where an
 * interface is named, which says as much as the fe80 before it.
 */
static struct hole choose(const struct groups *g, size_t mark, size_t room)
{
	struct hole best = { g->scope ? 0 : 1, g->nr - 1 }, h;
	size_t width, widest = 0;

	for (h.first = best.first; h.first < g->nr; h.first++) {
		for (h.last = h.first + 1; h.last < g->nr; h.last++) {
			width = width_with(g, h, mark);
			if (width > room || width < widest ||
			    (width == widest && h.first > g->nr - h.last))
				continue;
			widest = width;
			best = h;
		}
	}
	return best;
}

/**
 * ends_shorten() - an end with less of its IPv6 address
 * @out: at least ENDS_SIZE bytes
 * @text: from ends_local() or ends_remote()
 * @room: columns there are
 *
 * Groups in the middle give way to a mark that no address has:
 * [2001:db8:...:1]:443, with the one character for "..." where the locale has it,
 * ".." elsewhere.  Port and interface stay whole, as does an IPv4 address.
 *
 * Return: columns it takes, more than @room if it cannot be so short.
 */
size_t ends_shorten(char *out, const char *text, size_t room)
{
	const char *mark = text_utf8() ? "\u2026" : "..";
	size_t mark_width = text_utf8() ? 1 : 2, rest, width;
	struct groups g;
	struct hole h;
	char *at = out;

	strcpy(out, text);
	if (strlen(text) <= room || !split(text, &g) || g.nr < 3)
		return strlen(text);
	rest = strlen(text) - g.end;
	h = choose(&g, mark_width, room > rest ? room - rest : 0);
	width = width_with(&g, h, mark_width) + rest;
	if (width >= strlen(text))
		return strlen(text);
	*at++ = '[';
	memcpy(at, g.addr, g.begin[h.first]);
	at = stpcpy(at + g.begin[h.first], mark);
	*at++ = ':';
	strcpy(at, g.addr + g.begin[h.last]);
	return width;
}
