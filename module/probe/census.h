/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TLC_CENSUS_H
#define TLC_CENSUS_H

unsigned int tlc_census_take(void);
int tlc_census_start(void);
void tlc_census_stop(void);

#endif /* TLC_CENSUS_H */
