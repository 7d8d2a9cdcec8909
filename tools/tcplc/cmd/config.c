// SPDX-License-Identifier: GPL-2.0-only
/*
 * config.c: tcplc config, what is recorded and for how long it is kept.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/kernel.h>

#include "ask/settings.h"
#include "base/names.h"
#include "base/nearest.h"
#include "cmd/config_save.h"
#include "cmd/options.h"
#include "filter/parse_value.h"
#include "json/json.h"

#define MAX_RETENTION 86400

static int print_json(const struct settings *c)
{
	json_t *ports = json_array(), *hooks = json_object();
	unsigned int i;

	for (i = 0; i < c->nr_ports; i++)
		json_array_append_new(ports, json_integer(c->port[i]));
	for (i = 0; i < ARRAY_SIZE(c->group); i++)
		if (c->has_group[i])
			json_object_set_new(hooks, tlc_words_group(i), json_boolean(c->group[i]));
	return json_print(json_pack("{s:I,s:b,s:o,s:o}",
				    "retention_s", (json_int_t)c->retention,
				    "exclude_loopback", c->exclude_loopback,
				    "ports", ports, "hooks", hooks));
}

/* In the form that config accepts. */
static void print(const struct settings *c)
{
	unsigned int i;

	printf("retention %" PRIu32 "\n", c->retention);
	printf("exclude-loopback %s\n", c->exclude_loopback ? "on" : "off");
	printf("ports %s", c->nr_ports ? "" : "any");
	for (i = 0; i < c->nr_ports; i++)
		printf("%s%u", i ? "," : "", c->port[i]);
	putchar('\n');
	for (i = 0; i < ARRAY_SIZE(c->group); i++)
		if (c->has_group[i])
			printf("hooks %s %s\n", tlc_words_group(i), c->group[i] ? "on" : "off");
}

static int bad(const char *word, const char *why)
{
	tcplc_fail("config: '%s' %s%s", word, why,
		   strchr(why, '?') ? "" : "; see tcplc config --help");
	return EXIT_USAGE;
}

static bool on_off(const char *text, uint8_t *value)
{
	*value = names_equal(text, "on") || !strcmp(text, "1") || names_equal(text, "yes");
	return *value || names_equal(text, "off") || !strcmp(text, "0") ||
	       names_equal(text, "no");
}

static int put_retention(struct nlmsghdr *nlh, char **value)
{
	uint64_t n, us;

	if (!value_number(*value, &n)) {
		if (!value_duration(*value, &us))
			return bad(*value, "is no time: seconds, or 5m, 1h");
		n = us / 1000000;
	}
	if (n < 1 || n > MAX_RETENTION)
		return bad(*value, "is not between 1 second and 1 day");
	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_CONFIG_RETENTION, n);
	return 0;
}

static int put_loopback(struct nlmsghdr *nlh, char **value)
{
	uint8_t on;

	if (!on_off(*value, &on))
		return bad(*value, "is neither on nor off");
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK, on);
	return 0;
}

static int put_ports(struct nlmsghdr *nlh, char **value)
{
	char *next = *value, *word;
	unsigned int nr = 0;
	uint16_t port;

	/* A list replaces the one before; what is forgotten must be said. */
	mnl_attr_put(nlh, TCP_LIFECYCLE_A_CONFIG_ANY_PORT, 0, NULL);
	if (names_equal(*value, "any") || names_equal(*value, "all"))
		return 0;
	while ((word = strsep(&next, ","))) {
		if (!value_port(word, &port) || !port)
			return bad(word, "is not a port: 1 to 65535, or a service");
		if (nr++ == SETTINGS_PORTS)
			return bad(word, "is the 65th port; at most 64 are allowed");
		mnl_attr_put_u16(nlh, TCP_LIFECYCLE_A_CONFIG_PORT, port);
	}
	return 0;
}

static int put_hooks(struct nlmsghdr *nlh, char **value)
{
	struct nearest n = nearest_begin(value[0]);
	struct nlattr *nest;
	unsigned int group;
	char why[64];
	uint8_t on;

	if (!names_value(NAMES_GROUP, value[0], &group)) {
		for (group = 0; group < names_count(NAMES_GROUP); group++)
			nearest_try(&n, tlc_words_group(group));
		snprintf(why, sizeof(why), "is not a group of hooks%s%s%s",
			 n.best ? ", did you mean '" : "", n.best ? n.best : "",
			 n.best ? "'?" : "");
		return bad(value[0], why);
	}
	if (!on_off(value[1], &on))
		return bad(value[1], "is neither on nor off");
	nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_CONFIG_GROUP);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_GROUP_STATE_GROUP, group);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_GROUP_STATE_ENABLED, on);
	mnl_attr_nest_end(nlh, nest);
	return 0;
}

