/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * header.h: the first line of a file: whose records these are, and as of when.
 *
 * Owns: struct header, both ways.
 * Used by: save.c, which writes it; saved.c and diff.c.
 * Must not: believe what it reads: the file may be by anyone.
 */
#ifndef TCPLC_HEADER_H
#define TCPLC_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#define HEADER_INTERFACES 256	/* names that are kept, at most */

/**
 * struct header - whose records, and as of when
 * @saved: wall clock, nanoseconds since 1970
 * @netns: inode number of the network namespace of who saved it; 0: not known
 * @instance: tells one load of the module from another; 0: not known
 * @all_netns: the records are those of all namespaces, else of @netns
 * @host: name of the machine; safe to print, as @kernel, @arch and @boot
 * @kernel: release
 * @arch: machine, as uname(1) has it
 * @boot: boot id, or empty
 * @interface: those of @netns
 * @nr_interfaces: how many
 */
struct header {
	uint64_t saved;
	uint64_t netns;
	uint64_t instance;
	bool all_netns;
	char host[256];
	char kernel[256];
	char arch[72];
	char boot[40];
	struct header_interface {
		uint32_t index;
		char name[20];
	} interface[HEADER_INTERFACES];
	unsigned int nr_interfaces;
};

void header_here(struct header *h);
json_t *header_json(const struct header *h, const char *version);
int header_read(const json_t *object, struct header *h, char *why, size_t size);

#endif /* TCPLC_HEADER_H */
