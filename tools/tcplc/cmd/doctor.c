// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor.c: tcplc doctor, is everything as it should be?
 *
 * Owns: what is checked, and what to do about each.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "ask/counters.h"
#include "ask/netns.h"
#include "ask/query.h"
#include "base/names.h"
#include "base/version.h"
#include "canary/canary.h"
#include "cmd/options.h"
#include "json/json.h"

#define MAX_HOOKS 64
/* What takes longest is a timer of a second, on a kernel that has other things to do. */
#define CANARY_SECONDS 8

enum grade { GRADE_OK, GRADE_WARN, GRADE_FAIL };

struct doctor {
	struct tcplc *ctx;
	enum grade worst;
	enum grade worst_hook;
	bool probe;
	bool silenced;
	unsigned int hooks;
	unsigned int attached;
	unsigned int off;
	struct hook hook[MAX_HOOKS];
};

/**
 * say() - one finding
 * @d: the doctor
 * @grade: how bad it is
 * @check: what was looked at
 * @remedy: what to do about it, or NULL
 * @format: what was found
 */
static void __attribute__((format(printf, 5, 6)))
say(struct doctor *d, enum grade grade, const char *check, const char *remedy,
    const char *format, ...)
{
	static const char *const words[] = { "ok", "warn", "FAIL" };
	static const enum text_color colors[] = { TEXT_GOOD, TEXT_WAIT, TEXT_BAD };
	char found[512];
	json_t *object;
	va_list args;

	va_start(args, format);
	vsnprintf(found, sizeof(found), format, args);
	va_end(args);
	if (grade > d->worst)
		d->worst = grade;
	if (d->ctx->json) {
		object = json_pack("{s:s,s:s,s:o}", "check", check, "grade", words[grade],
				   "found", json_bytes(found, strlen(found)));
		if (remedy)
			json_object_set_new(object, "remedy", json_string(remedy));
		json_print(object);
		return;
	}
	printf("%s%-4s%s  %-12s %s\n", text_on(colors[grade]), words[grade], text_off(),
	       check, found);
	if (remedy)
		printf("      %-12s %s\n", "", remedy);
}

static bool first_line_has(const char *path, const char *word)
{
	FILE *file = fopen(path, "re");
	char line[128] = "";

	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
	}
	return strstr(line, word);
}

/* Which modules does the kernel take?  insmod only says that it is not permitted. */
static void check_signing(struct doctor *d)
{
	static const char lockdown[] = "/sys/kernel/security/lockdown";
	static const char remedy[] =
		"sign the module with a key the kernel knows: dkms does so after you enroll "
		"its key with 'mokutil --import'; see kernel_lockdown(7)";

	if (first_line_has(lockdown, "[integrity]") ||
	    first_line_has(lockdown, "[confidentiality]"))
		say(d, GRADE_WARN, "signature", remedy,
		    "the kernel is locked down: it loads signed modules only");
	else if (first_line_has("/sys/module/module/parameters/sig_enforce", "Y"))
		say(d, GRADE_WARN, "signature", remedy,
		    "module.sig_enforce is set: the kernel loads signed modules only");
}

/* Has the kernel what the module is built on?  Of use if it is not loaded. */
static void check_kernel(struct doctor *d)
{
	check_signing(d);
	if (!access("/sys/kernel/debug/kprobes/list", F_OK) ||
	    !access("/proc/sys/debug/kprobes-optimization", F_OK))
		say(d, GRADE_OK, "kprobes", NULL, "the kernel has them");
	else
		say(d, GRADE_WARN, "kprobes",
		    "look for CONFIG_KPROBES=y in /boot/config-$(uname -r); without it, use "
		    "another kernel", "not found: a kernel without them cannot load the module");
}

/* An upgrade replaces the client at once, and the module when it is loaded again. */
static void check_version(struct doctor *d)
{
	char module[VERSION_SIZE];

	if (!version_module(module))
		say(d, GRADE_OK, "version", NULL, "tcplc is %s; that of the module is unknown: "
		    "cannot read %s", version_client, version_module_file);
	else if (!strcmp(module, version_client))
		say(d, GRADE_OK, "version", NULL, "%s, module and tcplc", module);
	else
		say(d, GRADE_WARN, "version", "load the module that came with tcplc: sudo modprobe -r "
		    "tcp_lifecycle && sudo modprobe tcp_lifecycle; this drops all records",
		    "tcplc is %s, the module that is loaded %s: one may not know all that the "
		    "other says", version_client, module);
}

