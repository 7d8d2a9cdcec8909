/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernels.h: the kernels that are installed, and the module for each.
 *
 * Owns: what is found in /lib/modules, what modinfo says there, whether DKMS has it.
 * Used by: tcplc doctor.
 * Must not: judge; whether a kernel without the module matters depends on the host.
 */
#ifndef TCPLC_KERNELS_H
#define TCPLC_KERNELS_H

#include <stdbool.h>

#define KERNELS_MAX 32
#define KERNELS_NAME_SIZE 72	/* uname -r has less than 65 */
#define KERNELS_SIGNER_SIZE 128

/**
 * struct kernel - one of them
 * @release: as uname -r says it, of printable characters only
 * @module: modprobe would find the module
 * @signer: who signed that module; empty if nobody did
 * @headers: what builds a module for it is there
 */
struct kernel {
	char release[KERNELS_NAME_SIZE];
	bool module;
	char signer[KERNELS_SIGNER_SIZE];
	bool headers;
};

/**
 * struct kernels - all of them
 * @nr: how many
 * @kernel: by version, newest last
 * @running: its index, or -1 where it is not among them
 * @dkms: DKMS builds the module for each new kernel
 * @follows: the package that brings each new kernel's headers is there, or this is not
 *	known to be Debian
 */
struct kernels {
	unsigned int nr;
	struct kernel kernel[KERNELS_MAX];
	int running;
	bool dkms;
	bool follows;
};

int kernels_read(struct kernels *k);

#endif /* TCPLC_KERNELS_H */
