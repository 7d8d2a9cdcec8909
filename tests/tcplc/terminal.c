// SPDX-License-Identifier: GPL-2.0-only
/*
 * terminal.c: a terminal to print on, and what was printed.
 *
 * A pseudo-terminal holds a few kilobytes, so a thread reads the other end.
 */
#define _GNU_SOURCE	/* posix_openpt(), cfmakeraw() */
#include "terminal.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static char text[1 << 20];
static size_t len;
static int master = -1, slave = -1;
static pthread_t reader;

/* Until the last one that has it open closes it: then read() fails. */
static void *take(void *unused)
{
	ssize_t n;

	(void)unused;
	while (len < sizeof(text) - 1 &&
	       (n = read(master, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	return NULL;
}

/**
 * terminal_open() - a terminal which does nothing to what is printed
 * @rows: its height
 * @columns: its width
 *
 * Return: a file descriptor of it, which terminal_close() closes.
 */
int terminal_open(unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	struct termios raw;

	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) || unlockpt(master))
		abort();
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || tcgetattr(slave, &raw))
		abort();
	cfmakeraw(&raw);
	if (tcsetattr(slave, TCSANOW, &raw) || ioctl(slave, TIOCSWINSZ, &size))
		abort();
	len = 0;
	if (pthread_create(&reader, NULL, take, NULL))
		abort();
	return slave;
}

/**
 * terminal_type() - keys, as if somebody sat there
 * @keys: which
 */
void terminal_type(const char *keys)
{
	if (write(master, keys, strlen(keys)) != (ssize_t)strlen(keys))
		abort();
}

/**
 * terminal_close() - no more
 *
 * Return: all that was printed; valid until another is opened.
 */
const char *terminal_close(void)
{
	close(slave);
	pthread_join(reader, NULL);
	close(master);
	text[len] = '\0';
	return text;
}
