// SPDX-License-Identifier: GPL-2.0-only
/*
 * summary_test.c: what summary counts, held against sums made here; the order, the
 * number and the columns of list.
 */
#include <errno.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/names.h"
#include "check.h"
#include "fake.h"
#include "pack.h"
#include "tool.h"

#define RECORDS 500

static struct conn record[RECORDS];
static struct entry entries[RECORDS][4];

static void answer(uint8_t cmd)
{
	size_t i;

	for (i = 0; i < RECORDS; i++)
		pack_conn(fake_message(cmd), &record[i]);
}

static void answer_nothing(uint8_t cmd)
{
	(void)cmd;
}

static void make_records(void)
{
	size_t i;

	for (i = 0; i < RECORDS; i++) {
		pack_random(&record[i], entries[i], 4);
		record[i].cookie = 1 + i;
		record[i].generation = 0;
	}
}

/* The field of the JSON object of the group whose "comm" is this. */
static json_int_t field(const char *comm, const char *name)
{
	char *at = tool_out, *end;
	json_int_t value = -1;
	json_t *object;

	for (; *at; at = end + 1) {
		end = strchr(at, '\n');
		object = json_loadb(at, end - at, 0, NULL);
		if (!strcmp(json_string_value(json_object_get(json_object_get(object, "by"),
							      "comm")), comm) &&
		    json_object_get(object, name))
			value = json_integer_value(json_object_get(object, name));
		json_decref(object);
	}
	return value;
}

