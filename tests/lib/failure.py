# SPDX-License-Identifier: GPL-2.0-only
"""A scenario's complaint: what was expected, what was found, and in which record.

`expect` is the only way a scenario should assert: its message has to be enough
to mend the module without running the scenario again.
"""
import os

from lib import patience

# In virtual time a duration is a count of instructions; elsewhere the machine may
# have been busy with something else.
HURRIED = not os.path.exists("/lab/virtual")


class Failure(Exception):
    """The module (or a witness) contradicts the scenario."""


class Broken(Exception):
    """The test itself could not be carried out: nothing is said about the module."""


class Skip(Exception):
    """This machine or kernel cannot do it; the message says why."""


def lacking(what):
    """What to raise where a kernel has no such thing. Those that ask for patience are built
    with little in them; of others it is a hole, to be found in tests/holes, or a failure."""
    return (Skip if patience.factor > 1 else Failure)(f"this kernel has no {what}")


def _explain(what, expected, got, records):
    lines = [what, f"expected: {expected}", f"got:      {got}"]
    for record in records:
        if record is not None:
            lines.append(str(record))
    return "\n".join(lines)


def expect(what, got, expected, *records):
    """`got` must equal `expected`; a callable says itself what it accepts."""
    if callable(expected):
        if not expected(got):
            raise Failure(_explain(what, "another value", got, records))
    elif got != expected:
        raise Failure(_explain(what, expected, got, records))


def expect_near(what, got, expected, tolerance, *records):
    """A time or a duration: `got` within `tolerance` of `expected`."""
    tolerance *= patience.factor
    if HURRIED or patience.factor > 1:
        tolerance = max(tolerance, 0.2)
    if got is None or abs(got - expected) > tolerance:
        raise Failure(_explain(what, f"{expected:.6f} within {tolerance:.6f}", got, records))


def expect_true(what, condition, *records):
    if not condition:
        raise Failure(_explain(what, "so", "not so", records))


def expect_path(record, *edges):
    """The record's transitions are exactly these, written `OLD>NEW`."""
    got = [str(step) for step in record.transitions]
    if got != list(edges):
        raise Failure(_explain("the transitions", " ".join(edges), " ".join(got), [record]))
