// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn: many TCP connections over loopback, as fast as they go, or held open.
 *
 *	churn PORT CONNECTIONS THREADS [MICROSECONDS]
 *					open, talk, close, each in one of four ways, each
 *					thread with such a pause between two
 *	churn hold PORT CONNECTIONS	open them all, print "ready", close at EOF of stdin
 *
 * In C because Python under emulation would need minutes. Prints what failed and
 * exits 1; "done" when all went well.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define WORD "hello"

static struct sockaddr_in where = { .sin_family = AF_INET };
static int listener, per_thread, pause_us;

static void check(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "churn: %s: %s\n", what, strerror(errno));
	exit(1);
}

enum { RESET = 3 };	/* one of four ways to close */

/*
 * The client's RST may overtake its last data, on another processor: it is answered
 * by a challenge ACK, and the RST that answers this one ends the connection before.
 */
static void talk(int fd, int first, int way)
{
	char word[sizeof(WORD) - 1];
	ssize_t got;
	int i;

	for (i = 0; i < 2; i++) {
		if (i == first) {
			check(send(fd, WORD, sizeof(word), MSG_NOSIGNAL) == sizeof(word), "send");
			continue;
		}
		got = recv(fd, word, sizeof(word), MSG_WAITALL);
		check(got == sizeof(word) || (way == RESET && first == 0 && got < 0 &&
					      errno == ECONNRESET), "recv");
	}
}

static void await_fin(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		;
}

/* Which end closes first, and how: both threads know it from the first byte. */
static void finish(int fd, int way, int client)
{
	static const struct linger reset = { .l_onoff = 1 };

	switch (way) {
	case 0:
	case 1:		/* one end first, the other when it knows */
		if (way == client)
			await_fin(fd);
		break;
	case 2:		/* both, without waiting for each other */
		break;
	case RESET:	/* from the client */
		if (client)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		else
			await_fin(fd);
		break;
	}
	close(fd);
}

static void *serve(void *unused)
{
	unsigned char way;
	int i, fd;

	for (i = 0; i < per_thread; i++) {
		fd = accept(listener, NULL, NULL);
		check(fd >= 0, "accept");
		check(recv(fd, &way, 1, 0) == 1, "recv");
		talk(fd, 0, way);
		finish(fd, way, 0);
	}
	return unused;
}

static int dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	check(fd >= 0, "socket");
	check(!connect(fd, (struct sockaddr *)&where, sizeof(where)), "connect");
	return fd;
}

static void *use(void *unused)
{
	unsigned char way;
	int i, fd;

	for (i = 0; i < per_thread; i++) {
		fd = dial();
		way = i % 4;
		check(send(fd, &way, 1, MSG_NOSIGNAL) == 1, "send");
		talk(fd, 1, way);
		finish(fd, way, 1);
		if (pause_us)
			usleep(pause_us);
	}
	return unused;
}

static void churn(int connections, int threads)
{
	pthread_t *thread = calloc(2 * threads, sizeof(*thread));
	int i;

	check(!!thread, "calloc");
	per_thread = connections / threads;
	for (i = 0; i < threads; i++) {
		check(!pthread_create(&thread[2 * i], NULL, serve, NULL), "thread");
		check(!pthread_create(&thread[2 * i + 1], NULL, use, NULL), "thread");
	}
	for (i = 0; i < 2 * threads; i++)
		pthread_join(thread[i], NULL);
	free(thread);
}

static void hold(int connections)
{
	int *fd = calloc(2 * connections, sizeof(*fd));
	int i;

	check(!!fd, "calloc");
	for (i = 0; i < connections; i++) {
		/*
		 * To 127.0.0.1, .2 and so on: past half of the ports to one and
		 * the same address each connect() tries thousands.
		 */
		where.sin_addr.s_addr = htonl(INADDR_LOOPBACK + i / 10000);
		fd[2 * i] = dial();
		fd[2 * i + 1] = accept(listener, NULL, NULL);
		check(fd[2 * i + 1] >= 0, "accept");
	}
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	for (i = 0; i < 2 * connections; i++)
		close(fd[i]);
	free(fd);
}

int main(int argc, char **argv)
{
	const struct rlimit many = { 1 << 20, 1 << 20 };
	int holding = argc == 4 && !strcmp(argv[1], "hold");
	int one = 1;

	if (argc != 4 && (argc != 5 || holding)) {
		fputs("usage: churn PORT CONNECTIONS THREADS [MICROSECONDS] | churn hold PORT CONNECTIONS\n",
		      stderr);
		return 2;
	}
	pause_us = argc == 5 ? atoi(argv[4]) : 0;
	setrlimit(RLIMIT_NOFILE, &many);
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	where.sin_port = htons(atoi(argv[1 + holding]));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	check(listener >= 0, "socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (holding)
		where.sin_addr.s_addr = htonl(INADDR_ANY);
	check(!bind(listener, (struct sockaddr *)&where, sizeof(where)), "bind");
	check(!listen(listener, 4096), "listen");
	if (holding)
		hold(atoi(argv[3]));
	else
		churn(atoi(argv[2]), atoi(argv[3]));
	puts("done");
	return 0;
}
