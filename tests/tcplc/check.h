/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h: the little a unit test of the client needs.
 *
 * Each program counts its tests in the last line it prints, as make check
 * adds them up.
 */
#ifndef TCPLC_CHECK_H
#define TCPLC_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int check_passed, check_failed;
static bool check_bad;

#define CHECK(condition) do {						\
	if (!(condition)) {						\
		printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
		check_bad = true;					\
	}								\
} while (0)

#define CHECK_TEXT(got, wanted) do {					\
	const char *got_ = (got), *wanted_ = (wanted);			\
									\
	if (strcmp(got_, wanted_)) {					\
		printf("%s:%d: got\n%s\nwanted\n%s\n", __FILE__, __LINE__, \
		       got_, wanted_);					\
		check_bad = true;					\
	}								\
} while (0)

#define CHECK_RUN(test) check_run(#test, test)

static inline void check_run(const char *name, void (*test)(void))
{
	check_bad = false;
	test();
	printf("%s %s\n", check_bad ? "not ok" : "ok", name);
	if (check_bad)
		check_failed++;
	else
		check_passed++;
}

static inline int check_end(void)
{
	printf("%u passed, %u failed, 0 skipped\n", check_passed, check_failed);
	return check_failed > 0;
}

#endif /* TCPLC_CHECK_H */
