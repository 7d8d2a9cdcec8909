#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# completion_test.sh: what tcplc.bash offers, and that it knows every word the
# module has.
set -uo pipefail

here=$(cd "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$here/../..
# shellcheck source=tools/tcplc/tcplc.bash
. "$project/tools/tcplc/tcplc.bash"
passed=0 failed=0

# offers WORD... -- WANTED...: complete the last WORD.
offers() {
	local wanted got

	COMP_WORDS=()
	while [[ $1 != -- ]]; do
		COMP_WORDS+=("$1")
		shift
	done
	shift
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMPREPLY=()
	_tcplc
	got=${COMPREPLY[*]} wanted=$*
	count "${COMP_WORDS[*]} offers '$wanted'" "$got" "$wanted"
}

count() {
	if [[ $2 == "$3" ]]; then
		printf 'ok %s\n' "$1"
		((passed += 1))
	else
		printf 'not ok %s: %s\n' "$1" "$2"
		((failed += 1))
	fi
}

# knows VARIABLE ARRAY: each word of an array of words.c is in a list here.
knows() {
	local word missing=

	while read -r word; do
		[[ $word == - || " ${!1//[$'\n\t']/ } " == *" $word "* ]] || missing+=" $word"
	done < <(sed -n "/^static const char \*const $2\[\]/,/^}/s/.*\"\(.*\)\".*/\1/p" \
		"$project/module/life/words.c" | tr 'A-Z_' 'a-z-')
	count "every word of $2 is known" "$missing" ''
}

offers tcplc sh -- show
offers tcplc '' -- list show why watch log top listeners summary stats diagram timeline report balance save diff config clear doctor \
	explain help
offers tcplc --json l -- list log listeners
offers tcplc --netns all w -- why watch
offers tcplc list sta -- state
offers tcplc list state time -- time-wait
offers tcplc list state syn-sent,fin-w -- syn-sent,fin-wait-1 syn-sent,fin-wait-2
offers tcplc watch state time-wait closed-by p -- peer
offers tcplc list verdict rst- -- rst-received rst-unread rst-linger rst-late-data rst-linger2
offers tcplc list close re -- refused request-reset request-timed-out request-overflow \
	request-unreachable retransmit request-failed reset
offers tcplc list open sy -- syncookie
offers tcplc why --ru -- --rules
offers tcplc why comm api close ref -- refused
offers tcplc list not family ipv4 -- ipv4 ipv4-mapped
offers tcplc list cause 2m -- 2msl-expired 2msl-armed 2msl-restarted
offers tcplc list src '' --
offers tcplc watch --ti -- --timestamp
offers tcplc watch --timestamp r -- relative
offers tcplc log --si -- --since
offers tcplc log --since 5m sta -- state
offers tcplc --color = a -- auto always
offers tcplc top --n -- --no-header --netns --number
offers tcplc list --ent -- --entries
offers tcplc list -o local,rem -- local,remote
offers tcplc list --sort acc -- accepted accept-full
offers tcplc -r file li -- list listeners
offers tcplc -r file list sta -- state
offers tcplc summary '' -- by
offers tcplc summary by comm,rp -- comm,rport
offers tcplc summary by comm sta -- state
offers tcplc summary by comm --sort rtt -- rtt-p50 rtt-p99
offers tcplc explain rst-un -- rst-unread
offers tcplc show --s -- --svg --scale
offers tcplc show --scale t -- time
offers tcplc re -- report
offers tcplc timeline --b -- --by
offers tcplc timeline --by r -- remote
offers tcplc diagram state time -- time-wait
offers tcplc clear --y -- --yes
offers tcplc doctor --p -- --probe
offers tcplc stats st --
offers tcplc config re -- retention
offers tcplc config hooks acc -- accept
offers tcplc config hooks accept o -- on off
offers tcplc config hooks accept on po -- ports
knows _tcplc_states states
knows _tcplc_opens opens
knows _tcplc_closes closes
knows _tcplc_firsts firsts
knows _tcplc_causes causes

printf '%d passed, %d failed, 0 skipped\n' "$passed" "$failed"
((failed == 0))
