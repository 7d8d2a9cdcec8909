# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios of many, long or unkind: tests/run.py --stress."""
