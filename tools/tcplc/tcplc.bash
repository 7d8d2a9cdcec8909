# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# tcplc.bash: completion of tcplc in bash. Needs nothing but bash itself.

_tcplc_commands='list show why watch log top listeners summary stats diagram timeline report balance save
	diff config clear doctor
	explain help'
_tcplc_common='-j --json -H --no-header -w --wide --color= --netns -r --read -h --help --version'

# Words: made of include/tcp_lifecycle.yaml, by scripts/spec generate.
_tcplc_states='established syn-sent syn-recv fin-wait-1 fin-wait-2 time-wait closed close-wait
	last-ack listen closing new-syn-recv all connected synchronized bucket big'
_tcplc_opens='unknown active passive simultaneous syncookie fastopen listener preexisting restored
	self'
_tcplc_closes='fin simultaneous three-segment rst-received rst-unread rst-linger rst-late-data
	rst-linger2 disconnected aborted refused unreachable timed-out cancelled not-sent
	request-reset request-timed-out request-overflow request-unreachable listener-closed
	retransmit keepalive probe user-timeout orphan fin-wait-2 tw-overflow listener netns
	unknown listen-failed silent fastclose-sent fastclose-received unsent request-failed
	subflow-reset any normal reset timeout'
_tcplc_firsts='local peer both kernel network unknown any'
_tcplc_causes='unknown connect listen syn-received syn-ack-received ack-received close shutdown
	exit killed fin-received fin-acked fin-with-ack rst-received rst-sent late-data
	disconnect abort icmp timeout accept-queue-full listener-closed connect-failed
	2msl-expired fin-wait-2-expired new-syn reused netns-gone tw-overflow timer-rto-syn
	timer-rto-data timer-rto-fin timer-syn-ack timer-delayed-ack timer-keepalive
	timer-probe timer-loss-probe timer-reordering timer-fin-wait-2 syn-ack-again
	2msl-armed 2msl-restarted fin-wait-2-armed mss-changed rst-out accepted orphan-limit
	found missed listen-failed restored silent fastclose-sent fastclose-received
	ack-deferred migrated timer-unsent child-failed subflow-closed subflow-reset timer
	rto rst'
_tcplc_families='ipv4 ipv6 ipv4-mapped'
# End of words.

# Of list, and of summary: what is summed up, what by.
_tcplc_columns='id state local remote open close first start lived rtt mss tx rx retrans who netns
	backlog accepted syn-full accept-full cookies valid'
_tcplc_sums='count open in-order reset refused other rtt-p50 rtt-p99 retrans tx rx'
_tcplc_keys='comm remote rport local lport listener state open close verdict first family netns
	pid uid cgroup'

# What may begin a term, and what joins two of them.
_tcplc_terms='state open close verdict closed-by first family ipv4 ipv6 mapped live dead
	src dst host sport dport port since comm cause illegal id netns age lived rtt mss mss-adv
	mss-rcv pid uid cgroup listener accept-wait tx rx retrans after-fin dropped gaps
	and or not'

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

# _tcplc_value WORD CURRENT: complete what follows WORD; fails if nothing
# in particular does.
_tcplc_value() {
	case $1 in
	state) _tcplc_list "$2" "$_tcplc_states" ;;
	open | opened) _tcplc_list "$2" "$_tcplc_opens" ;;
	close | verdict) _tcplc_list "$2" "$_tcplc_closes" ;;
	closed-by | first) _tcplc_list "$2" "$_tcplc_firsts" ;;
	family) _tcplc_list "$2" "$_tcplc_families" ;;
	cause) _tcplc_list "$2" "$_tcplc_causes" ;;
	uid) mapfile -t COMPREPLY < <(compgen -u -- "$2") ;;
	sport | dport | port) mapfile -t COMPREPLY < <(compgen -s -- "$2") ;;
	src | dst | host | since | comm | id | listener | pid | cgroup) COMPREPLY=() ;;
	*) return 1 ;;
	esac
}

