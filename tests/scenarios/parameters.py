# SPDX-License-Identifier: GPL-2.0-only
"""The module's parameters: bounds, and what they leave out (W2: counted)."""
import ctypes
import errno
import re

from lib import module, net
from lib.failure import Failure, expect, expect_path, expect_true
from lib.registry import scenario
from lib.story import OPEN_ACTIVELY

libc = ctypes.CDLL(None, use_errno=True)

# What is refused, and what the log then has to name.
OUT_OF_RANGE = [
    ("records", "63", ("64", "4194304")), ("records", "0", ("64", "4194304")),
    ("records", "4194305", ("64", "4194304")), ("retention", "0", ("1", "86400")),
    ("retention", "86401", ("1", "86400")), ("ports", "0", ("1", "65535")),
    ("ports", "65536", ("1", "65535")), ("ports", "80,70000", ("1", "65535")),
]
NO_VALUE = [
    ("records", "-1"), ("records", "many"), ("records", "4294967360"), ("retention", "1s"),
    ("exclude_loopback", "maybe"), ("ports", "http"), ("ports", "80-90"),
    ("ports", ",".join(str(port) for port in range(1000, 1065))),
]


def expect_refused(name, value):
    try:
        module.load(**{name: value})
    except OSError as error:
        expect(f"the error of {name}={value}", errno.errorcode[error.errno],
               lambda code: code in ("EINVAL", "ERANGE"))
        return error.errno
    module.unload()
    raise Failure(f"{name}={value} was taken")


@scenario("parameters", "out of range: refused with EINVAL, and a log line with name and bounds")
def parameters_out_of_range(world):
    module.unload()
    world.reloaded = True
    world.logged()
    for name, value, bounds in OUT_OF_RANGE:
        expect(f"errno of {name}={value}", expect_refused(name, value), errno.EINVAL)
        said = [line for line in world.log.lines() if "tcp_lifecycle" in line and name in line]
        expect_true(f"the log has a line about {name}={value}: {said}", said)
        words = re.findall(r"\d+", said[-1])
        expect_true(f"it names what is allowed, {bounds}: {said[-1]!r}",
                    all(bound in words for bound in bounds))
        expect("the module is not there", module.is_loaded(), False)


@scenario("parameters", "no number, or too many: refused, and the log names the parameter")
def parameters_without_sense(world):
    module.unload()
    world.reloaded = True
    world.logged()
    for name, value in NO_VALUE:
        expect_refused(name, value)
        said = [line for line in world.log.lines() if name in line]
        expect_true(f"the log has a line about {name}={value[:20]}", said)
        expect("the module is not there", module.is_loaded(), False)


@scenario("parameters", "the bounds themselves are allowed, and shown under /sys/module")
def parameters_at_their_bounds(world):
    for parameters in ({"records": 64, "retention": 1}, {"retention": 86400, "ports": "1,65535"},
                       {"exclude_loopback": 1},
                       {"ports": ",".join(str(port) for port in range(1000, 1064))}):
        world.reload(**parameters)
        for name, value in parameters.items():
            shown = module.parameter(name)
            expect(f"/sys/module's {name}", {"Y": "1", "N": "0"}.get(shown, shown), str(value))


@scenario("parameters", "exclude_loopback: connections over lo are left out and counted, others kept",
          shared=True)
def exclude_loopback(world):
    world.excuse("missing", "connections over lo are left out on purpose")
    world.reload(exclude_loopback=1)
    for address in ("127.0.0.1", "::1"):
        port = world.port()
        listener = world.client.listen(port, address)
        world.client.connect(port, address)
        world.client.sockets.append(listener.accept()[0])
        expect(f"records on {address}", world.records(world.client, port), [])
    seen = world.client.view().header
    expect_true(f"excluded counts four connections at least: {seen}", seen.excluded >= 4)
    expect("untracked", seen.untracked, 0)
    _, mine, _ = world.pair()
    expect_path(world.record(world.client, net.remote(mine)[1]), *OPEN_ACTIVELY)


@scenario("parameters", "ports: a connection is kept if either of its ports is listed, others counted")
def port_list(world):
    world.excuse("missing", "connections on other ports are left out on purpose")
    remote, local, neither = world.port(), world.port(), world.port()
    world.reload(ports=f"{remote},{local}")
    for port in (remote, neither):
        world.pair(port)
    # Kept at both ends for the client's own port, which the server sees as remote.
    listening = world.port()
    world.server.listen(listening)
    sock = world.client.tcp(world.client.address(), local)
    sock.connect((world.client.peer(), listening))
    for side in (world.client, world.server):
        expect("records of a listed port", len(world.records(side, remote)), 1)
        expect("records of one listed as the client's own", len(world.records(side, local)), 1)
        expect("records of a port not listed", world.records(side, neither), [])
    header = world.client.view().header
    expect_true(f"excluded counts both ends: {header}", header.excluded >= 2)


@scenario("text", "a process name with blanks, newlines, quotes and escapes cannot tear the text")
def hostile_comm(world):
    names = [b"a b\nconn id=1", b"\x1b[31m\"'\\x20", b"\xff\xfe\x01=\t,", b"# tcp", b"-",
             b"\xc3\xa9\xe2\x82\xac"]
    with open("/proc/thread-self/comm", "rb") as file:
        own = file.read().rstrip(b"\n")
    try:
        for name in names:
            libc.prctl(15, name, 0, 0, 0)               # PR_SET_NAME
            _, mine, _ = world.pair()
            seen = world.record(world.client, net.remote(mine)[1])
            # "-" alone means not known; a process of that name has to be told apart.
            expect("comm", seen.comm, name[:15], seen)
    finally:
        libc.prctl(15, own, 0, 0, 0)
