#compdef tcplc
# SPDX-License-Identifier: GPL-2.0-only
# tcplc.zsh: completion of tcplc in zsh. Is installed as _tcplc, in a folder of fpath.

typeset -ga _tcplc_commands _tcplc_common
# Made of interface.yaml, by scripts/spec generate.
_tcplc_commands=(
	'list:list connections and listeners, one per line, oldest first'
	'show:explain how one connection ended, and draw its life as a ladder'
	'why:say what is wrong on this host, worst first, and what to do about it'
	'watch:print events as they happen, and how many were lost'
	'log:print each connection when it has ended, one per line'
	'top:watch totals by state, verdict, peer, process and listener'
	'listeners:list listeners, oldest first, with what each accepted and dropped'
	'summary:count how connections went, by process, peer, port, ...'
	'stats:print what the totals come to, losses, verdicts, transitions and histograms'
	'diagram:the state diagram of RFC 9293, and how often each edge was taken'
	'timeline:connections side by side, as bars over time, coloured by state'
	'report:connections as a page for a browser, which needs nothing else'
	'balance:compare the module'\''s counts with the kernel'\''s own counters'
	'save:write all records and counters to a file, for --read'
	'diff:say what began, ended and changed between two files of tcplc save'
	'config:show what is recorded and how long it is kept, or change it'
	'clear:drop the records of ended connections, in every network namespace'
	'doctor:check the module, say what is missing from records, and what to do'
	'explain:say what a word of a record means'
	'help:print the help of a command, or of filters: tcplc help list'
)
typeset -gA _tcplc_lists=(
	columns 'id state local remote open close first start lived rtt mss tx rx retrans who netns
	backlog accepted syn-full accept-full cookies valid unit slice container pod cgroup
	where'
	sums 'count open in-order reset refused other rtt-p50 rtt-p99 retrans tx rx'
	keys 'comm remote rport local lport listener state open close verdict first family netns
	pid uid cgroup unit slice container pod'
	group 'listeners openings accept causes timers'
	terms 'state live dead open opened close verdict closed-by first src dst host sport dport
	port ipv4 ipv6 mapped family since until today comm pid cgroup uid unit slice
	container pod id listener netns age lived rtt accept-wait tx rx after-fin mss
	mss-adv mss-rcv retrans dropped gaps cause illegal and or not'
	state 'established syn-sent syn-recv fin-wait-1 fin-wait-2 time-wait closed close-wait
	last-ack listen closing new-syn-recv all connected synchronized bucket big'
	open 'unknown active passive simultaneous syncookie fastopen listener preexisting restored
	self'
	close 'fin simultaneous three-segment rst-received rst-unread rst-linger rst-late-data
	rst-linger2 disconnected aborted refused unreachable timed-out cancelled not-sent
	request-reset request-timed-out request-overflow request-unreachable listener-closed
	retransmit keepalive probe user-timeout orphan fin-wait-2 tw-overflow listener netns
	unknown listen-failed silent fastclose-sent fastclose-received unsent request-failed
	subflow-reset any normal reset timeout'
	first 'local peer both kernel network unknown any'
	cause 'unknown connect listen syn-received syn-ack-received ack-received close shutdown
	exit killed fin-received fin-acked fin-with-ack rst-received rst-sent late-data
	disconnect abort icmp timeout accept-queue-full listener-closed connect-failed
	2msl-expired fin-wait-2-expired new-syn reused netns-gone tw-overflow timer-rto-syn
	timer-rto-data timer-rto-fin timer-syn-ack timer-delayed-ack timer-keepalive
	timer-probe timer-loss-probe timer-reordering timer-fin-wait-2 syn-ack-again
	2msl-armed 2msl-restarted fin-wait-2-armed mss-changed rst-out accepted orphan-limit
	found missed listen-failed restored silent fastclose-sent fastclose-received
	ack-deferred migrated timer-unsent child-failed subflow-closed subflow-reset timer
	rto rst'
	family 'ipv4 ipv6 ipv4-mapped'
	settings 'retention ports exclude-loopback hooks'
)
typeset -gA _tcplc_takes=(
	list filter
	show filter
	why filter
	watch filter
	log filter
	top filter
	listeners filter
	summary keys
	stats nothing
	diagram filter
	timeline filter
	report filter
	balance file
	save file
	diff two-files
	config setting
	clear nothing
	doctor nothing
	explain word
	help command
)
typeset -gA _tcplc_term=(
	state state
	open open
	opened open
	close close
	verdict close
	closed-by first
	first first
	src some
	dst some
	host some
	sport port
	dport port
	port port
	family family
	since moment
	until moment
	comm some
	pid some
	cgroup some
	uid user
	unit some
	slice some
	container some
	pod some
	id some
	listener some
	netns some
	age some
	lived some
	rtt some
	accept-wait some
	tx some
	rx some
	after-fin some
	mss some
	mss-adv some
	mss-rcv some
	retrans some
	dropped some
	gaps some
	cause cause
)
_tcplc_common=(
	'(-j --json)-j[one JSON object per line]'
	'(-j --json)--json[one JSON object per line]'
	'(-H --no-header)-H[no column headers]'
	'(-H --no-header)--no-header[no column headers]'
	'(-w --wide)-w[every column, at any terminal width]'
	'(-w --wide)--wide[every column, at any terminal width]'
	'--no-pager[no pager on a terminal]'
	'--color=-[when to colour]::color: _tcplc_of "=auto always never"'
	'--netns=[another network namespace, or all]:netns: _tcplc_of "netns"'
	'(-r --read)-r+[ask a file that tcplc save wrote]:read: _tcplc_of "file"'
	'(-r --read)--read=[ask a file that tcplc save wrote]:read: _tcplc_of "file"'
	'(-h --help)-h[print help]'
	'(-h --help)--help[print help]'
	'--version[print the version]'
)

