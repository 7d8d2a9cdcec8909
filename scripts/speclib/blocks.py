# SPDX-License-Identifier: GPL-2.0-only
"""Parts of hand-written documents that are made: what stands between two marks."""
import re

from speclib import fields, interface, schema
from speclib.spec import Wrong, read

# In Markdown and in mdoc.
MARKS = {
    ".md": (r"<!-- made of the spec: ([a-z0-9 -]+) -->\n", "<!-- end of what is made -->\n"),
    ".8": (r'\.\\" Made of the spec: ([a-z0-9 -]+)\n', '.\\" End of what is made.\n'),
}
DOCUMENTS = ("docs/filter.md", "docs/format.md", "docs/json.md", "docs/verdicts.md", "tools/tcplc/tcplc.8")

JSON_TYPES = {
    "WORD": "word", "FLAG": "`true`", "OPTIONS": "array of words", "COOKIE": "string",
    "ADDR4": "string", "ADDR6": "string", "COMM": "string",
}


CODE = re.compile(r"""(?<![`\w])(                # what is typed, or stands in a source
    [a-z_0-9]+\(\) | (?:tcp|net)[._][a-z0-9_.]*[a-z0-9] | ss\ -[eK] | [a-z]+=[a-z-]+ |
    [A-Z0-9]+_[A-Z0-9_]+ | E[A-Z]{4,} | TCP[A-Z][A-Za-z]+
    )(?![\w`])""", re.X)


def cell(text):
    return CODE.sub(r"`\1`", text.replace("|", "\\|"))


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows]
    return "\n".join(lines) + "\n"


def words(spec, enum):
    """| word | what happened | the kernel's way |; the last only where there is one."""
    listed = [w for w in spec.words[enum] if w.text != "-"]
    if any(w.way for w in listed):
        return table(("word", "meaning", "the kernel's way"),
                     [(f"`{w.text}`", w.what, w.way) for w in listed])
    return table(("word", "meaning"), [(f"`{w.text}`", w.what) for w in listed])


def json_names(spec, name):
    """| name | type | meaning | of a record or an entry."""
    rows, seen = [], set()
    for field in sum(fields.record(spec), []) if name == "conn" else spec.sets[name]:
        if field.member in seen:
            continue
        seen.add(field.member)
        rows.append((f"`{field.member}`", JSON_TYPES.get(field.carried, "number"), field.doc))
    return table(("name", "type", "meaning"), rows)


def mdoc_words(spec, enum):
    """A sentence's list, which goes on behind it: no full stop."""
    listed = [text.lower().replace("_", "-") if enum == "state" else text
              for text in spec.texts(enum)]
    lines = [".Cm " + " , ".join(listed[i:i + 5]) for i in range(0, len(listed), 5)]
    return " ,\n".join(lines) + "\n"


def places(_spec, _what):
    return table(("name", "type", "meaning"),
                 [(f"`{name}`", "string", doc) for name, doc in schema.PLACES.items()])


def terms(spec, _what):
    return table(("term", "meaning"), [
        (", ".join(f"`{form}`" for form in one["form"].split(", ")), one["doc"])
        for one in interface.Interface(spec).filter])


def term_words(spec, _what):
    lists = interface.Interface(spec).lists
    return table(("behind", "words"), [
        (f"`{name}`", " ".join(f"`{word}`" for word in lists[enum]))
        for name, enum in (("state", "state"), ("open", "open"), ("close", "close"), ("closed-by", "first"),
                           ("family", "family"), ("cause", "cause"))])


MAKERS = {"terms": terms, "term-words": term_words, "places": places, "words": words, "json": json_names, "mdoc": mdoc_words}


def fill(spec, path):
    text = read(path)
    begin, end = MARKS[path[path.rindex("."):]]

    def one(match):
        kind, _, what = match[1].partition(" ")
        if kind not in MAKERS:
            raise Wrong(f"{path}: {match[0]!r} asks for none of {' '.join(MAKERS)}")
        return match[0][:match[0].index("\n") + 1] + MAKERS[kind](spec, what) + end
    made, count = re.subn(begin + r"(?s:.*?)" + re.escape(end), one, text)
    if count != len(re.findall(begin, text)):
        raise Wrong(f"{path}: what begins with {begin!r} has no {end!r}")
    return made


def make(spec):
    return {path: fill(spec, path) for path in DOCUMENTS}
