# SPDX-License-Identifier: GPL-2.0-only
"""tools/tcplc/base/fields.h: which attribute goes where, and under which name."""
from speclib.spec import SOURCE

PATH = "tools/tcplc/base/fields.h"

# Attributes of requests, not of a record.
ASKED = {"filter", "all-netns", "brief", "entry"}
IDENTITY_ENDS = "remote-port"
# Further down in the spec, and as constant: the interface of the addresses, the beginning.
IDENTITY_TOO = {"ifindex", "start-ns", "boot-start-ns"}

HEAD = f"""/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fields.h: which attribute goes where, and under which name it is printed.
 *
 * Owns: the lists for struct conn and struct entry, in the order of the spec, in
 * which they are also printed.
 * Used by: conn.c to read a message, conn_json.c to write an object: each makes
 * code of them, straight on, for a dump has a million records of fifty attributes.
 * Made of {SOURCE}; not to be edited.
 *
 * X(attribute, how it is carried, what its words are, member and name):
 *
 *	U8 U16 U32 U64		a number
 *	FLAG			there or not
 *	WORD			u8, one of the words of NAMES_x
 *	OPTIONS			u16, enum tcp_lifecycle_opt
 *	COOKIE			u64, written in hexadecimal
 *	ADDR4 ADDR6		bytes of a struct addr
 *	COMM			a string of a struct conn
 */
#ifndef TCPLC_FIELDS_H
#define TCPLC_FIELDS_H
"""


def rows(name, fields, why=""):
    lines = [f"#define FIELDS_{name}(X)"]
    lines += [f"\tX({f.constant}, {f.carried}, {f.words}, {f.member})" for f in fields]
    comment = f"/* {why} */\n" if why else ""
    return "\n" + comment + " \\\n".join(lines) + "\n"


def record(spec):
    """(identity, facts)"""
    fields = [f for f in spec.sets["conn"] if f.name not in ASKED]
    cut = [f.name for f in fields].index(IDENTITY_ENDS) + 1
    late = [f for f in fields[cut:] if f.name in IDENTITY_TOO]
    return fields[:cut] + late, [f for f in fields[cut:] if f not in late]


def make(spec):
    identity, facts = record(spec)
    text = HEAD
    text += rows("IDENTITY", identity,
                 "Whose it is: the same in each event of a connection, but that ports come late.")
    text += rows("FACTS", facts)
    text += "\n#define FIELDS_CONN(X) FIELDS_IDENTITY(X) FIELDS_FACTS(X)\n"
    text += rows("ENTRY", spec.sets["entry"])
    return {PATH: text + "\n#endif /* TCPLC_FIELDS_H */\n"}
