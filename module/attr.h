/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attr.h: netlink attributes, each of them one store.
 *
 * Owns: how an attribute lies in a message.
 * Used by: pack.c and pack_event.c, in process context.  Pure.
 * Must not: check for room.  nla_put() does at each attribute, and takes a hundred
 * instructions: a record has a hundred of them.  So whoever writes with these asks for
 * room once, for the most it may write.
 */
#ifndef TLC_ATTR_H
#define TLC_ATTR_H

#include <linux/string.h>
#include <linux/types.h>
#include <net/netlink.h>

#define TLC_ATTR_FLAG	NLA_HDRLEN		/* bytes that each kind takes */
#define TLC_ATTR_SMALL	(NLA_HDRLEN + 4)	/* up to 32 bits */
#define TLC_ATTR_U64	(NLA_HDRLEN + 8)
#define TLC_ATTR_16	(NLA_HDRLEN + 16)	/* an address, a name */
#define TLC_ATTR_NEST	NLA_HDRLEN		/* without what is in it */

/* The value's byte comes first, the padding behind it is 0. */
struct tlc_attr8 {
	struct nlattr hdr;
	__le32 value;
};

struct tlc_attr16 {
	struct nlattr hdr;
	u16 value;
	u16 pad;
};

struct tlc_attr32 {
	struct nlattr hdr;
	u32 value;
};

/* Readers take 64 bits from wherever they are: not padded, as by nla_put_uint(). */
struct tlc_attr64 {
	struct nlattr hdr;
	u64 value;
} __packed __aligned(4);

/**
 * tlc_attr_u8() - write an attribute
 * @p: where
 * @type: its number
 * @value: its value
 *
 * Context: any; as with all of these, there is room.
 * Return: where the next one goes.
 */
static __always_inline void *tlc_attr_u8(void *p, u16 type, u8 value)
{
	*(struct tlc_attr8 *)p = (struct tlc_attr8) {
		{ NLA_HDRLEN + 1, type }, cpu_to_le32(value) };
	return p + sizeof(struct tlc_attr8);
}

/**
 * tlc_attr_u16() - as tlc_attr_u8()
 * @p: where
 * @type: its number
 * @value: its value
 */
static __always_inline void *tlc_attr_u16(void *p, u16 type, u16 value)
{
	*(struct tlc_attr16 *)p = (struct tlc_attr16) { { NLA_HDRLEN + 2, type }, value };
	return p + sizeof(struct tlc_attr16);
}

/**
 * tlc_attr_u32() - as tlc_attr_u8()
 * @p: where
 * @type: its number
 * @value: its value
 */
static __always_inline void *tlc_attr_u32(void *p, u16 type, u32 value)
{
	*(struct tlc_attr32 *)p = (struct tlc_attr32) { { NLA_HDRLEN + 4, type }, value };
	return p + sizeof(struct tlc_attr32);
}

/**
 * tlc_attr_u64() - as tlc_attr_u8()
 * @p: where
 * @type: its number
 * @value: its value
 */
static __always_inline void *tlc_attr_u64(void *p, u16 type, u64 value)
{
	*(struct tlc_attr64 *)p = (struct tlc_attr64) { { NLA_HDRLEN + 8, type }, value };
	return p + sizeof(struct tlc_attr64);
}

/**
 * tlc_attr_flag() - as tlc_attr_u8(), of which only whether it is there counts
 * @p: where
 * @type: its number
 */
static __always_inline void *tlc_attr_flag(void *p, u16 type)
{
	*(struct nlattr *)p = (struct nlattr) { NLA_HDRLEN, type };
	return p + NLA_HDRLEN;
}

/**
 * tlc_attr_bytes() - as tlc_attr_u8()
 * @p: where
 * @type: its number
 * @data: its value
 * @len: bytes of it, 16 at most
 */
static __always_inline void *tlc_attr_bytes(void *p, u16 type, const void *data, u16 len)
{
	struct nlattr *hdr = p;

	*hdr = (struct nlattr) { NLA_HDRLEN + len, type };
	/* The padding, which nobody is to read what was there before from. */
	memset(hdr + 1, 0, 16);
	memcpy(hdr + 1, data, len);
	return p + NLA_HDRLEN + NLA_ALIGN(len);
}

/**
 * tlc_attr_address() - as tlc_attr_u8()
 * @p: where
 * @type: its number
 * @addr: the address; of IPv4 its first four bytes
 * @ipv6: which it is
 */
static __always_inline void *tlc_attr_address(void *p, u16 type, const u8 *addr, bool ipv6)
{
	struct nlattr *hdr = p;
	u32 v4;

	if (!ipv6) {
		memcpy(&v4, addr, sizeof(v4));
		return tlc_attr_u32(p, type, v4);
	}
	*hdr = (struct nlattr) { NLA_HDRLEN + 16, type };
	memcpy(hdr + 1, addr, 16);
	return p + NLA_HDRLEN + 16;
}

/**
 * tlc_attr_nest() - attributes within one; they begin behind NLA_HDRLEN
 * @nest: where that begins
 * @type: its number
 * @end: behind the last of them
 */
static inline void tlc_attr_nest(struct nlattr *nest, u16 type, const void *end)
{
	nest->nla_type = type | NLA_F_NESTED;
	nest->nla_len = end - (void *)nest;
}

#endif /* TLC_ATTR_H */
