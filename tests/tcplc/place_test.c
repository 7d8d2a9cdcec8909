// SPDX-License-Identifier: GPL-2.0-only
/*
 * place_test.c: what the path of a cgroup says, how it is found, and who remembers it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask/cgroup.h"
#include "base/place.h"
#include "check.h"
#include "draw/column.h"
#include "draw/facts.h"
#include "filter/filter.h"
#include "json/conn_json.h"
#include "saved/conn_read.h"
#include "why/key.h"

#define ID "3f2a9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9fa0b1c2"
#define OTHER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define UID "6f1c0a52-1d2e-4f3a-8b4c-9d5e6f708192"
#define UID_ "6f1c0a52_1d2e_4f3a_8b4c_9d5e6f708192"

static const struct {
	const char *path, *unit, *slice, *container, *pod, *text;
} paths[] = {
	{ "/", NULL, NULL, NULL, NULL, "/" },
	{ "/system.slice/nginx.service", "nginx.service", "system.slice", NULL, NULL,
	  "nginx.service" },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service",
	  "system-getty.slice", NULL, NULL, "getty@tty1.service" },
	/* What is below a unit is its own. */
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service",
	  "user@1000.service", "user-1000.slice", NULL, NULL, "user@1000.service" },
	{ "/init.scope", "init.scope", NULL, NULL, NULL, "init.scope" },
	{ "/system.slice/_cpu.service", "cpu.service", "system.slice", NULL, NULL, "cpu.service" },
	/* A folder of somebody's; .slice is no name. */
	{ "/web/nginx.service", NULL, NULL, NULL, NULL, "/web/nginx.service" },
	{ "/.slice/.service", NULL, NULL, NULL, NULL, "/.slice/.service" },
	{ "/system.slice/docker-" ID ".scope", "docker-" ID ".scope", "system.slice", ID, NULL,
	  "docker-3f2a9c0d1e2f.scope" },
	{ "/docker/" ID, NULL, NULL, ID, NULL, "3f2a9c0d1e2f" },
	{ "/docker/" ID "/system.slice/nginx.service", NULL, NULL, ID, NULL, "3f2a9c0d1e2f" },
	{ "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", "machine.slice",
	  ID, NULL, "libpod-3f2a9c0d1e2f.scope" },
	{ "/machine.slice/libpod-conmon-" ID ".scope", "libpod-conmon-" ID ".scope",
	  "machine.slice", NULL, NULL, "libpod-conmon-3f2a9c0d1e2f.scope" },
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_ ".slice/"
	  "cri-containerd-" ID ".scope", "cri-containerd-" ID ".scope",
	  "kubepods-burstable-pod" UID_ ".slice", ID, UID, "cri-containerd-3f2a9c0d1e2f.scope" },
	{ "/kubepods.slice/kubepods-pod" UID_ ".slice/crio-" ID ".scope",
	  "crio-" ID ".scope", "kubepods-pod" UID_ ".slice", ID, UID, "crio-3f2a9c0d1e2f.scope" },
	{ "/kubepods/burstable/pod" UID "/" ID, NULL, NULL, ID, UID, "3f2a9c0d1e2f" },
	{ "/kubepods/besteffort/pod0123456789abcdef0123456789abcdef/" ID, NULL, NULL, ID,
	  "0123456789abcdef0123456789abcdef", "3f2a9c0d1e2f" },
	/* containerd with cgroupfs's names under a kubelet with systemd's. */
	{ "/system.slice/containerd.service/kubepods-besteffort-pod" UID_ ".slice:cri-containerd:" ID,
	  "containerd.service", "system.slice", ID, UID, "containerd.service" },
	/* kind: a node is a container, its pods are in there. */
	{ "/docker/" OTHER "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_
	  ".slice/cri-containerd-" ID ".scope", NULL, NULL, ID, UID, "3f2a9c0d1e2f" },
	{ "/lxc.payload.web/system.slice/nginx.service", NULL, NULL, "web", NULL, "web" },
	{ "/lxc/web", NULL, NULL, "web", NULL, "web" },
	{ "/lxc.monitor.web", NULL, NULL, NULL, NULL, "/lxc.monitor.web" },
	/* Nearly: no pod without Kubernetes, no id of 63 or 65 digits or in capitals. */
	{ "/pod" UID "/x", NULL, NULL, NULL, NULL, "/pod" UID "/x" },
	{ "/kubepods/pod6f1c0a52-1d2e-4f3a-8b4c9-d5e6f708192", NULL, NULL, NULL, NULL,
	  "/kubepods/pod6f1c0a52-1d2e-4f3a-8b4c9-d5e6f708192" },
	{ "/docker/f" ID, NULL, NULL, NULL, NULL, "/docker/f" ID },
	{ "/docker/3F2A9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9fa0b1c2", NULL, NULL, NULL,
	  NULL, "/docker/3F2A9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9fa0b1c2" },
	{ "/a\x1b[2Jb", NULL, NULL, NULL, NULL, "/a\\x1b[2Jb" },
};

