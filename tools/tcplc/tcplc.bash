# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# tcplc.bash: completion of tcplc in bash. Needs nothing but bash itself.

# Made of interface.yaml, by scripts/spec generate.
_tcplc_commands='list show why watch log top listeners summary stats diagram timeline report balance
	save diff config clear doctor explain help'
_tcplc_common='-j --json -H --no-header -w --wide --no-pager --color= --netns -r --read -h --help
	--version'
_tcplc_columns='id state local remote open close first start lived rtt mss tx rx retrans who netns
	backlog accepted syn-full accept-full cookies valid unit slice container pod cgroup
	where'
_tcplc_sums='count open in-order reset refused other rtt-p50 rtt-p99 retrans tx rx'
_tcplc_keys='comm remote rport local lport listener state open close verdict first family netns
	pid uid cgroup unit slice container pod'
_tcplc_group='listeners openings accept causes timers'
_tcplc_terms='state live dead open opened close verdict closed-by first src dst host sport dport
	port ipv4 ipv6 mapped family since until today comm pid cgroup uid unit slice
	container pod id listener netns age lived rtt accept-wait tx rx after-fin mss
	mss-adv mss-rcv retrans dropped gaps cause illegal and or not'
_tcplc_state='established syn-sent syn-recv fin-wait-1 fin-wait-2 time-wait closed close-wait
	last-ack listen closing new-syn-recv all connected synchronized bucket big'
_tcplc_open='unknown active passive simultaneous syncookie fastopen listener preexisting restored
	self'
_tcplc_close='fin simultaneous three-segment rst-received rst-unread rst-linger rst-late-data
	rst-linger2 disconnected aborted refused unreachable timed-out cancelled not-sent
	request-reset request-timed-out request-overflow request-unreachable listener-closed
	retransmit keepalive probe user-timeout orphan fin-wait-2 tw-overflow listener netns
	unknown listen-failed silent fastclose-sent fastclose-received unsent request-failed
	subflow-reset any normal reset timeout'
_tcplc_first='local peer both kernel network unknown any'
_tcplc_cause='unknown connect listen syn-received syn-ack-received ack-received close shutdown
	exit killed fin-received fin-acked fin-with-ack rst-received rst-sent late-data
	disconnect abort icmp timeout accept-queue-full listener-closed connect-failed
	2msl-expired fin-wait-2-expired new-syn reused netns-gone tw-overflow timer-rto-syn
	timer-rto-data timer-rto-fin timer-syn-ack timer-delayed-ack timer-keepalive
	timer-probe timer-loss-probe timer-reordering timer-fin-wait-2 syn-ack-again
	2msl-armed 2msl-restarted fin-wait-2-armed mss-changed rst-out accepted orphan-limit
	found missed listen-failed restored silent fastclose-sent fastclose-received
	ack-deferred migrated timer-unsent child-failed subflow-closed subflow-reset timer
	rto rst'
_tcplc_family='ipv4 ipv6 ipv4-mapped'
_tcplc_settings='retention ports exclude-loopback hooks'

# _tcplc_operands COMMAND: what follows it.
_tcplc_operands() {
	case $1 in
	list | show | why | watch | log | top | listeners | diagram | timeline | report) echo 'filter' ;;
	summary) echo 'keys' ;;
	stats | clear | doctor) echo 'nothing' ;;
	balance | save) echo 'file' ;;
	diff) echo 'two-files' ;;
	config) echo 'setting' ;;
	explain) echo 'word' ;;
	help) echo 'command' ;;
	esac
}

# _tcplc_options COMMAND: those it has in addition to the common ones.
_tcplc_options() {
	case $1 in
	list) echo '-e --entries -n --number -o --output --sort --reverse' ;;
	show) echo '-a --absolute --svg --scale' ;;
	why) echo '-a --all -l --rules' ;;
	watch) echo '-c --count --timestamp --buffer' ;;
	log) echo '-n --count --since --buffer' ;;
	top) echo '-d --delay -n --number' ;;
	summary) echo '-n --number --sort' ;;
	diagram) echo '--svg' ;;
	timeline) echo '--svg --by -n --number' ;;
	balance) echo '-m --mark' ;;
	config) echo '-s --save --root' ;;
	clear) echo '-y --yes' ;;
	doctor) echo '-p --probe' ;;
	esac
}

# _tcplc_argument COMMAND:OPTION: what the option takes, if it does.
_tcplc_argument() {
	case $1 in
	*:--color) echo '=auto always never' ;;
	*:--netns) echo 'netns' ;;
	*:-r | *:--read | config:--root) echo 'file' ;;
	list:-n | list:--number | watch:-c | watch:--count | log:-n | log:--count | top:-d | top:--delay | top:-n | top:--number | summary:-n | summary:--number | timeline:-n | timeline:--number) echo 'number' ;;
	list:-o | list:--output) echo 'columns-list' ;;
	list:--sort) echo 'columns' ;;
	show:--scale) echo '=even time log' ;;
	watch:--timestamp) echo '=absolute relative none' ;;
	watch:--buffer | log:--buffer) echo 'size' ;;
	log:--since) echo 'time' ;;
	summary:--sort) echo 'sums' ;;
	timeline:--by) echo '=process remote none' ;;
	esac
}

