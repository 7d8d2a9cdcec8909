# SPDX-License-Identifier: GPL-2.0-only
"""What scripts/spec makes of include/tcp_lifecycle.yaml, one noun a file."""
