/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_PROC_H
#define TLC_PROC_H

int tlc_proc_init(void);
void tlc_proc_exit(void);

#endif /* TLC_PROC_H */
