/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * follow.h: read a group of the module until somebody has had enough.
 *
 * Owns: the loop, the count of what was lost and saying it, the options of it.
 * Used by: watch.c and log.c.
 * Must not: know what a message says, beyond its numbers.
 */
#ifndef TCPLC_FOLLOW_H
#define TCPLC_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "ask/feed.h"
#include "ask/nl.h"
#include "ask/session.h"

struct counters;
struct follow;

/**
 * struct follow_kind - what is followed
 * @group: the group to join
 * @cmd: the messages that come
 * @one: what is counted
 * @many: likewise, of several
 * @where: how JSON names the place where the kernel lost some
 * @why: what that was, in words
 */
struct follow_kind {
	enum nl_group group;
	uint8_t cmd;
	const char *one;
	const char *many;
	const char *where;
	const char *why;
};

/**
 * struct follow - one run
 * @ctx: its nl is for questions
 * @kind: of what
 * @buffer: bytes the kernel keeps for us
 * @most: how many to print; 0: no end
 * @take: reads one message; see follow_batch()
 * @places: where owners ran is asked for when their cgroup may be gone
 * @data: for @take
 * @feed: how far we are
 * @shown: how many were printed
 * @done: the output is closed, or enough was printed
 */
struct follow {
	struct tcplc *ctx;
	const struct follow_kind *kind;
	int buffer;
	uint64_t most;
	int (*take)(struct follow *f, const struct nlmsghdr *nlh);
	bool places;
	void *data;
	struct feed feed;
	uint64_t shown;
	bool done;
	/* private: */
	struct nl nl;		/* listens */
	int cgroups;		/* tells of new ones, or -1 */
	bool overflowed;	/* it was full, and it is not known yet of how much */
};

#define FOLLOW_BUFFER (8 * 1024 * 1024)

#define FOLLOW_HELP_BUFFER \
	"      --buffer SIZE    socket buffer, for example 512K or 64M (default 8M)\n"

int follow_take_buffer(struct follow *f, const char *arg);
int follow_take_count(struct follow *f, const char *arg);
int follow_begin(struct follow *f);
int follow_drain(struct follow *f);
int follow_run(struct follow *f);
void follow_end(struct follow *f);
void follow_batch(struct follow *f, const struct batch *b);
void follow_shown(struct follow *f);

#endif /* TCPLC_FOLLOW_H */
