/* SPDX-License-Identifier: ISC */
/*
 * leaseblob - the variable part of a lease.
 *
 * A piece is a 16-bit length of itself and then parts: tag, 16-bit length,
 * bytes.  The client identifier comes first, because that is what lookups
 * compare.  Parts without content are left out.  Nothing here allocates: the
 * slab is memory that somebody reserved.
 */
#include "dhcpd/leaseblob.h"

#include <string.h>

#include "common/rd.h"
#include "common/wr.h"
#include "dhcpd/lease.h"

#define HEAD_LEN 2
#define PART_LEN 3

static uint8_t *
piece(const struct leaseblob_slab *s, uint32_t blob)
{
	ASSERT(blob != 0 && blob <= s->n);
	return s->half[s->now] + (size_t)(blob - 1) * LEASEBLOB_GRANULE;
}

static uint32_t
granules(size_t size)
{
	return (uint32_t)((size + LEASEBLOB_GRANULE - 1) / LEASEBLOB_GRANULE);
}

static size_t
piece_len(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

void
leaseblob_init(struct leaseblob_slab *s, void *mem, uint32_t max)
{
	memset(s, 0, sizeof(*s));
	s->half[0] = mem;
	s->half[1] = s->half[0] + (size_t)max * LEASEBLOB_GRANULE;
	s->max = max;
}

static size_t
part_size(size_t len)
{
	return len == 0 ? 0 : PART_LEN + len;
}

size_t
leaseblob_size(const struct lease_data *d)
{
	size_t size = part_size(d->uid.len) + part_size(d->hostname.len) +
	    part_size(d->agent.len) + part_size(d->vars.len) +
	    part_size(d->class_name.len);

	if (d->class_value.p != NULL)
		size += PART_LEN + d->class_value.len;
	if (d->hw_len > sizeof(((struct lease *)0)->hw))
		size += part_size(d->hw_len);
	size += part_size(d->on_expiry != 0 ? 4 : 0);
	size += part_size(d->on_release != 0 ? 4 : 0);
	size += part_size(d->tsfp != 0 ? 4 : 0);
	size += part_size(d->atsfp != 0 ? 4 : 0);
	return size == 0 ? 0 : HEAD_LEN + size;
}

static void
put(struct wr *wr, enum leaseblob_tag tag, const void *p, size_t len)
{
	wr_u8(wr, (uint8_t)tag);
	wr_u16(wr, (uint16_t)len);
	wr_bytes(wr, p, len);
}

static void
put_str(struct wr *wr, enum leaseblob_tag tag, struct str s)
{
	if (s.len != 0)
		put(wr, tag, s.p, s.len);
}

static void
put_u32(struct wr *wr, enum leaseblob_tag tag, uint32_t v)
{
	uint8_t be[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	if (v != 0)
		put(wr, tag, be, sizeof(be));
}

static void
pack(uint8_t *p, size_t size, const struct lease_data *d)
{
	struct wr wr;

	wr_init(&wr, p, size);
	wr_u16(&wr, (uint16_t)size);
	put_str(&wr, LEASEBLOB_UID, d->uid);
	put_str(&wr, LEASEBLOB_HOSTNAME, d->hostname);
	put_str(&wr, LEASEBLOB_AGENT, d->agent);
	put_str(&wr, LEASEBLOB_VARS, d->vars);
	put_str(&wr, LEASEBLOB_CLASS, d->class_name);
	if (d->class_value.p != NULL)
		put(&wr, LEASEBLOB_VALUE, d->class_value.p,
		    d->class_value.len);
	if (d->hw_len > sizeof(((struct lease *)0)->hw))
		put(&wr, LEASEBLOB_HW, d->hw, d->hw_len);
	put_u32(&wr, LEASEBLOB_EXPIRY, d->on_expiry);
	put_u32(&wr, LEASEBLOB_RELEASE, d->on_release);
	put_u32(&wr, LEASEBLOB_TSFP, d->tsfp);
	put_u32(&wr, LEASEBLOB_ATSFP, d->atsfp);
	ASSERT(wr_ok(&wr) && wr.len == size);
}

static bool
take(struct leaseblob_slab *s, size_t size, uint32_t *ret)
{
	uint32_t g = granules(size);

	if (s->free[g] != 0) {
		*ret = s->free[g];
		memcpy(&s->free[g], piece(s, *ret), sizeof(s->free[g]));
		return true;
	}
	if (s->max - s->n < g)
		return false;
	*ret = s->n + 1;
	s->n += g;
	return true;
}

bool
leaseblob_new(struct leaseblob_slab *s, const struct lease_data *d,
    size_t size, uint32_t *ret)
{
	ASSERT(size != 0 && size <= LEASE_BLOB_MAX);
	if (!take(s, size, ret))
		return false;
	pack(piece(s, *ret), size, d);
	return true;
}

void
leaseblob_over(struct leaseblob_slab *s, uint32_t blob,
    const struct lease_data *d, size_t size)
{
	uint8_t copy[LEASE_BLOB_MAX];

	ASSERT(size != 0 && size <= leaseblob_len(s, blob));
	pack(copy, size, d);
	memcpy(piece(s, blob), copy, size);
}

size_t
leaseblob_len(const struct leaseblob_slab *s, uint32_t blob)
{
	return blob == 0 ? 0 : piece_len(piece(s, blob));
}

void
leaseblob_del(struct leaseblob_slab *s, uint32_t blob)
{
	uint8_t *p;
	uint32_t g;

	if (blob == 0)
		return;
	p = piece(s, blob);
	g = granules(piece_len(p));
	memcpy(p, &s->free[g], sizeof(s->free[g]));
	s->free[g] = blob;
}

struct str
leaseblob_find(const struct leaseblob_slab *s, uint32_t blob,
    enum leaseblob_tag tag)
{
	const uint8_t *p, *end;

	if (blob == 0)
		return str_make(NULL, 0);
	p = piece(s, blob);
	end = p + piece_len(p);
	for (p += HEAD_LEN; p < end; ) {
		size_t len = (size_t)p[1] << 8 | p[2];

		if (p[0] == tag)
			return str_make(p + PART_LEN, len);
		p += PART_LEN + len;
	}
	return str_make(NULL, 0);
}

static uint32_t
get_u32(struct str s)
{
	struct rd rd;

	rd_init(&rd, s.p, s.len);
	return rd_u32(&rd);
}

static void
unpack_part(unsigned tag, struct str s, struct lease_data *ret)
{
	switch (tag) {
	case LEASEBLOB_UID:
		ret->uid = s;
		break;
	case LEASEBLOB_HOSTNAME:
		ret->hostname = s;
		break;
	case LEASEBLOB_AGENT:
		ret->agent = s;
		break;
	case LEASEBLOB_VARS:
		ret->vars = s;
		break;
	case LEASEBLOB_CLASS:
		ret->class_name = s;
		break;
	case LEASEBLOB_VALUE:
		ret->class_value = s;
		break;
	case LEASEBLOB_HW:
		ASSERT(s.len <= sizeof(ret->hw));
		memcpy(ret->hw, s.p, s.len);
		break;
	case LEASEBLOB_EXPIRY:
		ret->on_expiry = get_u32(s);
		break;
	case LEASEBLOB_RELEASE:
		ret->on_release = get_u32(s);
		break;
	case LEASEBLOB_TSFP:
		ret->tsfp = get_u32(s);
		break;
	case LEASEBLOB_ATSFP:
		ret->atsfp = get_u32(s);
		break;
	default:
		ASSERT(!"unknown part");
	}
}

void
leaseblob_unpack(const struct leaseblob_slab *s, uint32_t blob,
    struct lease_data *ret)
{
	const uint8_t *p, *end;

	if (blob == 0)
		return;
	p = piece(s, blob);
	end = p + piece_len(p);
	for (p += HEAD_LEN; p < end; ) {
		size_t len = (size_t)p[1] << 8 | p[2];

		unpack_part(p[0], str_make(p + PART_LEN, len), ret);
		p += PART_LEN + len;
	}
}

void
leaseblob_flip(struct leaseblob_slab *s)
{
	s->now ^= 1;
	s->n = 0;
	memset(s->free, 0, sizeof(s->free));
}

uint32_t
leaseblob_move(struct leaseblob_slab *s, uint32_t blob)
{
	const uint8_t *from;
	uint32_t new;
	size_t len;

	if (blob == 0)
		return 0;
	from = s->half[s->now ^ 1] + (size_t)(blob - 1) * LEASEBLOB_GRANULE;
	len = piece_len(from);
	if (!take(s, len, &new))
		ASSERT(!"halves are equal");
	memcpy(piece(s, new), from, len);
	return new;
}
