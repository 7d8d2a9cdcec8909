// SPDX-License-Identifier: GPL-2.0-only
/*
 * json_test.c: JSON is valid, whatever is in a record, and its names stay.
 */
#include <stdlib.h>

#include "check.h"
#include "json/conn_json.h"
#include "json/json.h"
#include "pack.h"

#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)
#define E(name) (1U << TCP_LIFECYCLE_A_ENTRY_##name)

static void is(json_t *object, const char *wanted)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY);

	CHECK(text);
	if (text)
		CHECK_TEXT(text, wanted);
	free(text);
	json_decref(object);
}

/* The line of a record, to be freed. */
static char *line_of(const struct conn *c, const uint64_t *event)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CHECK(out && !conn_json_print(out, c, event));
	CHECK(!fclose(out) && size == strlen(text));
	return text;
}

static void names_and_units_stay(void)
{
	static struct entry entry[] = {
		{ .has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(SEQ) | E(ILLEGAL), .at_us = 17,
		  .cause = TCP_LIFECYCLE_CAUSE_CONNECT, .from = TCP_LIFECYCLE_STATE_CLOSED,
		  .to = TCP_LIFECYCLE_STATE_SYN_SENT, .seq = 4294967295U, .illegal = true },
		{ .has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(COUNT) | E(REPLACES),
		  .cause = TCP_LIFECYCLE_CAUSE_2MSL_ARMED, .count = 65535, .replaces = 2 },
	};
	static const struct conn c = {
		.has = A(COOKIE) | A(GENERATION) | A(FAMILY) | A(LOCAL4) | A(LOCAL_PORT) |
		       A(REMOTE6) | A(STATE) | A(CLOSE) | A(OPEN) | A(FIRST) | A(START_NS) |
		       A(MSS_ABSENT) | A(AGREED) | A(OFFERED) | A(OWNER) | A(COMM) | A(TX_BYTES) |
		       A(LISTENER) | A(RX_BYTES),
		.cookie = 0xfedcba9876543210, .generation = 3,
		.family = TCP_LIFECYCLE_FAMILY_IPV4_MAPPED,
		.local = { 4, { 127, 0, 0, 1 } }, .remote = { 16, { [15] = 1 } },
		.local_port = 80, .state = TCP_LIFECYCLE_STATE_TIME_WAIT, .close = 0,
		.open = 250, .first = TCP_LIFECYCLE_FIRST_LOCAL, .start_ns = 1893456068549895000ULL,
		.mss_absent = true, .offered = 511, .owner = TCP_LIFECYCLE_CAUSE_ACCEPTED,
		.comm = "a\"b\\\x1b[2J\xff\xc3\xa9", .tx_bytes = UINT64_MAX, .rx_bytes = 1,
		.listener = 0x89a, .entry = entry, .nr_entries = 2,
	};

	static const uint64_t number = 1ULL << 62;
	char *text = line_of(&c, &number);

	CHECK_TEXT(text,
	   "{\"schema\":2,\"id\":\"fedcba9876543210.3\",\"cookie\":\"fedcba9876543210\",\"generation\":3,"
	   "\"family\":\"ipv4-mapped\",\"local\":\"127.0.0.1\","
	   "\"remote\":\"::1\",\"local_port\":80,\"start_ns\":1893456068549895000,"
	   "\"state\":\"TIME_WAIT\",\"open\":\"unknown\",\"first\":\"local\",\"mss_absent\":true,"
	   "\"offered\":[\"mss\",\"wscale\",\"sack\",\"ts\",\"ecn\",\"tfo\",\"mptcp\",\"md5\",\"ao\"],"
	   "\"agreed\":[],"
	   "\"owner\":\"accept\",\"comm\":\"a\\\"b\\\\x5c\\\\x1b[2J\\\\xff\xc3\xa9\","
	   "\"listener\":\"89a\",\"tx_bytes\":9223372036854775807,\"rx_bytes\":1,"
	   "\"entries\":[{\"at_us\":17,\"cause\":\"connect\",\"from\":\"CLOSED\","
	   "\"to\":\"SYN_SENT\",\"seq\":4294967295,\"illegal\":true},"
	   "{\"at_us\":0,\"cause\":\"2msl-armed\",\"count\":65535,\"replaces\":2}],"
	   "\"event\":4611686018427387904}\n");
	free(text);
}

