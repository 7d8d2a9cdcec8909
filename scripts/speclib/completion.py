# SPDX-License-Identifier: GPL-2.0-only
"""The words that tcplc.bash offers, between two marks."""
import textwrap

from speclib.spec import Wrong, read

PATH = "tools/tcplc/tcplc.bash"
BEGIN = "# Words: made of include/tcp_lifecycle.yaml, by scripts/spec generate."
END = "# End of words."

# Names for several words at once, and for one in short.
SETS = {
    "state": "all connected synchronized bucket big",
    "close": "any normal reset timeout",
    "first": "any",
    "cause": "timer rto rst",
}


def variable(spec, enum):
    words = [text.lower().replace("_", "-") if enum == "state" else text
             for text in spec.texts(enum)]
    lines = textwrap.wrap(" ".join(words + SETS.get(enum, "").split()), 84,
                          break_on_hyphens=False)
    name = "families" if enum == "family" else enum + "s"
    return f"_tcplc_{name}='" + "\n\t".join(lines) + "'\n"


def make(spec):
    text = read(PATH)
    head, begin, rest = text.partition(BEGIN + "\n")
    _, end, tail = rest.partition(END + "\n")
    if not begin or not end:
        raise Wrong(f"{PATH} lacks the line {BEGIN!r} or {END!r}")
    body = "".join(variable(spec, e) for e in ("state", "open", "close", "first", "cause", "family"))
    return {PATH: head + begin + body + end + tail}
