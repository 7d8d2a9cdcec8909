// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c: the order of beginning and end.
 *
 * Probes come late and go before what they use: a handler finds everything it
 * needs, and nothing is freed under one.  Sockets that are there already are taken
 * in once the probes are live, so that none falls between.  The netlink family
 * comes last, since from then on anybody may ask: a request holds no reference to
 * the module, and must find all of it, and a dump that began would outlive a load
 * that fails.
 */
#include <linux/module.h>

#include "answer/netlink.h"
#include "answer/pack.h"
#include "answer/proc.h"
#include "feed/feed.h"
#include "feed/publish.h"
#include "params.h"
#include "probe/attach.h"
#include "probe/census.h"
#include "table/conn.h"
#include "table/newcomer.h"
#include "totals/books_net.h"
#include "totals/lives.h"
#include "totals/stats.h"

static const struct tlc_ended_source ended = {
	.next = tlc_conn_next_ended,
	.any = tlc_conn_any_ended,
	.pack = tlc_pack_record,
};

static int __init tlc_init(void)
{
	struct tlc_params params;
	unsigned int existing;
	int err;

	err = tlc_params_check(&params);
	if (err)
		return err;
	err = tlc_stats_init();
	if (err)
		return err;
	err = tlc_lives_init();
	if (err)
		goto err_stats;
	err = tlc_conn_init(&params, tlc_probe_lossy);
	if (err) {
		pr_err("no memory for records=%u; load with fewer\n", params.records);
		goto err_lives;
	}
	err = tlc_books_net_init();
	if (err)
		goto err_conn;
	err = tlc_feed_init(params.feed, tlc_publish_everyone(), tlc_publish_kick,
			    NULL);
	if (err) {
		pr_err("no memory for feed=%u events per CPU; load with fewer\n",
		       params.feed);
		goto err_books;
	}
	err = tlc_publish_init(tlc_probe_sees_joining, &ended);
	if (err)
		goto err_feed;
	err = tlc_proc_init();
	if (err)
		goto err_publish;
	tlc_newcomer_meet_older(false);
	err = tlc_probe_init();
	if (err)
		goto err_proc;
	existing = tlc_census_take();
	tlc_books_net_start();
	err = tlc_census_start();
	if (err)
		goto err_probe;
	err = tlc_netlink_init();
	if (err)
		goto err_census;
	tlc_publish_start();

	pr_info("recording up to %u connections in /proc/tcp_lifecycle; %u sockets already existed\n",
		params.records, existing);
	return 0;

err_census:
	tlc_census_stop();
err_probe:
	tlc_probe_exit();
err_proc:
	tlc_proc_exit();
err_publish:
	tlc_publish_exit();
err_feed:
	tlc_feed_exit();
err_books:
	tlc_books_net_exit();
err_conn:
	tlc_conn_exit();
err_lives:
	tlc_lives_exit();
err_stats:
	tlc_stats_exit();
	return err;
}

static void __exit tlc_exit(void)
{
	tlc_census_stop();
	tlc_probe_exit();
	tlc_publish_stop();
	tlc_netlink_exit();
	tlc_proc_exit();
	tlc_publish_exit();
	tlc_feed_exit();
	tlc_books_net_exit();
	tlc_conn_exit();
	tlc_lives_exit();
	tlc_stats_exit();
}

module_init(tlc_init);
module_exit(tlc_exit);

MODULE_DESCRIPTION("Records the life of every TCP connection, from the first SYN to the end of 2MSL");
MODULE_LICENSE("GPL");
MODULE_VERSION(TLC_VERSION);
