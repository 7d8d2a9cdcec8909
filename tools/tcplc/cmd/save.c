// SPDX-License-Identifier: GPL-2.0-only
/*
 * save.c: tcplc save: all there is, in a file.
 *
 * Owns: what goes into the file, and in which order: who and when first, what was
 * counted, the records, and a last line that says that this is all.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ask/netns.h"
#include "ask/query.h"
#include "base/version.h"
#include "cmd/options.h"
#include "json/conn_json.h"
#include "json/json.h"
#include "saved/counters_json.h"
#include "saved/header.h"
#include "saved/outfile.h"
#include "saved/settings_json.h"

#define CANNOT_WRITE 1		/* as what a callback returns */

struct save {
	struct tcplc *ctx;
	FILE *out;
	uint64_t records;
};

static int put(struct save *s, json_t *object)
{
	int err = -1;

	if (object && !json_object_set_new(object, "schema", json_integer(JSON_SCHEMA)))
		err = json_dumpf(object, s->out, JSON_COMPACT);
	json_decref(object);
	return err || fputc('\n', s->out) == EOF ? CANNOT_WRITE : 0;
}

static int put_edge(const struct edge *e, void *data)
{
	return put(data, edge_json(e));
}

static int put_histogram(const struct histogram *h, void *data)
{
	return h->nr ? put(data, histogram_json(h)) : 0;
}

static int put_hook(const struct hook *h, void *data)
{
	return put(data, hook_json(h));
}

static int put_conn(const struct conn *c, void *data)
{
	struct save *s = data;

	s->records++;
	return conn_json_print(s->out, c, NULL) ? CANNOT_WRITE : 0;
}

static int put_counters(struct save *s)
{
	struct nl *nl = &s->ctx->nl;
	struct counters t;
	int err;

	err = counters_get(nl, &t);
	if (!err)
		err = put(s, counters_json(&t));
	/* Those of the whole host, as tcplc stats has it. */
	if (!err && counters_has(&t, TCP_LIFECYCLE_A_STATS_LIVE))
		err = counters_edges(nl, put_edge, s) ?:
		      counters_histograms(nl, put_histogram, s);
	return err ? err : counters_hooks(nl, put_hook, s);
}

/* What tcplc why compares with. */
static int put_settings(struct save *s)
{
	struct settings settings;
	struct host host;
	int err;

	err = settings_get(&s->ctx->nl, &settings);
	if (err)
		return err;
	host_read(&s->ctx->nl, &host, netns_inode());
	return put(s, settings_json(&settings)) ?: put(s, host_json(&host));
}

static int put_all(struct save *s, const struct header *h)
{
	const struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .entries = true };
	int err;

	err = put(s, header_json(h, version_client));
	if (!err)
		err = put_settings(s);
	if (!err)
		err = put_counters(s);
	if (!err)
		err = query_dump(s->ctx, &q, put_conn, s);
	if (!err)
		err = put(s, json_pack("{s:s,s:o,s:b}", "type", "end", "records",
				       json_u64(s->records), "interrupted",
				       s->ctx->nl.interrupted));
	return err;
}

static int look_away(const struct conn *c, void *data)
{
	(void)c;
	(void)data;
	return 0;
}

/* Whether there is one of this name does not matter: who may not see all is told so. */
static bool may_see_all(struct tcplc *ctx)
{
	int err;

	ctx->all_netns = true;
	err = query_one(ctx, 0, NULL, look_away, NULL);
	ctx->nl.why[0] = '\0';
	ctx->all_netns = false;
	return err != -EPERM && err != -EACCES;
}

static int report(const struct save *s, const char *path)
{
	const char *whose = s->ctx->all_netns ? "all network namespaces" :
			    "this network namespace";

	if (s->ctx->json)
		return json_print(json_pack("{s:s,s:o,s:o,s:b}", "type", "save",
					    "file", json_bytes(path, strlen(path)), "records",
					    json_u64(s->records), "all_netns",
					    s->ctx->all_netns)) ?
		       tcplc_fail("cannot write JSON") : EXIT_SUCCESS;
	printf("%s: %" PRIu64 " record%s of %s\n", path, s->records, s->records == 1 ? "" : "s",
	       whose);
	if (s->ctx->nl.interrupted)
		tcplc_fail("records were added or removed meanwhile: one of them may be missing "
			   "or there twice");
	return EXIT_SUCCESS;
}

static int save(struct tcplc *ctx, const char *path)
{
	struct save s = { .ctx = ctx };
	struct outfile *o;
	struct header h;
	char why[200];
	int err;

	if (!ctx->netns && !ctx->all_netns)
		ctx->all_netns = may_see_all(ctx);
	header_here(&h);
	h.all_netns = ctx->all_netns;
	o = outfile_open(path, why, sizeof(why));
	if (!o)
		return tcplc_fail("cannot write %s: %s", path, why);
	s.out = outfile_stream(o);
	err = put_all(&s, &h);
	if (err < 0) {
		outfile_drop(o);
		return tcplc_fail("%s", ctx->nl.why);
	}
	if (err) {
		snprintf(why, sizeof(why), "%s", strerror(errno ? errno : EIO));
		outfile_drop(o);
		return tcplc_fail("cannot write %s: %s", path, why);
	}
	if (outfile_commit(o, why, sizeof(why)))
		return tcplc_fail("cannot write %s: %s", path, why);
	return report(&s, path);
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	if (argc - first != 1) {
		tcplc_fail("save needs one FILE to write to, for example tcplc save host.zst");
		return EXIT_USAGE;
	}
	code = tcplc_connect(ctx);
	return code ? code : save(ctx, argv[first]);
}

const struct command command_save = {
	.name = "save",
	.operands = "FILE",
	.about = "write all records and counters to a file, for --read",
	.live = true,
	.help =
	"The file has one JSON object per line: host and time, what tcplc stats prints, the hooks,\n"
	"and every record with its entries. A name that ends in .zst or .gz is compressed.\n"
	"It takes the place of FILE when all is written; if that fails, FILE is as it was.\n"
	"A new file can be read by its owner only: it has the connections of the whole host,\n"
	"or of this network namespace for a reader without CAP_NET_ADMIN on the host.\n"
	"Read it by tcplc -r FILE list, show, why, report and others, on any machine.\n",
	.run = run,
};
