# SPDX-License-Identifier: GPL-2.0-only
"""Man pages of documents: docs/man/*, read with markdown-it, written in man(7)."""
import re
import textwrap

from markdown_it import MarkdownIt

from speclib import blocks
from speclib.spec import Wrong, read

DATE = "2026-11-30"
# Document, page, section, what it says in whatis(1), further pages of SEE ALSO.
PAGES = (
    ("filter", "tcplc-filter", 7, "the filter language of tcplc", "tcplc-verdicts(7)"),
    ("verdicts", "tcplc-verdicts", 7, "how a TCP connection opened, how it ended, who closed first",
     "tcplc-filter(7) tcplc-format(5)"),
    ("json", "tcplc-json", 5, "what tcplc --json prints and tcplc save writes", "jq(1) tcplc-format(5) tcplc-verdicts(7)"),
    ("format", "tcplc-format", 5, "text of /proc/tcp_lifecycle", "tcplc-json(5) tcplc-verdicts(7)"),
)
REFERENCES = {f"{document}.md": f"{page}({section})" for document, page, section, _, _ in PAGES}
REFERENCES["json.schema.json"] = "/usr/share/tcp_lifecycle/json.schema.json"
WIDTH = 90


def escaped(text):
    return text.replace("\\", "\\e")


def code(text):
    """As it is typed: no character may become another one."""
    for plain, exact in (("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")):
        text = text.replace(plain, exact)
    return text


def inline(tokens):
    text, links = "", []
    for t in tokens:
        if t.type == "text":
            text += escaped(t.content)
        elif t.type == "code_inline":
            text += f"\\fB{code(escaped(t.content))}\\fR"
        elif t.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif t.type in ("strong_open", "em_open"):
            text += "\\fI"
        elif t.type in ("strong_close", "em_close"):
            text += "\\fR"
        elif t.type == "link_open":
            links.append((t.attrGet("href"), len(text)))
        elif t.type == "link_close":
            text = linked(text, *links.pop())
        else:
            raise Wrong(f"manual: no {t.type} in a page yet")
    return text


def installed(name):
    """Where a document is, for whom has no source."""
    docs = re.search(r"foreach doc,([^,]*),", read("Makefile"))[1].split()
    return f"/usr/share/doc/tcplc/{name}" if name in docs else f"docs/{name} of the source"


def linked(text, target, start):
    """What leads elsewhere in the same page is only what it says."""
    target = target.partition("#")[0]
    if not target:
        return text
    said = text[start:]
    there = REFERENCES.get(target) or (target if ":" in target else installed(target))
    if target.endswith((".md", ".json")) and said.replace("\\fB", "").replace("\\fR", "") == target:
        return text[:start] + code(there)
    return f"{text} ({code(there)})"


def lines(text):
    """Filled by troff anyway; a dot or an apostrophe in front would be a request."""
    made = []
    for line in text.split("\n"):
        made += textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return [("\\&" if line[:1] in (".", "'") else "") + line for line in made if line]


class Page:
    def __init__(self):
        self.out = []
        self.depth = 0

    def put(self, *more):
        self.out += more

    def heading(self, level, text):
        if level == 2:
            plain = re.sub(r"\\f[BIR]", "", text)
            self.put(f'.SH "{plain.upper()}"')
        elif level == 3:
            self.put(f'.SS "{text}"')

    def paragraph(self):
        """Behind a heading it is one without being told."""
        if not self.out or not self.out[-1].startswith((".SH", ".SS")):
            self.put(".PP")

    def code(self, text):
        self.paragraph()
        self.put(".RS 4", ".nf")
        self.put(*(("\\&" if line[:1] in (".", "'") else "") + code(escaped(line)) for line in text.rstrip("\n").split("\n")))
        self.put(".fi", ".RE")

    def table(self, head, rows):
        """Each row with its first cell in front; of a third and further cells their title, too."""
        for first, *cells in rows:
            named = [(title, cell) for title, cell in zip(head[1:], cells) if cell]
            kinds = [cell for title, cell in named if title == "type"]
            self.put(".TP", first + (f" ({kinds[0]})" if kinds else ""))
            rest = [(title, cell) for title, cell in named if title != "type"]
            for i, (title, cell) in enumerate(rest):
                if i:
                    self.put(".br")
                self.put(*lines(cell if not i else f"{title}: {cell}"))
            if not rest:
                self.put("\\&")

    def blocks(self, tokens, start=0, end=None):
        """Tokens of one level; lists call it again."""
        i = start
        while i < (len(tokens) if end is None else end):
            t = tokens[i]
            close = closing(tokens, i)
            if t.type == "heading_open":
                self.heading(int(t.tag[1]), inline(tokens[i + 1].children))
            elif t.type == "paragraph_open":
                self.paragraph()
                self.put(*lines(inline(tokens[i + 1].children)))
            elif t.type in ("bullet_list_open", "ordered_list_open"):
                self.items(tokens, i, close)
            elif t.type == "table_open":
                self.table(*cells_of(tokens[i:close]))
            elif t.type in ("code_block", "fence"):
                self.code(t.content)
            elif t.type != "html_block":
                raise Wrong(f"manual: no {t.type} in a page yet")
            i = close + 1

    def items(self, tokens, start, end):
        number, i = 0, start + 1
        nested = self.depth > 0
        self.depth += 1
        if nested:
            self.put(".RS 4")
        while i < end:
            close = closing(tokens, i)
            number += 1
            mark = "\\(bu 2" if tokens[start].type[0] == "b" else f"{number}. 4"
            self.put(f".IP {mark}")
            inner = Page()
            inner.depth = self.depth
            inner.blocks(tokens, i + 1, close)
            # The first paragraph goes on behind the mark.
            self.put(*(inner.out[1:] if inner.out[:1] == [".PP"] else inner.out))
            i = close + 1
        if nested:
            self.put(".RE")
        self.depth -= 1


def closing(tokens, i):
    """Where what begins here ends."""
    depth = 0
    for at in range(i, len(tokens)):
        depth += tokens[at].nesting
        if not depth:
            return at
    raise Wrong("manual: something is not closed")


def cells_of(tokens):
    rows = []
    for i, t in enumerate(tokens):
        if t.type == "tr_open":
            rows.append([])
        elif t.type in ("th_open", "td_open"):
            rows[-1].append(inline(tokens[i + 1].children))
    return rows[0], rows[1:]


def page(text, name, section, about, also):
    made = Page()
    made.put(".\\\" SPDX-License-Identifier: GPL-2.0-only",
             ".\\\" Made of docs/, by scripts/spec generate; not to be edited.",
             f'.TH {code(name.upper())} {section} {DATE} Linux "tcp_lifecycle"',
             ".nh", ".ad l", ".SH NAME", f"{code(name)} \\- {code(about)}", ".SH DESCRIPTION")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    made.blocks(tokens)
    made.put('.SH "SEE ALSO"')
    others = sorted({"tcplc(8)", "tcp_lifecycle(4)", *also.split()}, key=lambda o: (o[-2], o))
    for i, other in enumerate(others):
        made.put(f".BR {code(other[:-3])} {other[-3:]}{',' if i < len(others) - 1 else ''}")
    return "\n".join(made.out) + "\n"


def make(spec):
    return {f"docs/man/{name}.{section}":
            page(blocks.fill(spec, f"docs/{document}.md"), name, section, about, also)
            for document, name, section, about, also in PAGES}
