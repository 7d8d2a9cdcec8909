# SPDX-License-Identifier: GPL-2.0-only
# tcplc.fish: completion of tcplc in fish.

# The subcommand that stands before the cursor; fails if there is none.
function __tcplc_command
	set -l skip no
	for word in (commandline -opc)[2..]
		if test $skip = yes
			set skip no
			continue
		end
		switch $word
			case --netns -r --read
				set skip yes
			case '-*'
			case '*'
				echo $word
				return 0
		end
	end
	return 1
end

function __tcplc_is
	set -l command (__tcplc_command)
	and contains -- $command $argv
end

# A value of that kind.
function __tcplc_of
	set -l list __tcplc_(string replace -- -list '' $argv[1])
	switch $argv[1]
		case '=*'
			string split ' ' -- (string sub -s 2 -- $argv[1])
		case columns sums group
			printf '%s\n' $$list
		case columns-list keys-list state open close first cause family
			# Behind what is there of a,b,c.
			set -l done (string match -r -- '^.*,' (commandline -ct))
			printf '%s\n' "$done"$$list
		case netns
			echo all
			for path in /run/netns/*
				string replace -r '.*/' '' $path
			end
		case user
			__fish_complete_users
		case port
			test -r /etc/services
			and string match -rg '^([a-z][^\s#]*)\s+\d+/tcp' </etc/services
		case time
			printf '%s\n' 5m 1h
		case moment
			printf '%s\n' 5m 1h today yesterday
		case size
			printf '%s\n' 512K 8M 64M
	end
end

# What the word before needs, or the beginning of a term.
function __tcplc_filter
	set -l kind (__tcplc_term (commandline -opc)[-1])
	if test -n "$kind"
		__tcplc_of $kind
	else
		printf '%s\n' $__tcplc_terms
	end
end

function __tcplc_keys
	set -l words (commandline -opc)
	if test "$words[-1]" = summary
		echo by
	else if test "$words[-1]" = by
		__tcplc_of keys-list
	else if test "$words[-2]" = by
		printf '%s\n' $__tcplc_terms
	else
		__tcplc_filter
	end
end

function __tcplc_setting
	set -l words (commandline -opc)
	switch "$words[-1]"
		case exclude-loopback
			printf '%s\n' on off
		case hooks
			__tcplc_of group
		case ports
			echo any
		case retention
		case '*'
			if test "$words[-2]" = hooks
				printf '%s\n' on off
			else
				printf '%s\n' $__tcplc_settings
			end
	end
end

function __tcplc_word
	printf '%s\n' $__tcplc_state $__tcplc_open $__tcplc_close $__tcplc_first $__tcplc_cause
end

complete -c tcplc -f
# Made of interface.yaml, by scripts/spec generate.
set -g __tcplc_columns id state local remote open close first start lived rtt mss tx rx retrans who netns \
	backlog accepted syn-full accept-full cookies valid unit slice container pod cgroup \
	where
set -g __tcplc_sums count open in-order reset refused other rtt-p50 rtt-p99 retrans tx rx
set -g __tcplc_keys comm remote rport local lport listener state open close verdict first family netns \
	pid uid cgroup unit slice container pod
set -g __tcplc_group listeners openings accept causes timers
set -g __tcplc_terms state live dead open opened close verdict closed-by first src dst host sport dport \
	port ipv4 ipv6 mapped family since until today comm pid cgroup uid unit slice \
	container pod id listener netns age lived rtt accept-wait tx rx after-fin mss \
	mss-adv mss-rcv retrans dropped gaps cause illegal and or not
set -g __tcplc_state established syn-sent syn-recv fin-wait-1 fin-wait-2 time-wait closed close-wait \
	last-ack listen closing new-syn-recv all connected synchronized bucket big
set -g __tcplc_open unknown active passive simultaneous syncookie fastopen listener preexisting restored\
	 self
set -g __tcplc_close fin simultaneous three-segment rst-received rst-unread rst-linger rst-late-data \
	rst-linger2 disconnected aborted refused unreachable timed-out cancelled not-sent \
	request-reset request-timed-out request-overflow request-unreachable listener-closed\
	 retransmit keepalive probe user-timeout orphan fin-wait-2 tw-overflow listener \
	netns unknown listen-failed silent fastclose-sent fastclose-received unsent \
	request-failed subflow-reset any normal reset timeout
