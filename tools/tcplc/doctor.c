// SPDX-License-Identifier: GPL-2.0
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
#include <unistd.h>

#include "counters.h"
#include "json.h"
#include "names.h"
#include "netns.h"
#include "options.h"

enum grade { GRADE_OK, GRADE_WARN, GRADE_FAIL };

struct doctor {
	struct tcplc *ctx;
	enum grade worst;
	unsigned int hooks;
	unsigned int attached;
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
		"sign the module with a key the kernel knows: dkms does, once its key was "
		"enrolled with 'mokutil --import'; see kernel_lockdown(7)";

	if (first_line_has(lockdown, "[integrity]") ||
	    first_line_has(lockdown, "[confidentiality]"))
		say(d, GRADE_WARN, "signature", remedy,
		    "the kernel is locked down: it takes signed modules only");
	else if (first_line_has("/sys/module/module/parameters/sig_enforce", "Y"))
		say(d, GRADE_WARN, "signature", remedy,
		    "module.sig_enforce is set: the kernel takes signed modules only");
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
		    "another kernel", "not seen: a kernel without them cannot load the module");
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
		return true;
	}
	if (err == -ENOENT) {
		say(d, GRADE_FAIL, "module", "sudo modprobe tcp_lifecycle, or sudo insmod "
		    "tcp_lifecycle.ko; dmesg says why if that fails", "not loaded");
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

	d->hooks++;
	d->attached += h->attached;
	if (!h->attached) {
		say(d, h->required ? GRADE_FAIL : GRADE_WARN, "hook",
		    "this kernel has no such function, or no probe can stand there; "
		    "dmesg has the error",
		    "%s is not attached; lost: %s", h->symbol,
		    h->lost[0] ? h->lost : "everything");
	} else if (!h->enabled) {
		snprintf(remedy, sizeof(remedy), "sudo tcplc config hooks %s on",
			 names_group(h->group));
		say(d, GRADE_WARN, "hook", remedy, "%s is off; lost: %s", h->symbol,
		    h->lost[0] ? h->lost : "-");
	}
	if (h->missed)
		say(d, GRADE_WARN, "hook", "the processor was in another probe; records "
		    "around that time may have gaps", "%s: the kernel could not deliver %"
		    PRIu64 " of %" PRIu64 " hits", h->symbol, h->missed, h->hits);
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
		if (is_zero(switches[i].path))
			say(d, GRADE_FAIL, "kprobes", switches[i].remedy,
			    "%s is 0: nothing is recorded, and nothing is counted as lost",
			    switches[i].path);
}

static void check_hooks(struct doctor *d)
{
	if (counters_hooks(&d->ctx->nl, check_hook, d))
		say(d, GRADE_FAIL, "hooks", NULL, "%s", d->ctx->nl.why);
	else
		say(d, d->hooks ? GRADE_OK : GRADE_FAIL, "hooks", NULL,
		    "%u of %u are attached", d->attached, d->hooks);
}

/* What to do where a counter of losses is not 0. */
static const char *remedy_of(unsigned int attr)
{
	switch (attr) {
	case TCP_LIFECYCLE_A_STATS_UNTRACKED:
		return "load the module with a greater records=, or record less: tcplc config";
	case TCP_LIFECYCLE_A_STATS_EVICTED:
		return "load the module with a greater records=, or keep them for less time: "
		       "sudo tcplc config retention 60; of one socket 16 are kept in any case";
	case TCP_LIFECYCLE_A_STATS_ILLEGAL:
		return "please report what 'tcplc list illegal' shows: the kernel or the "
		       "module went another way than RFC 9293";
	case TCP_LIFECYCLE_A_STATS_GAPS:
		return "see 'tcplc list gaps'; is a hook missing, or are hits missed?";
	case TCP_LIFECYCLE_A_STATS_DROPPED:
		return "see 'tcplc list dropped': these lives have holes in the middle";
	case TCP_LIFECYCLE_A_STATS_FEED_LOST:
	case TCP_LIFECYCLE_A_STATS_ALL_FEED_LOST:
		return "only readers of the feed were concerned; records are complete";
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
		    "%u of %u records are held by living connections", t->live, t->capacity);
	else
		say(d, GRADE_OK, "room", NULL, "%u living and %u ended connections, %u records",
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
		    "records of every namespace, and changes");
	else
		say(d, GRADE_WARN, "permissions", "for the whole host, run it with sudo "
		    "outside of containers", "records of this network namespace only");
	check_room(d, &t);
	check_losses(d, &t);
	check_switches(d);
	check_hooks(d);
	say(d, GRADE_OK, "feed", NULL, "event %" PRIu64 " is the next one", t.feed_seq);
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	struct doctor d = { .ctx = ctx };
	int code, first;

	first = options_parse(ctx, argc, argv, NULL, &code);
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
	.about = "say what is wrong, what is lost by it, and what to do",
	.help =
	"Looks at the module, its hooks, what this user may see, how full it is, and what was\n"
	"lost so far. Each line is ok, warn or FAIL; below stands what to do. With a FAIL the\n"
	"exit status is 1.\n",
	.run = run,
};
