// SPDX-License-Identifier: GPL-2.0-only
/*
 * lines.c: a file line by line, compressed or not.
 *
 * How it is compressed is seen from its first bytes, for a file may have been
 * renamed.  However much it unpacks to, one line of it is in memory.
 */
#include "saved/lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zlib.h>
#include <zstd.h>

#define PACKED_SIZE 16384
#define FIRST_ROOM 16384	/* for lines; longer ones get more */
#define GZIP_WINDOW (15 + 16)	/* zlib: the largest, in a gzip wrapper */

/* enum packing - how it is compressed */
enum packing {
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_ZSTD,
};

/**
 * struct lines - a file under way
 * @file: it
 * @packing: how it is compressed
 * @zlib: unpacks gzip
 * @zstd: unpacks zstd, or NULL
 * @within: behind what was unpacked last more must come: a frame has not ended
 * @eof: the file has no more bytes
 * @number: of the line that was given last; the first is 1
 * @packed: bytes as they are in the file
 * @at: of these, the first not unpacked
 * @end: behind the last of them
 * @text: unpacked bytes
 * @room: for so many of them
 * @from: of these, the first not given
 * @to: behind the last of them
 * @why: what went wrong, for people
 */
struct lines {
	FILE *file;
	enum packing packing;
	z_stream zlib;
	ZSTD_DStream *zstd;
	bool within;
	bool eof;
	uint64_t number;
	unsigned char packed[PACKED_SIZE];
	size_t at;
	size_t end;
	char *text;
	size_t room;
	size_t from;
	size_t to;
	char why[160];
};

/* A line fills what there is: let there be more, up to LINES_MAX. */
static int grow(struct lines *l)
{
	size_t room = l->room ? l->room * 2 : FIRST_ROOM;
	char *text;

	if (l->room == LINES_MAX) {
		snprintf(l->why, sizeof(l->why), "it is longer than %u bytes", LINES_MAX);
		return -1;
	}
	text = realloc(l->text, room);
	if (!text) {
		snprintf(l->why, sizeof(l->why), "no memory");
		return -1;
	}
	l->text = text;
	l->room = room;
	return 0;
}

static int refill(struct lines *l)
{
	if (l->at < l->end || l->eof)
		return 0;
	l->at = 0;
	l->end = fread(l->packed, 1, sizeof(l->packed), l->file);
	l->eof = l->end < sizeof(l->packed);
	if (!ferror(l->file))
		return 0;
	snprintf(l->why, sizeof(l->why), "cannot be read: %s", strerror(errno));
	return -1;
}

static size_t take_plain(struct lines *l, char *to, size_t room)
{
	size_t n = l->end - l->at < room ? l->end - l->at : room;

	memcpy(to, l->packed + l->at, n);
	l->at += n;
	return n;
}

/* Each returns how many bytes it made, or SIZE_MAX and &lines.why says what is wrong. */
static size_t take_gzip(struct lines *l, char *to, size_t room)
{
	int err;

	if (!l->within && l->at < l->end && inflateReset(&l->zlib) == Z_OK)
		l->within = true;	/* gzip files may be put behind each other */
	l->zlib.next_in = l->packed + l->at;
	l->zlib.avail_in = l->end - l->at;
	l->zlib.next_out = (unsigned char *)to;
	l->zlib.avail_out = room;
	err = l->within ? inflate(&l->zlib, Z_NO_FLUSH) : Z_STREAM_END;
	l->at = l->end - l->zlib.avail_in;
	if (err == Z_STREAM_END)
		l->within = false;
	else if (err != Z_OK && err != Z_BUF_ERROR) {
		snprintf(l->why, sizeof(l->why), "what gzip packed is damaged: %s",
			 l->zlib.msg ? l->zlib.msg : zError(err));
		return SIZE_MAX;
	}
	return room - l->zlib.avail_out;
}

static size_t take_zstd(struct lines *l, char *to, size_t room)
{
	ZSTD_inBuffer in = { l->packed, l->end, l->at };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t left;

	left = ZSTD_decompressStream(l->zstd, &out, &in);
	if (ZSTD_isError(left)) {
		snprintf(l->why, sizeof(l->why), "what zstd packed is damaged: %s",
			 ZSTD_getErrorName(left));
		return SIZE_MAX;
	}
	/* Nothing in and nothing out: it only says what it wants next. */
	if (in.pos != l->at || out.pos)
		l->within = left;
	l->at = in.pos;
	return out.pos;
}

/*
 * Unpack more behind what is there.
 * Return: 1 there is more, 0 it is at its end, or -1.
 */
