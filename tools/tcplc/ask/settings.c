// SPDX-License-Identifier: GPL-2.0-only
/*
 * settings.c: what is recorded, and for how long it is kept.
 */
#include "ask/settings.h"

#include <linux/kernel.h>

#include "ask/source.h"

static void take_group(const struct nlattr *nest, struct settings *c)
{
	uint8_t group = 0xff, enabled = 0;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_validate(attr, MNL_TYPE_U8) < 0)
			continue;
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_GROUP_STATE_GROUP)
			group = mnl_attr_get_u8(attr);
		if (mnl_attr_get_type(attr) == TCP_LIFECYCLE_A_GROUP_STATE_ENABLED)
			enabled = mnl_attr_get_u8(attr);
	}
	if (group >= ARRAY_SIZE(c->group))
		return;
	c->has_group[group] = true;
	c->group[group] = enabled;
}

static int take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr;
	struct settings *c = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case TCP_LIFECYCLE_A_CONFIG_RETENTION:
			if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
				c->retention = mnl_attr_get_u32(attr);
			break;
		case TCP_LIFECYCLE_A_CONFIG_EXCLUDE_LOOPBACK:
			if (mnl_attr_validate(attr, MNL_TYPE_U8) >= 0)
				c->exclude_loopback = mnl_attr_get_u8(attr);
			break;
		case TCP_LIFECYCLE_A_CONFIG_PORT:
			if (mnl_attr_validate(attr, MNL_TYPE_U16) >= 0 &&
			    c->nr_ports < SETTINGS_PORTS)
				c->port[c->nr_ports++] = mnl_attr_get_u16(attr);
			break;
		case TCP_LIFECYCLE_A_CONFIG_GROUP:
			take_group(attr, c);
			break;
		}
	}
	return 0;
}

/**
 * settings_get() - ask for them
 * @nl: an open session
 * @s: filled
 *
 * Return: 0, or a negative errno that @nl explains: -ENOENT if it is a file that does not
 * have them.
 */
int settings_get(struct nl *nl, struct settings *s)
{
	*s = (struct settings){ 0 };
	if (nl->source)
		return nl->source->settings(nl, s);
	return nl_do(nl, nl_request(nl, TCP_LIFECYCLE_CMD_CONFIG_GET), take, s);
}
