/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * meanings.h: what each word of a record means.
 *
 * Owns: the sentences of include/tcp_lifecycle.yaml.
 */
#ifndef TCPLC_MEANINGS_H
#define TCPLC_MEANINGS_H

/**
 * struct meaning - one meaning of a word; a word may have several
 * @kind: of what it is a value, for example "how it ended"
 * @word: as it is printed
 * @what: what it means, one or more sentences
 * @way: the kernel's way to it, or ""
 */
struct meaning {
	const char *kind;
	const char *word;
	const char *what;
	const char *way;
};

const struct meaning *meanings_of(const char *word, const struct meaning *before);

#endif /* TCPLC_MEANINGS_H */
