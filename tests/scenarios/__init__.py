"""The scenarios. A file holds a chapter of the lifecycle; run.py imports them all."""
