/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup_watch.h: learn the path of each cgroup while it is there.
 *
 * Owns: a watch on each folder of the hierarchy.
 * Used by: follow.c, for what is printed after a cgroup may have gone.
 * Must not: be needed by anybody; without it the paths of those that are gone are not known.
 */
#ifndef TCPLC_CGROUP_WATCH_H
#define TCPLC_CGROUP_WATCH_H

int cgroup_watch_begin(void);
int cgroup_watch_read(void);
void cgroup_watch_end(void);

#endif /* TCPLC_CGROUP_WATCH_H */