static bool check_module(struct doctor *d)
{
	struct tcplc *ctx = d->ctx;
	int err = 0;

	if (ctx->netns)
		err = netns_enter(ctx->netns, ctx->nl.why, sizeof(ctx->nl.why));
	if (err) {
		say(d, GRADE_FAIL, "netns", NULL, "%s", ctx->nl.why);
		return false;
	}
	err = nl_open(&ctx->nl);
	if (!err) {
		say(d, GRADE_OK, "module", NULL, "loaded, and answers");
		check_version(d);
		return true;
	}
	if (err == -ENOENT) {
		say(d, GRADE_FAIL, "module", "sudo modprobe tcp_lifecycle, or sudo insmod "
		    "tcp_lifecycle.ko; if that fails, dmesg says why", "not loaded");
		check_kernel(d);
	} else {
		say(d, GRADE_FAIL, "module", NULL, "%s", ctx->nl.why);
	}
	return false;
}

static int check_hook(const struct hook *h, void *data)
{
	struct doctor *d = data;
	char remedy[160];

	if (d->hooks < MAX_HOOKS)
		d->hook[d->hooks] = *h;
	d->hooks++;
	d->attached += h->attached;
	d->off += h->attached && !h->enabled;
	if (!h->attached) {
		d->worst_hook = h->required ? GRADE_FAIL : d->worst_hook;
		say(d, h->required ? GRADE_FAIL : GRADE_WARN, "hook",
		    "this kernel has no such function, or it cannot be probed; "
		    "dmesg has the error",
		    "%s is not attached; missing from records: %s", h->symbol,
		    h->lost[0] ? h->lost : "everything");
	} else if (!h->enabled) {
		snprintf(remedy, sizeof(remedy), "sudo tcplc config hooks %s on",
			 tlc_words_group(h->group));
		say(d, GRADE_WARN, "hook", remedy, "%s is off; missing from records: %s", h->symbol,
		    h->lost[0] ? h->lost : "-");
	}
	if (h->missed)
		say(d, GRADE_WARN, "hook", "the processor was inside another probe: stop other "
		    "tracers that probe TCP (bpftrace, perf, kprobe_events in tracefs), and see "
		    "'tcplc list gaps'; the count stays until the module is loaded again",
		    "%s: its hook could not run for %" PRIu64 " hits, and ran for %" PRIu64,
		    h->symbol, h->missed, h->hits);
	return 0;
}

static bool is_zero(const char *path)
{
	FILE *file = fopen(path, "re");
	int c = '1';

	if (file) {
		c = getc(file);
		fclose(file);
	}
	return c == '0';
}

