/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_help.h: what tcplc help filter prints.
 *
 * Used by: main.c.
 */
#ifndef TCPLC_FILTER_HELP_H
#define TCPLC_FILTER_HELP_H

extern const char filter_help[];

#endif /* TCPLC_FILTER_HELP_H */
