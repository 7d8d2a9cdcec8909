// SPDX-License-Identifier: GPL-2.0-only
/*
 * lives.c: whole lives to print, as the module tells them.
 *
 * Numbers are those of real records where there was one at hand (README.md,
 * docs/format.md), and made up in their manner otherwise.
 */
#include "lives.h"

#define S(name) TCP_LIFECYCLE_STATE_##name
#define C(name) TCP_LIFECYCLE_CAUSE_##name
#define E(name) (1U << TCP_LIFECYCLE_A_ENTRY_##name)
#define A(name) CONN_BIT(TCP_LIFECYCLE_A_CONN_##name)

#define MOVE(t, f, x, why, ...) {					\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(IN_US), .at_us = t,	\
	.from = S(f), .to = S(x), .cause = C(why), __VA_ARGS__		\
}

/* With the numbers of a segment; a SYN has no ack. */
#define SEGMENT(t, f, x, why, s, a, ...) {				\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(SEQ) | E(ACK), .at_us = t, \
	.from = S(f), .to = S(x), .cause = C(why), .seq = s, .ack = a, __VA_ARGS__ \
}

#define SYN(t, f, x, why, s) {						\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(SEQ), .at_us = t,	\
	.from = S(f), .to = S(x), .cause = C(why), .seq = s,		\
}

#define NOTE(t, in_state, why, n, l, ...) {				\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(COUNT) | E(LAST_US),	\
	.at_us = t, .from = S(in_state), .to = S(in_state), .cause = C(why), \
	.count = n, .last_us = l, __VA_ARGS__				\
}

#define RST(t, in_state, s, ...) {					\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(COUNT) | E(LAST_US) | E(SEQ), \
	.at_us = t, .from = S(in_state), .to = S(in_state), .cause = C(RST_OUT), \
	.count = 1, .last_us = t, .seq = s, __VA_ARGS__			\
}

#define ARMED(t, in_state, why, ms) {					\
	.has = E(AT_US) | E(CAUSE) | E(FROM) | E(TO) | E(LENGTH_MS),		\
	.at_us = t, .from = S(in_state), .to = S(in_state), .cause = C(why), \
	.length_ms = ms,							\
}

#define LIFE(...)							\
	.entry = (struct entry[]){ __VA_ARGS__ },			\
	.nr_entries = sizeof((struct entry[]){ __VA_ARGS__ }) /		\
		      sizeof(struct entry)

#define V4(a, b, c, d) { .len = 4, .byte = { a, b, c, d } }
#define ENDS A(COOKIE) | A(GENERATION) | A(NETNS) | A(FAMILY) | A(STATE) | \
	A(OPEN) | A(CLOSE) | A(FIRST) | A(START_NS) | A(AGE_US) | A(LOCAL_PORT) | \
	A(REMOTE_PORT) | A(LOCAL4) | A(REMOTE4) | A(ENTRY)
#define OWNER A(OWNER) | A(PID) | A(UID) | A(CGROUP) | A(COMM)
#define HANDSHAKE A(ISN) | A(PEER_ISN) | A(MSS_ADV_BYTES) | A(MSS_ADV_BY) | A(MSS_RCV_BYTES) | \
	A(MSS_EFF_BYTES) | A(MSS_EFF_BY) | A(OFFERED) | A(AGREED) | A(WSCALE_LOCAL) | \
	A(WSCALE_PEER) | A(RTT_US)
#define VOLUME A(TX_BYTES) | A(RX_BYTES) | A(TX_SEGS) | A(RX_SEGS) | A(RETRANS)
#define NETNS .netns = 4026531840, .start_ns = 1893456068549895000ULL
#define BY(what, call, who)						\
	.owner = C(call), .pid = what, .cgroup = 1, .comm = who
#define LOOPBACK .local = V4(127, 0, 0, 1), .remote = V4(127, 0, 0, 1)
#define WEB .local = V4(192, 0, 2, 7), .remote = V4(198, 51, 100, 80), \
	.local_port = 40112, .remote_port = 443
