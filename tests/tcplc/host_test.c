// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_test.c: tcplc config --save, and what tcplc doctor says of the next load, boot and
 * kernel, on hosts that are made up in a folder. modprobe, modinfo and depmod are the real ones.
 */
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/tcp_lifecycle.h>

#include "base/version.h"
#include "check.h"
#include "fake.h"
#include "host/parameters.h"
#include "host/run.h"
#include "tool.h"

static char dir[] = "/tmp/tcplc-host.XXXXXX";
static uint32_t retention;
static bool causes_off;

static void answer(uint8_t cmd)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (cmd == TCP_LIFECYCLE_CMD_STATS_GET)
		mnl_attr_put_u32(fake_message(cmd), TCP_LIFECYCLE_A_STATS_LIVE, 1);
	if (cmd != TCP_LIFECYCLE_CMD_CONFIG_GET)
		return;
	nlh = fake_message(cmd);
	mnl_attr_put_u32(nlh, TCP_LIFECYCLE_A_CONFIG_RETENTION, retention);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK, 1);
	mnl_attr_put_u16(nlh, TCP_LIFECYCLE_A_CONFIG_PORT, 443);
	mnl_attr_put_u16(nlh, TCP_LIFECYCLE_A_CONFIG_PORT, 80);
	nest = mnl_attr_nest_start(nlh, TCP_LIFECYCLE_A_CONFIG_GROUP);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_GROUP_STATE_GROUP, TCP_LIFECYCLE_GROUP_CAUSES);
	mnl_attr_put_u8(nlh, TCP_LIFECYCLE_A_GROUP_STATE_ENABLED, !causes_off);
	mnl_attr_nest_end(nlh, nest);
}

/* In the folder, which is the host. */
static void __attribute__((format(printf, 1, 2))) sh(const char *format, ...)
{
	char command[2048];
	size_t used = snprintf(command, sizeof(command), "set -e; PATH=$PATH:/usr/sbin:/sbin; cd %s; ", dir);
	va_list args;

	va_start(args, format);
	vsnprintf(command + used, sizeof(command) - used, format, args);
	va_end(args);
	CHECK(!system(command));
}

static const char *content(const char *name)
{
	static char text[4096];
	char path[256];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	text[0] = '\0';
	file = fopen(path, "r");
	if (!file)
		return "";
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	/* The first line has the version. */
	return strchr(text, '\n') ? strchr(text, '\n') + 1 : text;
}

/* A host with nothing but /sys, whose module was loaded with records=1000. */
static void fresh(void)
{
	fake = (struct fake){ .loaded = true, .answer = answer };
	retention = 600;
	causes_off = false;
	host_root = dir;
	sh("rm -rf ./*; mkdir -p sys/module/tcp_lifecycle/parameters etc/modprobe.d lib/modules");
	sh("cd sys/module/tcp_lifecycle/parameters; echo 1000 >records; echo 99 >retention; "
	   "echo 4096 >feed; echo N >exclude_loopback; echo >ports");
}

static bool mode_is(const char *name, mode_t mode)
{
	char path[256];
	struct stat s;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return !stat(path, &s) && (s.st_mode & 07777) == mode;
}

static void what_runs_is_saved(void)
{
	fresh();
	CHECK(!tool_run("config --save --root %s", dir));
	CHECK_TEXT(content("etc/modprobe.d/tcp_lifecycle.conf"), "options tcp_lifecycle records=1000 "
		   "retention=600 feed=4096 exclude_loopback=Y ports=443,80\n");
	CHECK_TEXT(content("etc/modules-load.d/tcp_lifecycle.conf"), "tcp_lifecycle\n");
	CHECK(mode_is("etc/modprobe.d/tcp_lifecycle.conf", 0644));
	CHECK(mode_is("etc/modules-load.d/tcp_lifecycle.conf", 0644));
	CHECK(strstr(tool_out, "/etc/modprobe.d/tcp_lifecycle.conf:\noptions tcp_lifecycle records="));
	CHECK(!tool_err[0]);
	/* Its own file is replaced without a copy. */
	retention = 30;
	CHECK(!tool_run("config --save --root %s --json", dir));
	CHECK(strstr(content("etc/modprobe.d/tcp_lifecycle.conf"), " retention=30 "));
	CHECK(strstr(tool_out, "\"type\":\"configured\"") && !strstr(tool_out, "previous"));
	sh("test $(ls etc/modprobe.d etc/modules-load.d | grep -c tcp_lifecycle) = 2");
}

