// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor_boot.c: tcplc doctor, what the next load, boot and kernel will have.
 *
 * Owns: what is said of that. Nothing of it is a FAIL: what runs now is not affected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/config_save.h"
#include "cmd/doctor.h"
#include "host/autoload.h"
#include "host/kernels.h"
#include "host/signing.h"

#define FOUND_SIZE 256
#define REMEDY_SIZE 320

/* The settings, against those that modprobe would load the module with. */
static void check_parameters(struct findings *f)
{
	char now[PARAMETERS_TEXT_SIZE], then[PARAMETERS_TEXT_SIZE];
	struct parameters running, next;
	unsigned int groups_off, i;
	bool same = true;

	if (config_running(&f->ctx->nl, &running, &groups_off) || parameters_configured(&next))
		return;
	for (i = 0; i < PARAMETER_COUNT; i++) {
		if (!running.known[i] || parameters_equal(&running, &next, i))
			continue;
		same = false;
		parameters_value(now, &running, i);
		parameters_value(then, &next, i);
		doctor_say(f, GRADE_WARN, "settings", "to keep what is running: sudo tcplc config "
			   "--save", "%s is %s now, and %s after the next load, %s",
			   parameters_names[i], *now ? now : "any", *then ? then : "any",
			   next.known[i] ? "which modprobe.d says" : "the default");
	}
	if (same)
		doctor_say(f, GRADE_OK, "settings", NULL, "the next load has those that are running");
}

static void check_autoload(struct findings *f)
{
	char path[HOST_PATH_SIZE];

	if (autoload_file(path))
		doctor_say(f, GRADE_OK, "boot", NULL, "%s has the module loaded", path);
	else
		doctor_say(f, GRADE_OK, "boot", "to load it at each boot: sudo tcplc config --save",
			   "nothing loads the module; connections until somebody does have less in "
			   "their records");
}

/* What has DKMS build it for that kernel? */
static void remedy_for(char out[REMEDY_SIZE], const struct kernels *all, const struct kernel *k)
{
	if (!all->dkms)
		snprintf(out, REMEDY_SIZE, "install the package tcp-lifecycle-dkms, or in its source: "
			 "sudo make dkms-install");
	else if (!k->headers)
		snprintf(out, REMEDY_SIZE, "sudo apt install linux-headers-%s; DKMS then builds it",
			 k->release);
	else
		snprintf(out, REMEDY_SIZE, "sudo dkms autoinstall -k %s; what does not compile is in "
			 "/var/lib/dkms/tcp_lifecycle/*/build/make.log", k->release);
}

/* The newest is what boots next, and what runs may well boot again. */
static void check_kernels(struct findings *f, const struct kernels *all)
{
	char remedy[REMEDY_SIZE];
	unsigned int i, nr = 0;

	for (i = 0; i < all->nr; i++) {
		nr += all->kernel[i].module;
		if (all->kernel[i].module || (i < all->nr - 1 && (int)i != all->running))
			continue;
		remedy_for(remedy, all, &all->kernel[i]);
		doctor_say(f, GRADE_WARN, "kernels", remedy, "there is no module for %s, %s",
			   all->kernel[i].release, (int)i == all->running ? "which is running" :
			   "the newest kernel here, and so the next to boot");
	}
	if (!all->dkms)
		doctor_say(f, GRADE_WARN, "kernels", "install the package tcp-lifecycle-dkms, or in "
			   "its source: sudo make dkms-install",
			   "DKMS does not have the module: a new kernel comes without it");
	else if (!all->follows)
		doctor_say(f, GRADE_WARN, "kernels", "sudo apt install linux-headers-amd64, or that "
			   "of your architecture and flavour",
			   "no package brings the headers of a new kernel, so DKMS will not build "
			   "for it");
	else
		doctor_say(f, GRADE_OK, "kernels", NULL, "%u of %u installed have the module; DKMS "
			   "builds it for new ones", nr, all->nr);
}

