// SPDX-License-Identifier: GPL-2.0-only
/*
 * text.c: what a person reads.
 */
#include "base/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool colored, terminal, width_kept;
static unsigned int kept_width;

static const char *const escapes[] = {
	[TEXT_PLAIN] = "",
	[TEXT_GOOD] = "\033[32m",
	[TEXT_WAIT] = "\033[33m",
	[TEXT_BAD] = "\033[31m",
	[TEXT_DIM] = "\033[2m",
	[TEXT_BOLD] = "\033[1m",
	[TEXT_LISTEN] = "\033[36m",
};

/**
 * text_init() - decide whether standard output is coloured
 * @when: what was asked for
 */
void text_init(enum text_when when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	terminal = isatty(STDOUT_FILENO);
	width_kept = false;
	colored = when == TEXT_ALWAYS ||
		  (when == TEXT_AUTO && terminal && !(no && *no) &&
		   !(term && !strcmp(term, "dumb")));
}

/**
 * text_colored() - is standard output coloured?
 */
bool text_colored(void)
{
	return colored;
}

/**
 * text_to_person() - is it read by a person, on a terminal or in a pager on one?
 */
bool text_to_person(void)
{
	return terminal;
}

/**
 * text_on() - begin a colour
 * @color: which
 *
 * Return: what to print; nothing if there is to be no colour.
 */
const char *text_on(enum text_color color)
{
	return colored ? escapes[color] : "";
}

/**
 * text_off() - end a colour
 */
const char *text_off(void)
{
	return colored ? "\033[0m" : "";
}

/**
 * text_utf8() - may it hold more than ASCII?
 */
bool text_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/**
 * text_state_color() - how a state is shown
 * @state: enum tcp_lifecycle_state
 */
enum text_color text_state_color(uint8_t state)
{
	switch (state) {
	case TCP_LIFECYCLE_STATE_ESTABLISHED:
		return TEXT_GOOD;
	case TCP_LIFECYCLE_STATE_LISTEN:
		return TEXT_LISTEN;
	case TCP_LIFECYCLE_STATE_CLOSED:
	case TCP_LIFECYCLE_STATE_NONE:
		return TEXT_DIM;
	default:
		return TEXT_WAIT;
	}
}

/**
 * text_close_color() - how an end is shown
 * @close: enum tcp_lifecycle_close
 */
enum text_color text_close_color(uint8_t close)
{
	switch (close) {
	case TCP_LIFECYCLE_CLOSE_NONE:
		return TEXT_PLAIN;
	case TCP_LIFECYCLE_CLOSE_FIN:
	case TCP_LIFECYCLE_CLOSE_SIMULTANEOUS:
	case TCP_LIFECYCLE_CLOSE_THREE_SEGMENT:
	case TCP_LIFECYCLE_CLOSE_LISTENER:
		return TEXT_GOOD;
	case TCP_LIFECYCLE_CLOSE_DISCONNECTED:
	case TCP_LIFECYCLE_CLOSE_CANCELLED:
	case TCP_LIFECYCLE_CLOSE_FIN_WAIT_2:
	case TCP_LIFECYCLE_CLOSE_NETNS:
	case TCP_LIFECYCLE_CLOSE_UNKNOWN:
		return TEXT_WAIT;
	default:
		return TEXT_BAD;
	}
}

/**
 * text_width() - room on a line
 *
 * COLUMNS, if it is exported, is believed; else the terminal is asked.
 *
 * Return: columns, or TEXT_WIDE where there is no limit, as in a file.
 */
unsigned int text_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long n;
	char *end;

	if (width_kept)
		return kept_width;
	if (columns && isdigit((unsigned char)*columns)) {
		n = strtoul(columns, &end, 10);
		if (!*end && n && n < 10000)
			return n;
	}
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
	    size.ws_col)
		return size.ws_col;
	return TEXT_WIDE;
}

/**
 * text_keep_width() - from now on the width is what it is now
 *
 * For who is about to put something between standard output and its terminal.
 */
void text_keep_width(void)
{
	kept_width = text_width();
	width_kept = true;
}

/**
 * text_escape() - make bytes from elsewhere harmless
 * @out: where; always ended by a NUL
 * @size: its size
 * @bytes: anything
 * @len: how many
 *
 * Leaves printable ASCII alone; the rest, and a backslash, become \xHH, as in
 * the text under /proc, so that nothing reaches the terminal as a command and
 * each byte takes a known number of columns.
 *
 * Return: length of what was written; what does not fit is left out.
 */
size_t text_escape(char *out, size_t size, const char *bytes, size_t len)
{
	size_t at = 0, i;

	for (i = 0; i < len; i++) {
		unsigned char b = bytes[i];

		if (b > ' ' && b < 0x7f && b != '\\') {
			if (at + 1 >= size)
				break;
			out[at++] = b;
		} else if (b == ' ') {
			if (at + 1 >= size)
				break;
			out[at++] = ' ';
		} else {
			if (at + 4 >= size)
				break;
			at += sprintf(out + at, "\\x%02x", b);
		}
	}
	if (size)
		out[at] = '\0';
	return at;
}

static unsigned int digits_of(uint64_t value)
{
	unsigned int nr = 1;

	for (; value >= 10000; value /= 10000)
		nr += 4;
	return nr + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Four digits at a time, from the end. */
static char *decimal(char *out, uint64_t value)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233"
		"34353637383940414243444546474849505152535455565758596061626364656667"
		"6869707172737475767778798081828384858687888990919293949596979899";
	unsigned int rest;
	char *end, *at;

	if (value < 10) {	/* half of them are */
		*out++ = '0' + value;
		*out = '\0';
		return out;
	}
	end = out + digits_of(value);
	at = end;
	for (; value >= 10000; value /= 10000) {
		rest = value % 10000;
		at -= 4;
		memcpy(at, pairs + rest / 100 * 2, 2);
		memcpy(at + 2, pairs + rest % 100 * 2, 2);
	}
	rest = value;
	if (rest >= 100) {
		at -= 2;
		memcpy(at, pairs + rest % 100 * 2, 2);
		rest /= 100;
	}
	if (rest >= 10)
		memcpy(out, pairs + rest * 2, 2);
	else
		*out = '0' + rest;
	*end = '\0';
	return end;
}

