// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire.c: segments by hand, and the end of a socket from outside.
 *
 * Owns: what no system call of TCP sends: a SYN without a socket, an RST to a TIME_WAIT,
 * an ICMP; and the request that ss -K makes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "canary/canary.h"

#define IP_SIZE 20
#define TCP_SIZE 20
#define OPTION_SIZE 4
#define ICMP_SIZE 8
#define ICMP_QUOTED 8		/* bytes of what is in the datagram */

static uint32_t add_up(const uint8_t *data, size_t size, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < size; i += 2)
		sum += data[i] << 8 | data[i + 1];
	return sum;
}

static uint16_t checksum(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* The kernel adds length and checksum. */
static void put_ip(uint8_t *ip, uint32_t from, uint32_t to, uint8_t protocol, uint16_t size)
{
	memset(ip, 0, IP_SIZE);
	ip[0] = 0x45;
	put16(ip + 2, size);
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, &from, 4);
	memcpy(ip + 16, &to, 4);
}

static int send_raw(int raw, const uint8_t *packet, size_t size, uint32_t to)
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = to };

	return sendto(raw, packet, size, 0, (const struct sockaddr *)&address,
		      sizeof(address)) < 0 ? -errno : 0;
}

/**
 * wire_open() - a socket for what follows
 *
 * Return: a file descriptor, or a negative error.
 */
int wire_open(void)
{
	int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	return raw < 0 ? -errno : raw;
}

/**
 * wire_send() - send a segment without data
 * @raw: of wire_open()
 * @s: it; a SYN permits SACK, for loss probes
 *
 * Return: 0, or a negative error.
 */
int wire_send(int raw, const struct wire_segment *s)
{
	static const uint8_t sack_permitted[OPTION_SIZE] = { 4, 2, 1, 1 };
	uint8_t packet[IP_SIZE + TCP_SIZE + OPTION_SIZE] = { 0 }, *tcp = packet + IP_SIZE;
	size_t size = TCP_SIZE;

	if (s->flags & WIRE_SYN) {
		memcpy(tcp + size, sack_permitted, OPTION_SIZE);
		size += OPTION_SIZE;
	}
	put_ip(packet, s->from, s->to, IPPROTO_TCP, IP_SIZE + size);
	put16(tcp, s->sport);
	put16(tcp + 2, s->dport);
	put32(tcp + 4, s->seq);
	put32(tcp + 8, s->ack);
	tcp[12] = size / 4 << 4;
	tcp[13] = s->flags;
	put16(tcp + 14, 0xffff);
	put16(tcp + 16, checksum(add_up(tcp, size, add_up(packet + 12, 8, IPPROTO_TCP + size))));
	return send_raw(raw, packet, IP_SIZE + size, s->to);
}

/**
 * wire_icmp() - say that a segment did not arrive
 * @raw: of wire_open()
 * @about: the segment, whose sender hears of it
 * @code: of ICMP's type 3
 * @mtu: for code 4, else 0
 *
 * Return: 0, or a negative error.
 */
int wire_icmp(int raw, const struct wire_segment *about, uint8_t code, uint16_t mtu)
{
	uint8_t packet[IP_SIZE + ICMP_SIZE + IP_SIZE + ICMP_QUOTED] = { 0 };
	uint8_t *icmp = packet + IP_SIZE, *quoted = icmp + ICMP_SIZE;
	uint8_t *tcp = quoted + IP_SIZE;

	put_ip(packet, about->from, about->from, IPPROTO_ICMP, sizeof(packet));
	put_ip(quoted, about->from, about->to, IPPROTO_TCP, IP_SIZE + TCP_SIZE);
	put16(quoted + 10, checksum(add_up(quoted, IP_SIZE, 0)));
	put16(tcp, about->sport);
	put16(tcp + 2, about->dport);
	put32(tcp + 4, about->seq);
	icmp[0] = 3;
	icmp[1] = code;
	put16(icmp + 6, mtu);
	put16(icmp + 2, checksum(add_up(icmp, sizeof(packet) - IP_SIZE, 0)));
	return send_raw(raw, packet, sizeof(packet), about->from);
}

/**
 * wire_destroy() - end a socket, as ss -K does
 * @s: what it sends: its addresses and ports
 *
 * Return: 0, or a negative error: -EOPNOTSUPP if the kernel was built without.
 */
int wire_destroy(const struct wire_segment *s)
{
	char buf[512];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct mnl_socket *sock;
	struct inet_diag_req_v2 *request;
	ssize_t got;
	int err = 0;

	nlh->nlmsg_type = SOCK_DESTROY;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	request = mnl_nlmsg_put_extra_header(nlh, sizeof(*request));
	request->sdiag_family = AF_INET;
	request->sdiag_protocol = IPPROTO_TCP;
	request->idiag_states = -1;
	request->id.idiag_sport = htons(s->sport);
	request->id.idiag_dport = htons(s->dport);
	request->id.idiag_src[0] = s->from;
	request->id.idiag_dst[0] = s->to;
	request->id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	request->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	sock = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!sock)
		return -errno;
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0) {
		err = -errno;
	} else {
		got = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		if (got < 0 || mnl_cb_run(buf, got, 1, mnl_socket_get_portid(sock), NULL,
					  NULL) < 0)
			err = -errno;
	}
	mnl_socket_close(sock);
	return err;
}
