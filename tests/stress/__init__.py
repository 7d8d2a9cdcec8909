"""Scenarios of many, long or unkind: tests/run.py --stress."""
