// SPDX-License-Identifier: GPL-2.0-only
/*
 * pages_test.c: the subcommands that make files for a browser, before a kernel that is
 * made up.
 *
 * TCPLC_PICTURES=FOLDER keeps what they make; tests/browser opens it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask/counters.h"
#include "check.h"
#include "cmd/command.h"
#include "cmd/commands.h"
#include "fake.h"
#include "lives.h"
#include "pack.h"

/* main.c is not in the archive, for its main(); this is what others want of it. */
#define main tcplc_main
#include "../../tools/tcplc/main.c"
#undef main

#define HOSTILE "</script><img src=x onerror='document.title=1'>&\""

static char out[4 << 20], err[1 << 14];

static void slurp(FILE *file, char *to, size_t size)
{
	rewind(file);
	to[fread(to, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Run it as main() would, and keep what it prints in out and err. */
static int tcplc(const char *line)
{
	int old_out = dup(1), old_err = dup(2), code, argc = 0;
	FILE *o = tmpfile(), *e = tmpfile();
	char *argv[16], words[256], *rest = words, *word;

	snprintf(words, sizeof(words), "tcplc %s", line);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	dup2(fileno(o), 1);
	dup2(fileno(e), 2);
	code = tcplc_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_out, 1);
	dup2(old_err, 2);
	close(old_out);
	close(old_err);
	slurp(o, out, sizeof(out));
	slurp(e, err, sizeof(err));
	return code;
}

static void keep(const char *name)
{
	const char *folder = getenv("TCPLC_PICTURES");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : "", name);
	f = folder ? fopen(path, "w") : NULL;
	if (f) {
		fputs(out, f);
		fclose(f);
	}
}

/* One begins after the other; the first two are ends of one connection. */
static struct conn life(size_t i)
{
	struct conn c = lives[i].conn;

	c.start_ns += i < 2 ? i * 10000 : i * 700000000ULL;
	c.has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_LIVED_US);
	c.lived_us = c.tw_actual_us && c.age_us > c.tw_actual_us ? c.age_us - c.tw_actual_us : c.age_us;
	if (!strcmp(lives[i].name, "hostile-comm")) {
		c.has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_COMM);
		strcpy(c.comm, HOSTILE);
	}
	return c;
}

static bool is_asked_for(const struct conn *c)
{
	const struct nlattr *cookie = fake_attr(TCP_LIFECYCLE_A_CONN_COOKIE);

	return !cookie || mnl_attr_get_u64(cookie) == c->cookie;
}

/* Nothing was missed. */
static void answer_stats(void)
{
	struct nlmsghdr *nlh = fake_message(TCP_LIFECYCLE_CMD_STATS_GET);
	const struct counters_field *f;
	unsigned int i;

	for (i = 0; (f = counters_field(i)); i++)
		mnl_attr_put_u64(nlh, f->attr, 0);
	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_STATS_LIVE, nr_lives);
}

static void answer_lives(uint8_t cmd)
{
	bool listeners = cmd == TCP_LIFECYCLE_CMD_LISTENER_GET;
	struct conn c;
	size_t i;

	if (cmd == TCP_LIFECYCLE_CMD_STATS_GET)
		answer_stats();
	if (cmd != TCP_LIFECYCLE_CMD_CONN_GET && !listeners)
		return;
	for (i = 0; i < nr_lives; i++) {
		c = life(i);
		if (is_asked_for(&c) &&
		    (!listeners || c.open == TCP_LIFECYCLE_OPEN_LISTENER))
			pack_conn(fake_message(cmd), &c);
	}
}

static void fresh(void (*answer)(uint8_t cmd))
{
	fake = (struct fake){ .loaded = true, .answer = answer };
}

static bool is_whole_svg(void)
{
	return !strncmp(out, "<svg ", 5) && strlen(out) > 7 &&
	       !strcmp(out + strlen(out) - 7, "</svg>\n");
}

static void the_other_end_is_found(void)
{
	fresh(answer_lives);
	CHECK(tcplc("show --svg 89c.0") == EXIT_SUCCESS);
	CHECK(is_whole_svg());
	CHECK(strstr(out, "The other end, record 89d.0"));
	CHECK(tcplc("show --svg --scale log 1a2b") == EXIT_SUCCESS);
	CHECK(is_whole_svg());
	CHECK(!strstr(out, "The other end") && strstr(out, "logarithmic"));
}

static void a_scale_needs_a_picture(void)
{
	fresh(answer_lives);
	CHECK(tcplc("show --scale time 89c.0") == EXIT_USAGE);
	CHECK(strstr(err, "it needs --svg"));
	CHECK(tcplc("show --svg --scale big 89c.0") == EXIT_USAGE);
	CHECK(strstr(err, "even, time or log, not 'big'"));
	CHECK(tcplc("show --svg -j 89c.0") == EXIT_USAGE);
}

