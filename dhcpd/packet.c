/* SPDX-License-Identifier: ISC */
/*
 * packet.c - BOOTP and DHCP messages, from and to bytes.
 *
 * Owns the layout of the message.  Promises that no byte is looked at before
 * its presence is known, that pieces of one option come out as one, and that
 * decoding takes time linear in the payload.  It decides nothing: whether a
 * message type or a value makes sense is for decide*.c.
 * RFC 951, RFC 2131 2 and 4.1, RFC 2132 9.3, RFC 3396.
 */
#include "dhcpd/packet.h"

#include <string.h>

#include "common/rd.h"

static void
packet_read_head(struct rd *r, struct packet_head *h)
{
	h->op = rd_u8(r);
	h->htype = rd_u8(r);
	h->hlen = rd_u8(r);
	h->hops = rd_u8(r);
	h->xid = rd_u32(r);
	h->secs = rd_u16(r);
	h->flags = rd_u16(r);
	h->ciaddr = rd_u32(r);
	h->yiaddr = rd_u32(r);
	h->siaddr = rd_u32(r);
	h->giaddr = rd_u32(r);
	rd_copy(r, h->chaddr, sizeof(h->chaddr));
}

/* Add one option; a repeated code continues the earlier value (RFC 3396). */
static bool
packet_add(struct packet *p, const struct optspace_universe *u,
    struct arena *scratch, uint8_t code, struct str bytes)
{
	struct optset_entry *e;
	char *joined;

	e = optset_find(p->in, OPTSPACE_DHCP, code);
	if (e == NULL)
		return optset_put(p->in, u->dhcp[code], OPTSPACE_DHCP, code,
		    bytes);
	if (bytes.len == 0)
		return true;
	joined = arena_alloc(scratch, e->bytes.len + bytes.len, 1);
	if (joined == NULL)
		return false;
	if (e->bytes.len > 0)
		memcpy(joined, e->bytes.p, e->bytes.len);
	memcpy(joined + e->bytes.len, bytes.p, bytes.len);
	e->bytes = str_make(joined, e->bytes.len + bytes.len);
	return true;
}

/* The options of one area: the options field, file or sname. */
static enum packet_why
packet_read_area(struct packet *p, const struct optspace_universe *u,
    struct arena *scratch, struct rd *r)
{
	uint8_t code, len;

	while (rd_left(r) > 0) {
		code = rd_u8(r);
		if (code == PROTO_OPT_PAD)
			continue;
		if (code == PROTO_OPT_END)
			break;
		p->bad_code = code;
		if (rd_left(r) == 0)
			return PACKET_OPTION_NO_LEN;
		len = rd_u8(r);
		if (len > rd_left(r))
			return PACKET_OPTION_CUT;
		if (!packet_add(p, u, scratch, code, rd_str(r, len)))
			return PACKET_FULL;
	}
	return PACKET_OK;
}

/* Text of a header field: up to its NUL, or all of it. */
static struct str
packet_field(const uint8_t *p, size_t size)
{
	struct str s;
	size_t nul;

	s = str_make(p, size);
	nul = str_chr(s, '\0');
	return nul == STR_NONE ? s : str_sub(s, 0, nul);
}

/* Options whose value is made of options: known by their sub-options too. */
static void
packet_decode_carried(struct packet *p, const struct optspace_universe *u,
    struct arena *scratch)
{
	const struct optspace_carrier *c;
	struct optset_entry *e;

	for (c = u->carriers; c != NULL; c = c->next) {
		if (c->def->space->id != OPTSPACE_DHCP)
			continue;
		e = optset_find(p->in, OPTSPACE_DHCP, c->def->code);
		if (e == NULL)
			continue;
		/* What is cut short at the end of a carrier is dropped, the
		 * rest is good: a broken option 43 must not stop a boot. */
		(void)!optset_decode(p->in, u, c->def->encap, e->bytes,
		    scratch);
	}
}

