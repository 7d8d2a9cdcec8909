/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outfile.h: a file that is there whole, or not at all.
 *
 * Owns: the temporary file, what packs it, and the renaming.
 * Used by: save.c.
 * Must not: touch the file it is to replace before all is written.
 */
#ifndef TCPLC_OUTFILE_H
#define TCPLC_OUTFILE_H

#include <stddef.h>
#include <stdio.h>

struct outfile;

struct outfile *outfile_open(const char *path, char *why, size_t size);
FILE *outfile_stream(struct outfile *o);
int outfile_commit(struct outfile *o, char *why, size_t size);
void outfile_drop(struct outfile *o);

#endif /* TCPLC_OUTFILE_H */
