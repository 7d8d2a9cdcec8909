"""tools/tcplc/base/meanings.c: what each word means, for people."""
from speclib.spec import SOURCE

PATH = "tools/tcplc/base/meanings.c"

HEAD = f"""// SPDX-License-Identifier: GPL-2.0-only
/*
 * meanings.c: what each word means, for people.
 *
 * Made of {SOURCE}; not to be edited.
 */
#include "base/meanings.h"

#include <stddef.h>

#include "base/names.h"

"""

KINDS = ("state", "open", "close", "first", "cause", "mss-by", "rst-reason", "opt")
TITLES = {"state": "state", "open": "how it was opened", "close": "how it ended",
          "first": "who closed first", "cause": "what happened", "mss-by": "what set the MSS",
          "rst-reason": "why an RST was sent", "opt": "option of a SYN"}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "") + '"'


def make(spec):
    rows = []
    for kind in KINDS:
        for word in spec.words[kind]:
            if word.text == "-" or not word.what:
                continue
            rows.append(f"\t{{ {quoted(TITLES[kind])}, {quoted(word.text)},\n"
                        f"\t  {quoted(word.what)},\n\t  {quoted(word.way)} }},")
    text = HEAD + "static const struct meaning meanings[] = {\n" + "\n".join(rows) + "\n};\n"
    text += """
/**
 * meanings_of() - the next meaning of a word
 * @word: in any case, with - or _
 * @before: the one before, or NULL for the first
 *
 * Return: NULL if there is none, or no further one.
 */
const struct meaning *meanings_of(const char *word, const struct meaning *before)
{
	const struct meaning *m = before ? before + 1 : meanings;

	for (; m < meanings + sizeof(meanings) / sizeof(meanings[0]); m++)
		if (names_equal(word, m->word))
			return m;
	return NULL;
}
"""
    return {PATH: text}
