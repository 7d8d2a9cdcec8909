#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# interface_test.sh [TCPLC]: interface.yaml, of which completions and help filter are made, says what
# the client itself does: each command, each option and what it takes, each column, key and term.
set -uo pipefail

project=$(cd "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
tcplc=${1:-$project/tools/tcplc/tcplc}
table=$project/tools/tcplc/interface.yaml
passed=0 failed=0 skipped=0

words() { tr ' ' '\n' <<<"$1" | sed '/^$/d' | sort -u; }

# same TEST WANTED GOT: two lists of words, in any order.
same() {
	local differ

	differ=$(diff <(words "$2") <(words "$3"))
	if [[ -z $differ ]]; then
		printf 'ok %s\n' "$1"
		((passed += 1))
	else
		printf 'not ok %s:\n%s\n' "$1" "$differ"
		((failed += 1))
	fi
}

# of EXPRESSION: of the table t, in Python.
of() {
	/usr/bin/python3 -c 'import sys, yaml
t = yaml.safe_load(open(sys.argv[1]))
def names(options):
    for o in options or ():
        value = "" if "takes" not in o else "[=]" if o.get("optional") else "="
        yield from ["-" + o["short"]] if "short" in o else []
        yield "--" + o["long"] + value
print(*eval(sys.argv[2]))' "$table" "$1"
}

# options_in: of a text of help; -n, --number N gives -n and --number=.
options_in() {
	sed -nE 's/^  (-[a-zA-Z], |    )(--[a-z-]+)(\[=[A-Z]+\])?( [A-Z]+)?( .*|$)/\1\2\3\4/p' |
		sed -E 's/, / /; s/\[=[A-Z]+\]$/[=]/; s/(--[a-z-]+) [A-Z]+$/\1=/'
}

# refused WORD...: what comes in that the client does not take as an argument behind these words.
refused() {
	local word said

	while read -r word; do
		said=$("$tcplc" "$@" "$word" 2>&1)
		[[ $said != *'there is no'* && $said != *'unknown word'* ]] || printf '%s\n' "$word"
	done
}

if [[ ! -x $tcplc ]] || ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	printf 'skip the table says what the client does: no %s, or no python3-yaml\n' "$tcplc"
	printf '0 passed, 0 failed, 1 skipped\n'
	exit
fi
commands=$(of '[c["name"] for c in t["commands"] if c["name"] != "help"]')
help=$("$tcplc" --help)
same 'it has every command' "$commands help" \
	"$(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$help")"
same 'it has every common option' "$(of 'names(t["common"])')" \
	"$(sed -n '/^Options/,$p' <<<"$help" | options_in)"
for command in $commands; do
	same "it has every option of $command" \
		"$(of "names(next(c for c in t['commands'] if c['name'] == '$command').get('options'))")" \
		"$("$tcplc" help "$command" | sed '/^Common options:/,$d' | options_in)"
done
for word in columns:'list -o' columns:'list --sort' sums:'summary by comm --sort' keys:'summary by'; do
	# shellcheck disable=SC2086 # words
	same "the client takes every one of ${word%%:*} behind ${word#*:}" '' \
		"$(of "t['${word%%:*}'].split()" | tr ' ' '\n' | refused ${word#*:})"
done
same 'it would not take another' nonsense "$(refused list <<<nonsense) $(refused list -o <<<nonsense)"
same 'the client takes every term' '' \
	"$(of '[w for f in t["filter"] for w in f["terms"]]' | tr ' ' '\n' | refused list)"
# The generation is the second part of an id.
same 'it has every term of the client' "$(of '[w for f in t["filter"] for w in f["terms"]]')" \
	"$(sed -nE 's/^\t(\{|NUMBER\(|OF_EVENT\() ?"([a-z0-9-]+)", .*/\2/p' "$project"/tools/tcplc/filter/{condition,number_field,place_term}.c |
		grep -vx generation)"
same 'no column of the help is missing' \
	"$("$tcplc" help list | sed -n '/^COLUMNS are/,/ or as/p' | tr '\n' ' ' |
		sed 's/^COLUMNS are //; s/, or as.*//')" "$(of 't["columns"].split()')"
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
