// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg_test.c: pictures are well-formed, whatever is in a record, and have what they
 * should.
 *
 * xmllint reads each where it is installed. TCPLC_PICTURES=FOLDER keeps them, to be
 * looked at.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "draw/diagram_svg.h"
#include "draw/ladder_svg.h"
#include "draw/palette.h"
#include "draw/svg.h"
#include "draw/timeline.h"
#include "lives.h"

static const struct conn *life(const char *name)
{
	size_t i;

	for (i = 0; i < nr_lives; i++)
		if (!strcmp(lives[i].name, name))
			return &lives[i].conn;
	abort();
}

static void keep(const char *name, const char *text)
{
	const char *folder = getenv("TCPLC_PICTURES");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.svg", folder ? folder : "", name);
	f = folder ? fopen(path, "w") : NULL;
	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

static bool have_xmllint(void)
{
	return !system("command -v xmllint >/dev/null");
}

static bool is_well_formed(const char *text)
{
	FILE *f;

	if (!have_xmllint())
		return true;
	f = popen("xmllint --noout --nonet -", "w");
	fputs(text, f);
	return !pclose(f);
}

static char *ladder(const struct conn *c, const struct conn *other, enum ladder_scale scale)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CHECK(!ladder_svg(out, c, other, scale, NULL));
	fclose(out);
	return text;
}

static unsigned int times(const char *text, const char *what)
{
	unsigned int n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

static void each_life_is_a_picture(void)
{
	static const char *const scales[] = { "even", "time", "log" };
	unsigned int scale;
	char *text, name[64];
	size_t i;

	for (i = 0; i < nr_lives; i++) {
		for (scale = LADDER_EVEN; scale <= LADDER_LOG; scale++) {
			text = ladder(&lives[i].conn, NULL, scale);
			snprintf(name, sizeof(name), "%s-%s", lives[i].name, scales[scale]);
			keep(name, text);
			CHECK(is_well_formed(text));
			CHECK(times(text, "<g") == times(text, "</g>"));
			CHECK(!strstr(text, "nan") && !strstr(text, "inf\""));
			free(text);
		}
	}
}

/* A process may be called anything: nothing of it may become an element. */
static void a_hostile_name_is_text(void)
{
	struct conn c = *life("refused");
	char *text;

	strcpy(c.comm, "<script>&\"'");
	text = ladder(&c, NULL, LADDER_EVEN);
	CHECK(is_well_formed(text));
	CHECK(!strstr(text, "<script"));
	CHECK(strstr(text, "&lt;script&gt;&amp;&quot;&#39;"));
	free(text);
}

static void bytes_that_are_no_text_are_shown_as_numbers(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	/* Control codes, half a sequence, a surrogate, what turns text round, U+FFFF. */
	svg_escape(out, "a\x01\x7f\xc3z\xed\xa0\x80\xe2\x80\xae\xef\xbf\xbf\xc3\xa9");
	fclose(out);
	CHECK_TEXT(text, "a\\x01\\x7f\\xc3z\\xed\\xa0\\x80\\xe2\\x80\\xae\\xef\\xbf\\xbf\xc3\xa9");
	free(text);
}

static void numbers_have_a_point_in_every_locale(void)
{
	static const struct { double value; const char *text; } cases[] = {
		{ 0, "=0" }, { -0.01, "=0" }, { 1.25, "=1.3" }, { -3.5, "=-3.5" }, { 12, "=12" },
	};
	char *text;
	size_t size, i;
	FILE *out;

	setlocale(LC_ALL, "de_DE.UTF-8");
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text = NULL;
		out = open_memstream(&text, &size);
		svg_number(out, "=", cases[i].value);
		fclose(out);
		CHECK_TEXT(text, cases[i].text);
		free(text);
	}
	setlocale(LC_ALL, "C");
}

/* curl and nginx of lives.c are two ends of one connection. */
static void two_ends_are_one_ladder(void)
{
	const struct conn *curl = life("three-segment"), *nginx = life("passive-close");
	struct conn moved = *nginx, other = *nginx;
	char *text;

	CHECK(both_match(curl, nginx) && both_match(nginx, curl));
	CHECK(!both_match(curl, curl));
	other.peer_isn++;
	CHECK(!both_match(curl, &other));

	moved.start_ns += 10000;	/* the SYN came 10 us after it was sent */
	text = ladder(curl, &moved, LADDER_EVEN);
	keep("both-even", text);
	CHECK(is_well_formed(text));
	/* The states of both, and each segment once. */
	CHECK(strstr(text, ">TIME_WAIT<") && strstr(text, ">LAST_ACK<"));
	CHECK(times(text, ">SYN seq ") == 2	/* its title and its text */);
	CHECK(strstr(text, "sent after 0us, received after 10us"));
	CHECK(!strstr(text, "class=\"unknown\""));
	free(text);

	text = ladder(curl, &moved, LADDER_TIME);
	keep("both-time", text);
	CHECK(is_well_formed(text));
	free(text);
	text = ladder(curl, &moved, LADDER_LOG);
	keep("both-log", text);
	free(text);
}

