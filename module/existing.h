/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TLC_EXISTING_H
#define TLC_EXISTING_H

unsigned int tlc_existing_take(void);

#endif /* TLC_EXISTING_H */
