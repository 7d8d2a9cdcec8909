# SPDX-License-Identifier: GPL-2.0-only
"""docs/json.schema.json: what a line of tcplc --json may hold, by JSON Schema 2020-12."""
import json

from speclib import fields

PATH = "docs/json.schema.json"
# As JSON_SCHEMA in tools/tcplc/json/json.h.
VERSION = 2
ID = f"urn:tcp_lifecycle:json:{VERSION}"

HEX = {"type": "string", "pattern": "^[0-9a-f]+$"}
COUNT = {"type": "integer", "minimum": 0}
BITS = {"U8": 8, "U16": 16, "U32": 32, "U64": 63}


def schema_of(spec, field):
    kind = field.carried
    if kind in BITS:
        return {**COUNT, "maximum": 2 ** BITS[kind] - 1}
    if kind == "FLAG":
        return {"const": True}
    if kind == "COOKIE":
        return HEX
    if kind == "OPTIONS":
        return {"type": "array", "items": {"enum": spec.texts("opt")}, "uniqueItems": True}
    if kind == "WORD":
        if field.words == "OWNER":
            return {"enum": ["connect", "accept", "listen"]}
        return {"enum": spec.texts(field.enum)}
    return {"type": "string"}


def properties(spec, listed):
    made = {}
    for field in listed:
        made[field.member] = {**schema_of(spec, field), "description": field.doc}
        if not field.doc:
            del made[field.member]["description"]
    return made


def closed(props, required=(), **more):
    return {"type": "object", "properties": props, "required": list(required),
            "additionalProperties": False, **more}


PLACES = {
    "cgroup_path": "Path of the owner's cgroup in the unified hierarchy, as of when tcplc looked.",
    "unit": "Unit of systemd that the owner ran in.",
    "slice": "Slice of systemd that the unit is in.",
    "container": "Container the owner ran in: its id of 64 digits, or under LXC its name.",
    "pod": "Uid of the Kubernetes pod the owner ran in.",
}


def places():
    """Names that tcplc finds by the number of the cgroup."""
    return {name: {"type": "string", "description": doc} for name, doc in PLACES.items()}


def entry(spec):
    return closed(properties(spec, spec.sets["entry"]), ("cause", "from", "to"))


def record(spec):
    identity, facts = fields.record(spec)
    props = {"schema": {"const": VERSION}, "id": {"type": "string", "pattern": "^[0-9a-f]+\\.[0-9]+$"}}
    props |= properties(spec, identity + facts)
    props["boot_id"] = {"type": "string", "description": "Which boot boot_start_ns counts from."}
    props |= places()
    props["entries"] = {"type": "array", "items": {"$ref": "#/$defs/entry"}}
    props["event"] = {**COUNT, "description": "tcplc watch: number of the event in the feed"}
    return closed(props, ("schema", "id"))


def tally(spec, enum):
    """Word to how often it was given."""
    return {"type": "object", "propertyNames": {"enum": spec.texts(enum)},
            "additionalProperties": COUNT}


def line(props, required):
    return closed({**props, "schema": {"const": VERSION}}, ("schema", *required))


def typed(kind, props, required=()):
    return line({"type": {"const": kind}, **props}, ("type", *required))


def top(spec):
    rate = {"type": "number", "minimum": 0}
    listener = closed({
        "cookie": HEX, "local": {"type": "string"}, "comm": {"type": "string"},
        **{name: COUNT for name in ("backlog", "accepted", "syn_overflow", "accept_overflow",
                                    "cookies_sent")},
        "accepted_per_second": rate}, ("cookie", "local", "comm", "backlog", "accepted"))
    party = {name: COUNT for name in ("open", "ended", "reset")} | {
        "born_per_second": rate, "ended_per_second": rate}
    by = {key: {"type": "array", "items": closed({name: {"type": "string"}, **party}, (name, "open", "ended"))}
          for key, name in (("processes", "comm"), ("peers", "remote"))}
    return line({
        "time_s": COUNT, **by, **{name: COUNT for name in ("live", "dead", "capacity", "born", "ended")},
        "born_per_second": rate, "ended_per_second": rate,
        "open": tally(spec, "open"), "close": tally(spec, "close"), "states": tally(spec, "state"),
        "lost": {"type": "object", "additionalProperties": COUNT},
        "listeners": {"type": "array", "items": listener}}, ("time_s", "lost", "states", "listeners"))