/* What the protocol calls for is dotted, unless the other end has it. */
static void only_what_no_end_has_is_implied(void)
{
	const struct conn *curl = life("three-segment"), *nginx = life("passive-close");
	char *one = ladder(curl, NULL, LADDER_EVEN);
	struct conn moved = *nginx;
	char *two;

	moved.start_ns += 10000;
	two = ladder(curl, &moved, LADDER_EVEN);
	CHECK(times(one, "class=\"implied\"") == 2);
	CHECK(times(two, "class=\"implied\"") == 0);
	CHECK(strstr(one, "class=\"unknown\""));
	free(one);
	free(two);
}

/* Of what left more than once, nobody knows which came: the two are not one arrow. */
static void what_was_sent_again_is_not_the_first(void)
{
	const struct conn *curl = life("three-segment"), *nginx = life("passive-close");
	struct entry entry[8];
	struct conn again = *nginx;
	unsigned int last = nginx->nr_entries - 1;
	char *text;

	memcpy(entry, nginx->entry, last * sizeof(*entry));
	entry[last] = entry[3];
	entry[last].cause = TCP_LIFECYCLE_CAUSE_TIMER_RTO_FIN;
	entry[last].at_us = 200000;
	entry[last + 1] = nginx->entry[last];
	entry[last + 1].at_us = 200020;
	again.entry = entry;
	again.nr_entries++;
	again.start_ns += 10000;
	text = ladder(curl, &again, LADDER_EVEN);
	CHECK(is_well_formed(text));
	CHECK(times(text, "class=\"implied\"") == 1);
	CHECK(times(text, ">ACK seq 154059599 ") == 4	/* two titles, two texts */);
	free(text);

	/* The delayed ACK has nothing to do with it. */
	entry[last].cause = TCP_LIFECYCLE_CAUSE_TIMER_DELAYED_ACK;
	text = ladder(curl, &again, LADDER_EVEN);
	CHECK(times(text, "class=\"implied\"") == 0);
	free(text);
}

static char *diagram(const struct diagram *d)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	diagram_svg(out, d, "Transitions <of> all", NULL, false);
	fclose(out);
	CHECK(is_well_formed(text));
	return text;
}

static void each_legal_edge_has_its_place(void)
{
	unsigned int from, to;

	for (from = 0; from < TLC_STATES; from++)
		for (to = 0; to < TLC_STATES; to++)
			CHECK(diagram_svg_has(from, to) ==
			      (tlc_fsm_edge(from, to) != TLC_EDGE_ILLEGAL));
}

static void edges_look_as_they_were_taken(void)
{
	struct diagram d = { 0 };
	unsigned int unseen;
	char *text;
	size_t i;

	text = diagram(&d);
	unseen = times(text, "class=\"edge-unseen\"");
	CHECK(unseen > 20 && !strstr(text, "class=\"edge\" d"));
	free(text);
	for (i = 0; i < nr_lives; i++)
		diagram_add_life(&d, &lives[i].conn, false);
	diagram_add(&d, TCP_LIFECYCLE_STATE_LISTEN, TCP_LIFECYCLE_STATE_CLOSE_WAIT, 3);
	diagram_add(&d, TCP_LIFECYCLE_STATE_NONE, TCP_LIFECYCLE_STATE_CLOSED, 1);
	text = diagram(&d);
	keep("diagram", text);
	CHECK(times(text, "class=\"edge-unseen\"") < unseen);
	CHECK(strstr(text, "LISTEN to CLOSE_WAIT: 3<"));
	CHECK(strstr(text, "unknown to CLOSED: 1<"));
	CHECK(strstr(text, "way-10-8"));
	free(text);
}

static void one_life_is_a_way_through_it(void)
{
	struct diagram d = { 0 };
	char *text;

	diagram_add_life(&d, life("active-close"), true);
	text = diagram(&d);
	keep("diagram-one", text);
	CHECK(strstr(text, ">step 1<") && strstr(text, ">step 5<") && !strstr(text, ">step 6<"));
	free(text);
}

static char *timeline(struct timeline *t, const struct kept *kept, enum timeline_by by,
		      size_t most)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	CHECK(!timeline_make(t, kept, by, most));
	timeline_svg(out, t, by);
	fclose(out);
	CHECK(is_well_formed(text));
	return text;
}

static void keep_lives(struct kept *kept)
{
	size_t i;

	for (i = 0; i < nr_lives; i++) {
		/* One begins each second; those of hours would leave nothing of the others. */
		if (lives[i].conn.age_us > 200000000)
			continue;
		CHECK(!kept_add(&lives[i].conn, kept));
		kept->conn[kept->nr - 1].start_ns += kept->nr * 1000000000ULL;
	}
	kept_sort(kept);
}