# _tcplc_own COMMAND: its own options, in the array own.
_tcplc_own() {
	case $1 in
	(list) own=(
		'(-e --entries)-e[with --json: the entries of each record]'
		'(-e --entries)--entries[with --json: the entries of each record]'
		'(-n --number)-n+[only the last N]:number: _tcplc_of "number"'
		'(-n --number)--number=[only the last N]:number: _tcplc_of "number"'
		'(-o --output)-o+[these columns, in this order]:output: _tcplc_of "columns-list"'
		'(-o --output)--output=[these columns, in this order]:output: _tcplc_of "columns-list"'
		'--sort=[sort by this column]:sort: _tcplc_of "columns"'
		'--reverse[the order the other way round]'
	) ;;
	(show) own=(
		'(-a --absolute)-a[sequence numbers as they were on the wire]'
		'(-a --absolute)--absolute[sequence numbers as they were on the wire]'
		'--svg[as a picture]'
		'--scale=[what a distance down the picture means]:scale: _tcplc_of "=even time log"'
	) ;;
	(why) own=(
		'(-a --all)-a[every finding]'
		'(-a --all)--all[every finding]'
		'(-l --rules)-l[list the rules and their thresholds]'
		'(-l --rules)--rules[list the rules and their thresholds]'
	) ;;
	(watch) own=(
		'(-c --count)-c+[end after N lines]:count: _tcplc_of "number"'
		'(-c --count)--count=[end after N lines]:count: _tcplc_of "number"'
		'--timestamp=[time at the beginning of a line]:timestamp: _tcplc_of "=absolute relative none"'
		'--buffer=[socket buffer]:buffer: _tcplc_of "size"'
	) ;;
	(log) own=(
		'(-n --count)-n+[end after N lines]:count: _tcplc_of "number"'
		'(-n --count)--count=[end after N lines]:count: _tcplc_of "number"'
		'--since=[first those that ended since then]:since: _tcplc_of "time"'
		'--buffer=[socket buffer]:buffer: _tcplc_of "size"'
	) ;;
	(top) own=(
		'(-d --delay)-d+[seconds between two updates]:delay: _tcplc_of "number"'
		'(-d --delay)--delay=[seconds between two updates]:delay: _tcplc_of "number"'
		'(-n --number)-n+[end after N updates]:number: _tcplc_of "number"'
		'(-n --number)--number=[end after N updates]:number: _tcplc_of "number"'
	) ;;
	(summary) own=(
		'(-n --number)-n+[only the first N groups]:number: _tcplc_of "number"'
		'(-n --number)--number=[only the first N groups]:number: _tcplc_of "number"'
		'--sort=[greatest first]:sort: _tcplc_of "sums"'
	) ;;
	(diagram) own=(
		'--svg[as a picture]'
	) ;;
	(timeline) own=(
		'--svg[as a picture]'
		'--by=[what they are grouped by]:by: _tcplc_of "=process remote none"'
		'(-n --number)-n+[the newest N]:number: _tcplc_of "number"'
		'(-n --number)--number=[the newest N]:number: _tcplc_of "number"'
	) ;;
	(balance) own=(
		'(-m --mark)-m[save the current counts]'
		'(-m --mark)--mark[save the current counts]'
	) ;;
	(config) own=(
		'(-s --save)-s[write the settings that run, for the next load and boot]'
		'(-s --save)--save[write the settings that run, for the next load and boot]'
		'--root=[with --save: write below this folder]:root: _tcplc_of "file"'
	) ;;
	(clear) own=(
		'(-y --yes)-y[do not ask]'
		'(-y --yes)--yes[do not ask]'
	) ;;
	(doctor) own=(
		'(-p --probe)-p[make test connections]'
		'(-p --probe)--probe[make test connections]'
	) ;;
	esac
}
# End of what is made.

