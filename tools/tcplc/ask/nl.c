// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl.c: the conversation with the module.
 *
 * libmnl's mnl_cb_run() gives up a dump that was interrupted, and says nothing
 * of extended acknowledgements; hence the loop of its own.
 */
#include "ask/nl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/version.h"

/*
 * A dump fills what the reader offers, up to 32 KiB; a message of the feed may
 * be longer than a page as well.
 */
#define RECEIVE_SIZE 65536

/* Of one namespace, and of all. */
static const char *const group_names[NL_GROUPS][2] = {
	[NL_EVENTS] = { TCP_LIFECYCLE_MCGRP_EVENTS, TCP_LIFECYCLE_MCGRP_ALL_EVENTS },
	[NL_ENDED] = { TCP_LIFECYCLE_MCGRP_ENDED, TCP_LIFECYCLE_MCGRP_ALL_ENDED },
};

static int fail(struct nl *nl, int err, const char *what)
{
	snprintf(nl->why, sizeof(nl->why), "%s: %s", what, strerror(-err));
	return err;
}

/* A module that is older or newer than tcplc may not know what it was asked. */
static void explain_version(struct nl *nl)
{
	char module[VERSION_SIZE];
	size_t used = strlen(nl->why);

	if (!version_module(module) || !strcmp(module, version_client))
		return;
	snprintf(nl->why + used, sizeof(nl->why) - used, "; tcplc is version %s, the module that "
		 "is loaded %s: load the one that came with tcplc", version_client, module);
}

/* The kernel said no; put it into words. */
static void explain(struct nl *nl, int err, const char *detail)
{
	const char *sep = detail ? ": " : "";

	if (!detail)
		detail = "";
	switch (err) {
	case -EPERM:
	case -EACCES:
		snprintf(nl->why, sizeof(nl->why), "this needs CAP_NET_ADMIN "
			 "(on the host for --netns all, statistics and changes): "
			 "run it with sudo%s%s", sep, detail);
		break;
	case -ENOENT:
		snprintf(nl->why, sizeof(nl->why), "there is no such record%s%s",
			 sep, detail);
		break;
	case -EOPNOTSUPP:
		snprintf(nl->why, sizeof(nl->why), "the loaded module does not know "
			 "this request%s%s", sep, detail);
		explain_version(nl);
		break;
	default:
		snprintf(nl->why, sizeof(nl->why), "the kernel refused: %s",
			 *detail ? detail : strerror(-err));
		explain_version(nl);
	}
}

/* Return: the text of an extended acknowledgement, or NULL. */
static const char *ack_text(const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) ||
	    mnl_nlmsg_get_payload_len(nlh) < offset)
		return NULL;
	mnl_attr_for_each(attr, nlh, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			return mnl_attr_get_str(attr);
	return NULL;
}

/* NLMSG_ERROR, which is also a plain acknowledgement. */
static int take_error(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*e);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*e))
		return fail(nl, -EBADMSG, "short message from the kernel");
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    e->msg.nlmsg_len >= sizeof(e->msg))
		offset += MNL_ALIGN(e->msg.nlmsg_len - sizeof(e->msg));
	if (e->error)
		explain(nl, e->error, ack_text(nlh, offset));
	return e->error;
}

/* NLMSG_DONE carries the result of the dump. */
static int take_done(struct nl *nl, const struct nlmsghdr *nlh)
{
	int err = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(err))
		memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	if (err < 0)
		explain(nl, err, ack_text(nlh, sizeof(err)));
	return err < 0 ? err : 0;
}

/*
 * Give what is in the buffer to @fn.
 * Return: 1 at the end of the request, 0 if there is more to come, or an error.
 */
