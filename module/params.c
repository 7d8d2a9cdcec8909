// SPDX-License-Identifier: GPL-2.0-only
/*
 * params.c: the module's parameters.
 *
 * Owns: their names, defaults and bounds.
 * Called by: main.c at load, in process context.
 * Must not: be read by anything else; the checked values are handed on.
 */
#include "params.h"

#include <linux/log2.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned int records = 32768;
module_param(records, uint, 0444);
MODULE_PARM_DESC(records, "size of the pool in connections, open and ended, 64 to 4194304, 576 bytes each (default 32768)");

static unsigned int retention = 600;
module_param(retention, uint, 0444);
MODULE_PARM_DESC(retention, "seconds for which an ended connection is kept, 1 to 86400 (default 600)");

static unsigned int feed = 4096;
module_param(feed, uint, 0444);
MODULE_PARM_DESC(feed, "events buffered per CPU for readers of the event feed, 64 to 1048576, rounded up to a power of two, 120 bytes each (default 4096)");

static bool exclude_loopback;
module_param(exclude_loopback, bool, 0444);
MODULE_PARM_DESC(exclude_loopback, "do not record connections from or to a loopback address");

static unsigned int ports[TLC_PORTS_MAX];
static unsigned int nr_ports;
module_param_array(ports, uint, &nr_ports, 0444);
MODULE_PARM_DESC(ports, "record only connections with one of these local or remote ports, at most 64");

static int check(const char *name, unsigned int value, unsigned int least,
		 unsigned int most)
{
	if (value >= least && value <= most)
		return 0;
	pr_err("parameter %s=%u is out of range: %u to %u is allowed\n",
	       name, value, least, most);
	return -EINVAL;
}

/**
 * tlc_params_check() - take the parameters over
 * @params: filled
 *
 * Context: process.
 * Return: 0, or -EINVAL after a log line that says what is allowed.
 */
int tlc_params_check(struct tlc_params *params)
{
	unsigned int i;
	int err;

	err = check("records", records, TLC_RECORDS_MIN, TLC_RECORDS_MAX);
	if (!err)
		err = check("retention", retention, TLC_RETENTION_MIN,
			    TLC_RETENTION_MAX);
	if (!err)
		err = check("feed", feed, TLC_FEED_MIN, TLC_FEED_MAX);
	for (i = 0; !err && i < nr_ports; i++)
		err = check("ports", ports[i], 1, 65535);
	if (err)
		return err;

	params->records = records;
	params->retention = retention;
	params->feed = roundup_pow_of_two(feed);
	params->filter.exclude_loopback = exclude_loopback;
	params->filter.nr_ports = nr_ports;
	for (i = 0; i < nr_ports; i++)
		params->filter.port[i] = ports[i];
	return 0;
}
