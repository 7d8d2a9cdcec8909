/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place_names.h: what the path of a cgroup says of who made it.
 *
 * Owns: how systemd, container runtimes and Kubernetes name their cgroups.
 * Used by: place.c.
 * Must not: guess: a name that is not in the path is not known.
 */
#ifndef TCPLC_PLACE_NAMES_H
#define TCPLC_PLACE_NAMES_H

#include <stddef.h>

/**
 * struct place_name - a part of a path
 * @at: where it begins; NULL: there is none
 * @len: its length
 */
struct place_name {
	const char *at;
	size_t len;
};

struct place_name place_names_unit(const char *path);
struct place_name place_names_slice(const char *path);
struct place_name place_names_container(const char *path);
struct place_name place_names_pod(const char *path);

#endif /* TCPLC_PLACE_NAMES_H */