static void a_file_written_by_hand_stays(void)
{
	fresh();
	sh("echo '# mine' >etc/modprobe.d/tcp_lifecycle.conf");
	CHECK(!tool_run("config --save --root %s", dir));
	CHECK(strstr(tool_out, "/etc/modprobe.d/tcp_lifecycle.conf.old: what was there before"));
	sh("grep -qx '# mine' etc/modprobe.d/tcp_lifecycle.conf.old");
	CHECK(strstr(content("etc/modprobe.d/tcp_lifecycle.conf"), "options "));
}

static void what_is_not_saved_is_said(void)
{
	fresh();
	causes_off = true;
	sh("rm sys/module/tcp_lifecycle/parameters/feed; mkdir -p etc/initramfs-tools; "
	   "echo tcp_lifecycle >etc/initramfs-tools/modules");
	CHECK(!tool_run("config --save --root %s", dir));
	CHECK(strstr(tool_err, "not saved: hooks causes off"));
	CHECK(strstr(tool_err, "not saved: feed"));
	CHECK(strstr(tool_err, "update-initramfs"));
	CHECK(!strstr(content("etc/modprobe.d/tcp_lifecycle.conf"), "feed="));
	/* The name sorts behind ours, so modprobe takes it last. */
	sh("echo 'options tcp-lifecycle records=77' >etc/modprobe.d/zz.conf");
	CHECK(tool_run("config --save --root %s", dir) == 1);
	CHECK(strstr(tool_err, "the next load still has records=77"));
}

static void what_cannot_be_saved_says_why(void)
{
	fresh();
	CHECK(tool_run("config --root %s", dir) == 2 && strstr(tool_err, "add --save"));
	sh("rm -r etc; echo >etc");
	CHECK(tool_run("config --save --root %s", dir) == 1);
	CHECK(strstr(tool_err, "/etc/modprobe.d/tcp_lifecycle.conf: Not a directory"));
	fresh();
	CHECK(tool_run("config retention nonsense --save --root %s", dir) == 2);
	sh("! ls etc/modprobe.d/* etc/modules-load.d 2>/dev/null");
	fake.loaded = false;
	CHECK(tool_run("config --save --root %s", dir) == 1 && strstr(tool_err, "modprobe"));
}

static void a_change_is_made_before_it_is_saved(void)
{
	fresh();
	retention = 60;
	CHECK(!tool_run("config retention 60 --save --root %s", dir));
	CHECK(fake.requests >= 2 && strstr(content("etc/modprobe.d/tcp_lifecycle.conf"), "retention=60 "));
}

/* The defaults that the client knows are those of the module. */
static void the_defaults_are_those_of_the_module(void)
{
	char line[256], name[64];
	struct parameters p;
	unsigned int value, found = 0, i;
	FILE *file = fopen("../../module/params.c", "r");

	parameters_default(&p);
	CHECK(file);
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "static unsigned int %63[a-z_] = %u;", name, &value) != 2)
			continue;
		for (i = 0; i < PARAMETER_COUNT && strcmp(name, parameters_names[i]); i++)
			;
		CHECK(i < PARAMETER_COUNT && p.number[i] == value);
		found++;
	}
	CHECK(found == 3 && !p.number[PARAMETER_EXCLUDE_LOOPBACK] && !p.nr_ports);
	if (file)
		fclose(file);
}

/* kernel RELEASE MODULE?: with a file that modinfo takes for the module. */
static void kernel(const char *release, bool module)
{
	sh("mkdir -p lib/modules/%s/updates boot; cd lib/modules/%s; : >modules.builtin; : >modules.order; "
	   ": >../../../boot/vmlinuz-%s", release, release, release);
	if (module)
		sh("cd lib/modules/%s; echo 'const char i[] __attribute__((section(\".modinfo\"))) = "
		   "\"version=1\";' | gcc -xc -c -o updates/tcp_lifecycle.ko -; depmod -b ../../.. %s 2>/dev/null",
		   release, release);
}

static void doctor_knows_a_module_loaded_by_hand(void)
{
	fresh();
	CHECK(!tool_run("doctor") || strstr(tool_out, "FAIL  hooks"));
	CHECK(!strstr(tool_out, " kernels ") && !strstr(tool_out, " settings "));
	kernel("6.1.0-9-amd64", false);
	tool_run("doctor");
	CHECK(strstr(tool_out, "ok    boot         the module was loaded by hand"));
	CHECK(!strstr(tool_out, " kernels ") && !strstr(tool_out, " settings "));
}