set -g __tcplc_first local peer both kernel network unknown any
set -g __tcplc_cause unknown connect listen syn-received syn-ack-received ack-received close shutdown \
	exit killed fin-received fin-acked fin-with-ack rst-received rst-sent late-data \
	disconnect abort icmp timeout accept-queue-full listener-closed connect-failed \
	2msl-expired fin-wait-2-expired new-syn reused netns-gone tw-overflow timer-rto-syn \
	timer-rto-data timer-rto-fin timer-syn-ack timer-delayed-ack timer-keepalive \
	timer-probe timer-loss-probe timer-reordering timer-fin-wait-2 syn-ack-again \
	2msl-armed 2msl-restarted fin-wait-2-armed mss-changed rst-out accepted orphan-limit\
	 found missed listen-failed restored silent fastclose-sent fastclose-received \
	ack-deferred migrated timer-unsent child-failed subflow-closed subflow-reset timer \
	rto rst
set -g __tcplc_family ipv4 ipv6 ipv4-mapped
set -g __tcplc_settings retention ports exclude-loopback hooks

# What follows the word of a filter.
function __tcplc_term
	switch "$argv[1]"
		case state
			echo state
		case open opened
			echo open
		case close verdict
			echo close
		case closed-by first
			echo first
		case src dst host comm pid cgroup unit slice container pod id listener netns age lived rtt accept-wait tx rx after-fin mss mss-adv mss-rcv retrans dropped gaps
			echo some
		case sport dport port
			echo port
		case family
			echo family
		case since until
			echo moment
		case uid
			echo user
		case cause
			echo cause
	end
end

