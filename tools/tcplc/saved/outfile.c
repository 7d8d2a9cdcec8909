// SPDX-License-Identifier: GPL-2.0-only
/*
 * outfile.c: a file that is there whole, or not at all.
 *
 * What is written goes to a temporary file in the same folder, through whatever the
 * ending of the name asks for, and takes its place by rename(2) when it is on the
 * disk.  A signal that ends the process takes the temporary file away.
 */
#define _GNU_SOURCE	/* fopencookie() */
#include "saved/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#define PACKED_SIZE 65536
#define GZIP_WINDOW (15 + 16)	/* zlib: the largest, in a gzip wrapper */
#define ZSTD_LEVEL 3

/**
 * struct outfile - a file under way
 * @path: the one to be
 * @temporary: the one being written
 * @fd: of it
 * @stream: for who writes
 * @gzip: it is packed by zlib
 * @zlib: packs it
 * @zstd: packs it, or NULL
 */
struct outfile {
	char path[PATH_MAX];
	char temporary[PATH_MAX + 16];
	int fd;
	FILE *stream;
	bool gzip;
	z_stream zlib;
	ZSTD_CStream *zstd;
	unsigned char packed[PACKED_SIZE];
};

/* Of the one file there is; for the signal handler. */
static const char *volatile doomed;

static void on_signal(int sig)
{
	if (doomed)
		unlink(doomed);
	signal(sig, SIG_DFL);
	raise(sig);
}

