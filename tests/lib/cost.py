"""What a connection costs, in instructions: virtual time counts them."""
import contextlib

from lib import helper, patience
from lib.failure import Skip


def need_plain_kernel():
    """One that looks for nothing."""
    if patience.factor > 1:
        raise Skip("what this kernel's search for bugs takes would be in the figures")


@contextlib.contextmanager
def unobserved(world):
    """Without the witness, whose own cost would be in the figures."""
    need_plain_kernel()
    path = f"{world.tracepoint.root}/events/sock/inet_sock_set_state/enable"
    world.excuse("missing", "the module comes and goes, and the tracepoint was off")
    for part in ("transitions", "promises", "segments"):
        world.excuse(part, "the tracepoint was off")
    with open(path, "w") as file:
        file.write("0")
    try:
        yield
    finally:
        with open(path, "w") as file:
            file.write("1")


def per_connection(side, connections):
    """Instructions for one connection over loopback, both ends of it."""
    return int(side.run(helper.compiled("cost"), "churn", str(connections)))
