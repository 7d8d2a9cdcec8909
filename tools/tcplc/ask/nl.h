/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nl.h: the conversation with the module.
 *
 * Owns: the generic netlink socket, the ids of the family and its groups,
 * what the kernel answered when something went wrong.
 * Used by: main.c, which opens it, query.c and the subcommands.
 * Must not: print, or know what the messages say.
 */
#ifndef TCPLC_NL_H
#define TCPLC_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include <linux/tcp_lifecycle.h>

struct source;

/* enum nl_group - what can be listened to */
enum nl_group {
	NL_EVENTS,	/* what happens to connections */
	NL_ENDED,	/* whole records, as their connections end */
	NL_GROUPS,
};

/**
 * struct nl - a socket to the family tcp_lifecycle, or what answers in its place
 * @source: answers instead of the module, see source.h; or NULL
 * @answers: its own
 * @interrupted: the table changed under a dump since the socket was opened, so
 *	that something may be there twice or not at all
 * @why: what went wrong last, for people: no full stop, may hold line breaks
 */
struct nl {
	const struct source *source;
	void *answers;
	bool interrupted;
	char why[512];
	/* private: */
	struct mnl_socket *sock;
	unsigned int portid;
	unsigned int seq;
	uint16_t family;
	uint32_t group[NL_GROUPS][2];	/* of one namespace, of all; 0: there is none */
	char *out;		/* the request being built */
	char *in;
};

/**
 * typedef nl_fn - takes one message of the family
 * @nlh: the message; its attributes begin behind the genlmsghdr
 * @data: as given
 *
 * Return: 0 to go on, anything else ends the request and is what it returns.
 */
typedef int (*nl_fn)(const struct nlmsghdr *nlh, void *data);

#define NL_REQUEST_SIZE 8192

int nl_open(struct nl *nl);
int nl_answer(struct nl *nl, const struct source *source, void *answers);
void nl_close(struct nl *nl);
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd);
int nl_do(struct nl *nl, struct nlmsghdr *request, nl_fn fn, void *data);
int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_fn fn, void *data);
int nl_subscribe(struct nl *nl, enum nl_group which, bool all_netns, int rcvbuf);
int nl_receive(struct nl *nl, nl_fn fn, void *data);
int nl_fd(const struct nl *nl);
uint8_t nl_cmd(const struct nlmsghdr *nlh);

#endif /* TCPLC_NL_H */
