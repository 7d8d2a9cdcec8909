# SPDX-License-Identifier: GPL-2.0-only
"""module/life/words.c: the names under which numbers are printed."""
from speclib.spec import SOURCE

PATH = "module/life/words.c"

# enum, what the function is of, its parameter
PRINTED = (
    ("state", "a state", "state"), ("open", "an opening", "open"), ("close", "an ending", "close"),
    ("first", "who closed first", "first"), ("cause", "a cause", "cause"),
    ("mss-by", "what held an MSS down", "by"),
    ("rst-reason", "why an RST was sent", "reason"),
    ("family", "an address family", "family"), ("group", "a group of hooks", "group"),
    ("way", "how a hit gets to a handler", "way"),
)

HEAD = f"""// SPDX-License-Identifier: GPL-2.0-only
/*
 * words.c: the names under which numbers are printed.
 *
 * Owns: one word for each value of <linux/tcp_lifecycle.h>.
 * Made of {SOURCE}; not to be edited.
 */
#include "life/words.h"

#include <linux/kernel.h>

#include <uapi/linux/tcp_lifecycle.h>

static const char *word(const char *const *words, size_t nr, u8 value)
{{
	return value < nr && words[value] ? words[value] : "unknown";
}}
"""

FUNCTION = """
/**
 * tlc_words_{name}() - name of {what}
 * @{parameter}: enum tcp_lifecycle_{name}
 *
 * Context: any.
 * Return: a word; "unknown" for a number that has none.
 */
const char *tlc_words_{name}(u8 {parameter})
{{
	return word({name}_words, ARRAY_SIZE({name}_words), {parameter});
}}
"""

OPTION = """
/**
 * tlc_words_opt() - name of a TCP option
 * @bit: number of its bit in enum tcp_lifecycle_opt
 *
 * Context: any.
 * Return: NULL behind the last.
 */
const char *tlc_words_opt(unsigned int bit)
{
	return bit < ARRAY_SIZE(opt_words) ? opt_words[bit] : NULL;
}
"""


def c_name(name):
    return name.replace("-", "_")


def array(spec, enum):
    lines = [f"\nstatic const char *const {c_name(enum)}_words[] = {{"]
    for word in spec.words[enum]:
        index = "" if enum == "opt" else \
            f"[TCP_LIFECYCLE_{c_name(enum).upper()}_{c_name(word.name).upper()}] = "
        lines.append(f'\t{index}"{word.text}",')
    return "\n".join([*lines, "};\n"])


def make(spec):
    text = HEAD
    for enum, what, parameter in PRINTED:
        text += array(spec, enum)
        text += FUNCTION.format(name=c_name(enum), what=what, parameter=parameter)
    return {PATH: text + array(spec, "opt") + OPTION}
