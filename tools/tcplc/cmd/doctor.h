/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor.h: what the parts of tcplc doctor share.
 *
 * Owns: a finding, and how it is graded and said.
 * Used by: doctor.c and doctor_boot.c.
 * Must not: know what is checked.
 */
#ifndef TCPLC_DOCTOR_H
#define TCPLC_DOCTOR_H

#include "ask/session.h"

enum grade { GRADE_OK, GRADE_WARN, GRADE_FAIL };

/**
 * struct findings - what was found so far
 * @ctx: of the command
 * @worst: of all grades
 */
struct findings {
	struct tcplc *ctx;
	enum grade worst;
};

void __attribute__((format(printf, 5, 6)))
doctor_say(struct findings *f, enum grade grade, const char *check, const char *remedy,
	   const char *format, ...);

void doctor_boot(struct findings *f);
void doctor_unloaded(struct findings *f);

#endif /* TCPLC_DOCTOR_H */