static void check_signatures(struct findings *f, const struct kernels *all)
{
	const char *why = signing_wanted();
	const char *unsigned_for = NULL, *signer = NULL;
	unsigned int i;

	for (i = 0; why && i < all->nr; i++) {
		if (all->kernel[i].module && !all->kernel[i].signer[0])
			unsigned_for = all->kernel[i].release;
		else if (all->kernel[i].module)
			signer = all->kernel[i].signer;
	}
	if (unsigned_for)
		doctor_say(f, GRADE_WARN, "signature", "sudo apt install openssl mokutil, with which DKMS "
			   "makes a key; build the module again, sudo mokutil --import "
			   "/var/lib/dkms/mok.pub, restart, and confirm; see kernel_lockdown(7)",
			   "%s; that for %s has no signature", why, unsigned_for);
	else if (signer && signing_key() == SIGNING_KEY_ABSENT)
		doctor_say(f, GRADE_WARN, "signature", "sudo mokutil --import /var/lib/dkms/mok.pub, "
			   "restart, and confirm it on the screen of the firmware",
			   "%s; the firmware does not know the key of DKMS, '%s'", why, signer);
	else if (signer)
		doctor_say(f, GRADE_OK, "signature", NULL, "%s; the module is signed by '%s'", why,
			   signer);
}

static bool any_module(const struct kernels *all)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++)
		if (all->kernel[i].module)
			return true;
	return false;
}

/**
 * doctor_boot() - the module is loaded: will it be so again?
 * @f: takes what is found
 */
void doctor_boot(struct findings *f)
{
	static struct kernels all;
	char path[HOST_PATH_SIZE];

	/* A container has neither kernels nor a say in what its host boots. */
	if (kernels_read(&all))
		return;
	/* Somebody who tries it by insmod has not asked for more. */
	if (!all.dkms && !any_module(&all) && !autoload_file(path)) {
		doctor_say(f, GRADE_OK, "boot", "to keep it, install the package tcp-lifecycle-dkms, "
			   "or in its source: sudo make dkms-install",
			   "the module was loaded by hand, and is gone after the next boot");
		return;
	}
	check_parameters(f);
	check_autoload(f);
	check_kernels(f, &all);
	check_signatures(f, &all);
}

/* Which modules does the kernel take? */
static void check_signing(struct findings *f)
{
	const char *why = signing_wanted();

	if (why)
		doctor_say(f, GRADE_WARN, "signature", "sign the module with a key the kernel knows: "
			   "dkms does so after you enroll its key with 'sudo mokutil --import "
			   "/var/lib/dkms/mok.pub'; see kernel_lockdown(7)", "%s", why);
}

/* Is it there at all for the kernel that runs? */
static void check_built(struct findings *f)
{
	static struct kernels all;
	char remedy[REMEDY_SIZE];

	if (kernels_read(&all) || all.running < 0 || all.kernel[all.running].module)
		return;
	remedy_for(remedy, &all, &all.kernel[all.running]);
	doctor_say(f, GRADE_WARN, "kernels", remedy, "there is no module for %s, which is running",
		   all.kernel[all.running].release);
}

/**
 * doctor_unloaded() - the module is not loaded: has the host what it takes?
 * @f: takes what is found
 */
void doctor_unloaded(struct findings *f)
{
	check_built(f);
	check_signing(f);
	if (!access("/sys/kernel/debug/kprobes/list", F_OK) ||
	    !access("/proc/sys/debug/kprobes-optimization", F_OK))
		doctor_say(f, GRADE_OK, "kprobes", NULL, "the kernel has them");
	else
		doctor_say(f, GRADE_WARN, "kprobes",
			   "look for CONFIG_KPROBES=y in /boot/config-$(uname -r); without it, use "
			   "another kernel", "not found: a kernel without them cannot load the module");
}