# _tcplc_of KIND: a value of that kind.
_tcplc_of() {
	local -a offered

	case $1 in
	('='*) offered=(${=1#=}); compadd -a offered ;;
	(columns|sums|group|terms|settings) offered=(${=_tcplc_lists[$1]}); compadd -a offered ;;
	(columns-list|keys-list|state|open|close|first|cause|family)
		compset -P '*,'
		offered=(${=_tcplc_lists[${1%-list}]})
		compadd -a offered
		;;
	(netns) offered=(all /run/netns/*(N:t)); compadd -a offered ;;
	(file) _files ;;
	(user) _users ;;
	(port) _ports ;;
	(time) compadd 5m 1h ;;
	(moment) compadd 5m 1h today yesterday ;;
	(size) compadd 512K 8M 64M ;;
	(*) _message "$1" ;;
	esac
}

# What the word before needs, or the beginning of a term.
_tcplc_filter() {
	_tcplc_of ${_tcplc_term[${words[CURRENT-1]}]:-terms}
}

_tcplc_setting() {
	case ${words[CURRENT-1]} in
	(exclude-loopback) compadd on off ;;
	(hooks) _tcplc_of group ;;
	(ports) compadd any ;;
	(retention) _message 'seconds, or with a unit' ;;
	(*)
		if [[ ${words[CURRENT-2]} == hooks ]]; then
			compadd on off
		else
			_tcplc_of settings
		fi
		;;
	esac
}

# _tcplc_operand: of the command that is the first of the words.
_tcplc_operand() {
	local kind

	case ${_tcplc_takes[${words[1]}]} in
	(filter) _tcplc_filter ;;
	(keys)
		if [[ ${words[CURRENT-1]} == summary ]]; then
			compadd by
		elif [[ ${words[CURRENT-1]} == by ]]; then
			_tcplc_of keys-list
		elif [[ ${words[CURRENT-2]} == by ]]; then
			_tcplc_of terms
		else
			_tcplc_filter
		fi
		;;
	(word) for kind in state open close first cause; do _tcplc_of $kind; done ;;
	(file|two-files) _files ;;
	(setting) _tcplc_setting ;;
	(command) _describe -t commands command _tcplc_commands; compadd filter ;;
	(*) _message 'no more arguments' ;;
	esac
}

_tcplc() {
	local curcontext=$curcontext state line
	local -i ret=1
	local -a own
	typeset -A opt_args

	_arguments -C $_tcplc_common '1: :->command' '*:: :->operands' && ret=0
	case $state in
	(command) _describe -t commands command _tcplc_commands && ret=0 ;;
	(operands)
		_tcplc_own ${words[1]}
		_arguments -C $_tcplc_common $own '*: :_tcplc_operand' && ret=0
		;;
	esac
	return ret
}

_tcplc "$@"
