// SPDX-License-Identifier: GPL-2.0-only
/*
 * tool.c: tcplc as a whole, run within a test.
 */
#include "tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* main.c is not in the archive, for its main(). */
#define main tool_main
#include "../../tools/tcplc/main.c"
#undef main

char tool_out[TOOL_OUT_SIZE], tool_err[1 << 16];

static void slurp(FILE *file, char *to, size_t size)
{
	size_t len;

	rewind(file);
	len = fread(to, 1, size - 1, file);
	to[len] = '\0';
	fclose(file);
}

/**
 * tool_run() - run it as main() would
 * @format: what stands behind "tcplc", its words with one blank between
 *
 * Return: the exit code; what it printed is in tool_out and tool_err.
 */
int tool_run(const char *format, ...)
{
	int old_out = dup(1), old_err = dup(2), code, argc = 0;
	FILE *o = tmpfile(), *e = tmpfile();
	char words[1024] = "tcplc ", *rest = words, *word, *argv[64];
	va_list args;

	va_start(args, format);
	vsnprintf(words + 6, sizeof(words) - 6, format, args);
	va_end(args);
	while ((word = strsep(&rest, " ")) && argc < 63)
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stdout);
	fflush(stderr);
	dup2(fileno(o), 1);
	dup2(fileno(e), 2);
	code = tool_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	dup2(old_out, 1);
	dup2(old_err, 2);
	close(old_out);
	close(old_err);
	slurp(o, tool_out, sizeof(tool_out));
	slurp(e, tool_err, sizeof(tool_err));
	return code;
}
