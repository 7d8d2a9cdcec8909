// SPDX-License-Identifier: GPL-2.0-only
/*
 * fake.c: a kernel that answers what the test wants.
 *
 * Messages stand behind each other in one queue; each recvfrom() takes as many
 * whole ones as its buffer has room for, but no more than three.
 */
#include "fake.h"

#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <linux/tcp_lifecycle.h>

struct fake fake;

static char queue[1 << 24];
static size_t queued, taken;
static uint32_t seq;

static struct nlmsghdr *last;

static void finish(void)
{
	if (last)
		queued += MNL_ALIGN(last->nlmsg_len);
	last = NULL;
}

static struct nlmsghdr *begin(uint16_t type)
{
	finish();
	last = mnl_nlmsg_put_header(queue + queued);
	last->nlmsg_type = type;
	last->nlmsg_seq = seq;
	last->nlmsg_pid = 77;
	return last;
}

/**
 * fake_message() - add a message to the answer
 * @cmd: TCP_LIFECYCLE_CMD_x
 *
 * Return: the message; the next call takes it as finished.
 */
struct nlmsghdr *fake_message(uint8_t cmd)
{
	struct nlmsghdr *nlh = begin(FAKE_FAMILY);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));

	genl->cmd = cmd;
	if (fake.interrupted)
		nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	return nlh;
}

/**
 * fake_attr() - an attribute of the last request
 * @type: its number
 *
 * Return: NULL if there is none.
 */
const struct nlattr *fake_attr(uint16_t type)
{
	const struct nlmsghdr *nlh = (void *)fake.request;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

/**
 * fake_cmd() - which was the last request?
 */
uint8_t fake_cmd(void)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload((void *)fake.request);

	return genl->cmd;
}

static void acknowledge(const struct nlmsghdr *request, int error, const char *text)
{
	struct nlmsghdr *nlh = begin(NLMSG_ERROR);
	struct nlmsgerr *e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));

	nlh->nlmsg_flags |= NLM_F_CAPPED;
	e->error = error;
	e->msg = *request;
	if (text) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	}
}

static void done(void)
{
	struct nlmsghdr *nlh = begin(NLMSG_DONE);

	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
}

static void answer_ctrl(const struct nlmsghdr *request)
{
	struct nlattr *groups, *group;
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	if (!fake.loaded) {
		acknowledge(request, -ENOENT, NULL);
		return;
	}
	nlh = begin(GENL_ID_CTRL);
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAKE_FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, TCP_LIFECYCLE_MCGRP_EVENTS);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 9);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	acknowledge(request, 0, NULL);
}

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	queued = 0;
	taken = 0;
	return (struct mnl_socket *)&fake;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return 77;
}

int mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf, socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t siz)
{
	const struct nlmsghdr *request = req;
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);
	bool denied;

	(void)nl;
	seq = request->nlmsg_seq - 1;
	begin(FAKE_FAMILY);	/* a left-over of another request */
	seq = request->nlmsg_seq;
	if (request->nlmsg_type == GENL_ID_CTRL) {
		answer_ctrl(request);
	} else {
		memcpy(fake.request, req, siz);
		fake.requests++;
		denied = fake.denied && fake_attr(fake.denied);
		if (!fake.error && !denied && fake.answer)
			fake.answer(genl->cmd);
		if (!fake.error && !denied && request->nlmsg_flags & NLM_F_DUMP)
			done();
		else
			acknowledge(request, denied ? -EPERM : fake.error, fake.text);
	}
	finish();
	return siz;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t siz)
{
	unsigned int messages = 3;
	size_t len = 0, next;

	(void)nl;
	if (taken == queued) {
		errno = EAGAIN;	/* who waits now waits for ever */
		return -1;
	}
	while (taken + len < queued && messages--) {
		next = MNL_ALIGN(((struct nlmsghdr *)(queue + taken + len))->nlmsg_len);
		if (len + next > siz)
			break;
		len += next;
	}
	memcpy(buf, queue + taken, len);
	taken += len;
	if (taken == queued) {
		taken = 0;
		queued = 0;
	}
	return len;
}
