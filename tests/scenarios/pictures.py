# SPDX-License-Identifier: GPL-2.0-only
"""What tcplc draws: read back as XML, and held against the wire and the records."""
import html
import json
import os
import re
import xml.etree.ElementTree

from lib import lives
from lib.client import objects, run
from lib.failure import expect, expect_true
from lib.registry import scenario
from lib.wire import our_fin, segments_of

SVG = "{http://www.w3.org/2000/svg}"
KEPT = os.environ.get("TLC_PICTURES")


def drawn(*words):
    """The picture's root, once for whatever namespace."""
    said = run(None, "--netns", "all", *words)[0]
    keep("-".join(words[:2]).replace("--", "") + ".svg", said)
    return xml.etree.ElementTree.fromstring(said)


def keep(name, text):
    if KEPT:
        with open(os.path.join(KEPT, name), "w") as file:
            file.write(text)


def titles(root):
    return [element.text for element in root.iter(f"{SVG}title")]


def microseconds(text):
    """Of "sent after 1.20ms, received after ..." the two."""
    units = {"us": 1, "ms": 1e3, "s": 1e6}
    return [float(n) * units[unit] for n, unit in re.findall(r"after ([\d.]+)(us|ms|s)\b", text)]


def _closed_pair(world):
    _, mine, theirs = world.pair()
    port = theirs.getsockname()[1]
    mine.sendall(b"a question")
    theirs.sendall(b"an answer")
    lives.finish(mine, theirs)
    world.ended(world.server, port)
    return port, world.record(world.client, port), world.record(world.server, port)


@scenario("tcplc", "show --svg: one ladder of both ends, each segment once, as on the wire; received after it was sent",
          virtual=True, shared=5)
def ladder_of_both_ends(world):
    port, mine, theirs = _closed_pair(world)
    ours = f"{mine.cookie:x}.{mine.generation}"
    root = drawn("show", "--svg", ours)
    said = " ".join(root.itertext())
    expect_true(f"the other end is named:\n{said}", f"The other end, record {theirs.cookie:x}.{theirs.generation}" in said)
    sent, got = segments_of(world, world.client, mine)
    syn, syn_ack, fin = sent[0], got[0], our_fin(sent)
    for what, number in (("SYN", syn.seq), ("SYN-ACK", syn_ack.seq), ("FIN", fin.seq)):
        (found,) = [t for t in titles(root) if t.startswith(f"{what} seq {number} ")]
        times = microseconds(found)
        expect("moments of a segment both ends have", len(times), 2)
        expect_true(f"sent before it was received: {found}", times[0] <= times[1])
    for state in ("SYN_SENT", "NEW_SYN_RECV", "FIN_WAIT_1", "CLOSE_WAIT", "TIME_WAIT", "LAST_ACK"):
        expect_true(f"a bar of {state}", any(t.startswith(f"{state} from ") for t in titles(root)))
    alone = run(world.client, "show", "--svg", ours)[0]
    expect_true("from within one namespace the other end is not seen", "The other end, record" not in alone)
    for scale in ("time", "log"):
        drawn("show", "--svg", "--scale", scale, ours)
    expect("a connection to this port in the timeline",
           len([t for t in titles(drawn("timeline", "--svg", "port", str(port))) if t.startswith(ours)]), 1)


@scenario("tcplc", "diagram: each edge as often as the records have it; report: a line for each record, none that"
          " ends the script early", virtual=True, shared=5)
def counts_and_page(world):
    port, mine, _ = _closed_pair(world)
    lines = run(world.client, "diagram", "-j", "port", port)[0].splitlines()
    edges = {(e["from"], e["to"]): e["count"] for e in map(json.loads, lines) if e["type"] == "edge"}
    expect("edges of one record", edges, {(e.old, e.new): 1 for e in mine.transitions})
    texts = titles(drawn("diagram", "--svg", "dport", str(port)))
    for (source, target), count in edges.items():
        expect_true(f"{source} to {target} is drawn with its count",
                    any(t.startswith(f"{source} to {target}") and f": {count} times" in t for t in texts))
    total = run(None, "diagram", "--svg")[0]
    expect_true("the totals of the host", "since the module was loaded" in total)

    page = run(world.client, "report")[0]
    keep("report.html", page)
    records = re.search(r'id="records">\n(.*?)</script>', page, re.S)[1].splitlines()
    found = {json.loads(line.split("\t")[0])[0] for line in records}
    expect("ids on the page", found, {c["id"] for c in objects(world.client, "list") if c["open"] != "listener"})
    life = json.loads(next(line for line in records if f'"{mine.cookie:x}.' in line).split("\t")[1])
    expect_true("its ladder has the SYN", any(f"SYN seq {mine.isn} " in str(rung) for rung in life["rungs"]))
    expect_true("nothing is left as text of HTML", html.unescape(records[0]).count("<") == 0)
