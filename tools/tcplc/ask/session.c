// SPDX-License-Identifier: GPL-2.0-only
/*
 * session.c: one run of the tool.
 */
#include "ask/session.h"

#include <stdarg.h>
#include <stdio.h>

#include "ask/cgroup.h"
#include "ask/netns.h"
#include "ask/source.h"
#include "base/ends.h"
#include "base/place.h"

/**
 * tcplc_fail() - say why it could not be done
 * @format: without "tcplc:" and without a line break
 *
 * Return: the exit code for that.
 */
int tcplc_fail(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("tcplc: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return EXIT_FAILURE;
}

/**
 * tcplc_connect() - enter the namespace that is asked for and open the socket
 * @ctx: the run; its nl is open afterwards
 *
 * Return: 0, or an exit code after having said why.
 */
int tcplc_connect(struct tcplc *ctx)
{
	if (ctx->nl.source)
		return 0;
	if (ctx->netns && netns_enter(ctx->netns, ctx->nl.why, sizeof(ctx->nl.why)))
		return tcplc_fail("%s", ctx->nl.why);
	ends_set_netns(netns_inode());
	place_set_resolver(cgroup_path);
	if (nl_open(&ctx->nl))
		return tcplc_fail("%s", ctx->nl.why);
	return 0;
}

/**
 * tcplc_end() - close what answered, and say what was wrong with it
 * @ctx: the run, connected or not
 * @code: exit code of the subcommand
 *
 * Return: the exit code of the run.
 */
int tcplc_end(struct tcplc *ctx, int code)
{
	if (ctx->nl.source && ctx->nl.source->end(&ctx->nl)) {
		tcplc_fail("%s", ctx->nl.why);
		code = code ? code : EXIT_FAILURE;
	}
	nl_close(&ctx->nl);
	return code;
}