static void a_diagram_counts_what_matches(void)
{
	fresh(answer_lives);
	CHECK(tcplc("diagram state all") == EXIT_SUCCESS);
	CHECK(strstr(out, "SYN_SENT") && strstr(out, "PART-OF") && strstr(out, "NEITHER"));
	CHECK(tcplc("diagram --svg state all") == EXIT_SUCCESS);
	CHECK(is_whole_svg());
	CHECK(tcplc("diagram id 1a2b.2") == EXIT_SUCCESS);
	CHECK(strstr(out, "The way of connection 1a2b.2") && strstr(out, "STEP"));
	CHECK(strstr(out, "SYN_SENT") < strstr(out, "FIN_WAIT_1") && !strstr(out, "not these"));
	CHECK(tcplc("diagram -j id 1a2b.2") == EXIT_SUCCESS);
	CHECK(strstr(out, "\"type\":\"edge\"") && strstr(out, "\"type\":\"diagram\""));
	CHECK(tcplc("diagram comm nobody") == EXIT_FAILURE);
	CHECK(tcplc("diagram state foo") == EXIT_USAGE);
}

static void totals_need_a_privilege(void)
{
	fresh(NULL);
	fake.error = -EPERM;
	CHECK(tcplc("diagram") == EXIT_FAILURE);
	CHECK(strstr(err, "CAP_NET_ADMIN"));
}

static void a_timeline_is_grouped(void)
{
	fresh(answer_lives);
	CHECK(tcplc("timeline --svg --by remote") == EXIT_SUCCESS);
	CHECK(is_whole_svg() && strstr(out, "by remote address"));
	CHECK(tcplc("timeline -n 2") == EXIT_SUCCESS);
	CHECK(strstr(out, "older connections are left out"));
	CHECK(tcplc("timeline --by what") == EXIT_USAGE);
	CHECK(tcplc("timeline -n 0") == EXIT_USAGE);
	CHECK(tcplc("timeline comm nobody") == EXIT_FAILURE);
}

static unsigned int times(const char *text, const char *what)
{
	unsigned int n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

static void a_report_is_a_whole_page(void)
{
	char *records, *end;

	fresh(answer_lives);
	CHECK(tcplc("report") == EXIT_SUCCESS);
	keep("report.html");
	CHECK(!strncmp(out, "<!DOCTYPE html>", 15) && strstr(out, "</html>\n"));
	/* Nothing that was to be put in was forgotten, and nothing is from elsewhere. */
	CHECK(!strstr(out, "@SCRIPT@") && !strstr(out, "@STYLE@") && !strstr(out, "@DATA@") &&
	      !strstr(out, "@DIAGRAM@") && !strstr(out, "@CSS@") && !strstr(out, "@JS@"));
	CHECK(!strstr(out, " src=\"") && !strstr(out, "<link"));
	CHECK(strstr(out, "default-src 'none'; script-src 'sha256-"));
	records = strstr(out, "id=\"records\">\n");
	end = records ? strstr(records, "</script>") : NULL;
	CHECK(end);
	/* One line each, but for the listener; none ends the script before its end. */
	if (end) {
		*end = '\0';
		CHECK(times(records, "\n") == nr_lives);
		CHECK(times(records, "<") == 0);
		CHECK(strstr(records, "\\u003c/script>\\u003cimg src=x"));
	}
}

/* Each connection names the findings it is one of; the search has the language's sets. */
static void a_report_has_what_why_finds(void)
{
	fresh(answer_lives);
	CHECK(tcplc("report") == EXIT_SUCCESS);
	CHECK(strstr(out, "\"rule\":\"self-connect\",\"text\":\"1 connection of a socket to itself"));
	CHECK(strstr(out, "\"command\":\"tcplc list open self dst 127.0.0.1:40112\""));
	CHECK(times(out, ",[1]]\t") == 1);
	CHECK(strstr(out, "\"normal\":[1,2,3]"));
	fresh(answer_lives);
	CHECK(tcplc("report comm curl") == EXIT_SUCCESS);
	CHECK(strstr(out, "\"findings\":[]") && strstr(out, "\"well\":\""));
	CHECK(!strstr(out, "self-connect\""));
}

/* Of a recording of docs/tour: the look at it, and no setting of this machine. */
static void a_report_of_a_file_is_as_whole(void)
{
	fresh(NULL);
	fake.loaded = false;
	CHECK(tcplc("-r ../../docs/tour/07-time-wait.ndjson --netns all report") == EXIT_SUCCESS);
	keep("tour.html");
	CHECK(strstr(out, "</html>\n") && strstr(out, "\"rule\":\"tw-overflow\""));
	CHECK(strstr(out, "ports: not looked at"));
	CHECK(times(out, "2MSL timer restarted") == 1);
}

static void a_report_that_broke_off_says_so(void)
{
	fresh(answer_lives);
	fake.error = -EIO;
	CHECK(tcplc("report") == EXIT_FAILURE);
	CHECK(!strstr(out, "id=\"end\""));
	CHECK(tcplc("report -j") == EXIT_USAGE);
}

int main(void)
{
	CHECK_RUN(the_other_end_is_found);
	CHECK_RUN(a_scale_needs_a_picture);
	CHECK_RUN(a_diagram_counts_what_matches);
	CHECK_RUN(totals_need_a_privilege);
	CHECK_RUN(a_timeline_is_grouped);
	CHECK_RUN(a_report_is_a_whole_page);
	CHECK_RUN(a_report_has_what_why_finds);
	CHECK_RUN(a_report_of_a_file_is_as_whole);
	CHECK_RUN(a_report_that_broke_off_says_so);
	return check_end();
}
