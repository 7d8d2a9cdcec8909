# SPDX-License-Identifier: GPL-2.0-only
"""tools/tcplc/cmd/filter_help.c: what tcplc help filter prints of the terms."""
import textwrap

from speclib.interface import PATH as TABLE, Interface

PATH = "tools/tcplc/cmd/filter_help.c"
INDENT = " " * 8

HEAD = f"""// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter_help.c: what tcplc help filter prints.
 *
 * Made of {TABLE}, by scripts/spec generate; not to be edited.
 */
#include "cmd/filter_help.h"

"""
GRAMMAR = """A filter says which connections are wanted, for example: state established and dport 443

Terms are joined by and, or, not and parentheses, or &&, ||, !. Those without a word between
them must all match. Where a word is expected, several may be given: close fin,refused.
A comparison is one of = != < <= > >= or eq ne lt le gt ge, which need no quotes in a shell.
What is not known does not match; its negation does. tcplc-filter(7) says more.
"""


def make(spec):
    interface = Interface(spec)
    text = GRAMMAR
    for one in interface.filter:
        text += f"\n  {one['form']}\n"
        text += textwrap.fill(one["doc"].replace("`", ""), 90, initial_indent=INDENT, subsequent_indent=INDENT,
                              break_on_hyphens=False) + "\n"
    for term, enum in (("state", "state"), ("open", "open"), ("close", "close"), ("closed-by", "first"),
                       ("family", "family"), ("cause", "cause")):
        text += f"\nWords behind {term}; tcplc explain says what one means:\n"
        text += textwrap.fill(" ".join(interface.lists[enum]), 90, initial_indent="  ", subsequent_indent="  ",
                              break_on_hyphens=False) + "\n"
    quoted = "\n".join('\t"' + line.replace("\\", "\\\\").replace('"', '\\"') + '\\n"' for line in text.rstrip("\n").split("\n"))
    return {PATH: HEAD + "const char filter_help[] =\n" + quoted + ";\n"}
