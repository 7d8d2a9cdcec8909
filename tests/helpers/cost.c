// SPDX-License-Identifier: GPL-2.0-only
/*
 * cost: what TCP work takes, in nanoseconds for a unit of it. In the lab's virtual
 * time those are instructions, exactly.
 *
 *	cost churn N	connections: connect, accept, 5 bytes each way, close
 *	cost bulk N	MiB through one connection
 *	cost requests N	requests and their responses over one connection
 *	cost flood N	rounds of nine SYNs from nobody's address, and one connection; IPv4
 *	cost refused N	connections to a port where nobody listens
 *	cost stray N	ACKs from nobody's address, to such a port; IPv4
 *
 *	-6  IPv6	-n NETNS ADDRESS  the server is in that namespace, and has that address
 *	-p PORT		the server's, of further threads the next ones (else any that is free)
 *	-t THREADS	as many at once, each with N units to do; then -w is implied
 *	-w		by the wall clock: do not leave out when the processor was idle
 *
 * One thread plays both ends, so nearly nothing ever waits; where it does (for the
 * timer of a delayed ACK) the processor is idle, which is left out. To warm up, a
 * tenth of the units is done before those that count, but not by threads.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MIB (1 << 20)
#define SYNS 9

/* What the threads share: what is to be done, and with whom. */
static struct {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} server;
	socklen_t len;
	const char *netns;
	int backlog;
	int count;
	int wall;
} set = { .backlog = 64 };

/* One thread's ends. */
struct ends {
	__typeof__(set.server) where;
	int listener;
	int client, server;	/* one connection that stays, or -1 */
	int raw;
	uint32_t segments;	/* sent by hand */
};

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "cost: %s: %s\n", what, strerror(errno));
	exit(1);
}

/*
 * The kernel's own account of all processors' idle time; a file of root's.  7.3 has none
 * there, and in /proc/uptime more of it than time passes: what is idle counts there, too.
 */
static long long idle(void)
{
	static const char name[] = ".idle_sleeptime";
	FILE *file = fopen("/proc/timer_list", "r");
	long long sum = 0, ns;
	char line[256], *at;

	check(!!file, "/proc/timer_list");
	while (fgets(line, sizeof(line), file)) {
		at = strstr(line, name);
		if (at && sscanf(at + sizeof(name) - 1, " : %lld", &ns) == 1)
			sum += ns;
	}
	fclose(file);
	return sum;
}

static long long now(void)
{
	long long cpus = set.wall ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
	long long away = set.wall ? 0 : idle();
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ts.tv_sec * 1000000000LL + ts.tv_nsec) * cpus - away;
}

static void listen_there(struct ends *e)
{
	socklen_t len = set.len;
	int fd, one = 1;
	char path[256];

	if (set.netns) {
		snprintf(path, sizeof(path), "/run/netns/%s", set.netns);
		fd = open(path, O_RDONLY);
		check(fd >= 0, path);
		check(!setns(fd, CLONE_NEWNET), "setns");
		close(fd);
	}
	e->listener = socket(set.server.any.sa_family, SOCK_STREAM, 0);
	check(e->listener >= 0, "socket");
	/* Of an earlier run connections may be in TIME_WAIT. */
	setsockopt(e->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	e->where = set.server;
	check(!bind(e->listener, &e->where.any, len), "bind");
	check(!listen(e->listener, set.backlog), "listen");
	check(!getsockname(e->listener, &e->where.any, &len), "getsockname");
}

static void prepare(struct ends *e)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY);

	*e = (struct ends){ .client = -1, .server = -1, .raw = -1 };
	check(home >= 0, "/proc/thread-self/ns/net");
	listen_there(e);
	check(!setns(home, CLONE_NEWNET), "setns");
	close(home);
}

static void meet(struct ends *e)
{
	e->client = socket(e->where.any.sa_family, SOCK_STREAM, 0);
	check(e->client >= 0, "socket");
	check(!connect(e->client, &e->where.any, set.len), "connect");
	e->server = accept(e->listener, NULL, NULL);
	check(e->server >= 0, "accept");
}

static void part(struct ends *e)
{
	check(!close(e->client), "close");
	check(!close(e->server), "close");
	e->client = e->server = -1;
}

static void exchange(struct ends *e)
{
	char word[5] = "hello";

	check(send(e->client, word, sizeof(word), 0) == sizeof(word), "send");
	check(recv(e->server, word, sizeof(word), MSG_WAITALL) == sizeof(word), "recv");
	check(send(e->server, word, sizeof(word), 0) == sizeof(word), "send");
	check(recv(e->client, word, sizeof(word), MSG_WAITALL) == sizeof(word), "recv");
}

static void do_churn(struct ends *e)
{
	meet(e);
	exchange(e);
	part(e);
}

static void do_request(struct ends *e)
{
	if (e->client < 0)
		meet(e);
	exchange(e);
}

/* What is sent at once fits into what a socket takes without waiting. */
static void do_mib(struct ends *e)
{
	static char block[32768];
	int i;

	if (e->client < 0)
		meet(e);
	for (i = 0; i < MIB; i += sizeof(block)) {
		check(send(e->client, block, sizeof(block), 0) == sizeof(block), "send");
		check(recv(e->server, block, sizeof(block), MSG_WAITALL) == sizeof(block),
		      "recv");
	}
}

static uint32_t sum16(const void *data, size_t len)
{
	const uint16_t *at = data;
	uint32_t sum = 0;

	for (; len; len -= 2)
		sum += *at++;
	return sum;
}

static uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* From 10.128.0.0/9, where nobody is: what is answered finds no taker. */
static void send_by_hand(struct ends *e, int syn)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP },
		.tcp = { .doff = 5, .syn = syn, .ack = !syn, .window = htons(64240) },
	};

	if (e->raw < 0)
		e->raw = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	check(e->raw >= 0, "a raw socket");
	e->segments++;
	p.ip.tot_len = htons(sizeof(p));
	p.ip.saddr = htonl(0x0a800000 | (e->segments & 0x7fffff));
	p.ip.daddr = e->where.v4.sin_addr.s_addr;
	p.tcp.source = htons(1024 + e->segments % 60000);
	p.tcp.dest = e->where.v4.sin_port;
	p.tcp.seq = htonl(e->segments * 2654435761U);
	p.tcp.check = folded(sum16(&p.ip.saddr, 8) + htons(IPPROTO_TCP) +
			     htons(sizeof(p.tcp)) + sum16(&p.tcp, sizeof(p.tcp)));
	check(sendto(e->raw, &p, sizeof(p), 0, &e->where.any, set.len) == sizeof(p),
	      "sendto");
}

static void do_flood(struct ends *e)
{
	int i;

	for (i = 0; i < SYNS; i++)
		send_by_hand(e, 1);
	do_churn(e);
}

/* The listener was only there to find a free port. */
static void stop_listening(struct ends *e)
{
	if (e->listener >= 0)
		close(e->listener);
	e->listener = -1;
}

static void do_stray(struct ends *e)
{
	stop_listening(e);
	send_by_hand(e, 0);
}

static void do_refused(struct ends *e)
{
	stop_listening(e);
	e->client = socket(e->where.any.sa_family, SOCK_STREAM, 0);
	check(e->client >= 0, "socket");
	check(connect(e->client, &e->where.any, set.len) && errno == ECONNREFUSED,
	      "a connection that should have been refused");
	close(e->client);
}

static const struct work {
	const char *name;
	void (*unit)(struct ends *e);
} works[] = {
	{ "churn", do_churn }, { "bulk", do_mib }, { "requests", do_request },
	{ "flood", do_flood }, { "refused", do_refused },
	{ "stray", do_stray },
};

/* Return: ns for one unit. */
static long long measure(const struct work *work)
{
	int i, warm = set.count / 10;
	long long start = 0;
	struct ends e;

	prepare(&e);
	for (i = 0; i < set.count + warm; i++) {
		if (i == warm)
			start = now();
		work->unit(&e);
	}
	return (now() - start) / set.count;
}

struct thread {
	pthread_t id;
	const struct work *work;
	struct ends ends;
};

static void *in_thread(void *data)
{
	struct thread *t = data;
	int i;

	for (i = 0; i < set.count; i++)
		t->work->unit(&t->ends);
	return NULL;
}

/* Return: ns for one unit, all threads' taken together. */
static long long measure_threads(const struct work *work, int threads)
{
	struct thread *thread = calloc(threads, sizeof(*thread));
	in_port_t *port = set.server.any.sa_family == AF_INET ?
		&set.server.v4.sin_port : &set.server.v6.sin6_port;
	long long start;
	int i;

	check(!!thread, "calloc");
	for (i = 0; i < threads; i++) {
		thread[i].work = work;
		prepare(&thread[i].ends);
		if (*port)
			*port = htons(ntohs(*port) + 1);
	}
	start = now();
	for (i = 0; i < threads; i++)
		check(!pthread_create(&thread[i].id, NULL, in_thread, &thread[i]), "thread");
	for (i = 0; i < threads; i++)
		pthread_join(thread[i].id, NULL);
	free(thread);
	return (now() - start) / set.count / threads;
}

static int usage(void)
{
	fputs("usage: cost [-6] [-n NETNS ADDRESS] [-p PORT] [-t THREADS] [-w]\n"
	      "            churn|bulk|requests|flood|refused|stray N   (N at least 10)\n", stderr);
	return 2;
}

static int set_server(const char *address, int v6, int port)
{
	if (v6) {
		set.len = sizeof(set.server.v6);
		set.server.v6.sin6_family = AF_INET6;
		set.server.v6.sin6_port = htons(port);
		return inet_pton(AF_INET6, address ?: "::1", &set.server.v6.sin6_addr);
	}
	set.len = sizeof(set.server.v4);
	set.server.v4.sin_family = AF_INET;
	set.server.v4.sin_port = htons(port);
	return inet_pton(AF_INET, address ?: "127.0.0.1", &set.server.v4.sin_addr);
}

int main(int argc, char **argv)
{
	int opt, v6 = 0, port = 0, threads = 0;
	const char *address = NULL;
	size_t i;

	while ((opt = getopt(argc, argv, "+6n:p:t:w")) != -1) {
		switch (opt) {
		case '6':
			v6 = 1;
			break;
		case 'n':
			set.netns = optarg;
			address = optind < argc ? argv[optind++] : NULL;
			break;
		case 'p':
			port = atoi(optarg);
			break;
		case 't':
			threads = atoi(optarg);
			set.wall = 1;
			break;
		case 'w':
			set.wall = 1;
			break;
		default:
			return usage();
		}
	}
	if (argc - optind != 2 || !set_server(address, v6, port))
		return usage();
	set.count = atoi(argv[optind + 1]);
	for (i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (!strcmp(argv[optind], works[i].name))
			break;
	if (i == sizeof(works) / sizeof(*works) || set.count < 10)
		return usage();
	/* Full soon, and then every SYN is answered by a cookie. */
	if (works[i].unit == do_flood)
		set.backlog = 4;
	printf("%lld\n", threads ? measure_threads(&works[i], threads) : measure(&works[i]));
	return 0;
}