static bool is_of(const struct conn *c, const char *comm)
{
	return c->open != TCP_LIFECYCLE_OPEN_LISTENER &&
	       !strcmp(*c->comm ? c->comm : "-", comm);
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Counted another way: straight through all of them. */
static void check_group(const char *comm)
{
	unsigned int count = 0, open = 0, in_order = 0, refused = 0, retrans = 0, nr = 0;
	static int rtt[RECORDS];
	size_t i;

	for (i = 0; i < RECORDS; i++) {
		const struct conn *c = &record[i];

		if (!is_of(c, comm))
			continue;
		count++;
		open += !c->close && c->state != TCP_LIFECYCLE_STATE_CLOSED;
		in_order += c->close == TCP_LIFECYCLE_CLOSE_FIN ||
			    c->close == TCP_LIFECYCLE_CLOSE_SIMULTANEOUS ||
			    c->close == TCP_LIFECYCLE_CLOSE_THREE_SEGMENT;
		refused += c->close == TCP_LIFECYCLE_CLOSE_REFUSED;
		retrans += c->retrans;
		if (conn_has(c, TCP_LIFECYCLE_A_CONN_RTT_US))
			rtt[nr++] = c->rtt_us;
	}
	qsort(rtt, nr, sizeof(*rtt), compare);
	CHECK(field(comm, "count") == count && count);
	CHECK(field(comm, "open") == open);
	CHECK(field(comm, "in_order") == in_order);
	CHECK(field(comm, "refused") == refused);
	CHECK(field(comm, "retrans") == retrans);
	CHECK(field(comm, "rtt_known") == nr);
	CHECK(field(comm, "count") == field(comm, "open") + field(comm, "in_order") +
	      field(comm, "reset") + field(comm, "refused") + field(comm, "other"));
	/* No more than half are below the median, no more than half above. */
	CHECK(field(comm, "rtt_p50_us") == (nr ? rtt[(nr + 1) / 2 - 1] : -1));
	CHECK(field(comm, "rtt_p99_us") == (nr ? rtt[(99 * nr + 99) / 100 - 1] : -1));
}

static void groups_add_up(void)
{
	fake = (struct fake){ .loaded = true, .answer = answer };
	CHECK(!tool_run("summary by comm --json"));
	check_group("nginx");
	check_group("curl");
	check_group("-");
}

static unsigned int lines(void)
{
	unsigned int nr = 0;
	const char *at;

	for (at = tool_out; *at; at++)
		nr += *at == '\n';
	return nr;
}

static void keys_order_and_number_are_chosen(void)
{
	CHECK(!tool_run("-H summary by comm,rport"));
	CHECK(lines() == 12);	/* three names, four ports */
	CHECK(!tool_run("summary by verdict,state,family,open -n 2 --sort refused"));
	CHECK(!strncmp(tool_out, "CLOSE ", 6) && strstr(tool_out, "\nrefused "));
	CHECK(lines() == 3 && strstr(tool_err, "more groups"));
	CHECK(!tool_run("-H summary by netns comm nginx"));
	CHECK(lines() == 1);
	CHECK(!tool_run("summary by pid port 9"));
	CHECK(!*tool_out && strstr(tool_err, "no connection matches"));
}

static void a_wrong_word_of_a_summary_is_named(void)
{
	CHECK(tool_run("summary") == 2 && tool_run("summary comm") == 2);
	CHECK(tool_run("summary by com") == 2);
	CHECK(strstr(tool_err, "no key 'com', did you mean 'comm'?"));
	CHECK(tool_run("summary by comm,") == 2 && tool_run("summary by a,b,c,d,e") == 2);
	CHECK(tool_run("summary by comm,pid,uid,netns,state") == 2);
	CHECK(strstr(tool_err, "at most 4 keys: 'state' is too many"));
	CHECK(tool_run("summary by comm --sort rtt-p5") == 2 && strstr(tool_err, "rtt-p50"));
	CHECK(tool_run("summary by comm -n 0") == 2);
	CHECK(tool_run("summary by comm rtt >") == 2);
}

static void list_sorts_by_a_column_and_keeps_the_last(void)
{
	unsigned int last = 0, value, nr = 0;
	const char *at;

	CHECK(!tool_run("-H list --sort rtt -o rtt_us,id"));
	/* Not known comes first. */
	CHECK(tool_out[strspn(tool_out, " ")] == '-');
	CHECK(lines() == RECORDS);
	CHECK(!tool_run("list --sort rtt --json -e"));
	for (at = tool_out; (at = strstr(at, "\"rtt_us\":")); at++, nr++) {
		value = atoi(at + strlen("\"rtt_us\":"));
		CHECK(value >= last);
		last = value;
	}
	CHECK(nr > RECORDS / 4 && strstr(tool_out, "\"entries\":["));
	CHECK(!tool_run("list --sort rtt --json -n 1"));
	CHECK(lines() == 1 && strstr(tool_out, "\"rtt_us\":") &&
	      (unsigned int)atoi(strstr(tool_out, "\"rtt_us\":") + 9) == last);
	CHECK(!tool_run("list -n 3 -o REMOTE,who"));
	CHECK(lines() == 4 && !strncmp(tool_out, "REMOTE ", 7));
	CHECK(tool_run("list -o remoet") == 2 && strstr(tool_err, "'remoet', did you mean"));
	CHECK(tool_run("list --sort x") == 2 && tool_run("list -n 99999") == 2);
}

/* Text is sorted as people count: 10.0.0.9 before 10.0.0.10. */
static void text_is_sorted_by_its_numbers(void)
{
	static const uint8_t bytes[] = { 10, 9, 100 };
	struct conn saved[3];
	const char *a, *b, *c;
	size_t i;

	memcpy(saved, record, sizeof(saved));
	for (i = 0; i < 3; i++) {
		record[i].has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_REMOTE4);
		record[i].has &= ~CONN_BIT(TCP_LIFECYCLE_A_CONN_REMOTE6);
		record[i].remote = (struct addr){ 4, { 192, 0, 2, bytes[i] } };
	}
	CHECK(!tool_run("-H list --sort remote -o remote dst 192.0.2.0/24"));
	a = strstr(tool_out, "192.0.2.9:");
	b = strstr(tool_out, "192.0.2.10:");
	c = strstr(tool_out, "192.0.2.100:");
	CHECK(a && a < b && b < c);
	memcpy(record, saved, sizeof(saved));
}

static void an_empty_list_says_why(void)
{
	CHECK(!tool_run("list port 9") && strstr(tool_err, "no connection matches"));
	CHECK(!tool_run("list --json port 9") && !*tool_err);
	fake.answer = answer_nothing;
	CHECK(!tool_run("list") && strstr(tool_err, "no connection is on record"));
	CHECK(!tool_run("listeners") && strstr(tool_err, "no listener is on record"));
}

int main(void)
{
	setenv("LC_ALL", "C", 1);
	make_records();
	CHECK_RUN(groups_add_up);
	CHECK_RUN(keys_order_and_number_are_chosen);
	CHECK_RUN(a_wrong_word_of_a_summary_is_named);
	CHECK_RUN(list_sorts_by_a_column_and_keeps_the_last);
	CHECK_RUN(text_is_sorted_by_its_numbers);
	CHECK_RUN(an_empty_list_says_why);
	return check_end();
}
