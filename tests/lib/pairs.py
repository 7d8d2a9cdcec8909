# SPDX-License-Identifier: GPL-2.0-only
"""Things that belong together, one by one."""
from lib.failure import expect


def pairs(these, those):
    """zip(strict=True), which Python 3.9 has not."""
    these, those = list(these), list(those)
    expect("as many of the one as of the other", len(these), len(those))
    return zip(these, those)
