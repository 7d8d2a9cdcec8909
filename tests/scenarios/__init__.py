# SPDX-License-Identifier: GPL-2.0-only
"""The scenarios. A file holds a chapter of the lifecycle; run.py imports them all."""
