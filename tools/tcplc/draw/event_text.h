/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_text.h: one event in one line.
 *
 * Used by: watch.c.
 */
#ifndef TCPLC_EVENT_TEXT_H
#define TCPLC_EVENT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/conn.h"

/* enum event_time - what it begins with */
enum event_time {
	EVENT_TIME_ABSOLUTE,	/* date, time and zone */
	EVENT_TIME_RELATIVE,	/* since the connection began */
	EVENT_TIME_NONE,
};

void event_text_print(FILE *out, const struct conn *event, enum event_time time,
		      bool netns);

#endif /* TCPLC_EVENT_TEXT_H */