static const char *or_none(const char *name)
{
	return name ? name : "none";
}

static void a_path_says_unit_slice_container_and_pod(void)
{
	char text[PLACE_TEXT_SIZE];
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		const struct place *p = place_intern(paths[i].path);

		CHECK(p && p == place_intern(paths[i].path));
		if (!p)
			continue;
		CHECK_TEXT(p->path, paths[i].path);
		CHECK_TEXT(or_none(p->unit), or_none(paths[i].unit));
		CHECK_TEXT(or_none(p->slice), or_none(paths[i].slice));
		CHECK_TEXT(or_none(p->container), or_none(paths[i].container));
		CHECK_TEXT(or_none(p->pod), or_none(paths[i].pod));
		CHECK_TEXT(place_text(text, p), paths[i].text);
	}
	CHECK(!place_text(text, NULL));
}

static void what_is_no_path_is_not_taken(void)
{
	char path[PLACE_PATH_SIZE + 1] = "/";

	CHECK(!place_intern(""));
	CHECK(!place_intern("system.slice"));
	memset(path + 1, 'x', sizeof(path) - 2);
	CHECK(!place_intern(path));
	path[PLACE_PATH_SIZE - 1] = '\0';
	CHECK(place_intern(path));
}

static unsigned int asked;

static bool one_there(char *out, uint64_t id)
{
	asked++;
	strcpy(out, "/system.slice/nginx.service");
	return id == 7;
}

static struct conn of_cgroup(uint64_t id)
{
	return (struct conn){ .has = CONN_BIT(TCP_LIFECYCLE_A_CONN_CGROUP), .cgroup = id };
}

static void the_kernel_is_asked_once_and_never_for_a_record_of_a_file(void)
{
	struct conn here = of_cgroup(7), gone = of_cgroup(8), nobody = { 0 };
	struct place *p;

	place_set_resolver(one_there);
	p = place_of(&here);
	CHECK(p && p == place_of(&here));
	CHECK(!place_of(&gone) && !place_of(&gone) && !place_of(&nobody));
	CHECK(asked == 2);
	/* It was found by a look ahead. */
	place_learn(8, "/a.slice");
	CHECK(place_of(&gone) == place_intern("/a.slice"));
	here.place = &place_unknown;
	CHECK(!place_of(&here));
	here.place = place_intern("/lxc/web");
	CHECK(place_of(&here) == place_intern("/lxc/web"));
	CHECK(asked == 2);
	place_set_resolver(NULL);
}

static bool says(const char *text, const char *path)
{
	struct conn c = { .place = path ? place_intern(path) : &place_unknown };
	struct filter_error error;
	struct filter *f = filter_parse(text, 0, &error);
	bool good;

	if (!f) {
		filter_error_print(&error, stdout);
		CHECK(!"it can be read");
		return false;
	}
	CHECK(filter_needs(f, FILTER_NEEDS_RECORD, NULL));
	good = filter_match(f, &c);
	filter_free(f);
	return good;
}

