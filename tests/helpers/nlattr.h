/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nlattr.h: attributes of netlink, read by somebody who believes nothing: what is not
 * as the spec has it ends the program.
 */
#ifndef NLATTR_H
#define NLATTR_H

#include <linux/netlink.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 2), noreturn))
static inline void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("nlread: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* The next one, or none; a wrong length is the kernel's mistake. */
static inline const struct nlattr *next(const struct nlattr **at, int *len)
{
	const struct nlattr *nla = *at;
	int step;

	if (*len <= 0)
		return NULL;
	if (*len < NLA_HDRLEN || nla->nla_len < NLA_HDRLEN || nla->nla_len > *len)
		die("an attribute of %u bytes where %d are left", nla->nla_len, *len);
	step = NLA_ALIGN(nla->nla_len);
	*at = (const void *)((const char *)nla + step);
	*len -= step;
	return nla;
}

static inline const void *data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

static inline int length(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

static inline void parse(const struct nlattr **tb, int max, const struct nlattr *at, int len,
			 int multi)
{
	const struct nlattr *nla;

	memset(tb, 0, max * sizeof(*tb));
	while ((nla = next(&at, &len))) {
		int type = nla->nla_type & NLA_TYPE_MASK;

		if (type >= max)
			die("attribute %d is not in the spec", type);
		if (tb[type] && type != multi && type != 1)
			die("attribute %d stands there twice", type);
		if (!tb[type])
			tb[type] = nla;
	}
}

static inline unsigned long long number(const struct nlattr *nla)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	switch (length(nla)) {
	case 1:
		return *(const uint8_t *)data(nla);
	case 2:
		memcpy(&v16, data(nla), 2);
		return v16;
	case 4:
		memcpy(&v32, data(nla), 4);
		return v32;
	case 8:
		memcpy(&v64, data(nla), 8);
		return v64;
	}
	die("a number of %d bytes", length(nla));
	return 0;
}

static inline unsigned long long must(const struct nlattr **tb, int type)
{
	if (!tb[type])
		die("attribute %d is missing", type);
	return number(tb[type]);
}

#endif
