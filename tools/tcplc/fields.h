/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fields.h: which attribute goes where, and under which name it is printed.
 *
 * Owns: the tables for struct conn and struct entry.
 * Used by: conn.c to read a message, conn_json.c to write an object.
 * Must not: be needed by anything that knows which field it wants.
 */
#ifndef TCPLC_FIELDS_H
#define TCPLC_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include <linux/tcp_lifecycle.h>

#include "names.h"

/* enum field_type - how an attribute is carried */
enum field_type {
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_FLAG,
	FIELD_WORD,	/* u8, one of &field.kind */
	FIELD_OPTIONS,	/* u8, enum tcp_lifecycle_opt */
	FIELD_COOKIE,	/* u64, written in hexadecimal */
	FIELD_ADDR,	/* 4 or 16 bytes into a struct addr */
	FIELD_STRING,	/* comm */
};

/**
 * struct field - an attribute
 * @attr: its number
 * @type: how it is carried
 * @kind: what its words are, for FIELD_WORD
 * @name: its name in the spec, with _ for -
 * @offset: its place in struct conn or struct entry
 */
struct field {
	uint16_t attr;
	uint8_t type;
	uint8_t kind;
	const char *name;
	size_t offset;
};

extern const struct field fields_conn[];
extern const size_t fields_nr_conn;
extern const struct field fields_entry[];
extern const size_t fields_nr_entry;

/* The same, to find without a search; NULL for those that are no field. */
extern const struct field *fields_by_conn_attr[TCP_LIFECYCLE_A_CONN_MAX + 1];
extern const struct field *fields_by_entry_attr[TCP_LIFECYCLE_A_ENTRY_MAX + 1];

#endif /* TCPLC_FIELDS_H */
