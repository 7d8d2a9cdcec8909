#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# man_test.sh [TCPLC]: the manual pages are well-formed, tcplc(8) has every
# subcommand, option and filter word there is, and its examples can be read.
set -uo pipefail

project=$(cd "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
tcplc=${1:-$project/tools/tcplc/tcplc}
page=$project/tools/tcplc/tcplc.8
passed=0 failed=0 skipped=0

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

well_formed() {
	local groff=$1

	if ! type -P groff >/dev/null; then
		printf 'skip %s is well-formed: no groff\n' "${groff##*/}"
		((skipped += 1))
		return
	fi
	result "${groff##*/} is well-formed" \
		"$(groff -mandoc -ww -Tutf8 "$groff" 2>&1 >/dev/null)"
	result "${groff##*/} is a page of Linux" "$(groff -mandoc -Tascii "$groff" | grep BSD)"
	type -P mandoc >/dev/null || return
	# Whether other pages are installed is not this page's fault.
	result "${groff##*/} passes lint" "$(mandoc -T lint -W warning "$groff" 2>/dev/null |
		grep -v -e 'referenced manual not found' -e 'outdated mandoc.db')"
}

# has WHAT WORD...: each WORD stands on the page by itself.
has() {
	local what=$1 word missing=

	shift
	for word in "$@"; do
		grep -qE -- "(^|[ ,])${word}( |,|$)" "$page" || missing+=" $word"
	done
	result "it has every $what" "$missing"
}

# No module is loaded, or it is: either way, nothing is wrong with the command.
examples() {
	local line bad=

	while read -r line; do
		line=${line%% | *}
		[[ $line != tcplc\ top* ]] || continue
		(eval "timeout 5 ${line/#tcplc/"$tcplc"}") >/dev/null 2>&1
		[[ $? != 2 ]] || bad+="$line"$'\n'
	done < <(sed -n 's/^\.Dl # \(tcplc .*\)/\1/p' "$page" "$project/docs/tcp_lifecycle.4")
	result 'its examples can be read' "$bad"
}

well_formed "$page"
well_formed "$project/docs/tcp_lifecycle.4"
# shellcheck source=tools/tcplc/tcplc.bash
. "$project/tools/tcplc/tcplc.bash"
# Lists of words, without quotes.
# shellcheck disable=SC2154,SC2086
{
	has subcommand ${_tcplc_commands/ help/}
	has 'filter word' $_tcplc_terms
	has state $_tcplc_states
	has opening $_tcplc_opens
	has ending $_tcplc_closes
}
if [[ -x $tcplc ]]; then
	examples
else
	printf 'skip its examples can be read: no %s\n' "$tcplc"
	((skipped += 1))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
