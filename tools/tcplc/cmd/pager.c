// SPDX-License-Identifier: GPL-2.0-only
/*
 * pager.c: long answers a screen at a time, as git(1) and journalctl(1) have it.
 */
#include "cmd/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

#define NOT_FOUND 127	/* what sh(1) says of a command it does not have */

/* Quits if it fits a screen, lets colours through, leaves the screen as it is. */
static const char fallback[] = "less -FRX";

/**
 * struct pager - the one that runs
 * @pid: 0: none
 * @terminal: what standard output was
 * @command: what was run
 * @interrupt: what SIGINT did
 * @gone: what SIGPIPE did
 */
static struct {
	pid_t pid;
	int terminal;
	const char *command;
	struct sigaction interrupt;
	struct sigaction gone;
} pager;

/* Someone who may run tcplc as root, and nothing else, gets no shell from a pager. */
static bool for_another_user(void)
{
	return getuid() != geteuid() || getenv("SUDO_UID");
}

/* Return: NULL if there is to be none. */
static const char *choose(void)
{
	const char *wanted = getenv("PAGER"), *term = getenv("TERM");

	if (!term || !strcmp(term, "dumb"))
		return NULL;
	if (!wanted || for_another_user())
		return fallback;
	return *wanted && strcmp(wanted, "cat") ? wanted : NULL;
}

static void run(int from, const char *command)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(from, STDIN_FILENO) < 0)
		_exit(NOT_FOUND);
	close(from);
	if (for_another_user())
		setenv("LESSSECURE", "1", 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(NOT_FOUND);
}

/* Without a pager to be found the answer is printed as if none had been wanted. */
static bool found(const char *command)
{
	return command != fallback || !system("command -v less >/dev/null 2>&1");
}

static int reap(void)
{
	int status = 0;

	while (waitpid(pager.pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static bool not_found(int status)
{
	return WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND;
}

/* It has been left, and wants no more; until it is gone the terminal is its own. */
static void left(int sig)
{
	static const char why[] =
		"tcplc: the pager cannot be run; see PAGER, or use --no-pager\n";

	(void)sig;
	if (!not_found(reap()))
		_exit(EXIT_SUCCESS);
	if (write(STDERR_FILENO, why, sizeof(why) - 1) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* Standard output becomes the pipe; the width stays that of the terminal. */
static void redirect(int to)
{
	text_keep_width();
	fflush(stdout);
	pager.terminal = dup(STDOUT_FILENO);
	dup2(to, STDOUT_FILENO);
}

/**
 * pager_begin() - what is printed from now on goes through the pager
 * @ctx: the run
 *
 * Nothing happens if standard output is not a terminal, or the user wants none; nor
 * when one runs already.
 */
void pager_begin(const struct tcplc *ctx)
{
	const char *command = ctx->no_pager || !isatty(STDOUT_FILENO) ? NULL : choose();
	struct sigaction ignore = { .sa_handler = SIG_IGN }, leave = { .sa_handler = left };
	int ends[2];

	if (!command || pager.pid || !found(command) || pipe(ends))
		return;
	fflush(stdout);
	pager.pid = fork();
	if (!pager.pid) {
		close(ends[1]);
		run(ends[0], command);
	}
	close(ends[0]);
	if (pager.pid > 0) {
		pager.command = command;
		redirect(ends[1]);
		/* It is the pager's: less(1) stays when it is pressed. */
		sigaction(SIGINT, &ignore, &pager.interrupt);
		sigaction(SIGPIPE, &leave, &pager.gone);
	} else {
		pager.pid = 0;
	}
	close(ends[1]);
}

/**
 * pager_end() - wait until the user has read it; standard output is the terminal again
 *
 * Return: 0, or an exit code after having said why; also when there was none.
 */
int pager_end(void)
{
	int status;

	if (!pager.pid)
		return 0;
	fflush(stdout);
	dup2(pager.terminal, STDOUT_FILENO);
	close(pager.terminal);
	status = reap();
	pager.pid = 0;
	sigaction(SIGINT, &pager.interrupt, NULL);
	sigaction(SIGPIPE, &pager.gone, NULL);
	if (!not_found(status))
		return 0;
	return tcplc_fail("the pager '%s' cannot be run; see PAGER, or use --no-pager",
			  pager.command);
}
