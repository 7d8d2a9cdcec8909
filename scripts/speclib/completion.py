# SPDX-License-Identifier: GPL-2.0-only
"""The completions of bash, zsh and fish: what stands between two marks in each."""
import textwrap

from speclib.interface import Interface, kind
from speclib.spec import Wrong, read

BEGIN = "# Made of interface.yaml, by scripts/spec generate."
END = "# End of what is made."


def folded(words, width=84):
    return "\n\t".join(textwrap.wrap(" ".join(words), width, break_on_hyphens=False))


def arms(pairs, indent):
    """case arms of a shell: those with the same answer together."""
    by = {}
    for pattern, answer in pairs:
        by.setdefault(answer, []).append(pattern)
    return "".join(f"{indent}{' | '.join(patterns)}) echo '{answer}' ;;\n" for answer, patterns in by.items())


def arguments(interface):
    """(COMMAND:OPTION, kind of its argument)"""
    for option in interface.common:
        for name in option.names:
            if option.takes:
                yield f"*:{name}", kind(option.takes)
    for command in interface.commands:
        for option in command.options:
            for name in option.names:
                if option.takes:
                    yield f"{command.name}:{name}", kind(option.takes)


def terms(interface):
    for one in interface.filter:
        for term in one["terms"]:
            if "takes" in one:
                yield term, kind(one["takes"])


def bash(i):
    text = f"_tcplc_commands='{folded(c.name for c in i.commands)}'\n"
    common = [n + ("=" if o.optional else "") for o in i.common for n in o.names]
    text += f"_tcplc_common='{folded(common)}'\n"
    for name, words in i.lists.items():
        text += f"_tcplc_{name}='{folded(words)}'\n"
    text += f"_tcplc_settings='{' '.join(s['name'] for s in i.settings)}'\n"
    text += "\n# _tcplc_operands COMMAND: what follows it.\n_tcplc_operands() {\n\tcase $1 in\n"
    text += arms([(c.name, kind(c.takes)) for c in i.commands], "\t") + "\tesac\n}\n"
    text += "\n# _tcplc_options COMMAND: those it has in addition to the common ones.\n_tcplc_options() {\n\tcase $1 in\n"
    text += arms([(c.name, " ".join(n for o in c.options for n in o.names)) for c in i.commands if c.options], "\t")
    text += "\tesac\n}\n"
    text += "\n# _tcplc_argument COMMAND:OPTION: what the option takes, if it does.\n_tcplc_argument() {\n\tcase $1 in\n"
    text += arms(arguments(i), "\t") + "\tesac\n}\n"
    text += "\n# _tcplc_term WORD: what follows the word of a filter, if anything does.\n_tcplc_term() {\n\tcase $1 in\n"
    return text + arms(terms(i), "\t") + "\tesac\n}\n"


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh_option(option):
    """Of _arguments: [excludes]name[description]:what:how."""
    doc = option.doc.replace("[", "(").replace("]", ")")
    others = f"({' '.join(option.names)})" if len(option.names) > 1 else ""
    for name in option.names:
        joined = "" if not option.takes else "-" if option.optional else "+" if len(name) == 2 else "="
        if option.optional:
            joined = "=-"
        tail = f"{'::' if option.optional else ':'}{option.long}: _tcplc_of {quoted_kind(option.takes)}" if option.takes else ""
        yield quoted(f"{others}{name}{joined}[{doc}]{tail}")


def quoted_kind(takes):
    """A word of the action, which zsh splits as its shell does."""
    return '"' + kind(takes) + '"'


def zsh(i):
    text = "_tcplc_commands=(\n" + "".join(f"\t{quoted(c.name + ':' + c.about)}\n" for c in i.commands) + ")\n"
    text += "typeset -gA _tcplc_lists=(\n"
    for name, words in i.lists.items():
        text += f"\t{name} '{folded(words)}'\n"
    text += f"\tsettings '{' '.join(s['name'] for s in i.settings)}'\n)\n"
    text += "typeset -gA _tcplc_takes=(\n" + "".join(f"\t{c.name} {kind(c.takes)}\n" for c in i.commands) + ")\n"
    text += "typeset -gA _tcplc_term=(\n" + "".join(f"\t{term} {what}\n" for term, what in terms(i)) + ")\n"
    text += "_tcplc_common=(\n" + "".join(f"\t{s}\n" for o in i.common for s in zsh_option(o)) + ")\n"
    text += "\n# _tcplc_own COMMAND: its own options, in the array own.\n_tcplc_own() {\n\tcase $1 in\n"
    for c in i.commands:
        if c.options:
            text += f"\t({c.name}) own=(\n" + "".join(f"\t\t{s}\n" for o in c.options for s in zsh_option(o)) + "\t) ;;\n"
    return text + "\tesac\n}\n"


def fish_option(option, condition=""):
    text = "complete -c tcplc" + (f" -n {quoted(condition)}" if condition else "")
    text += (f" -s {option.short}" if option.short else "") + f" -l {option.long}"
    if option.takes == "file":
        text += " -r -F"
    elif option.takes:
        text += ("" if option.optional else " -x") + f" -a '(__tcplc_of \"{kind(option.takes)}\")'"
    return text + f" -d {quoted(option.doc)}\n"


def fish(i):
    text = ""
    for name, words in i.lists.items():
        text += f"set -g __tcplc_{name} " + "\\\n\t".join(textwrap.wrap(" ".join(words), 84, break_on_hyphens=False,
                                                                        drop_whitespace=False)) + "\n"
    text += f"set -g __tcplc_settings {' '.join(s['name'] for s in i.settings)}\n"
    text += "\n# What follows the word of a filter.\nfunction __tcplc_term\n\tswitch \"$argv[1]\"\n"
    by = {}
    for term, what in terms(i):
        by.setdefault(what, []).append(term)
    text += "".join(f"\t\tcase {' '.join(words)}\n\t\t\techo {what}\n" for what, words in by.items()) + "\tend\nend\n\n"
    text += "".join(fish_option(o) for o in i.common)
    for c in i.commands:
        text += f"complete -c tcplc -n 'not __tcplc_command' -a {c.name} -d {quoted(c.about)}\n"
        text += "".join(fish_option(o, f"__tcplc_is {c.name}") for o in c.options)
        if c.takes in ("file", "two-files"):
            text += f"complete -c tcplc -n '__tcplc_is {c.name}' -F\n"
        elif c.takes == "command":
            text += f"complete -c tcplc -n '__tcplc_is {c.name}' -a '{' '.join(one.name for one in i.commands)} filter'\n"
        elif c.takes:
            text += f"complete -c tcplc -n '__tcplc_is {c.name}' -a '(__tcplc_{c.takes})'\n"
    return text


MAKERS = {"tools/tcplc/tcplc.bash": bash, "tools/tcplc/tcplc.zsh": zsh, "tools/tcplc/tcplc.fish": fish}


def fill(path, body):
    text = read(path)
    head, begin, rest = text.partition(BEGIN + "\n")
    _, end, tail = rest.partition(END + "\n")
    if not begin or not end:
        raise Wrong(f"{path} lacks the line {BEGIN!r} or {END!r}")
    return head + begin + body + end + tail


def make(spec):
    interface = Interface(spec)
    return {path: fill(path, maker(interface)) for path, maker in MAKERS.items()}
