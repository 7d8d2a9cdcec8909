/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parameters.h: the module's parameters, as modprobe.d and /sys have them.
 *
 * Owns: their names and defaults, which repeat module/params.c; their text.
 * Used by: tcplc config --save, which writes them, and tcplc doctor, which compares
 * them with what is running.
 * Must not: ask the module; what was changed since it was loaded only netlink knows.
 */
#ifndef TCPLC_PARAMETERS_H
#define TCPLC_PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

#define PARAMETERS_PORTS 64	/* the module's limit */
#define PARAMETERS_TEXT_SIZE (PARAMETERS_PORTS * 6 + 1)

enum parameter {
	PARAMETER_RECORDS,
	PARAMETER_RETENTION,
	PARAMETER_FEED,
	PARAMETER_EXCLUDE_LOOPBACK,
	PARAMETER_PORTS,
	PARAMETER_COUNT,
};

/**
 * struct parameters - a value for each
 * @number: of those that have one; a bool is 0 or 1
 * @port: those of PARAMETER_PORTS
 * @nr_ports: how many; 0: any
 * @known: by enum parameter, whether it was given or read
 */
struct parameters {
	uint32_t number[PARAMETER_COUNT];
	uint16_t port[PARAMETERS_PORTS];
	unsigned int nr_ports;
	bool known[PARAMETER_COUNT];
};

extern const char *const parameters_names[PARAMETER_COUNT];

void parameters_default(struct parameters *p);
const char *parameters_value(char out[PARAMETERS_TEXT_SIZE], const struct parameters *p,
			     enum parameter which);
bool parameters_equal(const struct parameters *a, const struct parameters *b,
		      enum parameter which);
void parameters_loaded(struct parameters *p);
int parameters_configured(struct parameters *p);

#endif /* TCPLC_PARAMETERS_H */