complete -c tcplc -s j -l json -d 'one JSON object per line'
complete -c tcplc -s H -l no-header -d 'no column headers'
complete -c tcplc -s w -l wide -d 'every column, at any terminal width'
complete -c tcplc -l no-pager -d 'no pager on a terminal'
complete -c tcplc -l color -a '(__tcplc_of "=auto always never")' -d 'when to colour'
complete -c tcplc -l netns -x -a '(__tcplc_of "netns")' -d 'another network namespace, or all'
complete -c tcplc -s r -l read -r -F -d 'ask a file that tcplc save wrote'
complete -c tcplc -s h -l help -d 'print help'
complete -c tcplc -l version -d 'print the version'
complete -c tcplc -n 'not __tcplc_command' -a list -d 'list connections and listeners, one per line, oldest first'
complete -c tcplc -n '__tcplc_is list' -s e -l entries -d 'with --json: the entries of each record'
complete -c tcplc -n '__tcplc_is list' -s n -l number -x -a '(__tcplc_of "number")' -d 'only the last N'
complete -c tcplc -n '__tcplc_is list' -s o -l output -x -a '(__tcplc_of "columns-list")' -d 'these columns, in this order'
complete -c tcplc -n '__tcplc_is list' -l sort -x -a '(__tcplc_of "columns")' -d 'sort by this column'
complete -c tcplc -n '__tcplc_is list' -l reverse -d 'the order the other way round'
complete -c tcplc -n '__tcplc_is list' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a show -d 'explain how one connection ended, and draw its life as a ladder'
complete -c tcplc -n '__tcplc_is show' -s a -l absolute -d 'sequence numbers as they were on the wire'
complete -c tcplc -n '__tcplc_is show' -l svg -d 'as a picture'
complete -c tcplc -n '__tcplc_is show' -l scale -x -a '(__tcplc_of "=even time log")' -d 'what a distance down the picture means'
complete -c tcplc -n '__tcplc_is show' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a why -d 'say what is wrong on this host, worst first, and what to do about it'
complete -c tcplc -n '__tcplc_is why' -s a -l all -d 'every finding'
complete -c tcplc -n '__tcplc_is why' -s l -l rules -d 'list the rules and their thresholds'
complete -c tcplc -n '__tcplc_is why' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a watch -d 'print events as they happen, and how many were lost'
complete -c tcplc -n '__tcplc_is watch' -s c -l count -x -a '(__tcplc_of "number")' -d 'end after N lines'
complete -c tcplc -n '__tcplc_is watch' -l timestamp -x -a '(__tcplc_of "=absolute relative none")' -d 'time at the beginning of a line'
complete -c tcplc -n '__tcplc_is watch' -l buffer -x -a '(__tcplc_of "size")' -d 'socket buffer'
complete -c tcplc -n '__tcplc_is watch' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a log -d 'print each connection when it has ended, one per line'
complete -c tcplc -n '__tcplc_is log' -s n -l count -x -a '(__tcplc_of "number")' -d 'end after N lines'
complete -c tcplc -n '__tcplc_is log' -l since -x -a '(__tcplc_of "time")' -d 'first those that ended since then'
complete -c tcplc -n '__tcplc_is log' -l buffer -x -a '(__tcplc_of "size")' -d 'socket buffer'
complete -c tcplc -n '__tcplc_is log' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a top -d 'watch totals by state, verdict, peer, process and listener'
complete -c tcplc -n '__tcplc_is top' -s d -l delay -x -a '(__tcplc_of "number")' -d 'seconds between two updates'
complete -c tcplc -n '__tcplc_is top' -s n -l number -x -a '(__tcplc_of "number")' -d 'end after N updates'
complete -c tcplc -n '__tcplc_is top' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a listeners -d 'list listeners, oldest first, with what each accepted and dropped'
complete -c tcplc -n '__tcplc_is listeners' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a summary -d 'count how connections went, by process, peer, port, ...'
complete -c tcplc -n '__tcplc_is summary' -s n -l number -x -a '(__tcplc_of "number")' -d 'only the first N groups'
complete -c tcplc -n '__tcplc_is summary' -l sort -x -a '(__tcplc_of "sums")' -d 'greatest first'
complete -c tcplc -n '__tcplc_is summary' -a '(__tcplc_keys)'
complete -c tcplc -n 'not __tcplc_command' -a stats -d 'print what the totals come to, losses, verdicts, transitions and histograms'
complete -c tcplc -n 'not __tcplc_command' -a diagram -d 'the state diagram of RFC 9293, and how often each edge was taken'
complete -c tcplc -n '__tcplc_is diagram' -l svg -d 'as a picture'
complete -c tcplc -n '__tcplc_is diagram' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a timeline -d 'connections side by side, as bars over time, coloured by state'
complete -c tcplc -n '__tcplc_is timeline' -l svg -d 'as a picture'
complete -c tcplc -n '__tcplc_is timeline' -l by -x -a '(__tcplc_of "=process remote none")' -d 'what they are grouped by'
complete -c tcplc -n '__tcplc_is timeline' -s n -l number -x -a '(__tcplc_of "number")' -d 'the newest N'
complete -c tcplc -n '__tcplc_is timeline' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a report -d 'connections as a page for a browser, which needs nothing else'
complete -c tcplc -n '__tcplc_is report' -a '(__tcplc_filter)'
complete -c tcplc -n 'not __tcplc_command' -a balance -d 'compare the module'\''s counts with the kernel'\''s own counters'
complete -c tcplc -n '__tcplc_is balance' -s m -l mark -d 'save the current counts'
complete -c tcplc -n '__tcplc_is balance' -F
complete -c tcplc -n 'not __tcplc_command' -a save -d 'write all records and counters to a file, for --read'
complete -c tcplc -n '__tcplc_is save' -F
complete -c tcplc -n 'not __tcplc_command' -a diff -d 'say what began, ended and changed between two files of tcplc save'
complete -c tcplc -n '__tcplc_is diff' -F
complete -c tcplc -n 'not __tcplc_command' -a config -d 'show what is recorded and how long it is kept, or change it'
complete -c tcplc -n '__tcplc_is config' -s s -l save -d 'write the settings that run, for the next load and boot'
complete -c tcplc -n '__tcplc_is config' -l root -r -F -d 'with --save: write below this folder'
complete -c tcplc -n '__tcplc_is config' -a '(__tcplc_setting)'
complete -c tcplc -n 'not __tcplc_command' -a clear -d 'drop the records of ended connections, in every network namespace'
complete -c tcplc -n '__tcplc_is clear' -s y -l yes -d 'do not ask'
complete -c tcplc -n 'not __tcplc_command' -a doctor -d 'check the module, say what is missing from records, and what to do'
complete -c tcplc -n '__tcplc_is doctor' -s p -l probe -d 'make test connections'
complete -c tcplc -n 'not __tcplc_command' -a explain -d 'say what a word of a record means'
complete -c tcplc -n '__tcplc_is explain' -a '(__tcplc_word)'
complete -c tcplc -n 'not __tcplc_command' -a help -d 'print the help of a command, or of filters: tcplc help list'
complete -c tcplc -n '__tcplc_is help' -a 'list show why watch log top listeners summary stats diagram timeline report balance save diff config clear doctor explain help filter'
# End of what is made.