static const struct {
	const char *word;
	unsigned int values;
	int (*put)(struct nlmsghdr *nlh, char **value);
} settings[] = {
	{ "retention", 1, put_retention },
	{ "exclude-loopback", 1, put_loopback },
	{ "ports", 1, put_ports },
	{ "hooks", 2, put_hooks },
};

static int put(struct nlmsghdr *nlh, int argc, char **argv)
{
	struct nearest n;
	char why[64];
	size_t i;
	int code;

	while (argc) {
		n = nearest_begin(*argv);
		for (i = 0; i < ARRAY_SIZE(settings); i++) {
			if (names_equal(*argv, settings[i].word))
				break;
			nearest_try(&n, settings[i].word);
		}
		if (i == ARRAY_SIZE(settings)) {
			snprintf(why, sizeof(why), "is no setting%s%s%s",
				 n.best ? ", did you mean '" : "", n.best ? n.best : "",
				 n.best ? "'?" : "");
			return bad(*argv, why);
		}
		if ((unsigned int)argc <= settings[i].values)
			return bad(*argv, "needs a value");
		/* Hooks have seven groups; nobody needs to say more than that. */
		if (nlh->nlmsg_len > NL_REQUEST_SIZE / 2)
			return bad(*argv, "is one setting too many in one call");
		code = settings[i].put(nlh, argv + 1);
		if (code)
			return code;
		argc -= settings[i].values + 1;
		argv += settings[i].values + 1;
	}
	return 0;
}

static int change(struct tcplc *ctx, int argc, char **argv)
{
	char *buffer = calloc(1, NL_REQUEST_SIZE);
	struct nlmsghdr *words, *nlh;
	int code;

	if (!buffer)
		return tcplc_fail("no memory");
	/* Words are read before the module is asked for: who errs is told so. */
	words = mnl_nlmsg_put_header(buffer);
	code = put(words, argc, argv);
	if (!code)
		code = tcplc_connect(ctx);
	if (code) {
		free(buffer);
		return code;
	}
	nlh = nl_request(&ctx->nl, TCP_LIFECYCLE_CMD_CONFIG_SET);
	memcpy(mnl_nlmsg_get_payload_tail(nlh), mnl_nlmsg_get_payload(words),
	       mnl_nlmsg_get_payload_len(words));
	nlh->nlmsg_len += mnl_nlmsg_get_payload_len(words);
	if (nl_do(&ctx->nl, nlh, NULL, NULL))
		code = tcplc_fail("%s", ctx->nl.why);
	free(buffer);
	return code;
}

static int show(struct tcplc *ctx)
{
	int code = tcplc_connect(ctx);
	struct settings c;

	if (code)
		return code;
	if (settings_get(&ctx->nl, &c))
		return tcplc_fail("%s", ctx->nl.why);
	if (!ctx->json)
		print(&c);
	else if (print_json(&c))
		return tcplc_fail("cannot write JSON");
	return EXIT_SUCCESS;
}

/* What --save and --root have said. */
struct own {
	bool save;
	const char *root;
};

static int take_option(void *data, int opt, const char *arg)
{
	struct own *own = data;

	if (opt == 's')
		own->save = true;
	else
		own->root = arg;
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "save", no_argument, NULL, 's' },
		{ "root", required_argument, NULL, OPTIONS_OWN },
		{ 0 },
	};
	struct own own = { 0 };
	const struct options options = {
		.shorts = "s", .longs = longs, .take = take_option, .data = &own,
	};
	int code, first;

	first = options_parse(ctx, argc, argv, &options, &code);
	if (first < 0)
		return code;
	if (own.root && !own.save) {
		tcplc_fail("config: --root says where --save writes; add --save");
		return EXIT_USAGE;
	}
	if (first < argc)
		code = change(ctx, argc - first, argv + first);
	else
		code = own.save ? tcplc_connect(ctx) : show(ctx);
	return code || !own.save ? code : config_save(ctx, own.root);
}

const struct command command_config = {
	.name = "config",
	.operands = "[SETTING VALUE]...",
	.about = "show what is recorded and how long it is kept, or change it",
	.live = true,
	.help =
	"  -s, --save               write the settings, after the change, into modprobe.d and\n"
	"                           modules-load.d, for the next boot; needs root\n"
	"      --root FOLDER        with --save: write below FOLDER instead of /\n"
	"\n"
	"  retention SECONDS        how long ended connections are kept; also 5m, 1h\n"
	"  ports PORT,...|any       record only connections with one of these ports, or any\n"
	"  exclude-loopback on|off  leave out connections from or to a loopback address\n"
	"  hooks GROUP on|off       turn the hooks of a group on or off: listeners, openings,\n"
	"                           accept, causes, timers; tcplc doctor says what is missing\n"
	"\n"
	"Several settings are changed together, or none of them. Without arguments, it prints\n"
	"the settings in the form in which config accepts them. Without --save, a change lasts\n"
	"until the module is loaded again.\n",
	.run = run,
};