static int take(struct nl *nl, ssize_t len, nl_fn fn, void *data)
{
	const struct nlmsghdr *nlh;
	int left = len, err;

	for (nlh = (void *)nl->in; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		/* A left-over of a request that ended early. */
		if (nlh->nlmsg_seq != nl->seq || nlh->nlmsg_pid != nl->portid)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			nl->interrupted = true;
		switch (nlh->nlmsg_type) {
		case NLMSG_NOOP:
		case NLMSG_OVERRUN:
			continue;
		case NLMSG_ERROR:
			err = take_error(nl, nlh);
			return err ? err : 1;
		case NLMSG_DONE:
			err = take_done(nl, nlh);
			return err ? err : 1;
		default:
			if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
				continue;
			err = fn ? fn(nlh, data) : 0;
			if (err)
				return err;
		}
	}
	return 0;
}

static int converse(struct nl *nl, struct nlmsghdr *request, nl_fn fn, void *data)
{
	ssize_t len;
	int err;

	if (!nl->sock)
		return fail(nl, -EOPNOTSUPP, "only the module can answer this");
	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->sock, request, request->nlmsg_len) < 0)
		return fail(nl, -errno, "cannot send to the kernel");
	do {
		len = mnl_socket_recvfrom(nl->sock, nl->in, RECEIVE_SIZE);
		if (len < 0 && errno == EINTR) {
			err = 0;
			continue;
		}
		if (len < 0)
			return fail(nl, -errno, "cannot receive from the kernel");
		err = take(nl, len, fn, data);
	} while (!err);
	return err == 1 ? 0 : err;
}

static struct nlmsghdr *begin(struct nl *nl, uint16_t type, uint8_t cmd, uint8_t version)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	nlh = mnl_nlmsg_put_header(nl->out);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

/**
 * nl_request() - begin a request
 * @nl: open
 * @cmd: TCP_LIFECYCLE_CMD_x
 *
 * Return: the message, to which attributes can be added, NL_REQUEST_SIZE bytes
 * in all; good until the next call.
 */
struct nlmsghdr *nl_request(struct nl *nl, uint8_t cmd)
{
	return begin(nl, nl->family, cmd, TCP_LIFECYCLE_FAMILY_VERSION);
}

/**
 * nl_do() - send a request for one thing
 * @nl: open
 * @request: from nl_request()
 * @fn: gets the answers, if there are any; may be NULL
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error, explained in &nl.why.
 */
int nl_do(struct nl *nl, struct nlmsghdr *request, nl_fn fn, void *data)
{
	request->nlmsg_flags |= NLM_F_ACK;
	return converse(nl, request, fn, data);
}

/**
 * nl_dump() - send a request for all there is
 * @nl: open
 * @request: from nl_request()
 * @fn: gets each answer
 * @data: for @fn
 *
 * Sets &nl.interrupted when the kernel says that the table changed meanwhile.
 *
 * Return: as nl_do().
 */
int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_fn fn, void *data)
{
	request->nlmsg_flags |= NLM_F_DUMP;
	return converse(nl, request, fn, data);
}

/**
 * nl_cmd() - which message this is
 * @nlh: as given to an nl_fn
 *
 * Return: TCP_LIFECYCLE_CMD_x.
 */
uint8_t nl_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return genl->cmd;
}

/**
 * nl_subscribe() - begin to listen
 * @nl: open; it cannot make requests afterwards
 * @which: to what
 * @all_netns: in all namespaces
 * @rcvbuf: bytes of events the kernel may keep for us
 *
 * Return: 0, or a negative error, explained in &nl.why.
 */
