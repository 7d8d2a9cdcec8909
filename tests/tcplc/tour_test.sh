#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tour_test: texts and pictures of docs/tour are what its records give, byte for byte.
set -euo pipefail

cd "$(dirname -- "${BASH_SOURCE[0]}")/../.."
exec scripts/tour --check
