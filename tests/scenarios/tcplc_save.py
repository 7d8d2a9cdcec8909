# SPDX-License-Identifier: GPL-2.0-only
"""tcplc save, and the file read again: the same bytes as of the module; of a truncated one what there is."""
import gzip
import json
import os
import subprocess

from lib import client, lives, nl, schema
from lib.client import objects, run
from lib.failure import expect, expect_true
from lib.pairs import pairs
from lib.registry import scenario


def unpacked(path):
    """What is in it, by other programs than tcplc."""
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as file:
        return file.read()


def identity(conn):
    """Of a record as the kernel's own ynl reads it."""
    cookie, generation = nl.identity(conn)
    return f"{cookie:x}.{generation}"


def same(side, path, *words):
    """The module's answer and the file's; of what is over nothing moves any more."""
    expect(f"tcplc {' '.join(words)} of {path}", run(None, "-r", path, *words)[0], run(side, *words)[0])


@scenario("tcplc", "save writes every record of the host, which zstd, gzip and Python read as well; -r prints list,"
          " listeners and show of what has ended byte by byte as the module does, and of a truncated file what"
          " there is, with the line and status 1", virtual=True, shared=5)
def save_and_read(world):
    client.need()
    ports = []
    for _ in range(3):
        _, mine, theirs = world.pair()
        ports.append(mine.getpeername()[1])
        lives.finish(mine, theirs)
    _, reset, _ = world.pair()
    ports.append(reset.getpeername()[1])
    reset.setsockopt(*lives.LINGER_0)
    reset.close()
    world.pair()        # stays open
    for port in ports:
        world.ended(world.client, port, timeout=120)

    paths = [f"/tmp/host{ending}" for ending in ("", ".gz", ".zst")]
    for path in paths:
        said = run(world.client, "save", path)[0]
        expect_true(f"it says whose records they are: {said}", "of all network namespaces" in said)
        expect("mode", oct(os.stat(path).st_mode & 0o777), "0o600")
        head, *rows, last = (json.loads(line) for line in unpacked(path).split(b"\n") if line)
        schema.expect_valid([head, *rows, last])
        uname = os.uname()
        expect("host and kernel", (head["host"], head["kernel"]), (uname.nodename, uname.release))
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            expect("boot", head["boot_id"], file.read().strip())
        records = [row for row in rows if "type" not in row]
        expect("the records of every namespace", sorted(r["id"] for r in records),
               sorted(identity(conn) for conn in nl.Client().dump(all_netns=True)))
        expect("it says how many", last["records"], len(records))
        expect_true("with their entries", all(r["entries"] for r in records if r["state"] == "CLOSED"))
        expect_true("totals, transitions, hooks", {"totals", "edge", "histogram", "hook"} <=
                    {row.get("type") for row in rows})

    dead = objects(world.client, "list", "dead")
    expect_true("something has ended, and something has not", len(dead) > 1 and
                len(objects(world.client, "list", "live", "open", "active")) > 0)
    for path in paths:
        for words in (("list", "dead"), ("list", "dead", "--json", "-e"), ("-w", "list", "dead", "and", "close", "fin"),
                      ("list", "dead", "cause", "fin-received", "--netns", "all"), ("list", "-H", "port", str(ports[0]), "dead")):
            same(world.client, path, *words)
    for conn in dead:
        same(world.client, paths[2], "show", conn["id"])
    ended = [conn for conn in dead if conn["open"] != "listener"]
    logged = objects(None, "-r", paths[2], "log")
    expect("log of a file: what had ended", sorted(c["id"] for c in logged), sorted(c["id"] for c in ended))
    ends = [c["start_ns"] + c["entries"][-1]["at_us"] * 1000 for c in logged]
    expect("in the order of their ends", ends, sorted(ends))
    expect("and as text", len(run(None, "-r", paths[2], "-H", "log", "-n", 2, "close", "normal")[0].splitlines()), 2)
    expect("since the file was written nothing ends", run(None, "-r", paths[2], "-H", "log", "--since", "0s")[0], "")
    # Of what is open only its age has moved.
    was, now = (run(None if options else world.client, *options, "list", "--json", "live")[0].split("\n")
                for options in (("-r", paths[2]), ()))
    for line, other in pairs(was, now):
        if line:
            line, other = json.loads(line), json.loads(other)
            for moving in ("age_us", "lived_us"):
                expect_true(f"{moving} goes on", line.pop(moving, 0) <= other.pop(moving, 0))
            expect("an open one", line, other)
    truncated(paths)


def truncated(paths):
    words = ("list", "--netns", "all", "--json")
    for path in paths:
        # Each was saved at a moment of its own: what is open is older in the next one.
        whole = run(None, "-r", path, *words)[0]
        os.truncate(path, os.stat(path).st_size * 3 // 4)
        said, errors = run(None, "-r", path, *words, status=1)
        expect_true(f"a part of it: {said}", whole.startswith(said))
        expect_true(f"which line, and why: {errors}", path in errors and "line " in errors and "cut off" in errors)
        if path == paths[0]:
            expect_true("of the plain one some records", 0 < len(said) < len(whole))
