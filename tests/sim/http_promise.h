/* SPDX-License-Identifier: ISC */
/*
 * http_promise.h - a connection as a strict client reads it.
 *
 * Requests are announced in order with what may be answered; bytes go in as
 * they come.  Each answer must be framed so that its end is certain, be one of
 * those that the request allows, and have the right body; after an answer that
 * closes nothing may follow.  Functions return NULL, or what is wrong.
 *
 * For the simulation and the fuzz target; needs nothing of either.
 */
#ifndef TESTS_SIM_HTTP_PROMISE_H
#define TESTS_SIM_HTTP_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/cc.h"

enum { HTTP_PROMISE_N = 32, HTTP_PROMISE_HEAD = 16384,
	HTTP_PROMISE_BODY = 2 * 1024 * 1024 };

/* What a request may be answered with. */
struct http_promise_ask {
	bool is_head;		/* no content */
	bool closes;		/* nothing is served after it */
	uint16_t status[6];	/* allowed; 0 ends; none: any */
	int file;		/* whose bytes a 200 or 206 carries; -1: any */
	uint64_t first, last;	/* of a 206 with one range */
};

struct http_promise {
	struct http_promise_ask ask[HTTP_PROMISE_N];
	unsigned asked_n, answered_n;
	bool is_over;		/* an answer said that it is the last */
	/* the content of a file, by position */
	uint8_t (*byte_of)(int file, uint64_t at);
	uint64_t (*size_of)(int file);

	char head[HTTP_PROMISE_HEAD];
	size_t head_len;
	bool is_in_body, is_chunked, is_last;
	uint64_t left;		/* of the body, or of the chunk */
	int chunk_state;	/* 0 size line, 1 data, 2 end of data, 3 trailer */
	char line[64];
	size_t line_len;
	uint8_t *body;		/* HTTP_PROMISE_BODY bytes, the caller's */
	size_t body_len;
	unsigned status;
};

static inline const char *
http_promise_field(const struct http_promise *p, const char *name)
{
	const char *at = p->head;
	size_t len = strlen(name);

	while ((at = strstr(at, "\r\n")) != NULL) {
		at += 2;
		if (strncasecmp(at, name, len) == 0 && at[len] == ':')
			return at + len + 2;
	}
	return NULL;
}

/* --- an answer is whole */

static inline bool
http_promise_is_part(const struct http_promise *p, int file, const uint8_t *b,
    size_t len, uint64_t first)
{
	if (first + len > p->size_of(file))
		return false;
	for (size_t i = 0; i < len; i++)
		if (b[i] != p->byte_of(file, first + i))
			return false;
	return true;
}

/* multipart/byteranges: every part's bytes are those it names. */
static inline const char *
http_promise_parts(const struct http_promise *p, int file, const char *type)
{
	const char *bound = strstr(type, "boundary=");
	char mark[80] = "\r\n--";
	uint8_t *at = p->body, *end = p->body + p->body_len, *text;
	size_t n;

	if (bound == NULL)
		return "a multipart answer without boundary";
	n = strcspn(bound + 9, "\r\n\"; ");
	if (n == 0 || n > 70)
		return "a strange boundary";
	memcpy(mark + 4, bound + 9, n);
	for (;;) {
		const char *range;
		uint64_t first, last;
		char *stop;

		if ((size_t)(end - at) < n + 6 ||
		    memcmp(at, mark, n + 4) != 0)
			return "a part does not begin with the boundary";
		at += n + 4;
		if (memcmp(at, "--", 2) == 0)
			return at + 4 == end ? NULL : "more after the last part";
		text = memmem(at, (size_t)(end - at), "\r\n\r\n", 4);
		range = memmem(at, (size_t)(end - at), "ange: bytes ", 12);
		if (text == NULL || range == NULL || range > (char *)text)
			return "a part without its range";
		first = strtoull(range + 12, &stop, 10);
		last = strtoull(stop + 1, NULL, 10);
		at = text + 4;
		if (last < first || last - first >= (uint64_t)(end - at) ||
		    !http_promise_is_part(p, file, at,
		    (size_t)(last - first + 1), first))
			return "a part with wrong bytes";
		at += last - first + 1;
	}
}

static inline const char *
http_promise_body(const struct http_promise *p,
    const struct http_promise_ask *a)
{
	const char *type = http_promise_field(p, "Content-Type");

	if (a->file < 0 || a->is_head)
		return NULL;
	if (p->status == 200)
		return p->body_len == p->size_of(a->file) &&
		    http_promise_is_part(p, a->file, p->body, p->body_len, 0) ?
		    NULL : "a file with wrong bytes";
	if (p->status != 206)
		return NULL;
	if (type != NULL && strncmp(type, "multipart/byteranges", 20) == 0)
		return http_promise_parts(p, a->file, type);
	return p->body_len == a->last - a->first + 1 &&
	    http_promise_is_part(p, a->file, p->body, p->body_len, a->first) ?
	    NULL : "a range with wrong bytes";
}

