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
#include "cmd/doctor.h"
#include "cmd/options.h"
#include "json/json.h"

#define MAX_HOOKS 64
/* What takes longest is a timer of a second, on a kernel that has other things to do. */
#define CANARY_SECONDS 8

struct doctor {
	struct findings f;
	enum grade worst_hook;
	bool probe;
	bool silenced;
	unsigned int hooks;
	unsigned int attached;
	unsigned int off;
	unsigned int by_ftrace;
	unsigned int by_jump;
	unsigned int by_breakpoint;
	struct hook hook[MAX_HOOKS];
};

/**
 * doctor_say() - one finding
 * @f: those so far
 * @grade: how bad it is
 * @check: what was looked at
 * @remedy: what to do about it, or NULL
 * @format: what was found
 */
void doctor_say(struct findings *f, enum grade grade, const char *check, const char *remedy,
		const char *format, ...)
{
	static const char *const words[] = { "ok", "warn", "FAIL" };
	static const enum text_color colors[] = { TEXT_GOOD, TEXT_WAIT, TEXT_BAD };
	char found[1024];
	json_t *object;
	va_list args;

	va_start(args, format);
	vsnprintf(found, sizeof(found), format, args);
	va_end(args);
	if (grade > f->worst)
		f->worst = grade;
	if (f->ctx->json) {
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

/* An upgrade replaces the client at once, and the module when it is loaded again. */
static void check_version(struct doctor *d)
{
	char module[VERSION_SIZE];

	if (!version_module(module))
		doctor_say(&d->f, GRADE_OK, "version", NULL,
			   "tcplc is %s; that of the module is unknown: "
			   "cannot read %s", version_client, version_module_file);
	else if (!strcmp(module, version_client))
		doctor_say(&d->f, GRADE_OK, "version", NULL, "%s, module and tcplc", module);
	else
		doctor_say(&d->f, GRADE_WARN, "version",
			   "load the module that came with tcplc: sudo modprobe -r "
			   "tcp_lifecycle && sudo modprobe tcp_lifecycle; this drops all records",
			   "tcplc is %s, the module that is loaded %s: one may not know all that the "
			   "other says", version_client, module);
}

static bool check_module(struct doctor *d)
{
	struct tcplc *ctx = d->f.ctx;
	int err = 0;

	if (ctx->netns)
		err = netns_enter(ctx->netns, ctx->nl.why, sizeof(ctx->nl.why));
	if (err) {
		doctor_say(&d->f, GRADE_FAIL, "netns", NULL, "%s", ctx->nl.why);
		return false;
	}
	err = nl_open(&ctx->nl);
	if (!err) {
		doctor_say(&d->f, GRADE_OK, "module", NULL, "loaded, and answers");
		check_version(d);
		return true;
	}
	if (err == -ENOENT) {
		doctor_say(&d->f, GRADE_FAIL, "module",
			   "sudo modprobe tcp_lifecycle, or sudo insmod "
			   "tcp_lifecycle.ko; if that fails, dmesg says why", "not loaded");
		doctor_unloaded(&d->f);
	} else {
		doctor_say(&d->f, GRADE_FAIL, "module", NULL, "%s", ctx->nl.why);
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
	if (h->attached && h->enabled) {
		d->by_ftrace += !h->has_way || h->way == TCP_LIFECYCLE_WAY_FTRACE;
		d->by_jump += h->has_way && h->way == TCP_LIFECYCLE_WAY_JUMP;
		d->by_breakpoint += h->has_way && h->way == TCP_LIFECYCLE_WAY_BREAKPOINT;
	}
	if (!h->attached) {
		d->worst_hook = h->required ? GRADE_FAIL : d->worst_hook;
		doctor_say(&d->f, h->required ? GRADE_FAIL : GRADE_WARN, "hook",
			   "this kernel has no such function, or it cannot be probed; "
			   "dmesg has the error",
			   "%s is not attached; missing from records: %s", h->symbol,
			   h->lost[0] ? h->lost : "everything");
	} else if (!h->enabled) {
		snprintf(remedy, sizeof(remedy), "sudo tcplc config hooks %s on",
			 tlc_words_group(h->group));
		doctor_say(&d->f, GRADE_WARN, "hook", remedy,
			   "%s is off; missing from records: %s", h->symbol,
			   h->lost[0] ? h->lost : "-");
	}
	if (h->missed)
		doctor_say(&d->f, GRADE_WARN, "hook",
			   "the processor was inside another probe: stop other "
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

/* Switches of the kernel that silence probes, and count nothing. */
static void check_switches(struct doctor *d)
{
	static const char ftrace[] = "/proc/sys/kernel/ftrace_enabled";
	static const char kprobes[] = "/sys/kernel/debug/kprobes/enabled";

	if (is_zero(kprobes)) {
		d->silenced = true;
		doctor_say(&d->f, GRADE_FAIL, "kprobes",
			   "echo 1 | sudo tee /sys/kernel/debug/kprobes/enabled",
			   "%s is 0: nothing is recorded, and nothing is counted as lost", kprobes);
	}
	if (d->by_ftrace && is_zero(ftrace)) {
		d->silenced = true;
		doctor_say(&d->f, GRADE_FAIL, "kprobes", "sudo sysctl kernel.ftrace_enabled=1",
			   "%s is 0: what %u of the hooks see is not recorded, and not counted as "
			   "lost",
			   ftrace, d->by_ftrace);
	}
}

static void check_hooks(struct doctor *d)
{
	char slow[48] = "";
	enum grade grade;

	if (counters_hooks(&d->f.ctx->nl, check_hook, d)) {
		doctor_say(&d->f, GRADE_FAIL, "hooks", NULL, "%s", d->f.ctx->nl.why);
		return;
	}
	grade = d->attached == d->hooks && !d->off ? GRADE_OK : GRADE_WARN;
	if (!d->hooks || d->worst_hook == GRADE_FAIL)
		grade = GRADE_FAIL;
	/* Until the kernel has put the jump in, or because others probe there; without both, all. */
	if (d->by_breakpoint && (d->by_jump || d->by_ftrace))
		snprintf(slow, sizeof(slow), ", %u still at a breakpoint", d->by_breakpoint);
	if (d->off)
		doctor_say(&d->f, grade, "hooks", NULL, "%u of %u attached, %u of these off",
			   d->attached, d->hooks, d->off);
	else
		doctor_say(&d->f, grade, "hooks", NULL,
			   "%u of %u attached, %u of these optimized to a jump%s",
			   d->attached, d->hooks, d->by_jump, slow);
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
			doctor_say(&d->f, h->required ? GRADE_FAIL : GRADE_WARN, "canary",
				   "its callers bypass the probe: the compiler may have inlined it; "
				   "please report it with the output of uname -a",
				   "%s recorded nothing of a connection made for it; missing from records: %s",
				   h->symbol, h->lost[0] ? h->lost : "everything");
		else if (verdict == CANARY_UNTRIED && used < sizeof(untried))
			used += snprintf(untried + used, sizeof(untried) - used, "%s%s%s%s%s",
					 used ? ", " : "; not tried: ", h->symbol,
					 why ? " (" : "", why ?: "", why ? ")" : "");
	}
	if (!c->records)
		doctor_say(&d->f, GRADE_FAIL, "canary", d->silenced ? "see kprobes above" :
			   "is the pool full, or are hooks off? see above",
			   "none of the test connections was recorded");
	else
		doctor_say(&d->f, nr[CANARY_DARK] ? GRADE_WARN : GRADE_OK, "canary", NULL,
			   "%u of %u hooks recorded what they should%s", nr[CANARY_LIT], wanted,
			   untried);
}

/* Connections in a network namespace of its own, in which this process then stays. */
static void check_canary(struct doctor *d)
{
	struct canary c = { .port = 4242 };
	struct tcplc inside = { 0 };
	char why[160];
	int err;

	nl_do(&d->f.ctx->nl, nl_request(&d->f.ctx->nl, TCP_LIFECYCLE_CMD_CONFIG_GET), take_port, &c);
	err = canary_begin(&c, why, sizeof(why));
	if (err) {
		doctor_say(&d->f, GRADE_FAIL, "canary", err == -EPERM ? "run it with sudo" : NULL,
			   "%s", why);
		return;
	}
	err = nl_open(&inside.nl) ?: run_canary(&inside, &c);
	if (err)
		doctor_say(&d->f, GRADE_FAIL, "canary", NULL, "%s", inside.nl.why);
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
		doctor_say(&d->f, GRADE_WARN, "losses", remedy_of(f->attr), "%s: %" PRIu64 " %s",
			   f->name, value, f->about);
	}
	if (!bad)
		doctor_say(&d->f, GRADE_OK, "losses", NULL, "none so far");
}

static void check_room(struct doctor *d, const struct counters *t)
{
	if (!t->capacity)
		return;
	if (t->live > t->capacity / 10 * 9)
		doctor_say(&d->f, GRADE_WARN, "room", remedy_of(TCP_LIFECYCLE_A_STATS_UNTRACKED),
			   "%u of %u records are in use by open connections", t->live, t->capacity);
	else
		doctor_say(&d->f, GRADE_OK, "room", NULL,
			   "%u open and %u ended connections, room for %u",
			   t->live, t->dead, t->capacity);
}

static void check_totals(struct doctor *d)
{
	struct counters t;
	int err = counters_get(&d->f.ctx->nl, &t);

	if (err == -EPERM) {
		doctor_say(&d->f, GRADE_FAIL, "permissions", "run it with sudo",
			   "CAP_NET_ADMIN is missing: no record can be read");
		return;
	}
	if (err) {
		doctor_say(&d->f, GRADE_FAIL, "statistics", NULL, "%s", d->f.ctx->nl.why);
		return;
	}
	if (counters_has(&t, TCP_LIFECYCLE_A_STATS_LIVE))
		doctor_say(&d->f, GRADE_OK, "permissions", NULL,
			   "can read every namespace, and change settings");
	else
		doctor_say(&d->f, GRADE_WARN, "permissions", "for the whole host, run it with sudo "
			   "outside of containers", "can read this network namespace only");
	check_room(d, &t);
	check_losses(d, &t);
	check_hooks(d);
	check_switches(d);
	doctor_say(&d->f, GRADE_OK, "feed", NULL, "next event: %" PRIu64, t.feed_seq);
	doctor_boot(&d->f);
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

	d = (struct doctor){ .f.ctx = ctx };
	first = options_parse(ctx, argc, argv, &own, &code);
	if (first < 0)
		return code;
	code = options_none_left(ctx, argc, argv, first);
	if (code)
		return code;
	if (check_module(&d))
		check_totals(&d);
	return d.f.worst == GRADE_FAIL ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_doctor = {
	.name = "doctor",
	.about = "check the module, say what is missing from records, and what to do",
	.live = true,
	.help =
	"  -p, --probe          make test connections, and check that each hook records them\n"
	"\n"
	"Checks the module, its hooks, what this user may see, how full the pool is, and what\n"
	"was lost so far; and whether the next boot and the next kernel have the module with the\n"
	"settings that run. Each line is ok, warn or FAIL; the remedy is on the next line. With\n"
	"a FAIL the exit status is 1.\n"
	"\n"
	"A probe may be attached to a function that the compiler inlined where it matters.\n"
	"--probe makes connections in a network namespace of their own, and names each hook\n"
	"that recorded nothing. It needs root and up to 8 seconds. The records stay.\n",
	.run = run,
};
