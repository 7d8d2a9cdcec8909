// SPDX-License-Identifier: GPL-2.0-only
/*
 * screen.c: a terminal as a screen and keys.
 *
 * A signal that ends the program puts the terminal back first, with calls that a handler
 * may make; one that only stops it (Ctrl-Z) likewise, and the screen comes again after it.
 */
#include "cmd/screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <linux/kernel.h>

#include "draw/top_text.h"

/* The other screen, without a cursor; and back. */
static const char enter[] = "\033[?1049h\033[?25l\033[2J";
static const char leave[] = "\033[?25h\033[?1049l";

static volatile sig_atomic_t on, has_keys;
static struct termios normal, raw;

static void put(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		return;	/* the terminal is gone, and with it what there was to mend */
}

static void restore(void)
{
	if (!on)
		return;
	on = 0;
	put(leave);
	if (has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &normal);
}

static void begin(void)
{
	if (has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	put(enter);
	on = 1;
}

/* What it would do without us, it does: it is blocked until we return. */
static void fatal(int sig)
{
	restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void suspend(int sig)
{
	sigset_t set;

	restore();
	signal(sig, SIG_DFL);
	raise(sig);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* Here it stands until somebody says fg. */
	signal(sig, suspend);
	begin();
}

static void listen_to_signals(void)
{
	static const int ends[] = { SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction act = { .sa_handler = fatal };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &act, NULL);
	signal(SIGTSTP, suspend);
}

/**
 * screen_enter() - begin
 *
 * Return: whether keys can be read from standard input, one by one.
 */
bool screen_enter(void)
{
	static bool registered;

	has_keys = isatty(STDIN_FILENO) && !tcgetattr(STDIN_FILENO, &normal);
	raw = normal;
	raw.c_lflag &= ~(ICANON | ECHO);
	if (!registered)
		atexit(restore);
	registered = true;
	fflush(stdout);
	listen_to_signals();
	begin();
	return has_keys;
}

/**
 * screen_leave() - what was there before is there again; also when it is so already
 */
void screen_leave(void)
{
	fflush(stdout);
	restore();
}

/**
 * screen_height() - as many lines as there are: one more would scroll the head away
 *
 * Return: 0 if it is not known.
 */
unsigned int screen_height(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 2)
		return 0;
	return size.ws_row - 1;
}

/**
 * screen_put() - show a text, in place of the one before
 * @text: each line ended
 */
void screen_put(const char *text)
{
	fputs("\033[H", stdout);
	top_text_fit(stdout, text, screen_height());
	fputs("\033[J", stdout);
	fflush(stdout);
}