int nl_subscribe(struct nl *nl, enum nl_group which, bool all_netns, int rcvbuf)
{
	int fd = mnl_socket_get_fd(nl->sock);
	int group = nl->group[which][all_netns];

	if (!group)
		return fail(nl, -ENOENT, "the module that is loaded is older than tcplc: it has no such feed");
	/* The first is for those who may exceed net.core.rmem_max. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &rcvbuf, sizeof(rcvbuf)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof(rcvbuf));
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0) {
		int err = -errno;

		explain(nl, err, NULL);
		return err;
	}
	return 0;
}

/**
 * nl_receive() - wait for one datagram of the feed
 * @nl: subscribed
 * @fn: gets each message in it
 * @data: for @fn
 *
 * Return: 0, what @fn returned, or a negative error, explained in &nl.why:
 * -ENOBUFS when events were lost because we are too slow, -EINTR after a signal;
 * it can go on after both.
 */
int nl_receive(struct nl *nl, nl_fn fn, void *data)
{
	const struct nlmsghdr *nlh;
	ssize_t len;
	int left, err;

	len = mnl_socket_recvfrom(nl->sock, nl->in, RECEIVE_SIZE);
	if (len < 0)
		return fail(nl, -errno, "cannot receive from the kernel");
	left = len;
	for (nlh = (void *)nl->in; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_type != nl->family ||
		    mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
			continue;
		err = fn(nlh, data);
		if (err)
			return err;
	}
	return 0;
}

/**
 * nl_fd() - for poll(2)
 * @nl: open
 */
int nl_fd(const struct nl *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

static void take_group(const struct nlattr *nest, struct nl *nl)
{
	const struct nlattr *attr;
	const char *name = "";
	uint32_t id = 0;
	size_t i;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			id = mnl_attr_get_u32(attr);
	}
	for (i = 0; i < NL_GROUPS * 2; i++)
		if (!strcmp(name, group_names[i / 2][i % 2]))
			nl->group[i / 2][i % 2] = id;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group;
	struct nl *nl = data;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
			nl->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(group, attr)
				take_group(group, nl);
	}
	return 0;
}

static int resolve(struct nl *nl)
{
	struct nlmsghdr *nlh;
	int err;

	nlh = begin(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, TCP_LIFECYCLE_FAMILY_NAME);
	err = nl_do(nl, nlh, take_family, nl);
	if (err == -ENOENT || (!err && !nl->family)) {
		snprintf(nl->why, sizeof(nl->why), "the module is not loaded; load it: "
			 "sudo modprobe tcp_lifecycle, or sudo insmod tcp_lifecycle.ko");
		return -ENOENT;
	}
	return err;
}

/**
 * nl_open() - open the socket and find the family
 * @nl: all zero, or after nl_close()
 *
 * Return: 0, or a negative error, explained in &nl.why: -ENOENT if the module
 * is not loaded.
 */
int nl_open(struct nl *nl)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	int on = 1, err;
	size_t i;

	memset(nl, 0, sizeof(*nl));
	nl->out = malloc(NL_REQUEST_SIZE);
	nl->in = malloc(RECEIVE_SIZE);
	if (!nl->out || !nl->in) {
		nl_close(nl);
		return fail(nl, -ENOMEM, "no buffers");
	}
	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = fail(nl, -errno, "cannot open a netlink socket");
		nl_close(nl);
		return err;
	}
	nl->portid = mnl_socket_get_portid(nl->sock);
	/* An older kernel does without. */
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		mnl_socket_setsockopt(nl->sock, options[i], &on, sizeof(on));
	err = resolve(nl);
	if (err)
		nl_close(nl);
	return err;
}

/**
 * nl_answer() - let something else answer in place of the module
 * @nl: all zero
 * @source: what answers; query.c and counters.c ask it
 * @answers: its own, to be found in &nl.answers
 *
 * Any other request fails.
 *
 * Return: 0, or -ENOMEM, explained in &nl.why.
 */
int nl_answer(struct nl *nl, const struct source *source, void *answers)
{
	nl->out = malloc(NL_REQUEST_SIZE);
	if (!nl->out)
		return fail(nl, -ENOMEM, "no buffers");
	nl->source = source;
	nl->answers = answers;
	return 0;
}

/**
 * nl_close() - close the socket
 * @nl: open, or all zero; &nl.why stays
 */
void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
	free(nl->out);
	free(nl->in);
	nl->out = NULL;
	nl->in = NULL;
}