static char *hexadecimal(char *out, uint64_t value)
{
	unsigned int nr = value ? (67 - __builtin_clzll(value)) / 4 : 1;
	char *at = out + nr;

	*at = '\0';
	for (; at > out; value >>= 4)
		*--at = "0123456789abcdef"[value & 15];
	return out + nr;
}

/**
 * text_number() - a number, without the cost of printf()
 * @out: at least 21 bytes
 * @value: the number
 * @base: 10 or 16
 *
 * A dump prints a dozen of them for each of its lines.
 *
 * Return: behind the number, where a NUL is.
 */
char *text_number(char *out, uint64_t value, unsigned int base)
{
	return base == 16 ? hexadecimal(out, value) : decimal(out, value);
}

/* @value / 10^@digits, and a unit. */
static const char *decimals(char *out, uint64_t value, unsigned int digits,
			    const char *unit)
{
	unsigned int one = digits == 2 ? 100 : digits == 1 ? 10 : 1;
	char *at = text_number(out, value / one, 10);

	if (digits) {
		*at++ = '.';
		if (digits == 2)
			*at++ = '0' + value / 10 % 10;
		*at++ = '0' + value % 10;
	}
	strcpy(at, unit);
	return out;
}

/**
 * text_duration() - a time for people
 * @out: at least TEXT_DURATION_SIZE bytes
 * @us: microseconds
 *
 * Three digits or so: 17us, 4.21ms, 61.2s, 3m07s, 2h05m, 4d11h.
 *
 * Return: @out.
 */
const char *text_duration(char *out, uint64_t us)
{
	static const uint64_t second = 1000000;
	uint64_t s = us / second;

	if (us < 1000)
		return decimals(out, us, 0, "us");
	if (us < 10 * 1000)
		return decimals(out, us / 10, 2, "ms");
	if (us < 100 * 1000)
		return decimals(out, us / 100, 1, "ms");
	if (us < second)
		return decimals(out, us / 1000, 0, "ms");
	if (us < 10 * second)
		return decimals(out, us / 10000, 2, "s");
	if (us < 100 * second)
		return decimals(out, us / 100000, 1, "s");
	if (s < 3600)
		snprintf(out, TEXT_DURATION_SIZE, "%" PRIu64 "m%02us", s / 60,
			 (unsigned int)(s % 60));
	else if (s < 86400)
		snprintf(out, TEXT_DURATION_SIZE, "%" PRIu64 "h%02um", s / 3600,
			 (unsigned int)(s / 60 % 60));
	else
		snprintf(out, TEXT_DURATION_SIZE, "%" PRIu64 "d%02uh", s / 86400,
			 (unsigned int)(s / 3600 % 24));
	return out;
}

/**
 * text_bytes() - a volume for people
 * @out: at least TEXT_DURATION_SIZE bytes
 * @bytes: how many
 *
 * Return: @out.
 */
const char *text_bytes(char *out, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	double value = bytes;
	int unit = -1;

	if (bytes < 10000) {
		text_number(out, bytes, 10);
		return out;
	}
	while (value >= 1000 && unit < 5) {
		value /= 1024;
		unit++;
	}
	snprintf(out, TEXT_DURATION_SIZE, value < 9.995 ? "%.2f%c" :
		 value < 99.95 ? "%.1f%c" : "%.0f%c", value, units[unit]);
	return out;
}

/**
 * text_addr() - an address
 * @out: at least TEXT_ADDR_SIZE bytes
 * @addr: which
 *
 * Return: @out; "*" if it is not known.
 */
const char *text_addr(char *out, const struct addr *addr)
{
	unsigned int i;
	char *at = out;

	switch (addr->len) {
	case 4:	/* inet_ntop() would use printf(), a dump has two for each line */
		for (i = 0; i < 4; i++) {
			at = decimal(at, addr->byte[i]);
			*at++ = '.';
		}
		at[-1] = '\0';
		return out;
	case 16:
		/* What is left behind a bracket; the longest has 45 characters. */
		if (inet_ntop(AF_INET6, addr->byte, out, INET6_ADDRSTRLEN))
			return out;
		/* fall through */
	default:
		return strcpy(out, "*");
	}
}

/**
 * text_endpoint() - an address and a port
 * @out: at least TEXT_ADDR_SIZE bytes
 * @addr: the address; IPv6 is put in brackets
 * @port: the port
 * @has_port: it is known
 *
 * Return: @out.
 */
const char *text_endpoint(char *out, const struct addr *addr, uint16_t port,
			  bool has_port)
{
	char *at = out;

	if (addr->len == 16)
		*at++ = '[';
	text_addr(at, addr);
	at += strlen(at);
	if (addr->len == 16)
		*at++ = ']';
	*at++ = ':';
	if (has_port)
		text_number(at, port, 10);
	else
		strcpy(at, "*");
	return out;
}

/**
 * text_id() - the identity of a record, as show takes it
 * @out: at least TEXT_ID_SIZE bytes
 * @c: the record
 *
 * Return: @out.
 */
const char *text_id(char *out, const struct conn *c)
{
	char *at = text_number(out, c->cookie, 16);

	*at++ = '.';
	text_number(at, c->generation, 10);
	return out;
}
