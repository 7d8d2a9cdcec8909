// SPDX-License-Identifier: GPL-2.0-only
/* What a record is evidence of: each hook for itself, and nothing but the canary's own. */
#include <string.h>

#include <linux/tcp_lifecycle.h>

#include "canary/canary.h"
#include "check.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name

static struct canary canary;

static enum canary_verdict verdict(const char *symbol)
{
	const char *why;

	return canary_verdict(&canary, symbol, &why);
}

static struct conn of(enum trial trial, uint16_t local_port, uint16_t remote_port)
{
	return (struct conn){
		.local = { 4, { 192, 0, 2, trial } }, .remote = { 4, { 192, 0, 2, trial } },
		.local_port = local_port, .remote_port = remote_port,
	};
}

static void begin(void)
{
	canary = (struct canary){ .port = 4242 };
}

static void without_a_record_all_is_dark(void)
{
	begin();
	CHECK(verdict("tcp_set_state") == CANARY_DARK);
	CHECK(verdict("inet_twsk_kill") == CANARY_DARK);
	CHECK(!canary_done(&canary) && !canary.records);
}

/* Of a hook whose word another one puts on record nothing is known while that is dark. */
static void what_needs_a_dark_hook_is_not_called_dark(void)
{
	struct entry entry = { .from = S(TIME_WAIT), .to = S(CLOSED), .cause = C(2MSL_EXPIRED) };
	struct conn client = of(TRIAL_PLAIN, 40000, 4242);
	const char *why;

	begin();
	CHECK(canary_verdict(&canary, "tw_timer_handler", &why) == CANARY_UNTRIED);
	CHECK_TEXT(why, "another hook that it needs is dark");
	CHECK(verdict("tcp_timewait_state_process") == CANARY_UNTRIED);
	client.entry = &entry;
	client.nr_entries = 1;
	canary_look(&canary, &client);
	CHECK(verdict("inet_twsk_kill") == CANARY_LIT);
	CHECK(verdict("tw_timer_handler") == CANARY_DARK);
	CHECK(verdict("tcp_timewait_state_process") == CANARY_DARK);
}

static void what_nobody_tries_is_not_dark(void)
{
	const char *why = "";

	begin();
	CHECK(canary_verdict(&canary, "genl_bind", &why) == CANARY_UNTRIED && !why);
	canary.failed[TRIAL_PLAIN6] = "there is no IPv6";
	CHECK(canary_verdict(&canary, "inet6_hash", &why) == CANARY_UNTRIED);
	CHECK_TEXT(why, "there is no IPv6");
}

static void an_entry_lights_its_hook_alone(void)
{
	struct entry entry = { .from = S(CLOSED), .to = S(SYN_SENT), .cause = C(CONNECT) };
	struct conn client = of(TRIAL_PLAIN, 40000, 4242);

	begin();
	client.entry = &entry;
	client.nr_entries = 1;
	canary_look(&canary, &client);
	CHECK(verdict("tcp_set_state") == CANARY_LIT);
	CHECK(verdict("tcp_connect") == CANARY_DARK && verdict("tcp_shutdown") == CANARY_DARK);
	client.offered = 1;
	canary_look(&canary, &client);
	CHECK(verdict("tcp_connect") == CANARY_LIT);
}

static void the_other_end_is_no_evidence(void)
{
	struct entry entry = { .from = S(CLOSED), .to = S(SYN_SENT) };
	struct conn server = of(TRIAL_PLAIN, 4242, 40000), other = of(TRIAL_LINGER, 40000, 4242);

	begin();
	server.entry = &entry;
	server.nr_entries = 1;
	other.entry = &entry;
	other.nr_entries = 1;
	canary_look(&canary, &server);
	canary_look(&canary, &other);
	CHECK(verdict("tcp_set_state") == CANARY_DARK && canary.records == 2);
}

static void a_record_of_no_trial_is_left_alone(void)
{
	struct conn far = of(TRIAL_NONE, 40000, 4242);

	begin();
	canary_look(&canary, &far);
	far.remote.byte[3] = NR_TRIALS;
	canary_look(&canary, &far);
	far.remote.len = 0;
	canary_look(&canary, &far);
	CHECK(!canary.records);
}

/* The end of a request comes two ways, and a compiler may have parted them. */
static void half_of_a_hook_is_dark(void)
{
	struct entry entry = { .from = S(NEW_SYN_RECV), .to = S(CLOSED) };
	struct conn server = of(TRIAL_RESET, 4242, 4243);

	begin();
	server.entry = &entry;
	server.nr_entries = 1;
	canary_look(&canary, &server);
	CHECK(verdict("__inet_csk_reqsk_queue_drop") == CANARY_DARK);
	server = of(TRIAL_SYN_ACK_LOST, 4242, 4243);
	server.close = TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT;
	canary_look(&canary, &server);
	CHECK(verdict("__inet_csk_reqsk_queue_drop") == CANARY_LIT);
	CHECK(verdict("reqsk_queue_unlink") == CANARY_LIT);
}

int main(void)
{
	CHECK_RUN(without_a_record_all_is_dark);
	CHECK_RUN(what_needs_a_dark_hook_is_not_called_dark);
	CHECK_RUN(what_nobody_tries_is_not_dark);
	CHECK_RUN(an_entry_lights_its_hook_alone);
	CHECK_RUN(the_other_end_is_no_evidence);
	CHECK_RUN(a_record_of_no_trial_is_left_alone);
	CHECK_RUN(half_of_a_hook_is_dark);
	return check_end();
}
