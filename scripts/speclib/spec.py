# SPDX-License-Identifier: GPL-2.0-only
"""The spec as the makers see it: words, fields, and what is said of each."""
import os
import re

import yaml

SCRIPTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROJECT = os.environ.get("TCP_LIFECYCLE_PROJECT", os.path.dirname(SCRIPTS))
SPEC = "include/tcp_lifecycle.yaml"
SOURCE = f"{SPEC}, by scripts/spec generate"

# The words that are not the entry's own name.
WORDS = {
    ("state", "none"): "-", ("close", "none"): "-", ("first", "none"): "-",
    ("rst-reason", "none"): "-",
    ("opt", "timestamps"): "ts", ("opt", "fastopen"): "tfo",
}


# Printed in hexadecimal.  Not by a display-hint, by which ynl would make strings of them.
COOKIES = {"cookie", "listener", "mptcp"}


class Wrong(Exception):
    """Something is not true to the spec."""


def read(name):
    with open(os.path.join(PROJECT, name), encoding="utf-8") as file:
        return file.read()


class Word:
    """One value of an enum: `name` in the spec, `text` as it is printed."""

    def __init__(self, enum, entry):
        self.name = entry if isinstance(entry, str) else entry["name"]
        self.doc = "" if isinstance(entry, str) else " ".join(entry.get("doc", "").split())
        text = self.name.upper().replace("-", "_") if enum == "state" else self.name
        self.text = WORDS.get((enum, self.name), text)

    @property
    def what(self):
        """What happened; behind "Kernel:" stands the kernel's way to it."""
        return self.doc.partition(" Kernel: ")[0]

    @property
    def way(self):
        return self.doc.partition(" Kernel: ")[2]


class Field:
    """One attribute of a set."""

    def __init__(self, attr):
        self.name = attr["name"]
        self.type = attr.get("type")
        self.enum = attr.get("enum")
        self.hint = attr.get("display-hint")
        self.doc = " ".join(attr.get("doc", "").split())

    @property
    def constant(self):
        return self.name.upper().replace("-", "_")

    @property
    def member(self):
        """In struct conn and in JSON; an address has one name, whatever its family."""
        if self.carried.startswith("ADDR"):
            return re.sub("[46]$", "", self.name)
        return self.name.replace("-", "_")

    @property
    def carried(self):
        """How, in the terms of tools/tcplc/base/fields.h."""
        if self.hint in ("ipv4", "ipv6"):
            return "ADDR" + self.hint[-1]
        if self.name in COOKIES and self.type == "u64":
            return "COOKIE"
        if self.enum:
            return "OPTIONS" if self.enum == "opt" else "WORD"
        return {"flag": "FLAG", "binary": "COMM"}.get(self.type, self.type.upper())

    @property
    def words(self):
        if self.carried != "WORD":
            return "NONE"
        # An owner is told by the call at which it was taken.
        return "OWNER" if self.name == "owner" else self.enum.upper().replace("-", "_")


class Spec:
    def __init__(self):
        tree = yaml.safe_load(read(SPEC))
        self.words = {d["name"]: [Word(d["name"], e) for e in d["entries"]]
                      for d in tree["definitions"] if d["type"] in ("enum", "flags")}
        self.sets = {s["name"]: [Field(a) for a in s["attributes"] if a.get("type") != "pad"]
                     for s in tree["attribute-sets"]}
        self.docs = {d["name"]: " ".join(d.get("doc", "").split()) for d in tree["definitions"]}
        self.constants = {d["name"]: d["value"] for d in tree["definitions"] if d["type"] == "const"}

    def texts(self, enum, nothing=False):
        """The words of an enum as they are printed; with "-" only if `nothing`."""
        return [w.text for w in self.words[enum] if nothing or w.text != "-"]