static inline const char *
http_promise_end(struct http_promise *p)
{
	const struct http_promise_ask *a = &p->ask[p->answered_n];
	const char *why = http_promise_body(p, a);
	bool is_allowed = a->status[0] == 0;

	for (size_t i = 0; i < ARRAY_LEN(a->status) && a->status[i] != 0; i++)
		is_allowed |= a->status[i] == p->status;
	if (!is_allowed)
		return "an answer that the request does not allow";
	if (why != NULL)
		return why;
	if (a->closes && !p->is_last)
		return "an answer that must close and does not say so";
	p->answered_n++;
	p->is_over = p->is_last;
	p->head_len = p->body_len = 0;
	p->is_in_body = false;
	return NULL;
}

/* --- bytes */

static inline const char *
http_promise_head(struct http_promise *p)
{
	const struct http_promise_ask *a = &p->ask[p->answered_n];
	const char *len, *coding, *conn;

	p->head[p->head_len] = '\0';
	if (strncmp(p->head, "HTTP/1.1 ", 9) != 0 &&
	    strncmp(p->head, "HTTP/1.0 ", 9) != 0)
		return "this is no status line";
	p->status = (unsigned)strtoul(p->head + 9, NULL, 10);
	if (p->status < 100 || p->status > 599)
		return "this is no status";
	if (p->status == 100) {
		p->head_len = 0;
		return NULL;
	}
	len = http_promise_field(p, "Content-Length");
	coding = http_promise_field(p, "Transfer-Encoding");
	conn = http_promise_field(p, "Connection");
	p->is_last = conn != NULL && strncasecmp(conn, "close", 5) == 0;
	if (len != NULL && coding != NULL)
		return "framed in two ways";
	p->is_chunked = coding != NULL;
	p->left = len != NULL ? strtoull(len, NULL, 10) : 0;
	p->chunk_state = 0;
	p->line_len = 0;
	p->is_in_body = true;
	if (a->is_head || p->status == 304 || p->status == 204)
		return http_promise_end(p);
	if (len == NULL && coding == NULL && !p->is_last)
		return "an answer without an end";
	if (p->left > HTTP_PROMISE_BODY)
		return "a body longer than any file";
	return !p->is_chunked && len != NULL && p->left == 0 ?
	    http_promise_end(p) : NULL;
}

static inline const char *
http_promise_chunk_line(struct http_promise *p, uint8_t c)
{
	char *stop;

	if (p->line_len + 1 >= sizeof(p->line))
		return "a chunk line without an end";
	p->line[p->line_len++] = (char)c;
	if (c != '\n')
		return NULL;
	p->line[p->line_len] = '\0';
	p->line_len = 0;
	if (p->chunk_state == 2 || p->chunk_state == 3) {
		if (strcmp(p->line, "\r\n") != 0)
			return "a chunk that ends in the middle";
		if (p->chunk_state == 3)
			return http_promise_end(p);
		p->chunk_state = 0;
		return NULL;
	}
	p->left = strtoull(p->line, &stop, 16);
	if (stop == p->line || strcmp(stop, "\r\n") != 0)
		return "a chunk without a size";
	p->chunk_state = p->left == 0 ? 3 : 1;
	return NULL;
}

static inline const char *
http_promise_byte(struct http_promise *p, uint8_t c)
{
	if (p->is_over)
		return "bytes after the last answer";
	if (p->answered_n == p->asked_n)
		return "an answer that nobody asked for";
	if (!p->is_in_body) {
		if (p->head_len + 1 >= sizeof(p->head))
			return "a head without an end";
		p->head[p->head_len++] = (char)c;
		return p->head_len >= 4 && memcmp(p->head + p->head_len - 4,
		    "\r\n\r\n", 4) == 0 ? http_promise_head(p) : NULL;
	}
	if (p->is_chunked && p->chunk_state != 1)
		return http_promise_chunk_line(p, c);
	if (p->body_len == HTTP_PROMISE_BODY)
		return "a body without an end";
	p->body[p->body_len++] = c;
	if (p->is_chunked || p->left > 0) {
		if (--p->left > 0)
			return NULL;
		if (p->is_chunked)
			p->chunk_state = 2;
		else
			return http_promise_end(p);
	}
	return NULL;
}

/*
 * http_promise_bytes - the server has sent these.
 */
static inline const char *
http_promise_bytes(struct http_promise *p, const uint8_t *b, size_t len)
{
	const char *why = NULL;

	for (size_t i = 0; i < len && why == NULL; i++)
		why = http_promise_byte(p, b[i]);
	return why;
}

/*
 * http_promise_closed - the server has closed, and nothing was torn by us.
 */
static inline const char *
http_promise_closed(struct http_promise *p)
{
	if (p->is_in_body && !p->is_chunked && p->is_last && p->left == 0)
		return http_promise_end(p);	/* until the end */
	if (p->is_in_body || p->head_len > 0)
		return "closed in the middle of an answer";
	return NULL;
}

#endif