static void connections_stand_side_by_side(void)
{
	struct kept kept = { 0 };
	struct timeline t;
	char *text;
	size_t i;

	keep_lives(&kept);
	CHECK(!kept_add(life("listener"), &kept));
	text = timeline(&t, &kept, TIMELINE_PROCESS, 100);
	keep("timeline", text);
	CHECK(t.nr == kept.nr - 1 && t.nr > 15);
	CHECK(times(text, "<g class=\"row\">") == t.nr);
	CHECK(times(text, ">nginx, pid 160<") == 1);
	for (i = 1; i < t.nr; i++)
		CHECK(!strcmp(t.row[i].group, t.row[i - 1].group) ||
		      t.row[i].conn->start_ns >= t.row[0].conn->start_ns);
	timeline_free(&t);
	free(text);

	text = timeline(&t, &kept, TIMELINE_REMOTE, 3);
	CHECK(t.nr == 3 && t.left_out == kept.nr - 4);
	CHECK(strstr(text, "older ones are left out"));
	timeline_free(&t);
	free(text);
	kept_free(&kept);
}

struct pieces {
	uint8_t state[16];
	uint64_t until[16];
	unsigned int nr;
};

static void take_piece(uint8_t state, uint64_t from, uint64_t until, void *data)
{
	struct pieces *p = data;

	CHECK(from <= until && (!p->nr || from == p->until[p->nr - 1]));
	p->state[p->nr] = state;
	p->until[p->nr++] = until;
}

static void a_bar_is_made_of_states(void)
{
	const struct conn *c = life("active-close");
	struct pieces p = { 0 };

	timeline_pieces(c, take_piece, &p);
	CHECK(p.nr == 5);
	CHECK(p.state[0] == TCP_LIFECYCLE_STATE_SYN_SENT);
	CHECK(p.state[4] == TCP_LIFECYCLE_STATE_TIME_WAIT);
	/* It has not ended: until when it was asked for. */
	CHECK(p.until[4] == c->start_ns + c->age_us * 1000);
}

static void a_timeline_is_text_as_well(void)
{
	struct kept kept = { 0 };
	struct timeline t;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	keep_lives(&kept);
	CHECK(!timeline_make(&t, &kept, TIMELINE_PROCESS, 100));
	timeline_print(out, &t, 100);
	fclose(out);
	CHECK(strstr(text, "curl, pid 161\n  89c.0 "));
	CHECK(strstr(text, "wwww"));
	timeline_free(&t);
	kept_free(&kept);
	free(text);
}

/* "#rrggbb" of a class, as picture.css has it for light and dark alike. */
static const char *fill_of(const char *class)
{
	const char *rule = strstr(picture_css, class), *fill;

	while (rule && !strchr(" ,", rule[strlen(class)]))
		rule = strstr(rule + 1, class);
	fill = rule ? strstr(rule, "fill: ") : NULL;
	return fill ? fill + 6 : "none";
}

/* Two states that have one colour differ by what lies over it. */
static void no_two_states_look_alike(void)
{
	char look[TCP_LIFECYCLE_STATE_MAX + 1][64], class[32];
	const char *pattern;
	unsigned int i, j;

	for (i = 1; i <= TCP_LIFECYCLE_STATE_MAX; i++) {
		palette_class(class, sizeof(class), i);
		class[1] = '.';	/* "s s-listen" is ".s-listen" there */
		pattern = palette_pattern(i);
		snprintf(look[i], sizeof(look[i]), "%.7s %s", fill_of(class + 1),
			 pattern ? pattern : "plain");
		CHECK(look[i][0] == '#');
		for (j = 1; j < i; j++)
			CHECK(strcmp(look[i], look[j]));
	}
}

int main(void)
{
	CHECK_RUN(each_life_is_a_picture);
	CHECK_RUN(a_hostile_name_is_text);
	CHECK_RUN(bytes_that_are_no_text_are_shown_as_numbers);
	CHECK_RUN(numbers_have_a_point_in_every_locale);
	CHECK_RUN(two_ends_are_one_ladder);
	CHECK_RUN(only_what_no_end_has_is_implied);
	CHECK_RUN(what_was_sent_again_is_not_the_first);
	CHECK_RUN(no_two_states_look_alike);
	CHECK_RUN(each_legal_edge_has_its_place);
	CHECK_RUN(edges_look_as_they_were_taken);
	CHECK_RUN(one_life_is_a_way_through_it);
	CHECK_RUN(connections_stand_side_by_side);
	CHECK_RUN(a_bar_is_made_of_states);
	CHECK_RUN(a_timeline_is_text_as_well);
	return check_end();
}
