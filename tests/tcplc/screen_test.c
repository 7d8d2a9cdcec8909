// SPDX-License-Identifier: GPL-2.0-only
/*
 * screen_test.c: whatever ends the program, the terminal is as it was.
 */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"
#include "cmd/screen.h"

#define ENTER "\033[?1049h"
#define LEAVE "\033[?25h\033[?1049l"

static int master, slave;

/* Little is printed: there is room for it in the terminal until it is read. */
static int terminal_begin(void)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	if (openpty(&master, &slave, NULL, NULL, &size))
		abort();
	return slave;
}

static const char *terminal_end(void)
{
	static char text[4096];
	ssize_t n, len = 0;

	fcntl(master, F_SETFL, O_NONBLOCK);
	while ((n = read(master, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(slave);
	close(master);
	return text;
}

static const char *last(const char *text, const char *what)
{
	const char *at, *found = NULL;

	for (at = text; (at = strstr(at, what)); at++)
		found = at;
	return found;
}

/* In a process of its own, on the terminal; returns how it ended. */
static int run(int fd, void (*end)(int sig), int sig)
{
	const struct rlimit none = { 0, 0 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		setrlimit(RLIMIT_CORE, &none);
		screen_enter();
		screen_put("a\nb\n");
		end(sig);
		_exit(77);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void leaves(int sig)
{
	(void)sig;
	screen_leave();
	_exit(0);
}

static void exits(int sig)
{
	(void)sig;
	exit(3);
}

static void is_killed(int sig)
{
	raise(sig);
}

static bool same_keys(const struct termios *a, const struct termios *b)
{
	return a->c_lflag == b->c_lflag && a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag;
}

/* Return: whether the last thing on the terminal was its return to the former screen. */
static bool comes_back(void (*end)(int sig), int sig, int *status)
{
	struct termios before, after;
	const char *text;
	int fd = terminal_begin();
	bool keys;

	tcgetattr(fd, &before);
	before.c_lflag |= ICANON | ECHO;
	tcsetattr(fd, TCSANOW, &before);
	tcgetattr(fd, &before);
	*status = run(fd, end, sig);
	tcgetattr(fd, &after);
	keys = same_keys(&before, &after);
	text = terminal_end();
	return keys && last(text, ENTER) && last(text, LEAVE) > last(text, ENTER) &&
	       !last(text, LEAVE)[strlen(LEAVE)];
}

static void at_its_own_end(void)
{
	int status;

	CHECK(comes_back(leaves, 0, &status));
	CHECK(WIFEXITED(status) && !WEXITSTATUS(status));
	CHECK(comes_back(exits, 0, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}

static void at_a_signal(void)
{
	static const int sigs[] = { SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	int status;
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++) {
		CHECK(comes_back(is_killed, sigs[i], &status));
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == sigs[i]);
	}
}

/* Ctrl-Z gives the terminal back, and fg takes it again. */
static void while_it_is_stopped(void)
{
	const char *text, *back;
	int status, fd = terminal_begin();
	pid_t pid = fork();

	if (!pid) {
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		/* A group of its own, which somebody watches: others cannot be stopped. */
		setpgid(0, 0);
		screen_enter();
		raise(SIGTSTP);
		screen_leave();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	kill(pid, SIGCONT);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	text = terminal_end();
	back = strstr(text, LEAVE);
	CHECK(back && strstr(back, ENTER));
	CHECK(last(text, LEAVE) > last(text, ENTER));
}

int main(void)
{
	CHECK_RUN(at_its_own_end);
	CHECK_RUN(at_a_signal);
	/* valgrind does not let a process stop itself. */
	if (getenv("WRAP") && *getenv("WRAP"))
		printf("note: not tried under %s: while_it_is_stopped\n", getenv("WRAP"));
	else
		CHECK_RUN(while_it_is_stopped);
	return check_end();
}
