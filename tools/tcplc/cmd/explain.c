// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain.c: tcplc explain: what a word of a record means.
 *
 * Owns: where words are looked for: the sentences of include/tcp_lifecycle.yaml, and
 * the sets of words that filters have.
 */
#include <string.h>

#include <linux/kernel.h>

#include "base/meanings.h"
#include "base/nearest.h"
#include "base/wrap.h"
#include "cmd/options.h"
#include "filter/wordset.h"
#include "json/json.h"

#define INDENT 4
#define NO_TERMINAL_WIDTH 80

/* What a filter asks by a set of words: "close reset". */
static const struct {
	enum names_kind kind;
	const char *term;
} sets[] = {
	{ NAMES_STATE, "state" },
	{ NAMES_OPEN, "open" },
	{ NAMES_CLOSE, "close" },
	{ NAMES_FIRST, "closed-by" },
	{ NAMES_CAUSE, "cause" },
	{ NAMES_FAMILY, "family" },
};

static void print_meaning(const struct meaning *m)
{
	unsigned int width = text_width();

	if (width == TEXT_WIDE)
		width = NO_TERMINAL_WIDTH;
	printf("%s%s%s: %s\n", text_on(TEXT_BOLD), m->word, text_off(), m->kind);
	printf("%*s", INDENT, "");
	wrap_print(stdout, m->what, INDENT, width);
	if (!*m->way)
		return;
	printf("%*sin the kernel: ", INDENT, "");
	wrap_print(stdout, m->way, INDENT + 2, width);
}

static int meaning_json(const struct meaning *m)
{
	json_t *object = json_pack("{s:s,s:s,s:s,s:s}", "type", "meaning", "word", m->word,
				   "kind", m->kind, "what", m->what);

	if (object && *m->way)
		json_object_set_new(object, "way", json_string(m->way));
	return json_print(object);
}

/* Is it the name of several words, and of which? */
static int print_set(const struct tcplc *ctx, size_t i, const char *word, bool *found)
{
	json_t *words = json_array();
	unsigned int value, column;
	uint64_t mask;
	int err = 0;

	if (names_value(sets[i].kind, word, &value) || !wordset_find(sets[i].kind, word, &mask)) {
		json_decref(words);
		return 0;
	}
	*found = true;
	for (value = 0; value < names_count(sets[i].kind); value++)
		if (mask & 1ULL << value)
			json_array_append_new(words, json_string(names_word(sets[i].kind, value)));
	if (ctx->json) {
		err = json_print(json_pack("{s:s,s:s,s:s,s:O}", "type", "wordset", "word", word,
					   "term", sets[i].term, "words", words));
	} else {
		printf("%s%s%s: in a filter, '%s %s' is any of\n", text_on(TEXT_BOLD), word,
		       text_off(), sets[i].term, word);
		for (value = 0, column = 0; value < json_array_size(words); value++) {
			const char *one = json_string_value(json_array_get(words, value));

			column += strlen(one) + 1;
			if (!value || column > NO_TERMINAL_WIDTH - INDENT) {
				printf("%s%*s", value ? "\n" : "", INDENT - 1, "");
				column = strlen(one) + 1;
			}
			printf(" %s", one);
		}
		putchar('\n');
	}
	json_decref(words);
	return err;
}

static int unknown(const char *word)
{
	struct nearest n = nearest_begin(word);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sets); i++)
		wordset_try(sets[i].kind, &n);
	for (i = 0; i < names_count(NAMES_RST_REASON); i++)
		nearest_try(&n, names_word(NAMES_RST_REASON, i));
	for (i = 0; i < names_count(NAMES_MSS_BY); i++)
		nearest_try(&n, names_word(NAMES_MSS_BY, i));
	if (n.best)
		return tcplc_fail("no record has the word '%s', did you mean '%s'?", word, n.best);
	return tcplc_fail("no record has the word '%s'; tcplc(8) lists the words", word);
}

static int explain(const struct tcplc *ctx, const char *word)
{
	const struct meaning *m = NULL;
	bool found = false;
	int err = 0;
	size_t i;

	while (!err && (m = meanings_of(word, m))) {
		found = true;
		if (ctx->json)
			err = meaning_json(m);
		else
			print_meaning(m);
	}
	for (i = 0; !err && i < ARRAY_SIZE(sets); i++)
		err = print_set(ctx, i, word, &found);
	if (err)
		return tcplc_fail("cannot write JSON");
	return found ? EXIT_SUCCESS : unknown(word);
}

static int run(struct tcplc *ctx, int argc, char **argv)
{
	int code, first, i;

	first = options_parse(ctx, argc, argv, NULL, &code);
	if (first < 0)
		return code;
	if (first == argc) {
		tcplc_fail("explain needs a WORD of a record, for example: tcplc explain rst-unread");
		return EXIT_USAGE;
	}
	for (i = first; i < argc; i++)
		if (explain(ctx, argv[i]))
			code = EXIT_FAILURE;
	return code;
}

const struct command command_explain = {
	.name = "explain",
	.operands = "WORD...",
	.about = "say what a word of a record means",
	.help =
	"WORD is a state, an OPEN, CLOSE or FIRST of tcplc list, something that happened, what\n"
	"set an MSS, why an RST was sent, or a set of such words that filters have.\n"
	"It needs no module.\n",
	.run = run,
};
