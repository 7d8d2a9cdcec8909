// SPDX-License-Identifier: GPL-2.0
/*
 * main.c: the order of beginning and end.
 *
 * Probes come last and go first: a handler finds everything it needs, and
 * nothing is freed under one.
 */
#include <linux/module.h>

#include "conn.h"
#include "params.h"
#include "probe.h"
#include "proc.h"

static int __init tlc_init(void)
{
	struct tlc_params params;
	int err;

	err = tlc_params_check(&params);
	if (err)
		return err;
	err = tlc_conn_init(&params, tlc_probe_missed);
	if (err)
		return err;
	err = tlc_proc_init();
	if (err)
		goto err_conn;
	err = tlc_probe_init();
	if (err)
		goto err_proc;

	pr_info("recording up to %u connections in /proc/tcp_lifecycle\n",
		params.records);
	return 0;

err_proc:
	tlc_proc_exit();
err_conn:
	tlc_conn_exit();
	return err;
}

static void __exit tlc_exit(void)
{
	tlc_probe_exit();
	tlc_proc_exit();
	tlc_conn_exit();
}

module_init(tlc_init);
module_exit(tlc_exit);

MODULE_DESCRIPTION("The whole life of each TCP connection, from first SYN to the end of 2MSL");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