# _tcplc_setting WORD BEFORE-THAT CURRENT: a setting of config, or its value.
_tcplc_setting() {
	case $1 in
	exclude-loopback) _tcplc_words "$3" on off ;;
	hooks) _tcplc_words "$3" listeners openings accept causes timers ;;
	ports) _tcplc_words "$3" any ;;
	retention) COMPREPLY=() ;;
	*)
		if [[ $2 == hooks ]]; then
			_tcplc_words "$3" on off
		else
			_tcplc_words "$3" retention ports exclude-loopback hooks
		fi
		;;
	esac
}

# _tcplc_netns CURRENT: names of ip-netns(8), and the one for all of them.
_tcplc_netns() {
	local path names=(all)

	for path in /run/netns/* /var/run/netns/*; do
		[[ ! -e $path ]] || names+=("${path##*/}")
	done
	_tcplc_words "$1" "${names[@]}"
}

# _tcplc_option OPTION CURRENT COMMAND: complete an option's argument; fails if it
# takes none.
_tcplc_option() {
	case $1 in
	--netns) _tcplc_netns "$2" ;;
	--color) _tcplc_words "$2" auto always never ;;
	--since) _tcplc_words "$2" 5m 1h ;;
	--timestamp) _tcplc_words "$2" absolute relative none ;;
	--scale) _tcplc_words "$2" even time log ;;
	--by) _tcplc_words "$2" process remote none ;;
	--buffer) _tcplc_words "$2" 512K 8M 64M ;;
	-r | --read) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	-o | --output) _tcplc_list "$2" "$_tcplc_columns" ;;
	--sort)
		if [[ $3 == summary ]]; then
			_tcplc_words "$2" "$_tcplc_sums"
		else
			_tcplc_words "$2" "$_tcplc_columns"
		fi
		;;
	-c | --count | -d | --delay | -n | --number) COMPREPLY=() ;;
	*) return 1 ;;
	esac
}

# _tcplc_options COMMAND: those it has in addition to the common ones.
_tcplc_options() {
	case $1 in
	list) echo -e --entries -n --number -o --output --sort ;;
	summary) echo -n --number --sort ;;
	why) echo -a --all -l --rules ;;
	show) echo --svg --scale ;;
	diagram) echo --svg ;;
	timeline) echo --svg --by -n --number ;;
	watch) echo -c --count --timestamp --buffer ;;
	log) echo -n --count --since --buffer ;;
	top) echo -d --delay -n --number ;;
	balance) echo -m --mark ;;
	doctor) echo -p --probe ;;
	clear) echo -y --yes ;;
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
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command

	# bash takes "--color=always" for three words.
	if [[ $current == = ]]; then
		current=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	command=$(_tcplc_command)
	if _tcplc_option "$before" "$current" "$command"; then
		return
	fi
	if [[ $current == -* ]]; then
		_tcplc_words "$current" "$_tcplc_common" "$(_tcplc_options "$command")"
		[[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	case $command in
	'' | help) _tcplc_words "$current" "$_tcplc_commands" ;;
	summary)
		if [[ $before == summary ]]; then
			_tcplc_words "$current" by
		elif [[ $before == by ]]; then
			_tcplc_list "$current" "$_tcplc_keys"
		elif [[ ${COMP_WORDS[COMP_CWORD - 2]} == by ]]; then
			_tcplc_words "$current" "$_tcplc_terms"
		else
			_tcplc_value "$before" "$current" || _tcplc_words "$current" "$_tcplc_terms"
		fi
		;;
	explain)
		_tcplc_words "$current" "$_tcplc_states" "$_tcplc_opens" "$_tcplc_closes" \
			"$_tcplc_firsts" "$_tcplc_causes"
		;;
	list | show | why | watch | log | top | listeners | diagram | timeline | report)
		_tcplc_value "$before" "$current" || _tcplc_words "$current" "$_tcplc_terms"
		;;
	balance | save | diff) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	config) _tcplc_setting "$before" "${COMP_WORDS[COMP_CWORD - 2]}" "$current" ;;
	esac
}

complete -F _tcplc tcplc
