# SPDX-License-Identifier: GPL-2.0-only
"""How many times as long as on an ordinary kernel a thing may take.

Set by run.py --patience, for kernels that look at each access and lock: they run
several times as many instructions, and in virtual time each of them counts.
"""
factor = 1


def fewer(many):
    """As many times fewer as they take longer: of what a scenario makes only for the sake of
    load. Asked as scenarios are imported, when the factor is known."""
    return max(many // factor, 1)
