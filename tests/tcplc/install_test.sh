#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# install_test.sh: "make install" honours DESTDIR and PREFIX, puts down every file that the
# manual pages name, and "make uninstall" leaves nothing.
set -uo pipefail

project=$(cd "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
passed=0 failed=0
into=$(mktemp -d)
trap 'rm -rf "$into"' EXIT

# result TEST TEXT: passed if there is no text, which says what is wrong.
result() {
	if [[ -z $2 ]]; then
		printf 'ok %s\n' "$1"
		((passed += 1))
	else
		printf 'not ok %s:\n%s\n' "$1" "$2"
		((failed += 1))
	fi
}

# make_it TARGET: its own words only when it fails.
make_it() {
	local said

	said=$(make -s -C "$project" "$1" DESTDIR="$into" PREFIX=/opt/tlc 2>&1) || printf '%s\n' "$said"
}

named_but_absent() {
	local path

	sed -nE 's/^\.(It )?Pa (\/opt\/tlc\/[^ ]*).*/\2/p' "$into"/opt/tlc/share/man/man?/* | sort -u |
		while read -r path; do
			[[ -e $into$path ]] || printf '%s\n' "$path"
		done
	[[ -e $into/opt/tlc/include/$(sed -n 's/^\.In //p' "$into/opt/tlc/share/man/man4/tcp_lifecycle.4") ]] ||
		echo 'the header of the synopsis'
}

result 'make install succeeds' "$(make_it install)"
result 'nothing is outside PREFIX' "$(find "$into" -type f ! -path "$into/opt/tlc/*")"
result 'the pages name no file of the source' \
	"$(grep -nE '^\.(It )?Pa (docs|include|tools)/|Pa /usr/share/' "$into"/opt/tlc/share/man/man?/*)"
result 'the pages name files' "$(grep -q '^\.It Pa /opt/tlc/' "$into"/opt/tlc/share/man/man8/tcplc.8 || echo none)"
result 'each file they name is there' "$(named_but_absent)"
result 'the client has the version of the tree' \
	"$("$into/opt/tlc/bin/tcplc" --version | sed -n 1p | grep -vxF "tcplc $("$project/scripts/version")")"
result 'make uninstall succeeds' "$(make_it uninstall)"
result 'no file is left' "$(find "$into" ! -type d)"
result 'nor a folder of ours' "$(find "$into" -type d -name '*tc*l[ci]*')"
printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
((failed == 0))
