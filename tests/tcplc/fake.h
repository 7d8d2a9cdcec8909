/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fake.h: a kernel that answers what the test wants.
 *
 * Takes the place of libmnl's sockets in whatever is linked with it.
 * Used by: command_test.c.
 */
#ifndef TCPLC_FAKE_H
#define TCPLC_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#define FAKE_FAMILY 33

/**
 * struct fake - the kernel
 * @loaded: it knows the family
 * @error: what it answers a request with
 * @text: extended acknowledgement to that
 * @denied: an attribute; requests that have it are refused with EPERM; or 0
 * @interrupted: dumps are
 * @answer: adds messages to the answer of a request, by fake_message()
 * @request: the last request of the family
 * @requests: how many there were
 */
struct fake {
	bool loaded;
	int error;
	const char *text;
	uint16_t denied;
	bool interrupted;
	void (*answer)(uint8_t cmd);
	char request[8192];
	unsigned int requests;
};

extern struct fake fake;

struct nlmsghdr *fake_message(uint8_t cmd);
const struct nlattr *fake_attr(uint16_t type);
uint8_t fake_cmd(void);

#endif /* TCPLC_FAKE_H */
