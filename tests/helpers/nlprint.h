/* SPDX-License-Identifier: GPL-2.0-only */
/* nlprint.h: records and events of a message, as docs/format.md would print them. */
#ifndef NLPRINT_H
#define NLPRINT_H

#include <linux/netlink.h>

/* The attributes of one record, of so many bytes in all. */
void put_record(const struct nlattr *at, int len);

/* One event of a batch: what nlread.c says of a line. */
void put_event(const struct nlattr *nest);

#endif
