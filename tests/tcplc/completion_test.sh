#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# completion_test.sh: what the completions of bash, zsh and fish offer, each in its shell, and
# that they know every word the module has.
set -uo pipefail

here=$(cd "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
project=$here/../..
# shellcheck source=tools/tcplc/tcplc.bash
. "$project/tools/tcplc/tcplc.bash"
passed=0 failed=0 skipped=0
# What was typed, and what is wanted, sorted.
typed=() wanted_of=()

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
	# bash takes "--color=a" for three words.
	got=${COMP_WORDS[*]}
	typed+=("${got/ = /=}")
	wanted_of+=("$(plain "$@")")
}

# plain WORD...: sorted, without what is before a comma or =, as shells differ in that.
plain() {
	printf '%s\n' "$@" | sed 's/.*[,=]//; /^$/d' | sort -u | paste -sd ' '
}

# same_in SHELL: it offers the same; its answers come line by line.
same_in() {
	local i answer bad=

	if ! type -P "$1" >/dev/null; then
		printf 'skip %s offers the same: no %s\n' "$1" "$1"
		((skipped += 1))
		return
	fi
	for ((i = 0; i < ${#typed[@]}; i++)); do
		read -r answer || bad+="no answer; "
		# shellcheck disable=SC2086 # words
		answer=$(plain $answer)
		[[ $answer == "${wanted_of[i]}" ]] ||
			bad+="'${typed[i]}' offers '$answer', not '${wanted_of[i]}'; "
	done < <(in_"$1")
	count "$1 offers the same for ${#typed[@]} lines" "$bad" ''
}

in_zsh() {
	"$here/zsh_offers" "$project/tools/tcplc/tcplc.zsh" "${typed[@]}"
}

in_fish() {
	local into

	# It completes no command that is not there.
	into=$(mktemp -d)
	printf '#!/bin/sh\n' >"$into/tcplc"
	chmod +x "$into/tcplc"
	# shellcheck disable=SC2016 # fish's
	PATH=$into:$PATH fish --no-config -c '
		source $argv[1]
		for line in $argv[2..]
			echo (complete -C $line | cut -f 1)
		end' "$project/tools/tcplc/tcplc.fish" "${typed[@]}"
	rm -r "$into"
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
offers tcplc top --n -- --no-header --no-pager --netns --number
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
offers tcplc config --sa -- --save
offers tcplc config hooks acc -- accept
offers tcplc config hooks accept o -- on off
offers tcplc config hooks accept on po -- ports
offers tcplc list unit nginx --
offers tcplc list cont -- container
offers tcplc list -o unit,cg -- unit,cgroup
offers tcplc help ex -- explain
offers tcplc help fil -- filter
same_in zsh
same_in fish
knows _tcplc_state states
knows _tcplc_open opens
knows _tcplc_close closes
knows _tcplc_first firsts
knows _tcplc_cause causes

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