static void a_filter_asks_for_unit_container_pod_and_path(void)
{
	static const char nginx[] = "/system.slice/nginx.service",
		pod[] = "/kubepods/burstable/pod" UID "/" ID, lxc[] = "/lxc/3f2a";

	CHECK(says("unit nginx.service", nginx) && says("unit nginx", nginx));
	CHECK(says("unit = ngi*", nginx) && !says("unit ngin", nginx));
	CHECK(!says("unit system.slice", nginx) && says("slice system.slice", nginx));
	CHECK(says("cgroup /system.slice/nginx.service", nginx));
	CHECK(says("cgroup /system.slice/*", nginx) && !says("cgroup /", nginx));
	CHECK(says("container 3f2a", pod) && says("container 3F2A9C", pod) &&
	      says("container " ID, pod) && !says("container f2a9", pod));
	CHECK(says("container 3f2a", lxc) && !says("container 3f2", lxc) && says("container 3f*", lxc));
	CHECK(says("pod " UID, pod) && says("pod " UID_, pod) && says("pod 6f1c0a52", pod) &&
	      !says("pod 6f1c0a53", pod));
	/* What is not known is neither, and its negation holds. */
	CHECK(!says("unit nginx", NULL) && says("not unit nginx", NULL));
	CHECK(!says("container 3f2a", nginx) && says("not container 3f2a", nginx));
}

static const char *wrong(const char *text)
{
	static struct filter_error error;
	struct filter *f = filter_parse(text, 0, &error);

	filter_free(f);
	CHECK(!f);
	return error.what;
}

static void a_wrong_filter_is_told(void)
{
	CHECK_TEXT(wrong("unit"), "'unit' needs a unit of systemd, for example nginx.service or "
		   "docker-*");
	CHECK_TEXT(wrong("unitt nginx"), "unknown word 'unitt', did you mean 'unit'?");
	CHECK_TEXT(wrong("container \"\""), "'container' needs how the id of a container begins, for "
		   "example 3f2a, or the name LXC has for it");
	CHECK_TEXT(wrong("cgroup web"), "'web' is not a number");
}

static const char *shown(enum column_id id, struct place *p)
{
	static char out[COLUMN_TEXT_SIZE];
	struct table_cell cell = { 0 };
	struct conn c = { .place = p };

	column_of(id)->get(&cell, out, &c);
	return or_none(cell.text);
}

static void a_column_shows_it_and_what_is_too_long_is_marked(void)
{
	char path[PLACE_PATH_SIZE] = "/";
	const char *text;

	CHECK_TEXT(shown(COLUMN_UNIT, place_intern("/system.slice/nginx.service")), "nginx.service");
	CHECK_TEXT(shown(COLUMN_WHERE, place_intern("/docker/" ID)), "3f2a9c0d1e2f");
	CHECK_TEXT(shown(COLUMN_CONTAINER, place_intern("/docker/" ID)), ID);
	CHECK_TEXT(shown(COLUMN_UNIT, place_intern("/docker/" ID)), "none");
	CHECK_TEXT(shown(COLUMN_WHERE, &place_unknown), "none");
	memset(path + 1, '\x1b', sizeof(path) - 2);
	text = shown(COLUMN_CGROUP, place_intern(path));
	CHECK(strlen(text) > 1000);
	CHECK_TEXT(text + strlen(text) - 3, "...");
}

static char why_not[200];

/* The record as a file has it, and what is read of it. */
static struct conn written_and_read(const struct conn *c, char **text)
{
	struct conn back = { 0 };
	json_t *object;
	size_t size;
	FILE *out = open_memstream(text, &size);

	conn_json_print(out, c, NULL);
	fclose(out);
	object = json_loads(*text, 0, NULL);
	CHECK(object && !conn_read(object, &back, why_not, sizeof(why_not)));
	json_decref(object);
	return back;
}

static void a_file_keeps_the_path_and_nothing_is_added_to_it(void)
{
	static const char odd[] = "/a\"\\x41\xff\x1b\xc3\xa9/b.service";
	struct conn c = of_cgroup(7), back;
	char *text = NULL;

	c.has |= CONN_BIT(TCP_LIFECYCLE_A_CONN_COOKIE);
	place_set_resolver(one_there);
	c.place = place_intern("/kubepods/burstable/pod" UID "/" ID);
	back = written_and_read(&c, &text);
	CHECK(strstr(text, ",\"cgroup_path\":\"/kubepods/burstable/pod" UID "/" ID "\",\"container\":\"" ID
		     "\",\"pod\":\"" UID "\""));
	CHECK(place_of(&back) == c.place && !*why_not);
	free(text);
	c.place = place_intern(odd);
	back = written_and_read(&c, &text);
	CHECK(place_of(&back) == c.place);
	free(text);
	/* What it does not have is not known, whatever cgroup 7 is here. */
	c.place = &place_unknown;
	back = written_and_read(&c, &text);
	CHECK(!strstr(text, "cgroup_path") && !place_of(&back) && place_is_asked(&back));
	free(text);
	place_set_resolver(NULL);
}