# _tcplc_term WORD: what follows the word of a filter, if anything does.
_tcplc_term() {
	case $1 in
	state) echo 'state' ;;
	open | opened) echo 'open' ;;
	close | verdict) echo 'close' ;;
	closed-by | first) echo 'first' ;;
	src | dst | host | comm | pid | cgroup | unit | slice | container | pod | id | listener | netns | age | lived | rtt | accept-wait | tx | rx | after-fin | mss | mss-adv | mss-rcv | retrans | dropped | gaps) echo 'some' ;;
	sport | dport | port) echo 'port' ;;
	family) echo 'family' ;;
	since | until) echo 'moment' ;;
	uid) echo 'user' ;;
	cause) echo 'cause' ;;
	esac
}
# End of what is made.

# _tcplc_words PREFIX WORD...: those WORDs that begin with PREFIX.
_tcplc_words() {
	local prefix=$1 word

	shift
	COMPREPLY=()
	# shellcheck disable=SC2048
	for word in $*; do
		[[ $word != "$prefix"* ]] || COMPREPLY+=("$word")
	done
}

# _tcplc_list PREFIX WORD...: as _tcplc_words, of the last word of a,b,c.
_tcplc_list() {
	local done='' i

	[[ $1 != *,* ]] || done=${1%,*},
	_tcplc_words "${1##*,}" "${@:2}"
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$done${COMPREPLY[i]}
	done
}

# _tcplc_netns CURRENT: names of ip-netns(8), and the one for all of them.
_tcplc_netns() {
	local path names=(all)

	for path in /run/netns/* /var/run/netns/*; do
		[[ ! -e $path ]] || names+=("${path##*/}")
	done
	_tcplc_words "$1" "${names[@]}"
}

# _tcplc_of KIND CURRENT: complete a value of that kind.
_tcplc_of() {
	local list=_tcplc_${1%-list}

	case $1 in
	=*) _tcplc_words "$2" "${1#=}" ;;
	columns | sums | group) _tcplc_words "$2" "${!list}" ;;
	columns-list | keys-list | state | open | close | first | cause | family)
		_tcplc_list "$2" "${!list}"
		;;
	netns) _tcplc_netns "$2" ;;
	file) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	user) mapfile -t COMPREPLY < <(compgen -u -- "$2") ;;
	port) mapfile -t COMPREPLY < <(compgen -s -- "$2") ;;
	time) _tcplc_words "$2" 5m 1h ;;
	moment) _tcplc_words "$2" 5m 1h today yesterday ;;
	size) _tcplc_words "$2" 512K 8M 64M ;;
	*) COMPREPLY=() ;;
	esac
}

# _tcplc_filter BEFORE CURRENT: what BEFORE needs, or the beginning of a term.
_tcplc_filter() {
	local kind

	kind=$(_tcplc_term "$1")
	if [[ -n $kind ]]; then
		_tcplc_of "$kind" "$2"
	else
		_tcplc_words "$2" "$_tcplc_terms"
	fi
}

# _tcplc_setting WORD BEFORE-THAT CURRENT: a setting of config, or its value.
_tcplc_setting() {
	case $1 in
	exclude-loopback) _tcplc_words "$3" on off ;;
	hooks) _tcplc_words "$3" "$_tcplc_group" ;;
	ports) _tcplc_words "$3" any ;;
	retention) COMPREPLY=() ;;
	*)
		if [[ $2 == hooks ]]; then
			_tcplc_words "$3" on off
		else
			_tcplc_words "$3" "$_tcplc_settings"
		fi
		;;
	esac
}

# _tcplc_command: the subcommand on the line, if it is behind us.
_tcplc_command() {
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--netns | -r | --read) ((i++)) ;;
		--color) [[ ${COMP_WORDS[i + 1]} != = ]] || ((i += 2)) ;;
		-*) ;;
		*)
			echo "${COMP_WORDS[i]}"
			return
			;;
		esac
	done
}

_tcplc() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command kind

	# bash takes "--color=always" for three words.
	if [[ $current == = ]]; then
		current=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	command=$(_tcplc_command)
	kind=$(_tcplc_argument "$command:$before")
	if [[ -n $kind ]]; then
		_tcplc_of "$kind" "$current"
		return
	fi
	if [[ $current == -* ]]; then
		_tcplc_words "$current" "$_tcplc_common" "$(_tcplc_options "$command")"
		[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	kind='command'
	[[ -z $command ]] || kind=$(_tcplc_operands "$command")
	case $kind in
	command) _tcplc_words "$current" "$_tcplc_commands" "${command:+filter}" ;;
	filter) _tcplc_filter "$before" "$current" ;;
	keys)
		if [[ $before == summary ]]; then
			_tcplc_words "$current" by
		elif [[ $before == by ]]; then
			_tcplc_list "$current" "$_tcplc_keys"
		elif [[ ${COMP_WORDS[COMP_CWORD - 2]} == by ]]; then
			_tcplc_words "$current" "$_tcplc_terms"
		else
			_tcplc_filter "$before" "$current"
		fi
		;;
	word)
		_tcplc_words "$current" "$_tcplc_state" "$_tcplc_open" "$_tcplc_close" "$_tcplc_first" \
			"$_tcplc_cause"
		;;
	file | two-files) _tcplc_of file "$current" ;;
	setting) _tcplc_setting "$before" "${COMP_WORDS[COMP_CWORD - 2]}" "$current" ;;
	esac
}

complete -F _tcplc tcplc