#define SERVED .local = V4(192, 0, 2, 7), .remote = V4(203, 0, 113, 9), \
	.local_port = 443, .remote_port = 51022
#define MSS_1460 .mss_adv_bytes = 1460, .mss_adv_by = TCP_LIFECYCLE_MSS_BY_MTU, \
	.mss_rcv_bytes = 1400, .mss_eff_bytes = 1388, .mss_eff_by = TCP_LIFECYCLE_MSS_BY_PEER, \
	.offered = 15, .agreed = 15, .wscale_local = 7, .wscale_peer = 9

const struct life lives[] = {
	{
		.name = "three-segment",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME | A(FIN) | A(PEER_FIN) |
			       A(AFTER_FIN_BYTES) | A(TW_PLANNED_MS) | A(TW_ACTUAL_US),
			.cookie = 0x89c, NETNS, LOOPBACK,
			.local_port = 34846, .remote_port = 80,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_THREE_SEGMENT,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 61174637,
			.isn = 154059524, .peer_isn = 4014168596,
			.fin = 154059598, .peer_fin = 4014169443,
			.mss_adv_bytes = 65495, .mss_adv_by = TCP_LIFECYCLE_MSS_BY_MTU,
			.mss_rcv_bytes = 65495, .mss_eff_bytes = 32741,
			.mss_eff_by = TCP_LIFECYCLE_MSS_BY_WINDOW,
			.offered = 15, .agreed = 15, .wscale_local = 7,
			.wscale_peer = 7, .rtt_us = 17, BY(161, CONNECT, "curl"),
			.tx_bytes = 73, .rx_bytes = 846, .tx_segs = 6, .rx_segs = 4,
			.tw_planned_ms = 60000, .tw_actual_us = 61174123,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 154059524),
			     SEGMENT(23, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED,
				     4014168596, 154059525),
			     SEGMENT(489, ESTABLISHED, FIN_WAIT_1, CLOSE,
				     154059598, 4014169443),
			     SEGMENT(514, FIN_WAIT_1, TIME_WAIT, FIN_WITH_ACK,
				     4014169443, 154059599),
			     ARMED(518, TIME_WAIT, 2MSL_ARMED, 60000),
			     MOVE(61174637, TIME_WAIT, CLOSED, 2MSL_EXPIRED)),
		},
	},
	{
		.name = "passive-close",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME | A(FIN) | A(PEER_FIN) |
			       A(AFTER_FIN_BYTES) | A(LISTENER) | A(ACCEPT_US),
			.cookie = 0x89d, NETNS, LOOPBACK,
			.local_port = 80, .remote_port = 34846,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.close = TCP_LIFECYCLE_CLOSE_FIN,
			.first = TCP_LIFECYCLE_FIRST_PEER, .age_us = 511,
			.isn = 4014168596, .peer_isn = 154059524,
			.fin = 4014169443, .peer_fin = 154059598,
			.mss_adv_bytes = 65495, .mss_adv_by = TCP_LIFECYCLE_MSS_BY_MTU,
			.mss_rcv_bytes = 65495, .mss_eff_bytes = 32768,
			.mss_eff_by = TCP_LIFECYCLE_MSS_BY_WINDOW,
			.offered = 15, .agreed = 15, .wscale_local = 7,
			.wscale_peer = 7, .rtt_us = 14, BY(160, ACCEPTED, "nginx"),
			.uid = 33, .listener = 0x89a, .accept_us = 12,
			.tx_bytes = 846, .rx_bytes = 73, .tx_segs = 3, .rx_segs = 6,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 154059524),
			     SEGMENT(14, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED,
				     154059525, 4014168597),
			     SEGMENT(21, SYN_RECV, ESTABLISHED, ACK_RECEIVED,
				     154059525, 4014168597),
			     NOTE(33, ESTABLISHED, ACCEPTED, 1, 33),
			     SEGMENT(480, ESTABLISHED, CLOSE_WAIT, FIN_RECEIVED,
				     154059598, 4014169443),
			     SEGMENT(491, CLOSE_WAIT, LAST_ACK, CLOSE,
				     4014169443, 154059599),
			     SEGMENT(511, LAST_ACK, CLOSED, FIN_ACKED,
				     154059599, 4014169444)),
		},
	},
	{
		.name = "active-close",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME | A(FIN) | A(PEER_FIN) |
			       A(AFTER_FIN_BYTES) | A(TW_PLANNED_MS),
			.cookie = 0x1a2b, .generation = 2, NETNS, WEB,
			.state = S(TIME_WAIT), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 12000000,
			.isn = 4294967200, .peer_isn = 1000, .fin = 404,
			.peer_fin = 90001, MSS_1460, .rtt_us = 20311,
			BY(812, CONNECT, "firefox"), .uid = 1000, .tx_bytes = 499,
			.rx_bytes = 89000, .tx_segs = 40, .rx_segs = 70, .retrans = 2,
			.after_fin_bytes = 4096, .tw_planned_ms = 60000,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 4294967200),
			     SEGMENT(20311, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED,
				     1000, 4294967201),
			     NOTE(830000, ESTABLISHED, TIMER_RTO_DATA, 2, 1245000),
			     NOTE(7000000, ESTABLISHED, TIMER_KEEPALIVE, 1, 7000000,
				  .nth = 1, .limit = 9),
			     SEGMENT(8000000, ESTABLISHED, FIN_WAIT_1, SHUTDOWN,
				     404, 85905),
			     SEGMENT(8020400, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED,
				     85905, 405),
			     SEGMENT(8120000, FIN_WAIT_2, TIME_WAIT, FIN_RECEIVED,
				     90001, 405),
			     ARMED(8120000, TIME_WAIT, 2MSL_ARMED, 60000),
			     NOTE(8420000, TIME_WAIT, 2MSL_RESTARTED, 3, 9620000)),
		},
	},
	{
		.name = "simultaneous",
		.conn = {
			.has = ENDS | HANDSHAKE | A(FIN) | A(PEER_FIN) | A(TW_PLANNED_MS) |
			       A(TW_ACTUAL_US),
			.cookie = 0x77, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_SIMULTANEOUS,
			.close = TCP_LIFECYCLE_CLOSE_SIMULTANEOUS,
			.first = TCP_LIFECYCLE_FIRST_BOTH, .age_us = 60250000,
			.isn = 100, .peer_isn = 500, .fin = 101, .peer_fin = 501,
			MSS_1460, .rtt_us = 100, .tw_planned_ms = 60000, .tw_actual_us = 5000000,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 100),
			     SYN(60, SYN_SENT, SYN_RECV, SYN_RECEIVED, 500),
			     SEGMENT(110, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 501, 101),
			     SEGMENT(900, ESTABLISHED, FIN_WAIT_1, EXIT, 101, 501),
			     SEGMENT(950, FIN_WAIT_1, CLOSING, FIN_RECEIVED, 501, 101),
			     SEGMENT(1000, CLOSING, TIME_WAIT, FIN_ACKED, 502, 102),
			     ARMED(1000, TIME_WAIT, 2MSL_ARMED, 60000),
			     MOVE(5001000, TIME_WAIT, CLOSED, REUSED)),
		},
	},
	{
		.name = "refused",
		.conn = {
			.has = ENDS | OWNER | A(ISN) | A(MSS_ADV_BYTES) | A(MSS_ADV_BY) | A(OFFERED),
			.cookie = 0x10, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_REFUSED,
			.first = TCP_LIFECYCLE_FIRST_PEER, .age_us = 310,
			.isn = 70, .mss_adv_bytes = 1460, .offered = 15,
			.mss_adv_by = TCP_LIFECYCLE_MSS_BY_ROUTE,
			BY(4711, CONNECT, "ssh"),
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 70),
			     SEGMENT(310, SYN_SENT, CLOSED, RST_RECEIVED, 0, 71)),
		},
	},
	{
		.name = "timed-out",
		.conn = {
			.has = ENDS | OWNER | A(ISN) | A(MSS_ADV_BYTES) | A(MSS_ADV_BY) | A(OFFERED),
			.cookie = 0x11, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_TIMED_OUT,
			.first = TCP_LIFECYCLE_FIRST_KERNEL, .age_us = 131020000,
			.isn = 70, .mss_adv_bytes = 1460, .offered = 15,
			.mss_adv_by = TCP_LIFECYCLE_MSS_BY_MTU,
			BY(4711, CONNECT, "ssh"),
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 70),
			     NOTE(1003000, SYN_SENT, TIMER_RTO_SYN, 7, 131020000),
			     MOVE(131020000, SYN_SENT, CLOSED, TIMEOUT)),
		},
	},
	{
		.name = "rst-received",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME | A(LISTENER),
			.cookie = 0x12, NETNS, SERVED,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_SYNCOOKIE,
			.close = TCP_LIFECYCLE_CLOSE_RST_RECEIVED,
			.first = TCP_LIFECYCLE_FIRST_PEER, .age_us = 3100000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 1,
			BY(160, ACCEPTED, "nginx"), .listener = 0x9, .tx_bytes = 10, .rx_bytes = 1,
			.tx_segs = 1, .rx_segs = 1,
			LIFE(SEGMENT(0, LISTEN, SYN_RECV, ACK_RECEIVED, 9001, 7001),
			     SEGMENT(4, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 9001, 7001),
			     NOTE(70, ESTABLISHED, ACCEPTED, 1, 70),
			     SEGMENT(3100000, ESTABLISHED, CLOSED, RST_RECEIVED, 9002, 7011)),
		},
	},
	{
		.name = "rst-unread",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME,
			.cookie = 0x13, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_RST_UNREAD,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 3100000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 900,
			BY(160, CONNECT, "wget"),
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 7000),
			     SEGMENT(900, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED, 9000, 7001),
			     SEGMENT(3100000, ESTABLISHED, CLOSED, KILLED, 7500, 9900),
			     RST(3100010, CLOSED, 7500)),
		},
	},
	{
		.name = "request-timed-out",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(OFFERED) | A(LISTENER) |
			       A(MSS_ADV_BYTES) | A(MSS_ADV_BY),
			.cookie = 0x14, NETNS, SERVED, .mss_absent = true,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.close = TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT,
			.first = TCP_LIFECYCLE_FIRST_KERNEL, .age_us = 63000000,
			.isn = 7000, .peer_isn = 9000, .listener = 0x9, .mss_adv_bytes = 1460,
			.mss_adv_by = TCP_LIFECYCLE_MSS_BY_MTU,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     NOTE(1000000, NEW_SYN_RECV, TIMER_SYN_ACK, 6, 63000000),
			     NOTE(1000001, NEW_SYN_RECV, SYN_ACK_AGAIN, 5, 31000000),
			     MOVE(63000000, NEW_SYN_RECV, CLOSED, TIMEOUT)),
		},
	},
	{
		.name = "request-reset-by-syn",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(LISTENER),
			.cookie = 0x1a, NETNS, SERVED,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.close = TCP_LIFECYCLE_CLOSE_REQUEST_RESET,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 40,
			.isn = 7000, .peer_isn = 9000, .listener = 0x9,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     SYN(40, NEW_SYN_RECV, CLOSED, NEW_SYN, 9005)),
		},
	},
	{
		.name = "request-deferred",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(LISTENER) | A(RTT_US),
			.cookie = 0x1b, NETNS, SERVED, .rtt_us = 30000,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.close = TCP_LIFECYCLE_CLOSE_REQUEST_TIMED_OUT,
			.first = TCP_LIFECYCLE_FIRST_KERNEL, .age_us = 127000000,
			.isn = 7000, .peer_isn = 9000, .listener = 0x9,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     NOTE(30000, NEW_SYN_RECV, ACK_DEFERRED, 2, 31030000),
			     NOTE(1000000, NEW_SYN_RECV, TIMER_SYN_ACK, 7, 127000000),
			     NOTE(31000000, NEW_SYN_RECV, SYN_ACK_AGAIN, 2, 63000000),
			     MOVE(127000000, NEW_SYN_RECV, CLOSED, TIMEOUT)),
		},
	},
	{
		.name = "request-deferred-so-far",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(LISTENER) | A(RTT_US),
			.cookie = 0x1c, NETNS, SERVED, .rtt_us = 30000,
			.state = S(NEW_SYN_RECV), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.age_us = 400000, .isn = 7000, .peer_isn = 9000, .listener = 0x9,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     NOTE(30000, NEW_SYN_RECV, ACK_DEFERRED, 1, 30000)),
		},
	},
	{
		.name = "deferred",
		.conn = {
			.has = ENDS | HANDSHAKE | A(LISTENER),
			.cookie = 0x1d, NETNS, SERVED, MSS_1460, .rtt_us = 30000,
			.state = S(ESTABLISHED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.age_us = 700000, .isn = 7000, .peer_isn = 9000, .listener = 0x9,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     NOTE(30000, NEW_SYN_RECV, ACK_DEFERRED, 1, 30000),
			     SEGMENT(530000, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED, 9001, 7001),
			     SEGMENT(530010, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 9001, 7001)),
		},
	},
	{
		.name = "fastopen-reset",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(FIN) | A(LISTENER),
			.cookie = 0x1e, NETNS, SERVED, .listener = 0x9,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_FASTOPEN,
			.close = TCP_LIFECYCLE_CLOSE_REQUEST_RESET,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 900,
			.isn = 7000, .peer_isn = 9000, .fin = 7101,
			LIFE(SYN(0, LISTEN, SYN_RECV, SYN_RECEIVED, 9000),
			     SEGMENT(300, SYN_RECV, FIN_WAIT_1, CLOSE, 7101, 9021),
			     SYN(900, FIN_WAIT_1, CLOSED, RST_RECEIVED, 9021)),
		},
	},
	{
		.name = "fastopen-unreachable",
		.conn = {
			.has = ENDS | A(ISN) | A(PEER_ISN) | A(LISTENER),
			.cookie = 0x1f, NETNS, SERVED, .listener = 0x9,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_FASTOPEN,
			.close = TCP_LIFECYCLE_CLOSE_UNREACHABLE,
			.first = TCP_LIFECYCLE_FIRST_NETWORK, .age_us = 900,
			.isn = 7000, .peer_isn = 9000,
			LIFE(SYN(0, LISTEN, SYN_RECV, SYN_RECEIVED, 9000),
			     MOVE(900, SYN_RECV, CLOSED, ICMP)),
		},
	},
	{
		.name = "preexisting-with-gaps",
		.conn = {
			.has = ENDS | VOLUME | A(FIN) | A(DROPPED) | A(GAPS),
			.cookie = 0x15, NETNS, SERVED,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PREEXISTING,
			.close = TCP_LIFECYCLE_CLOSE_UNKNOWN,
			.first = TCP_LIFECYCLE_FIRST_UNKNOWN, .age_us = 63000000,
			.dropped = 4, .gaps = 1, .tx_bytes = 1, .rx_bytes = 1ULL << 33,
			.tx_segs = 1, .rx_segs = 7000000,
			LIFE(NOTE(0, ESTABLISHED, TIMER_DELAYED_ACK, 65535, 60000000),
			     SEGMENT(61000000, ESTABLISHED, FIN_WAIT_1, KILLED, 1234, 77),
			     MOVE(62000000, CLOSE_WAIT, LAST_ACK, UNKNOWN, .gap = true),
			     MOVE(62500000, LAST_ACK, SYN_SENT, UNKNOWN, .illegal = true),
			     NOTE(62600000, SYN_SENT, RST_OUT, 1, 62600000),
			     MOVE(63000000, SYN_SENT, CLOSED, UNKNOWN)),
		},
	},
	{
		.name = "fastopen",
		.conn = {
			.has = ENDS | HANDSHAKE | VOLUME | A(FIN) | A(PEER_FIN) | A(LISTENER) |
			       A(TW_PLANNED_MS) | A(TW_ACTUAL_US),
			.cookie = 0x16, NETNS, SERVED, .listener = 0x9,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_FASTOPEN,
			.close = TCP_LIFECYCLE_CLOSE_FIN,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 30001000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 400, .fin = 7101,
			.peer_fin = 9021, .tx_bytes = 100, .rx_bytes = 20, .tx_segs = 4, .rx_segs = 5,
			.tw_planned_ms = 60000, .tw_actual_us = 30000000,
			LIFE(SYN(0, LISTEN, SYN_RECV, SYN_RECEIVED, 9000),
			     SEGMENT(300, SYN_RECV, FIN_WAIT_1, CLOSE, 7101, 9021),
			     SEGMENT(700, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED, 9021, 7102),
			     SEGMENT(1000, FIN_WAIT_2, TIME_WAIT, FIN_RECEIVED, 9021, 7102),
			     ARMED(1000, TIME_WAIT, 2MSL_ARMED, 60000),
			     SYN(30001000, TIME_WAIT, CLOSED, NEW_SYN, 1234567)),
		},
	},
	{
		.name = "unreachable",
		.conn = {
			.has = ENDS | A(ISN), .cookie = 0x17, NETNS, WEB, .isn = 70,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_UNREACHABLE,
			.first = TCP_LIFECYCLE_FIRST_NETWORK, .age_us = 3000,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 70),
			     MOVE(3000, SYN_SENT, CLOSED, ICMP)),
		},
	},
	{
		.name = "aborted",
		.conn = {
			.has = ENDS | HANDSHAKE, .cookie = 0x18, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_ABORTED,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 3600000000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 400,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 7000),
			     SEGMENT(400, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED, 9000, 7001),
			     RST(3600000000, ESTABLISHED, 7001,
				 .reason = TCP_LIFECYCLE_RST_REASON_TCP_STATE),
			     MOVE(3600000003, ESTABLISHED, CLOSED, ABORT)),
		},
	},
	{
		.name = "late-data",
		.conn = {
			.has = ENDS | HANDSHAKE | A(FIN), .cookie = 0x19, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_RST_LATE_DATA,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 5000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 400, .fin = 7001,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 7000),
			     SEGMENT(400, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED, 9000, 7001),
			     SEGMENT(1000, ESTABLISHED, FIN_WAIT_1, CLOSE, 7001, 9001),
			     SEGMENT(1400, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED, 9001, 7002),
			     ARMED(1400, FIN_WAIT_2, FIN_WAIT_2_ARMED, 60000),
			     RST(4998, FIN_WAIT_2, 7002),
			     SEGMENT(5000, FIN_WAIT_2, CLOSED, LATE_DATA, 9001, 7002)),
		},
	},
	{
		.name = "restored",
		.conn = {
			.has = ENDS | OWNER | VOLUME | A(FIN) | A(AGREED) | A(WSCALE_LOCAL) |
			       A(WSCALE_PEER) | A(MSS_EFF_BYTES) | A(CLOSER_PID) | A(CLOSER_COMM) |
			       A(THREAD),
			.cookie = 0x6b, NETNS, WEB, .state = S(CLOSED),
			.open = TCP_LIFECYCLE_OPEN_RESTORED,
			.close = TCP_LIFECYCLE_CLOSE_SILENT,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 8000,
			.fin = 2627636650, .agreed = 14, .wscale_local = 7,
			.wscale_peer = 7, .mss_eff_bytes = 524, BY(145, CONNECT, "criu"),
			.thread = "criu-ns", .closer_pid = 201, .closer_comm = "worker",
			.tx_bytes = 10, .rx_bytes = 7, .tx_segs = 5, .rx_segs = 4,
			LIFE(MOVE(0, CLOSED, SYN_SENT, RESTORED),
			     MOVE(3, SYN_SENT, ESTABLISHED, RESTORED),
			     SEGMENT(4000, ESTABLISHED, FIN_WAIT_1, SILENT,
				     2627636650, 52593074),
			     MOVE(8000, FIN_WAIT_1, CLOSED, SILENT)),
		},
	},
	{
		.name = "migrated",
		.conn = {
			.has = ENDS | OWNER | HANDSHAKE | VOLUME | A(FIN) | A(LISTENER) |
			       A(ACCEPT_US) | A(CLOSER_PID) | A(CLOSER_COMM),
			.cookie = 0x22, NETNS, SERVED, .state = S(FIN_WAIT_2),
			.open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.first = TCP_LIFECYCLE_FIRST_LOCAL, .age_us = 9000000,
			.isn = 6000, .peer_isn = 9000, .fin = 7001, MSS_1460, .rtt_us = 700,
			BY(160, ACCEPTED, "nginx"), .listener = 0x9, .accept_us = 900,
			.closer_pid = 201, .closer_comm = "worker",
			.tx_bytes = 1000, .tx_segs = 2, .rx_segs = 3,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 9000),
			     SEGMENT(700, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED, 9001, 6001),
			     SEGMENT(700, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 9001, 6001),
			     NOTE(1000, ESTABLISHED, MIGRATED, 1, 1000),
			     NOTE(1600, ESTABLISHED, ACCEPTED, 1, 1600),
			     SEGMENT(5000, ESTABLISHED, FIN_WAIT_1, EXIT, 7001, 9001),
			     SEGMENT(6000, FIN_WAIT_1, FIN_WAIT_2, FIN_ACKED, 9001, 7002)),
		},
	},
	{
		.name = "self",
		.conn = {
			.has = ENDS | OWNER | A(ISN) | A(PEER_ISN),
			.cookie = 0x23, NETNS, LOOPBACK, .local_port = 40112,
			.remote_port = 40112, .state = S(CLOSED),
			.open = TCP_LIFECYCLE_OPEN_SELF,
			.close = TCP_LIFECYCLE_CLOSE_SIMULTANEOUS,
			.first = TCP_LIFECYCLE_FIRST_BOTH, .age_us = 60000200,
			.isn = 6000, .peer_isn = 6000, BY(201, CONNECT, "worker"),
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 6000),
			     SYN(10, SYN_SENT, SYN_RECV, SYN_RECEIVED, 6000),
			     SEGMENT(20, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 6001, 6001),
			     SEGMENT(100, ESTABLISHED, FIN_WAIT_1, CLOSE, 6001, 6001),
			     SEGMENT(110, FIN_WAIT_1, CLOSING, FIN_RECEIVED, 6001, 6001),
			     SEGMENT(200, CLOSING, TIME_WAIT, FIN_ACKED, 6002, 6002),
			     MOVE(60000200, TIME_WAIT, CLOSED, 2MSL_EXPIRED)),
		},
	},
	{
		.name = "unsent",
		.conn = {
			.has = ENDS | HANDSHAKE | VOLUME, .cookie = 0x1b, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_UNSENT,
			.first = TCP_LIFECYCLE_FIRST_KERNEL, .age_us = 925000000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 400,
			.tx_segs = 2, .rx_segs = 1,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 7000),
			     SEGMENT(400, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED, 9000, 7001),
			     NOTE(1200000, ESTABLISHED, TIMER_UNSENT, 15, 800000000, .nth = 15),
			     MOVE(925000000, ESTABLISHED, CLOSED, TIMEOUT)),
		},
	},
	{
		.name = "unsent-user-timeout",
		.conn = {
			.has = ENDS | HANDSHAKE, .cookie = 0x1c, NETNS, WEB,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.close = TCP_LIFECYCLE_CLOSE_USER_TIMEOUT,
			.first = TCP_LIFECYCLE_FIRST_KERNEL, .age_us = 30000000,
			.isn = 7000, .peer_isn = 9000, MSS_1460, .rtt_us = 400,
			LIFE(SYN(0, CLOSED, SYN_SENT, CONNECT, 7000),
			     SEGMENT(400, SYN_SENT, ESTABLISHED, SYN_ACK_RECEIVED, 9000, 7001),
			     NOTE(1200000, ESTABLISHED, TIMER_RTO_DATA, 2, 2400000),
			     NOTE(10000000, ESTABLISHED, TIMER_UNSENT, 6, 25000000, .nth = 6),
			     MOVE(30000000, ESTABLISHED, CLOSED, TIMEOUT)),
		},
	},
	{
		/* The first numbers are the last two there are: 0 is a number. */
		.name = "numbers-of-0",
		.conn = {
			.has = ENDS | HANDSHAKE | A(FIN) | A(PEER_FIN), .cookie = 0x1d, NETNS, SERVED,
			.state = S(CLOSED), .open = TCP_LIFECYCLE_OPEN_PASSIVE,
			.close = TCP_LIFECYCLE_CLOSE_FIN,
			.first = TCP_LIFECYCLE_FIRST_PEER, .age_us = 700,
			.isn = 0xffffffff, .peer_isn = 0, MSS_1460, .rtt_us = 100,
			.fin = 0, .peer_fin = 1,
			LIFE(SYN(0, LISTEN, NEW_SYN_RECV, SYN_RECEIVED, 0),
			     SEGMENT(100, NEW_SYN_RECV, SYN_RECV, ACK_RECEIVED, 1, 0),
			     SEGMENT(100, SYN_RECV, ESTABLISHED, ACK_RECEIVED, 1, 0),
			     SEGMENT(300, ESTABLISHED, CLOSE_WAIT, FIN_RECEIVED, 1, 0),
			     SEGMENT(500, CLOSE_WAIT, LAST_ACK, CLOSE, 0, 2),
			     SEGMENT(700, LAST_ACK, CLOSED, FIN_ACKED, 2, 1)),
		},
	},
	{
		.name = "listener",
		.conn = {
			.has = (ENDS | OWNER | A(BACKLOG) | A(ACCEPTED) | A(SYN_OVERFLOW) |
				A(ACCEPT_OVERFLOW) | A(COOKIES_SENT) | A(COOKIES_VALID)) &
			       ~(A(CLOSE) | A(FIRST) | A(REMOTE_PORT)),
			.cookie = 0x9, NETNS, .local = V4(0, 0, 0, 0), .local_port = 443,
			.remote = V4(0, 0, 0, 0), .state = S(LISTEN),
			.open = TCP_LIFECYCLE_OPEN_LISTENER, .age_us = 86400000000,
			BY(160, LISTEN, "nginx"), .backlog = 511, .accepted = 12345,
			.syn_overflow = 2, .accept_overflow = 1, .cookies_sent = 50,
			.cookies_valid = 7,
			LIFE(MOVE(0, CLOSED, LISTEN, LISTEN)),
		},
	},
	{
		.name = "hostile-comm",
		.conn = {
			.has = (ENDS | OWNER | A(LOCAL6) | A(REMOTE6)) &
			       ~(A(LOCAL4) | A(REMOTE4)),
			.cookie = 0xffffffffffffffffULL, .generation = 15, NETNS,
			.family = TCP_LIFECYCLE_FAMILY_IPV6,
			.local = { 16, { 0x20, 1, 0xd, 0xb8, 0x85, 0xa3, 0x8d, 0x30, 0x13,
					 0x19, 0x8a, 0x2e, 0x37, 0x70, 0x73, 0x48 } },
			.remote = { 16, { 0x20, 1, 0xd, 0xb8, 0x85, 0xa3, 0x8d, 0x30, 0x13,
					  0x19, 0x8a, 0x2e, 0x37, 0x70, 0x73, 0x49 } },
			.local_port = 50000, .remote_port = 65535,
			.state = S(SYN_SENT), .open = TCP_LIFECYCLE_OPEN_ACTIVE,
			.age_us = 1000, BY(1, CONNECT, "\033[2J\n\\x\xff evil"),
			LIFE(MOVE(0, CLOSED, SYN_SENT, CONNECT)),
		},
	},
};

const size_t nr_lives = sizeof(lives) / sizeof(lives[0]);