static int put(const struct outfile *o, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	while (len) {
		n = write(o->fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		len -= n;
	}
	return 0;
}

static int put_gzip(struct outfile *o, const char *bytes, size_t len, int flush)
{
	o->zlib.next_in = (unsigned char *)bytes;
	o->zlib.avail_in = len;
	do {
		o->zlib.next_out = o->packed;
		o->zlib.avail_out = sizeof(o->packed);
		if (deflate(&o->zlib, flush) == Z_STREAM_ERROR) {
			errno = EIO;
			return -1;
		}
		if (put(o, o->packed, sizeof(o->packed) - o->zlib.avail_out))
			return -1;
	} while (!o->zlib.avail_out);
	return 0;
}

static int put_zstd(struct outfile *o, const char *bytes, size_t len, ZSTD_EndDirective end)
{
	ZSTD_inBuffer in = { bytes, len, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { o->packed, sizeof(o->packed), 0 };

		left = ZSTD_compressStream2(o->zstd, &out, &in, end);
		if (ZSTD_isError(left)) {
			errno = EIO;
			return -1;
		}
		if (put(o, o->packed, out.pos))
			return -1;
	} while (end == ZSTD_e_end ? left : in.pos < in.size);
	return 0;
}

static ssize_t on_write(void *cookie, const char *bytes, size_t len)
{
	struct outfile *o = cookie;
	int err;

	if (o->gzip)
		err = put_gzip(o, bytes, len, Z_NO_FLUSH);
	else if (o->zstd)
		err = put_zstd(o, bytes, len, ZSTD_e_continue);
	else
		err = put(o, bytes, len);
	return err ? 0 : (ssize_t)len;
}

static bool ends(const char *path, const char *end)
{
	size_t len = strlen(path);

	return len > strlen(end) && !strcmp(path + len - strlen(end), end);
}

/* Return: 0, or -1 if there is no memory. */
static int choose_packing(struct outfile *o, const char *path)
{
	if (ends(path, ".gz")) {
		o->gzip = deflateInit2(&o->zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW,
				       8, Z_DEFAULT_STRATEGY) == Z_OK;
		return o->gzip ? 0 : -1;
	}
	if (ends(path, ".zst")) {
		o->zstd = ZSTD_createCStream();
		if (!o->zstd)
			return -1;
		ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
		ZSTD_CCtx_setParameter(o->zstd, ZSTD_c_checksumFlag, 1);
	}
	return 0;
}

/* Of a link, the file it leads to is replaced. */
static int choose_path(struct outfile *o, const char *path, mode_t *mode, char *why, size_t size)
{
	char real[PATH_MAX];
	struct stat st;

	*mode = 0;
	if (strlen(path) >= sizeof(o->path)) {
		snprintf(why, size, "%s", strerror(ENAMETOOLONG));
		return -1;
	}
	strcpy(o->path, path);
	if (stat(path, &st))
		return 0;
	if (!S_ISREG(st.st_mode)) {
		snprintf(why, size, "it is there, and is not a regular file");
		return -1;
	}
	*mode = st.st_mode & 07777;
	if (realpath(path, real))
		strcpy(o->path, real);
	return 0;
}

static int open_temporary(struct outfile *o, mode_t mode, char *why, size_t size)
{
	snprintf(o->temporary, sizeof(o->temporary), "%s.XXXXXX", o->path);
	o->fd = mkostemp(o->temporary, O_CLOEXEC);
	if (o->fd < 0) {
		snprintf(why, size, "%s", strerror(errno));
		return -1;
	}
	doomed = o->temporary;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	signal(SIGHUP, on_signal);
	if (mode && fchmod(o->fd, mode)) {
		snprintf(why, size, "%s", strerror(errno));
		return -1;
	}
	return 0;
}

/**
 * outfile_open() - begin a file
 * @path: what it will be called; by .gz or .zst at its end it is packed
 * @why: what went wrong, for people
 * @size: its size
 *
 * A new one can be read by its owner only, for the records may be those of the whole
 * host; one that is replaced keeps its mode.
 *
 * Return: NULL if it cannot be written.
 */
struct outfile *outfile_open(const char *path, char *why, size_t size)
{
	static const cookie_io_functions_t functions = { .write = on_write };
	struct outfile *o = calloc(1, sizeof(*o));
	mode_t mode;

	snprintf(why, size, "no memory");
	if (!o)
		return NULL;
	o->fd = -1;
	if (choose_packing(o, path) || choose_path(o, path, &mode, why, size) ||
	    open_temporary(o, mode, why, size))
		goto failed;
	o->stream = fopencookie(o, "w", functions);
	if (!o->stream)
		goto failed;
	return o;

failed:
	outfile_drop(o);
	return NULL;
}

/**
 * outfile_stream() - where to write
 * @o: begun
 */
FILE *outfile_stream(struct outfile *o)
{
	return o->stream;
}

static void let_go(struct outfile *o)
{
	if (o->stream)
		fclose(o->stream);
	if (o->gzip)
		deflateEnd(&o->zlib);
	ZSTD_freeCStream(o->zstd);
	if (o->fd >= 0)
		close(o->fd);
	doomed = NULL;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	free(o);
}

/* The name is on the disk when its folder is; not every file system can do that. */
static void sync_folder(const char *path)
{
	char folder[PATH_MAX], *slash;
	int fd;

	strcpy(folder, path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/**
 * outfile_commit() - all is written: let it take its place
 * @o: begun; gone afterwards
 * @why: what went wrong, for people
 * @size: its size
 *
 * Return: 0, or -1, and what was there before is as it was.
 */
int outfile_commit(struct outfile *o, char *why, size_t size)
{
	int err = fflush(o->stream) || ferror(o->stream);

	if (!err && o->gzip)
		err = put_gzip(o, NULL, 0, Z_FINISH);
	if (!err && o->zstd)
		err = put_zstd(o, NULL, 0, ZSTD_e_end);
	if (err || fsync(o->fd) || rename(o->temporary, o->path)) {
		snprintf(why, size, "%s", strerror(errno ? errno : EIO));
		outfile_drop(o);
		return -1;
	}
	sync_folder(o->path);
	let_go(o);
	return 0;
}

/**
 * outfile_drop() - leave all as it was
 * @o: begun; gone afterwards
 */
void outfile_drop(struct outfile *o)
{
	if (o->fd >= 0)
		unlink(o->temporary);
	let_go(o);
}