static int more(struct lines *l)
{
	static size_t (*const take[])(struct lines *, char *, size_t) = {
		[PACKING_NONE] = take_plain,
		[PACKING_GZIP] = take_gzip,
		[PACKING_ZSTD] = take_zstd,
	};
	size_t made, at;

	if (l->from)
		memmove(l->text, l->text + l->from, l->to - l->from);
	l->to -= l->from;
	l->from = 0;
	for (;;) {
		if (refill(l))
			return -1;
		at = l->at;
		made = take[l->packing](l, l->text + l->to, l->room - l->to);
		if (made == SIZE_MAX)
			return -1;
		l->to += made;
		if (made)
			return 1;
		if (l->eof && l->at == l->end)
			break;
		if (l->at == at && l->at < l->end) {
			snprintf(l->why, sizeof(l->why), "what it is packed by makes no progress");
			return -1;
		}
	}
	if (!l->within)
		return 0;
	snprintf(l->why, sizeof(l->why), "the file was cut off: what %s packed has no end",
		 l->packing == PACKING_GZIP ? "gzip" : "zstd");
	return -1;
}

/**
 * lines_next() - the next line
 * @l: open
 * @text: set to it, ended by a NUL in place of its line break; good until the next
 *	call
 * @len: set to its length; it may hold NULs
 *
 * Return: 1, 0 behind the last, or -1 and lines_why() has it: this is the number
 * lines_number() then returns.
 */
int lines_next(struct lines *l, char **text, size_t *len)
{
	size_t seen = 0;
	char *end;
	int got;

	l->number++;
	for (;;) {
		end = l->to == l->from + seen ? NULL :
		      memchr(l->text + l->from + seen, '\n', l->to - l->from - seen);
		if (end)
			break;
		seen = l->to - l->from;
		if (seen == l->room && grow(l))
			return -1;
		got = more(l);
		if (got < 0)
			return -1;
		if (got)
			continue;
		if (!seen)
			return 0;
		snprintf(l->why, sizeof(l->why), "the file was cut off: the line has no end");
		return -1;
	}
	*text = l->text + l->from;
	*len = end - *text;
	*end = '\0';
	l->from += *len + 1;
	return 1;
}

/**
 * lines_number() - of the line given last, or that could not be; the first is 1
 * @l: open
 */
uint64_t lines_number(const struct lines *l)
{
	return l->number;
}

/**
 * lines_why() - what went wrong, for people
 * @l: of which lines_next() returned -1
 */
const char *lines_why(const struct lines *l)
{
	return l->why;
}

static int begin(struct lines *l)
{
	static const unsigned char gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };

	if (refill(l))
		return -1;
	if (l->end >= sizeof(gzip) && !memcmp(l->packed, gzip, sizeof(gzip))) {
		l->packing = PACKING_GZIP;
		if (inflateInit2(&l->zlib, GZIP_WINDOW) == Z_OK)
			return 0;
	} else if (l->end >= sizeof(zstd) && !memcmp(l->packed, zstd, sizeof(zstd))) {
		l->packing = PACKING_ZSTD;
		l->zstd = ZSTD_createDStream();
		if (l->zstd && !ZSTD_isError(ZSTD_initDStream(l->zstd)))
			return 0;
	} else {
		return 0;
	}
	snprintf(l->why, sizeof(l->why), "no memory");
	return -1;
}

static struct lines *open_stream(FILE *file, char *why, size_t size)
{
	struct lines *l = calloc(1, sizeof(*l));

	if (!l) {
		fclose(file);
		snprintf(why, size, "no memory");
		return NULL;
	}
	l->file = file;
	if (!begin(l))
		return l;
	snprintf(why, size, "%s", l->why);
	lines_close(l);
	return NULL;
}

/**
 * lines_open() - open a file
 * @path: it
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: NULL if it cannot be opened.
 */
struct lines *lines_open(const char *path, char *why, size_t size)
{
	FILE *file = fopen(path, "rbe");
	struct stat st;

	if (!file || fstat(fileno(file), &st)) {
		snprintf(why, size, "%s", strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		snprintf(why, size, "it is not a regular file; it is read several times");
		fclose(file);
		return NULL;
	}
	return open_stream(file, why, size);
}

/**
 * lines_open_memory() - read bytes as if they were a file
 * @bytes: them; they must stay
 * @len: how many, at least one
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: NULL if there is no memory.
 */
struct lines *lines_open_memory(const void *bytes, size_t len, char *why, size_t size)
{
	FILE *file = fmemopen((void *)bytes, len, "rb");

	if (file)
		return open_stream(file, why, size);
	snprintf(why, size, "%s", strerror(errno));
	return NULL;
}

/**
 * lines_close() - close it
 * @l: open, or NULL
 */
void lines_close(struct lines *l)
{
	if (!l)
		return;
	if (l->packing == PACKING_GZIP)
		inflateEnd(&l->zlib);
	ZSTD_freeDStream(l->zstd);
	free(l->text);
	fclose(l->file);
	free(l);
}
