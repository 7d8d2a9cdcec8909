#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own kprobe events come and go under connections, without any module of
# ours: does the emulator bear it?
#
#	scripts/lab run --no-module --cpus 4 -- tests/kprobes_under_churn.sh
#	scripts/lab run --no-module --cpus 4 --parallel -- tests/kprobes_under_churn.sh
set -euo pipefail

readonly TURNS=30
# Processors that are emulated by one thread take turns, a tenth of a second each unless they
# idle; and all have to answer to each probe that comes or goes.
readonly PAUSE_US=10000
readonly SYMBOLS=(tcp_set_state tcp_connect tcp_make_synack tcp_v4_syn_recv_sock inet_twsk_kill
	__inet_csk_reqsk_queue_drop __inet_twsk_schedule inet_hash tcp_finish_connect
	security_sock_graft tcp_conn_request tcp_check_req tcp_reset tcp_shutdown tcp_disconnect
	tcp_retransmit_timer tcp_delack_timer_handler tcp_timewait_state_process)

gcc -O2 -pthread -o /tmp/churn "$(dirname "$0")/helpers/churn.c"
echo 10000 65535 >/proc/sys/net/ipv4/ip_local_port_range
echo 500 >/proc/sys/net/ipv4/tcp_max_tw_buckets
(for ((port = 6000; ; port++)); do /tmp/churn "$port" 2000 4 "$PAUSE_US" >/dev/null; done) &
churn=$!
trap 'kill "$churn"' EXIT
cd /sys/kernel/tracing
for ((turn = 0; turn < TURNS; turn++)); do
	for symbol in "${SYMBOLS[@]}"; do
		echo "p:tlc/$symbol $symbol" >>kprobe_events
	done
	echo 1 >events/tlc/enable
	sleep 0.2
	echo 0 >events/tlc/enable
	echo >kprobe_events
done
opens=$(awk '/^Tcp: [0-9]/ { print $6 }' /proc/net/snmp)
echo "$TURNS times, beside $opens connections"
