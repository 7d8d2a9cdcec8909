// SPDX-License-Identifier: GPL-2.0-only
/*
 * proc.c: /proc/net/tcp_lifecycle, /proc/tcp_lifecycle, /proc/tcp_lifecycle_hooks.
 *
 * Owns: the files, who may read them, the position of a read.
 * Called by: readers, in process context.
 * Must not: hold a lock while it formats; tlc_conn_read() gives a copy.
 */
#include "answer/proc.h"

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file_net.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>

#include "answer/format.h"
#include "compat.h"
#include "life/words.h"
#include "probe/attach.h"
#include "table/conn.h"
#include "totals/stats.h"

#define PROC_NAME	"tcp_lifecycle"
#define HOOKS_NAME	"tcp_lifecycle_hooks"

/**
 * struct reader - one open file
 * @net: kept by seq_open_net(); must be first
 * @rec: the record being shown
 */
struct reader {
	struct seq_net_private net;
	struct tlc_record rec;
};

static bool in_net(const struct tlc_record *rec, const void *net)
{
	return rec->id.net == *(const u64 *)net;
}

/*
 * Position 0 is the header, position n the n-1st slot.  A slot keeps its
 * record for as long as the connection is in the table, so going by slots
 * neither repeats nor drops one that was there throughout.
 */
static void *seek(struct seq_file *m, loff_t *pos)
{
	const u64 net = tlc_compat_net_cookie(seq_file_net(m));
	struct reader *reader = m->private;

	for (; *pos <= tlc_pool_slots(); ++*pos) {
		if (tlc_conn_read(*pos - 1, in_net, &net, &reader->rec))
			return &reader->rec;
		cond_resched();
	}
	return NULL;
}

/* Asked at each read: what opened the file must have been allowed to. */
static void *start(struct seq_file *m, loff_t *pos)
{
	if (!file_ns_capable(m->file, seq_file_net(m)->user_ns, CAP_NET_ADMIN))
		return ERR_PTR(-EPERM);
	return *pos ? seek(m, pos) : SEQ_START_TOKEN;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return seek(m, pos);
}

static void stop(struct seq_file *m, void *v)
{
}

/* Totals of all namespaces need CAP_NET_ADMIN on the host. */
static void put_total(struct seq_file *m, const char *key, bool host, u64 value)
{
	if (host)
		seq_printf(m, " %s=%llu", key, value);
	else
		seq_printf(m, " %s=-", key);
}

static void show_header(struct seq_file *m)
{
	static const struct {
		const char *key;
		enum tlc_stat stat;
	} totals[] = {
		{ "untracked", TLC_STAT_UNTRACKED },
		{ "evicted", TLC_STAT_EVICTED },
		{ "excluded", TLC_STAT_EXCLUDED },
		{ "dropped", TLC_STAT_DROPPED },
		{ "illegal", TLC_STAT_ILLEGAL },
		{ "gaps", TLC_STAT_GAPS },
	};
	const bool host = file_ns_capable(m->file, &init_user_ns, CAP_NET_ADMIN);
	const struct tlc_usage usage = tlc_usage();
	unsigned int i, attached = 0;

	seq_printf(m, "# " PROC_NAME " format=%u", TCP_LIFECYCLE_FORMAT);
	put_total(m, "live", host, usage.live);
	put_total(m, "dead", host, usage.dead);
	put_total(m, "capacity", host, usage.capacity);
	for (i = 0; i < ARRAY_SIZE(totals); i++)
		put_total(m, totals[i].key, host, tlc_stats_sum(totals[i].stat));
	put_total(m, "missed", host, tlc_probe_missed());

	for (i = 0; i < tlc_nr_hooks; i++)
		attached += tlc_probe_state(i).enabled;
	seq_printf(m, " hooks=%u/%u lost=", attached, tlc_nr_hooks);
	if (attached == tlc_nr_hooks)
		seq_putc(m, '-');
	for (i = 0, attached = 0; i < tlc_nr_hooks; i++) {
		const struct tlc_hook_state hook = tlc_probe_state(i);

		if (!hook.enabled)
			seq_printf(m, "%s%s", attached++ ? "," : "", hook.symbol);
	}
	seq_putc(m, '\n');
}

static int show(struct seq_file *m, void *v)
{
	const struct tlc_view view = {
		.now = ktime_get_boottime_ns(),
		.real_offset = tlc_view_real_offset(),
		.user_ns = seq_user_ns(m),
		.show_pid = task_active_pid_ns(current) == &init_pid_ns,
	};

	if (v == SEQ_START_TOKEN)
		show_header(m);
	else
		tlc_format_record(m, v, &view);
	return 0;
}

static const struct seq_operations ops = {
	.start = start,
	.next = next,
	.stop = stop,
	.show = show,
};

static int hooks_show(struct seq_file *m, void *v)
{
	unsigned int i;

	if (!file_ns_capable(m->file, &init_user_ns, CAP_NET_ADMIN))
		return -EPERM;
	for (i = 0; i < tlc_nr_hooks; i++) {
		const struct tlc_hook_state hook = tlc_probe_state(i);

		seq_printf(m, "%s %s hits=%llu missed=%llu way=%s %s\n",
			   hook.symbol,
			   !hook.attached ? "missing" :
			   !hook.enabled ? "disabled" : "attached",
			   hook.hits, hook.missed,
			   hook.enabled ? tlc_words_way(hook.way) : "-",
			   hook.lost ? "optional" : "required");
		if (!hook.enabled && hook.lost)
			seq_printf(m, "\tlost without it: %s\n", hook.lost);
	}
	return 0;
}

static int __net_init net_init(struct net *net)
{
	if (!proc_create_net(PROC_NAME, 0400, net->proc_net, &ops,
			     sizeof(struct reader)))
		return -ENOMEM;
	return 0;
}

static void __net_exit net_exit(struct net *net)
{
	remove_proc_entry(PROC_NAME, net->proc_net);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
};

/**
 * tlc_proc_init() - make the files
 *
 * Context: process.
 * Return: 0 or a negative error; nothing is left behind then.
 */
int tlc_proc_init(void)
{
	int err;

	err = register_pernet_subsys(&net_ops);
	if (err)
		return err;
	/* As /proc/net is a link: each reader gets to its own namespace. */
	if (!proc_symlink(PROC_NAME, NULL, "net/" PROC_NAME))
		goto err_net;
	if (!proc_create_single(HOOKS_NAME, 0400, NULL, hooks_show))
		goto err_link;
	return 0;

err_link:
	remove_proc_entry(PROC_NAME, NULL);
err_net:
	unregister_pernet_subsys(&net_ops);
	return -ENOMEM;
}

/**
 * tlc_proc_exit() - remove the files
 *
 * Context: process.  Waits for reads under way; a file still open afterwards
 * reads as an error and holds nothing of the module.
 */
void tlc_proc_exit(void)
{
	remove_proc_entry(HOOKS_NAME, NULL);
	remove_proc_entry(PROC_NAME, NULL);
	unregister_pernet_subsys(&net_ops);
}
