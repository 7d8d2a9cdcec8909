/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_page.h: the page of tcplc report, made of report/ as the client is built.
 *
 * Used by: report.c. Between its three parts go the state diagram, and the data.
 */
#ifndef TCPLC_REPORT_PAGE_H
#define TCPLC_REPORT_PAGE_H

extern const char *const report_page[3];

#endif /* TCPLC_REPORT_PAGE_H */
