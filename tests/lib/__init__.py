# SPDX-License-Identifier: GPL-2.0-only
"""What the scenarios are written with. One noun per file."""