static void a_bad_path_in_a_file_is_told(void)
{
	json_t *object = json_pack("{s:s,s:s}", "cookie", "7", "cgroup_path", "nginx.service");
	struct conn c;

	CHECK(!conn_read(object, &c, why_not, sizeof(why_not)));
	CHECK_TEXT(why_not, "this is no value of 'cgroup_path': \"nginx.service\"");
	CHECK(!place_of(&c));
	json_decref(object);
}

static void why_names_process_and_unit(void)
{
	struct conn c = { .comm = "java", .pid = 4711 };
	struct key key, other;

	c.place = place_intern("/system.slice/orders.service");
	key_begin(&key, &c);
	key_owner(&key, &c);
	CHECK_TEXT(KEY_WHO(&key), "java/4711 orders.service");
	c.place = &place_unknown;
	key_begin(&other, &c);
	key_owner(&other, &c);
	CHECK_TEXT(KEY_WHO(&other), "java/4711");
	CHECK(memcmp(&key, &other, sizeof(key)));
}

static char told[4096];

static void add_fact(const char *name, const char *text, enum text_color color, void *data)
{
	(void)color;
	(void)data;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s: %s\n", name, text);
}

static const char *facts_of_place(const struct conn *c)
{
	told[0] = '\0';
	facts_each(c, add_fact, NULL);
	return told;
}

static void show_says_where_or_that_it_is_not_known(void)
{
	struct conn c = of_cgroup(8);

	c.place = place_intern("/docker/" ID);
	CHECK_TEXT(facts_of_place(&c), "ran in: container " ID "; cgroup /docker/" ID "\n");
	c.place = &place_unknown;
	CHECK_TEXT(facts_of_place(&c), "ran in: cgroup 8, whose path is not known: it was gone when tcplc "
		   "looked, or could not be seen\n");
}

/* Where a cgroup can be made, it is found as long as it is there. */
static void this_kernel_knows_its_own(void)
{
	static const char *const roots[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" };
	char dir[128], path[PLACE_PATH_SIZE];
	struct stat st;
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(dir, sizeof(dir), "%s/cgroup.procs", roots[i]);
		if (access(dir, F_OK))
			continue;
		snprintf(dir, sizeof(dir), "%s/tlc-place-%d", roots[i], getpid());
		if (mkdir(dir, 0755)) {
			printf("# %s: %s\n", dir, strerror(errno));
			return;
		}
		CHECK(!stat(dir, &st));
		CHECK(cgroup_path(path, st.st_ino));
		CHECK_TEXT(path, dir + strlen(roots[i]));
		rmdir(dir);
		CHECK(!cgroup_path(path, st.st_ino));
		return;
	}
	printf("# no unified hierarchy here\n");
}

int main(void)
{
	CHECK_RUN(a_path_says_unit_slice_container_and_pod);
	CHECK_RUN(what_is_no_path_is_not_taken);
	CHECK_RUN(the_kernel_is_asked_once_and_never_for_a_record_of_a_file);
	CHECK_RUN(a_filter_asks_for_unit_container_pod_and_path);
	CHECK_RUN(a_wrong_filter_is_told);
	CHECK_RUN(a_column_shows_it_and_what_is_too_long_is_marked);
	CHECK_RUN(a_file_keeps_the_path_and_nothing_is_added_to_it);
	CHECK_RUN(a_bad_path_in_a_file_is_told);
	CHECK_RUN(why_names_process_and_unit);
	CHECK_RUN(show_says_where_or_that_it_is_not_known);
	CHECK_RUN(this_kernel_knows_its_own);
	return check_end();
}