static void the_time_since_the_boot_says_which_boot(void)
{
	static const struct conn c = {
		.has = A(COOKIE) | A(GENERATION) | A(START_NS) | A(BOOT_START_NS),
		.cookie = 0x89a, .start_ns = 1893456068549895000ULL, .boot_start_ns = 77000,
	};
	char id[40] = "", wanted[256];
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	char *text = line_of(&c, NULL);

	CHECK(file && fgets(id, sizeof(id), file));
	id[strcspn(id, "\n")] = '\0';
	snprintf(wanted, sizeof(wanted), "{\"schema\":2,\"id\":\"89a.0\",\"cookie\":\"89a\","
		 "\"generation\":0,\"start_ns\":1893456068549895000,\"boot_start_ns\":77000,"
		 "\"boot_id\":\"%s\"}\n", id);
	CHECK_TEXT(text, wanted);
	if (file)
		fclose(file);
	free(text);
}

static void bytes_become_utf8(void)
{
	static const struct {
		const char *bytes;
		const char *json;
	} texts[] = {
		{ "", "\"\"" }, { "nginx", "\"nginx\"" }, { "\x80", "\"\\\\x80\"" },
		{ "\xc0\xaf", "\"\\\\xc0\\\\xaf\"" },		/* overlong */
		{ "\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"" },	/* a surrogate */
		{ "\xf4\x90\x80\x80", "\"\\\\xf4\\\\x90\\\\x80\\\\x80\"" },
		{ "\xc3", "\"\\\\xc3\"" }, { "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xc2\x9b" "2J", "\"\\\\xc2\\\\x9b2J\"" },	/* CSI in 8 bits */
		{ "a\nb\x7f", "\"a\\\\x0ab\\\\x7f\"" },
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		is(json_bytes(texts[i].bytes, strlen(texts[i].bytes)), texts[i].json);
}

static void any_record_is_valid(void)
{
	unsigned int round, i, length;
	struct entry entry[20];
	char *text, *again;
	json_error_t error;
	json_t *object;
	struct conn c;

	for (round = 0; round < 3000; round++) {
		pack_random(&c, entry, 20);
		c.has |= A(COMM);
		length = pack_below(CONN_COMM_SIZE);
		for (i = 0; i < length; i++)
			c.comm[i] = 1 + pack_below(255);
		c.comm[i] = '\0';
		text = line_of(&c, NULL);
		CHECK(strchr(text, '\n') == text + strlen(text) - 1);
		*strchr(text, '\n') = '\0';
		/* Another's reader understands it, and would have written the same. */
		object = json_loads(text, JSON_REJECT_DUPLICATES, &error);
		CHECK(object);
		again = json_dumps(object, JSON_COMPACT);
		CHECK_TEXT(again, text);
		json_decref(object);
		free(again);
		free(text);
	}
}

/* What stood in the line before, of this connection or of another, changes nothing. */
static void an_event_is_told_as_a_record_is(void)
{
	char *record, *event, wanted[16384];
	const uint64_t number = 7;
	struct conn c = { 0 }, other;
	unsigned int round;

	for (round = 0; round < 20000; round++) {
		/* Another one, one field of it, or the same again. */
		pack_random(&other, NULL, 0);
		other.cookie = 1024 * pack_below(2) + pack_below(2);
		other.netns = pack_below(3);
		switch (pack_below(12)) {
		case 0: c = other; break;
		case 1: c.cookie = other.cookie; break;
		case 2: c.generation = other.generation; break;
		case 3: c.netns = other.netns; break;
		case 4: c.local_port = other.local_port; break;
		case 5: c.remote_port = other.remote_port; break;
		case 6: c.family = other.family; break;
		case 7: c.local = other.local; break;
		case 8: c.remote = other.remote; break;
		case 9: c.has ^= A(NETNS); break;
		}
		record = line_of(&c, NULL);
		event = line_of(&c, &number);
		snprintf(wanted, sizeof(wanted), "%.*s,\"event\":7}\n",
			 (int)strlen(record) - 2, record);
		CHECK_TEXT(event, wanted);
		free(record);
		free(event);
	}
}

int main(void)
{
	CHECK_RUN(names_and_units_stay);
	CHECK_RUN(the_time_since_the_boot_says_which_boot);
	CHECK_RUN(bytes_become_utf8);
	CHECK_RUN(any_record_is_valid);
	CHECK_RUN(an_event_is_told_as_a_record_is);
	return check_end();
}
