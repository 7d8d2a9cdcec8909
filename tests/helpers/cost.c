// SPDX-License-Identifier: GPL-2.0
/*
 * cost: what one loopback connection takes, in nanoseconds of this machine's
 * clock. In the lab's virtual time that is instructions, exactly.
 *
 *	cost CONNECTIONS	prints ns per connection, both ends
 *
 * One thread plays both ends, and nothing ever waits: connect, accept, 5 bytes
 * each way, close. The first tenth warms up and does not count.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(1);
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void one(int listener, const struct sockaddr_in *where)
{
	int client = socket(AF_INET, SOCK_STREAM, 0), server;
	char word[5] = "hello";

	check(client >= 0, "socket");
	check(!connect(client, (const struct sockaddr *)where, sizeof(*where)), "connect");
	server = accept(listener, NULL, NULL);
	check(server >= 0, "accept");
	check(send(client, word, sizeof(word), 0) == sizeof(word), "send");
	check(recv(server, word, sizeof(word), MSG_WAITALL) == sizeof(word), "recv");
	check(send(server, word, sizeof(word), 0) == sizeof(word), "send");
	check(recv(client, word, sizeof(word), MSG_WAITALL) == sizeof(word), "recv");
	check(!close(client), "close");
	check(!close(server), "close");
}

int main(int argc, char **argv)
{
	struct sockaddr_in where = { .sin_family = AF_INET };
	socklen_t len = sizeof(where);
	int i, count = argc == 2 ? atoi(argv[1]) : 0;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	long long start = 0;

	if (count < 10) {
		fprintf(stderr, "usage: cost CONNECTIONS (at least 10)\n");
		return 2;
	}
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(!bind(listener, (struct sockaddr *)&where, len), "bind");
	check(!listen(listener, 16), "listen");
	check(!getsockname(listener, (struct sockaddr *)&where, &len), "getsockname");

	for (i = 0; i < count + count / 10; i++) {
		if (i == count / 10)
			start = now();
		one(listener, &where);
	}
	printf("%lld\n", (now() - start) / count);
	return 0;
}