static void doctor_compares_the_next_load(void)
{
	fresh();
	kernel("6.1.0-9-amd64", true);
	tool_run("doctor");
	CHECK(strstr(tool_out, "warn  settings     records is 1000 now, and 32768 after the next load, the default"));
	CHECK(strstr(tool_out, "warn  settings     ports is 443,80 now, and any after"));
	CHECK(strstr(tool_out, "exclude_loopback is Y now, and N after"));
	CHECK(!strstr(tool_out, "feed is") && !strstr(tool_out, "retention is"));
	CHECK(strstr(tool_out, "ok    boot         nothing loads the module"));
	sh("echo 'options tcp_lifecycle records=5' >etc/modprobe.d/x.conf");
	tool_run("doctor");
	CHECK(strstr(tool_out, "and 5 after the next load, which modprobe.d says"));
	sh("rm etc/modprobe.d/x.conf");
	CHECK(!tool_run("config --save --root %s", dir));
	host_root = dir;
	tool_run("doctor");
	CHECK(strstr(tool_out, "ok    settings     the next load has those that are running"));
	CHECK(strstr(tool_out, "etc/modules-load.d/tcp_lifecycle.conf has the module loaded"));
}

static void doctor_looks_at_the_next_kernel(void)
{
	fresh();
	kernel("6.1.0-9-amd64", true);
	tool_run("doctor");
	CHECK(strstr(tool_out, "warn  kernels      DKMS does not have the module"));
	sh("mkdir -p var/lib/dkms/tcp_lifecycle");
	tool_run("doctor");
	CHECK(strstr(tool_out, "ok    kernels      1 of 1 installed have the module; DKMS"));
	/* Newer than 9, though not by the letter. */
	kernel("6.1.0-10-amd64", false);
	tool_run("doctor");
	CHECK(strstr(tool_out, "warn  kernels      there is no module for 6.1.0-10-amd64, the newest kernel"));
	CHECK(strstr(tool_out, "sudo apt install linux-headers-6.1.0-10-amd64; DKMS"));
	sh("mkdir -p lib/modules/6.1.0-10-amd64/build; : >lib/modules/6.1.0-10-amd64/build/Makefile");
	tool_run("doctor");
	CHECK(strstr(tool_out, "sudo dkms autoinstall -k 6.1.0-10-amd64;"));
	/* Headers of a kernel that is not installed are no kernel. */
	sh("mkdir -p lib/modules/6.9-headers-only/build var/lib/dpkg/updates; "
	   "printf 'Package: %%s\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: all\\n\\n' "
	   "linux-headers-6.1.0-10-amd64 linux-image-6.1.0-10-amd64 >var/lib/dpkg/status");
	tool_run("doctor");
	CHECK(!strstr(tool_out, "6.9-headers-only") && strstr(tool_out, "no package brings the headers"));
	sh("printf 'Package: %%s\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: all\\n' "
	   "linux-headers-amd64 >>var/lib/dpkg/status");
	tool_run("doctor");
	CHECK(strstr(tool_out, "ok    kernels      1 of 2 installed have the module; DKMS"));
}

static void efi(const char *name, const char *vendor, int value)
{
	sh("mkdir -p sys/firmware/efi/efivars; printf '\\006\\000\\000\\000\\%03o' >sys/firmware/efi/efivars/%s-%s",
	   value, name, vendor);
}

static void doctor_says_what_signs(void)
{
	static const char global[] = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
	static const char shim[] = "605dab50-e046-4300-abb6-3dd810dd8b23";

	fresh();
	kernel("6.1.0-9-amd64", true);
	tool_run("doctor");
	CHECK(!strstr(tool_out, "signature"));
	efi("SecureBoot", global, 1);
	tool_run("doctor");
	CHECK(strstr(tool_out, "warn  signature    Secure Boot is on") &&
	      strstr(tool_out, "that for 6.1.0-9-amd64 has no signature") && strstr(tool_out, "mokutil --import"));
	efi("MokSBStateRT", shim, 1);
	tool_run("doctor");
	CHECK(!strstr(tool_out, "signature"));
	efi("SecureBoot", global, 0);
	sh("mkdir -p sys/kernel/security; echo 'none [integrity] confidentiality' >sys/kernel/security/lockdown");
	fake.loaded = false;
	CHECK(tool_run("doctor") == 1 && strstr(tool_out, "warn  signature    the kernel is locked down"));
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	if (!mkdtemp(dir))
		return 1;
	CHECK_RUN(what_runs_is_saved);
	CHECK_RUN(a_file_written_by_hand_stays);
	CHECK_RUN(what_is_not_saved_is_said);
	CHECK_RUN(what_cannot_be_saved_says_why);
	CHECK_RUN(a_change_is_made_before_it_is_saved);
	CHECK_RUN(the_defaults_are_those_of_the_module);
	CHECK_RUN(doctor_knows_a_module_loaded_by_hand);
	CHECK_RUN(doctor_compares_the_next_load);
	CHECK_RUN(doctor_looks_at_the_next_kernel);
	CHECK_RUN(doctor_says_what_signs);
	sh("cd /; rm -rf %s", dir);
	return check_end();
}
