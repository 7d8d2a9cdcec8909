#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# golden_test.sh [update]: what tcplc prints of golden/host.ndjson.gz, at 80 and at 200
# columns, is what the files in golden/ have. "update" writes them anew.
set -uo pipefail

here=$(cd "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tcplc=$here/../../tools/tcplc/tcplc
golden=$here/golden
passed=0 failed=0 skipped=0
export TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR PAGER

# Each file of golden/, and the commands in it: of both families, and of every end there is.
declare -A commands=(
	[list]='list --netns all
list --netns all ipv6 dead --sort -lived -n 5
list --netns all -o id,local,remote,close,tx,rx,who state time-wait
list --netns all since 00:01:20 until 00:01:22
list --netns all pid 1'
	[listeners]='listeners --netns all'
	[show]='show --netns all 7.0
show --netns all -a 9.0
show --netns all 16.0
show --netns all 1a.0
show --netns all 20.0
show --netns all 21.0
show --netns all 27.0
show --netns all 29.0
show --netns all 2a.0
show --netns all 2b.0
show --netns all 2e.0
show --netns all 39.0
show --netns all 3c.0
show --netns all 6.0'
	[summary]='summary by comm --netns all
summary by remote,rport --netns all ipv6
summary by close --netns all -n 3'
	[why]='why --netns all
why --netns all comm nginx'
	[stats]='stats'
)

# print NAME COLUMNS: the commands of a file, and what they print on both.
print() {
	local line

	while read -r line; do
		printf '# tcplc %s\n' "$line"
		# Words.
		# shellcheck disable=SC2086
		COLUMNS=$2 "$tcplc" -r host.ndjson.gz $line 2>&1
		printf '[status %s]\n\n' $?
	done <<<"${commands[$1]}"
}

# guide: docs/guide.md begins with twelve symptoms, and each of its commands can be read.
guide() {
	local guide=$here/../../docs/guide.md line bad='' symptoms

	# Backquotes of Markdown.
	# shellcheck disable=SC2016
	symptoms=$(grep -c '^| \[.*`tcplc ' "$guide")
	[[ $symptoms = 12 ]] || bad="$symptoms symptoms"$'\n'
	# shellcheck disable=SC2016
	while read -r line; do
		line=${line%% | *}
		# What is live cannot be asked of a file; their filters are those of list.
		line=${line/#tcplc watch/tcplc list}
		[[ $line != tcplc\ @(doctor|balance)* && $line != *' ID'* ]] || continue
		(eval "timeout 5 ${line/#tcplc/"$tcplc" -r host.ndjson.gz}") >/dev/null 2>&1
		[[ $? != 2 ]] || bad+="$line"$'\n'
	done < <(sed -n -e 's/^| \[.*`\(tcplc .*\)` |$/\1/p' -e 's/^    \(# \)\{0,1\}\(tcplc .*\)$/\2/p' \
		-e '/^|/!s/^.*`\(tcplc [^`]*\)`.*$/\1/p' "$guide")
	if [[ -z $bad ]]; then
		echo "ok guide.md has twelve symptoms, and its commands can be read"
		((passed += 1))
	else
		printf 'not ok guide.md:\n%s\n' "$bad"
		((failed += 1))
	fi
}

if [[ ! -x $tcplc ]]; then
	echo "skip golden: there is no $tcplc"
	echo '0 passed, 0 failed, 1 skipped'
	exit
fi
cd "$golden" || exit 1
for name in list listeners show summary why stats; do
	for columns in 80 200; do
		file=$name-$columns.txt
		if [[ ${1-} == update ]]; then
			print "$name" "$columns" >"$file"
		elif difference=$(diff -u "$file" <(print "$name" "$columns")); then
			echo "ok $file"
			((passed += 1))
		else
			printf 'not ok %s; "make -C tests/tcplc golden" writes it anew:\n%s\n' \
				"$file" "$difference"
			((failed += 1))
		fi
	done
done
[[ ${1-} == update ]] || guide
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0))
