# SPDX-License-Identifier: GPL-2.0-only
"""What is typed: tools/tcplc/interface.yaml, and what its commands say of themselves."""
import glob
import os
import re

import yaml

from speclib.spec import PROJECT, Wrong, read

PATH = "tools/tcplc/interface.yaml"
COMMANDS = "tools/tcplc/cmd"
# Of the terms' values, and their names in the spec.
ENUMS = ("state", "open", "close", "first", "cause", "family")
HELP_ABOUT = "print the help of a command, or of filters: tcplc help list"


class Option:
    def __init__(self, entry):
        self.short = entry.get("short")
        self.long = entry["long"]
        self.takes = entry.get("takes")
        self.optional = entry.get("optional", False)
        self.doc = entry["doc"]

    @property
    def names(self):
        return [f"-{self.short}", f"--{self.long}"] if self.short else [f"--{self.long}"]


class Command:
    def __init__(self, entry, about):
        self.name = entry["name"]
        self.takes = entry.get("takes")
        self.options = [Option(o) for o in entry.get("options", ())]
        self.about = about


def abouts():
    """{command: its line of the help}, from the sources, where it is written once."""
    found = {"help": HELP_ABOUT}
    for path in glob.glob(os.path.join(PROJECT, COMMANDS, "*.c")):
        match = re.search(r'\.name = "([a-z]+)",(?s:.*?)\.about = "((?:[^"\\]|\\.)*)"',
                          read(os.path.relpath(path, PROJECT)))
        if match:
            found[match[1]] = match[2]
    return found


class Interface:
    def __init__(self, spec):
        table = yaml.safe_load(read(PATH))
        said = abouts()
        names = [c["name"] for c in table["commands"]]
        if set(names) != set(said):
            raise Wrong(f"{PATH} has the commands {' '.join(names)}; the client has {' '.join(said)}")
        self.common = [Option(o) for o in table["common"]]
        self.commands = [Command(c, said[c["name"]]) for c in table["commands"]]
        self.filter = table["filter"]
        self.settings = table["settings"]
        self.lists = {name: table[name].split() for name in ("columns", "sums", "keys", "group")}
        self.lists["terms"] = [term for one in self.filter for term in one["terms"]] + ["and", "or", "not"]
        for enum in ENUMS:
            words = [text.lower().replace("_", "-") if enum == "state" else text for text in spec.texts(enum)]
            self.lists[enum] = words + table["sets"].get(enum, "").split()


def kind(takes):
    """One word, or = and the words it can be."""
    return "=" + " ".join(takes) if isinstance(takes, list) else takes or "nothing"
