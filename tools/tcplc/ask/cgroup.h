/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup.h: the paths of cgroups, as this kernel has them now.
 *
 * Owns: finding the unified hierarchy, and a cgroup in it by its number.
 * Used by: session.c, which has place.c ask here; cgroup_watch.c; follow.c, where that fails.
 * Must not: know what a path says, or keep one.
 */
#ifndef TCPLC_CGROUP_H
#define TCPLC_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

bool cgroup_path(char *out, uint64_t id);
uint64_t cgroup_learn(const char *path);
const char *cgroup_dir(void);
void cgroup_learn_all(void);

#endif /* TCPLC_CGROUP_H */