static enum packet_why
packet_read_options(struct packet *p, const struct optspace_universe *u,
    struct arena *scratch, struct rd *r)
{
	struct str overload;
	struct rd area;
	enum packet_why why;
	unsigned mode;

	why = packet_read_area(p, u, scratch, r);
	if (why != PACKET_OK)
		return why;
	mode = 0;
	if (packet_option(p, PROTO_OPT_OVERLOAD, &overload) &&
	    overload.len > 0)
		mode = (uint8_t)overload.p[0];
	if (mode == 1 || mode == 3) {
		rd_init(&area, p->raw.p + PROTO_OFF_FILE, PROTO_FILE_LEN);
		why = packet_read_area(p, u, scratch, &area);
		p->file = STR("");
	}
	if (why == PACKET_OK && (mode == 2 || mode == 3)) {
		rd_init(&area, p->raw.p + PROTO_OFF_SNAME, PROTO_SNAME_LEN);
		why = packet_read_area(p, u, scratch, &area);
		p->sname = STR("");
	}
	return why;
}

enum packet_why
packet_decode(struct str raw, const struct optspace_universe *u,
    struct optset *in, struct arena *scratch, struct packet *ret)
{
	const uint8_t *sname, *file;
	struct str type;
	struct rd r;
	enum packet_why why;

	memset(ret, 0, sizeof(*ret));
	ret->raw = raw;
	ret->in = in;
	optset_init(in);
	rd_init(&r, raw.p, raw.len);
	packet_read_head(&r, &ret->head);
	sname = rd_bytes(&r, PROTO_SNAME_LEN);
	file = rd_bytes(&r, PROTO_FILE_LEN);
	if (!rd_ok(&r))
		return PACKET_SHORT;
	if (ret->head.hlen > PROTO_CHADDR_LEN)
		return PACKET_BAD_HLEN;
	ret->sname = packet_field(sname, PROTO_SNAME_LEN);
	ret->file = packet_field(file, PROTO_FILE_LEN);
	ret->file_field = str_make(file, PROTO_FILE_LEN);
	if (rd_left(&r) < PROTO_COOKIE_LEN || rd_u32(&r) != PROTO_COOKIE)
		return PACKET_OK;
	ret->has_cookie = true;
	why = packet_read_options(ret, u, scratch, &r);
	if (why != PACKET_OK)
		return why;
	packet_decode_carried(ret, u, scratch);
	if (packet_option(ret, PROTO_OPT_MESSAGE_TYPE, &type) && type.len > 0)
		ret->type = (uint8_t)type.p[0];
	return PACKET_OK;
}

bool
packet_option(const struct packet *p, uint32_t code, struct str *ret)
{
	const struct optset_entry *e;

	e = optset_find(p->in, OPTSPACE_DHCP, code);
	if (e == NULL)
		return false;
	*ret = e->bytes;
	return true;
}

bool
packet_option_ip(const struct packet *p, uint32_t code, uint32_t *ret)
{
	struct str s;
	struct rd r;

	if (!packet_option(p, code, &s) || s.len < sizeof(*ret))
		return false;
	rd_init(&r, s.p, s.len);
	*ret = rd_u32(&r);
	return true;
}

bool
packet_agent_option(const struct packet *p, uint32_t code, struct str *ret)
{
	const struct optset_entry *e;

	e = optset_find(p->in, OPTSPACE_AGENT, code);
	if (e == NULL)
		return false;
	*ret = e->bytes;
	return true;
}

void
packet_write_head(struct wr *w, const struct packet_head *h)
{
	wr_u8(w, h->op);
	wr_u8(w, h->htype);
	wr_u8(w, h->hlen);
	wr_u8(w, h->hops);
	wr_u32(w, h->xid);
	wr_u16(w, h->secs);
	wr_u16(w, h->flags);
	wr_u32(w, h->ciaddr);
	wr_u32(w, h->yiaddr);
	wr_u32(w, h->siaddr);
	wr_u32(w, h->giaddr);
	wr_bytes(w, h->chaddr, sizeof(h->chaddr));
}
