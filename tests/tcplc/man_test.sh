#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# man_test.sh [TCPLC]: the manual pages are well-formed, tcplc(8) has every
# subcommand, option and filter word there is, and its examples can be read.
set -uo pipefail

project=$(cd "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
tcplc=${1:-$project/tools/tcplc/tcplc}
page=$project/tools/tcplc/tcplc.8
filter=$project/docs/man/tcplc-filter.7
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
	! type -P man >/dev/null ||
		result "${groff##*/} is shown without a warning" \
			"$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$groff" 2>&1 >/dev/null)"
	result "${groff##*/} is a page of Linux" "$(groff -mandoc -Tascii "$groff" | grep BSD)"
	type -P mandoc >/dev/null || return
	# Whether other pages are installed is not this page's fault.
	result "${groff##*/} passes lint" "$(mandoc -T lint -W warning "$groff" 2>/dev/null |
		grep -v -e 'referenced manual not found' -e 'outdated mandoc.db')"
}

# has PAGE WHAT WORD...: each WORD stands on the page by itself.
has() {
	local page=$1 what=$2 word missing='' text

	shift 2
	text=$(sed 's/\\-/-/g; s/\\f[BR]//g' "$page")
	for word in "$@"; do
		grep -qE -- "(^|[ ,])${word}( |,|$)" <<<"$text" || missing+=" $word"
	done
	result "${page##*/} has every $what" "$missing"
}

# sections: one for each command, as it is called.
sections() {
	local name

	for name in "$@"; do
		grep -qx "\.Ss $name" "$page" || printf '%s ' "$name"
	done
}

# named: each page of ours that a page refers to is there, and each is referred to by tcplc(8).
named() {
	local name

	cat "$page" "$project"/docs/man/* "$project/docs/tcp_lifecycle.4" |
		sed -nE 's/^\.(Xr|BR) (tcplc[a-z\-]*) \(?([0-9]).*/\2.\3/p' | tr -d '\134' | sort -u |
		while read -r name; do
			[[ -e $project/docs/man/$name || $name == tcplc.8 ]] || printf '%s is not there ' "$name"
		done
	for name in "$project"/docs/man/*; do
		name=${name##*/}
		grep -q "^\.Xr ${name%.*} ${name##*.}" "$page" || printf '%s is not named ' "$name"
	done
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
for one in "$project"/docs/man/*; do
	well_formed "$one"
done
result 'the pages name each other' "$(named)"
# shellcheck source=tools/tcplc/tcplc.bash
. "$project/tools/tcplc/tcplc.bash"
# Lists of words, without quotes.
# shellcheck disable=SC2154,SC2086
{
	result 'each command has a section' "$(sections ${_tcplc_commands/ help/})"
	has "$filter" 'filter word' $_tcplc_terms
	has "$filter" state $_tcplc_state
	has "$filter" opening $_tcplc_open
	has "$filter" ending $_tcplc_close
	has "$filter" cause $_tcplc_cause
}
if [[ -x $tcplc ]]; then
	examples
else
	printf 'skip its examples can be read: no %s\n' "$tcplc"
	((skipped += 1))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