def others(spec):
    """Lines that are no record: made by hand in the client, so by hand here."""
    states = {"enum": spec.texts("state")}
    counters = {field.member: COUNT for field in spec.sets["stats"] if field.carried in BITS}
    return {
        "lost": line({"lost": COUNT, "where": {"enum": ["reader", "ring"]}}, ("lost", "where")),
        "totals": typed("totals", {**counters, **{e: tally(spec, e) for e in ("open", "close", "first")}}),
        "edge": typed("edge", {"from": states, "to": states, "count": COUNT,
                               "legal": {"type": "boolean"}}, ("from", "to", "count", "legal")),
        "diagram": typed("diagram", {
            "edges": COUNT, "seen": COUNT,
            "unseen": {"type": "array", "items": {"type": "string"}}}, ("edges", "seen", "unseen")),
        "histogram": typed("histogram", {
            "of": {"enum": ["handshake", *spec.texts("state")]},
            "buckets": {"type": "array", "items": closed(
                {"least_us": COUNT, "count": COUNT}, ("least_us", "count"))}}, ("of", "buckets")),
        "balance": typed("balance", {
            "counter": {"type": "string"}, "kernel": COUNT, "module": COUNT,
            "difference": {"type": "integer"}, "since": {"enum": ["mark", "load", "namespace", "now"]},
            "span_us": COUNT}, ("counter", "kernel", "module", "difference", "since", "span_us")),
        "top": top(spec),
        "config": line({
            "retention_s": COUNT, "exclude_loopback": {"type": "boolean"},
            "ports": {"type": "array", "items": COUNT},
            "hooks": {"type": "object", "propertyNames": {"enum": spec.texts("group")},
                      "additionalProperties": {"type": "boolean"}}},
            ("retention_s", "exclude_loopback", "ports", "hooks")),
        "clear": line({"cleared": COUNT}, ("cleared",)),
        "doctor": line({
            "check": {"type": "string"}, "grade": {"enum": ["ok", "warn", "FAIL"]},
            "found": {"type": "string"}, "remedy": {"type": "string"}}, ("check", "grade", "found")),
    }


def files(spec):
    """What tcplc save writes beside records and totals, and what compares and sums up records."""
    text, yes = {"type": "string"}, {"type": "boolean"}
    interface = closed({"index": COUNT, "name": text}, ("index", "name"))
    sums = ("count", "open", "in_order", "reset", "refused", "other", "retrans", "tx_bytes", "rx_bytes", "rtt_known")
    more = ("tx_bytes", "rx_bytes", "retrans", "accepted", "accept_overflow", "syn_overflow", "cookies_sent", "gaps",
            "dropped")
    changes = ("began", "appeared", "ended", "changed", "gone")
    counted = ("from_ns", "to_ns", *changes, "forgotten", "unchanged")
    head = ("tcplc", "saved_ns", "host", "kernel", "arch", "boot_id", "instance", "netns", "all_netns", "interfaces")
    return {
        "saved": typed("saved", {
            **{name: text for name in head}, **{name: COUNT for name in ("saved_ns", "instance", "netns")},
            "all_netns": yes, "interfaces": {"type": "array", "items": interface}}, head),
        "hook": typed("hook", {
            "symbol": text, "lost": text, "group": {"enum": spec.texts("group")}, "required": yes, "attached": yes,
            "enabled": yes, "hits": COUNT, "missed": COUNT, "way": {"enum": spec.texts("way")}},
            ("symbol", "lost", "group", "required", "attached", "enabled")),
        "settings": typed("settings", {
            "retention_s": COUNT, "exclude_loopback": yes, "ports": {"type": "array", "items": COUNT}},
            ("retention_s", "exclude_loopback", "ports")),
        "sysctls": typed("sysctls", {name: COUNT for name in (
            "netns", "port_least", "port_most", "tcp_syncookies", "tcp_tw_reuse", "tcp_max_tw_buckets",
            "tcp_max_orphans")}, ("netns",)),
        "end": typed("end", {"records": COUNT, "interrupted": yes}, ("records", "interrupted")),
        "save": typed("save", {"file": text, "records": COUNT, "all_netns": yes}, ("file", "records", "all_netns")),
        "configured": typed("configured", {"file": text, "text": text, "previous": text}, ("file", "text")),
        "group": typed("group", {
            "by": {"type": "object", "additionalProperties": text}, **{name: COUNT for name in sums},
            "rtt_p50_us": COUNT, "rtt_p99_us": COUNT}, ("by", *sums)),
        "change": typed("change", {
            "what": {"enum": [*changes]}, "id": text, "local": text, "remote": text, "comm": text,
            "state": {"enum": spec.texts("state")}, "state_was": {"enum": spec.texts("state")},
            "close": {"enum": spec.texts("close")}, **{f"{name}_more": COUNT for name in more}},
            ("what", "id", "local", "remote", "state")),
        "changes": typed("changes", {name: COUNT for name in counted}, counted),
        "meaning": typed("meaning", {"word": text, "kind": text, "what": text, "way": text},
                         ("word", "kind", "what")),
        "wordset": typed("wordset", {"word": text, "term": text, "words": {"type": "array", "items": text}},
                         ("word", "term", "words")),
    }


def document(spec):
    lines = {"record": record(spec), **others(spec), **files(spec)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "A line of tcplc --json",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in lines],
        "$defs": {**lines, "entry": entry(spec)},
    }


def make(spec):
    return {PATH: json.dumps(document(spec), indent=1) + "\n"}