/* Switches of the kernel that silence every probe, and count nothing. */
static void check_switches(struct doctor *d)
{
	static const struct {
		const char *path;
		const char *remedy;
	} switches[] = {
		{ "/proc/sys/kernel/ftrace_enabled", "sudo sysctl kernel.ftrace_enabled=1" },
		{ "/sys/kernel/debug/kprobes/enabled",
		  "echo 1 | sudo tee /sys/kernel/debug/kprobes/enabled" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (is_zero(switches[i].path)) {
			d->silenced = true;
			say(d, GRADE_FAIL, "kprobes", switches[i].remedy,
			    "%s is 0: nothing is recorded, and nothing is counted as lost",
			    switches[i].path);
		}
}

static void check_hooks(struct doctor *d)
{
	enum grade grade;

	if (counters_hooks(&d->ctx->nl, check_hook, d)) {
		say(d, GRADE_FAIL, "hooks", NULL, "%s", d->ctx->nl.why);
		return;
	}
	grade = d->attached == d->hooks && !d->off ? GRADE_OK : GRADE_WARN;
	if (!d->hooks || d->worst_hook == GRADE_FAIL)
		grade = GRADE_FAIL;
	if (d->off)
		say(d, grade, "hooks", NULL, "%u of %u attached, %u of these off",
		    d->attached, d->hooks, d->off);
	else
		say(d, grade, "hooks", NULL, "%u of %u attached", d->attached, d->hooks);
}

static int take_port(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct canary *c = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_CONFIG_PORT &&
		    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
			c->port = mnl_attr_get_u16(attr);
	return 0;
}

static int look(const struct conn *conn, void *data)
{
	canary_look(data, conn);
	return 0;
}

/* Try it all, and look until there is evidence of all, or it is late. */
static int run_canary(struct tcplc *ctx, struct canary *c)
{
	static const struct query q = { .cmd = TCP_LIFECYCLE_CMD_CONN_GET, .entries = true };
	static const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	struct timespec now;
	time_t late;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &now);
	late = now.tv_sec + CANARY_SECONDS;
	canary_try(c);
	do {
		err = query_dump(ctx, &q, look, c);
		if (err || canary_done(c))
			break;
		canary_go_on(c);
		nanosleep(&pause, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < late);
	return err;
}

/* What the hooks of the table should have told, and whether they did. */
static void judge(struct doctor *d, const struct canary *c)
{
	unsigned int nr[CANARY_UNTRIED + 1] = { 0 }, i, wanted = 0;
	char untried[320] = "";
	size_t used = 0;

	for (i = 0; i < d->hooks && i < MAX_HOOKS; i++) {
		const struct hook *h = &d->hook[i];
		const char *why;
		enum canary_verdict verdict = canary_verdict(c, h->symbol, &why);

		if (!h->attached || !h->enabled)
			continue;
		wanted++;
		nr[verdict]++;
		if (verdict == CANARY_DARK && c->records)
			say(d, h->required ? GRADE_FAIL : GRADE_WARN, "canary",
			    "its callers bypass the probe: the compiler may have inlined it; "
			    "please report it with the output of uname -a",
			    "%s recorded nothing of a connection made for it; missing from records: %s", h->symbol,
			    h->lost[0] ? h->lost : "everything");
		else if (verdict == CANARY_UNTRIED && used < sizeof(untried))
			used += snprintf(untried + used, sizeof(untried) - used, "%s%s%s%s%s",
					 used ? ", " : "; not tried: ", h->symbol,
					 why ? " (" : "", why ?: "", why ? ")" : "");
	}
	if (!c->records)
		say(d, GRADE_FAIL, "canary", d->silenced ? "see kprobes above" :
		    "is the pool full, or are hooks off? see above",
		    "none of the test connections was recorded");
	else
		say(d, nr[CANARY_DARK] ? GRADE_WARN : GRADE_OK, "canary", NULL,
		    "%u of %u hooks recorded what they should%s", nr[CANARY_LIT], wanted, untried);
}

/* Connections in a network namespace of its own, in which this process then stays. */
static void check_canary(struct doctor *d)
{
	struct canary c = { .port = 4242 };
	struct tcplc inside = { 0 };
	char why[160];
	int err;

	nl_do(&d->ctx->nl, nl_request(&d->ctx->nl, TCP_LIFECYCLE_CMD_CONFIG_GET), take_port, &c);
	err = canary_begin(&c, why, sizeof(why));
	if (err) {
		say(d, GRADE_FAIL, "canary", err == -EPERM ? "run it with sudo" : NULL, "%s", why);
		return;
	}
	err = nl_open(&inside.nl) ?: run_canary(&inside, &c);
	if (err)
		say(d, GRADE_FAIL, "canary", NULL, "%s", inside.nl.why);
	else
		judge(d, &c);
	canary_end(&c);
	nl_close(&inside.nl);
}

/* What to do where a counter of losses is not 0. */
static const char *remedy_of(unsigned int attr)
{
	switch (attr) {
	case TCP_LIFECYCLE_A_STATS_UNTRACKED:
		return "load the module with a larger records=, or record less: tcplc config";
	case TCP_LIFECYCLE_A_STATS_EVICTED:
		return "load the module with a larger records=, or keep them for less time: "
		       "sudo tcplc config retention 60; 16 per socket are kept at most";
	case TCP_LIFECYCLE_A_STATS_ILLEGAL:
		return "please report what 'tcplc list illegal' shows: the kernel or the "
		       "module did not follow RFC 9293";
	case TCP_LIFECYCLE_A_STATS_GAPS:
		return "see 'tcplc list gaps'; a hook may be missing, or hits missed";
	case TCP_LIFECYCLE_A_STATS_DROPPED:
		return "see 'tcplc list dropped': entries are missing from these records";
	case TCP_LIFECYCLE_A_STATS_FEED_LOST:
	case TCP_LIFECYCLE_A_STATS_ALL_FEED_LOST:
		return "only readers of the feed lost events; records are complete";
	default:
		return NULL;
	}
}

static void check_losses(struct doctor *d, const struct counters *t)
{
	const struct counters_field *f;
	unsigned int i, bad = 0;
	uint64_t value;

	for (i = 0; (f = counters_field(i)); i++) {
		value = counters_value(t, f->attr);
		if (!f->loss || !value)
			continue;
		bad++;
		say(d, GRADE_WARN, "losses", remedy_of(f->attr), "%s: %" PRIu64 " %s",
		    f->name, value, f->about);
	}
	if (!bad)
		say(d, GRADE_OK, "losses", NULL, "none so far");
}

static void check_room(struct doctor *d, const struct counters *t)
{
	if (!t->capacity)
		return;
	if (t->live > t->capacity / 10 * 9)
		say(d, GRADE_WARN, "room", remedy_of(TCP_LIFECYCLE_A_STATS_UNTRACKED),
		    "%u of %u records are in use by open connections", t->live, t->capacity);
	else
		say(d, GRADE_OK, "room", NULL, "%u open and %u ended connections, room for %u",
		    t->live, t->dead, t->capacity);
}

static void check_totals(struct doctor *d)
{
	struct counters t;
	int err = counters_get(&d->ctx->nl, &t);

	if (err == -EPERM) {
		say(d, GRADE_FAIL, "permissions", "run it with sudo",
		    "CAP_NET_ADMIN is missing: no record can be read");
		return;
	}
	if (err) {
		say(d, GRADE_FAIL, "statistics", NULL, "%s", d->ctx->nl.why);
		return;
	}
	if (counters_has(&t, TCP_LIFECYCLE_A_STATS_LIVE))
		say(d, GRADE_OK, "permissions", NULL,
		    "can read every namespace, and change settings");
	else
		say(d, GRADE_WARN, "permissions", "for the whole host, run it with sudo "
		    "outside of containers", "can read this network namespace only");
	check_room(d, &t);
	check_losses(d, &t);
	check_switches(d);
	check_hooks(d);
	say(d, GRADE_OK, "feed", NULL, "next event: %" PRIu64, t.feed_seq);
	if (d->probe)
		check_canary(d);
}

static int take_option(void *data, int opt, const char *arg)
{
	struct doctor *d = data;

	(void)opt;
	(void)arg;
	d->probe = true;
	return 0;
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "probe", no_argument, NULL, 'p' },
		{ 0 },
	};
	static struct doctor d;
	const struct options own = {
		.shorts = "p", .longs = longs, .take = take_option, .data = &d,
	};
	int code, first;

	d = (struct doctor){ .ctx = ctx };
	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = options_none_left(ctx, argc, argv, first);
	if (code)
		return code;
	if (check_module(&d))
		check_totals(&d);
	return d.worst == GRADE_FAIL ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_doctor = {
	.name = "doctor",
	.about = "check the module, say what is missing from records, and what to do",
	.live = true,
	.help =
	"  -p, --probe          make test connections, and check that each hook records them\n"
	"\n"
	"Checks the module, its hooks, what this user may see, how full the pool is, and what\n"
	"was lost so far. Each line is ok, warn or FAIL; the remedy is on the next line. With\n"
	"a FAIL the exit status is 1.\n"
	"\n"
	"A probe may be attached to a function that the compiler inlined where it matters.\n"
	"--probe makes connections in a network namespace of their own, and names each hook\n"
	"that recorded nothing. It needs root and up to 8 seconds. The records stay.\n",
	.run = run,
};
