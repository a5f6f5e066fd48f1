/* SPDX-License-Identifier: ISC */
/*
 * chunk - one state per place in the grammar, one byte at a time outside data.
 *
 * The number of bytes read without yielding content is bounded by
 * CHUNK_LINE_MAX per line and CHUNK_TRAILERS_MAX lines.
 */
#include "httpd/chunk.h"

#include <stdbool.h>

#include "common/num.h"
#include "httpd/hdr.h"

#define SIZE_MAX_BITS 60	/* no sum can overflow */

static bool
size_byte(struct chunk *c, char b)
{
	int v = num_hexval(b);

	if (v >= 0) {
		c->left = c->left * 16 + (uint64_t)v;
		return c->left >> SIZE_MAX_BITS == 0 &&
		    ++c->line_len <= CHUNK_LINE_MAX;
	}
	if (c->line_len == 0)
		return false;
	if (b == '\r')
		c->state = CHUNK_SIZE_LF;
	else if (b == ';' || b == ' ' || b == '\t')
		c->state = CHUNK_EXT;
	else
		return false;
	return true;
}

/* an extension, or the value of a trailer field: text up to the CR */
static bool
text_byte(struct chunk *c, char b, enum chunk_state then)
{
	if (b == '\r') {
		c->state = then;
		return true;
	}
	return hdr_is_value(str_make(&b, 1)) &&
	    ++c->line_len <= CHUNK_LINE_MAX;
}

/* a trailer line begins with a field name, or is the empty one */
static bool
name_byte(struct chunk *c, char b)
{
	if (b == '\r' && c->line_len == 0) {
		c->state = CHUNK_TRAILER_LF;
		return true;
	}
	if (b == ':' && c->line_len > 0)
		c->state = CHUNK_TRAILER_VALUE;
	else if (!hdr_is_token(str_make(&b, 1)))
		return false;
	return ++c->line_len <= CHUNK_LINE_MAX;
}

/* behind CR: the line has ended */
static bool
line_feed(struct chunk *c, char b)
{
	if (b != '\n')
		return false;
	switch (c->state) {
	case CHUNK_SIZE_LF:
		c->state = c->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
		break;
	case CHUNK_DATA_LF:
		c->state = CHUNK_SIZE;
		break;
	default:
		if (c->line_len == 0)
			c->state = CHUNK_DONE;
		else
			c->state = CHUNK_TRAILER;
		if (++c->trailers_n > CHUNK_TRAILERS_MAX)
			return false;
		break;
	}
	c->line_len = 0;
	return true;
}

static bool
one_byte(struct chunk *c, char b)
{
	switch (c->state) {
	case CHUNK_SIZE:
		return size_byte(c, b);
	case CHUNK_EXT:
		return text_byte(c, b, CHUNK_SIZE_LF);
	case CHUNK_DATA_CR:
		c->state = CHUNK_DATA_LF;
		return b == '\r';
	case CHUNK_TRAILER:
		return name_byte(c, b);
	case CHUNK_TRAILER_VALUE:
		return text_byte(c, b, CHUNK_TRAILER_LF);
	default:
		return line_feed(c, b);
	}
}

enum chunk_verdict
chunk_next(struct chunk *c, struct str *in, struct str *ret_data)
{
	while (in->len > 0 && c->state != CHUNK_DONE) {
		if (c->state == CHUNK_DATA) {
			size_t n = in->len < c->left ? in->len :
			    (size_t)c->left;

			*ret_data = str_sub(*in, 0, n);
			*in = str_sub(*in, n, in->len - n);
			c->left -= n;
			if (c->left == 0)
				c->state = CHUNK_DATA_CR;
			return CHUNK_BYTES;
		}
		if (!one_byte(c, in->p[0]))
			return CHUNK_BAD;
		*in = str_sub(*in, 1, in->len - 1);
	}
	return c->state == CHUNK_DONE ? CHUNK_END : CHUNK_MORE;
}
