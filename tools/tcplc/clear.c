// SPDX-License-Identifier: GPL-2.0
/*
 * clear.c: tcplc clear, forget the connections that have ended.
 */
#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "options.h"

static int take_cleared(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_CLEAR_CLEARED &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			*(uint32_t *)data = mnl_attr_get_u32(attr);
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	uint32_t cleared = 0;
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	code = options_none_left(ctx, argc, argv, first);
	if (!code)
		code = tcplc_connect(ctx);
	if (code)
		return code;
	if (nl_do(&ctx->nl, nl_request(&ctx->nl, TCP_LIFECYCLE_CMD_CLEAR),
		  take_cleared, &cleared))
		return tcplc_fail("%s", ctx->nl.why);
	if (ctx->json)
		return json_print(json_pack("{s:I}", "cleared", (json_int_t)cleared)) ?
		       tcplc_fail("cannot write JSON") : 0;
	printf("%" PRIu32 " ended connection%s forgotten\n", cleared,
	       cleared == 1 ? "" : "s");
	return 0;
}

const struct command command_clear = {
	.name = "clear",
	.about = "forget the connections that have ended, in every network namespace",
	.run = run,
};
