/* SPDX-License-Identifier: ISC */
/*
 * servefile - an open file as the answer: conditions, ranges, the whole.
 *
 * The file is x->file and stays there until the answer is out.  The usual
 * answer - all of it, with nothing asked about it - comes with the head that
 * was written for it before.
 */
#include "httpd/servefile.h"

#include "common/proc.h"
#include "httpd/cond.h"
#include "httpd/serve.h"
#include "httpd/turn.h"

#define RANGE_TEXTS_MAX 256	/* Content-Range, or boundary and type */

void
servefile_validators(struct xact *x)
{
	struct file *f = x->file;

	(void)!resp_add(&x->resp, STR("Last-Modified"),
	    str_make(f->last_modified, DATE_LEN));
	if (f->etag_len > 0)
		(void)!resp_add(&x->resp, STR("ETag"),
		    str_make(f->etag, f->etag_len));
	(void)!resp_add(&x->resp, STR("Accept-Ranges"), STR("bytes"));
}

/* "x-gzip" is written as "gzip" for a client that knows only that name */
static struct str
encoding_name(const struct xact *x)
{
	struct str enc = x->file->encoding;
	struct str accept = req_known(&x->req, HDR_ACCEPT_ENCODING);
	struct str plain;

	if (!str_istarts(enc, STR("x-")))
		return enc;
	plain = str_sub(enc, 2, enc.len - 2);
	return accept.p != NULL && str_find(accept, plain) != STR_NONE &&
	    str_find(accept, enc) == STR_NONE ? plain : enc;
}

static void
add_type(struct xact *x, struct str type)
{
	if (type.len > 0)
		(void)!resp_add(&x->resp, STR("Content-Type"), type);
	if (x->file->language.len > 0)
		(void)!resp_add(&x->resp, STR("Content-Language"),
		    x->file->language);
	if (x->file->encoding.len > 0)
		(void)!resp_add(&x->resp, STR("Content-Encoding"),
		    encoding_name(x));
}

static void
set_source(struct xact *x, uint64_t at, uint64_t len)
{
	if (x->file->body != NULL) {
		x->source = XACT_MEM;
		x->mem = x->file->body;
	} else {
		x->source = XACT_FD;
	}
	x->at = at;
	x->left = x->is_head ? 0 : len;
}

/* the whole length of a multipart answer */
static uint64_t
multipart_len(const struct xact *x)
{
	char buf[512];
	struct wr w;
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < x->ranges_n; i++) {
		const struct range *r = &x->ranges[i];

		wr_init(&w, buf, sizeof buf);
		wr_fmt(&w, "Content-range: bytes %llu-%llu/%llu\r\n\r\n",
		    (unsigned long long)r->first, (unsigned long long)r->last,
		    (unsigned long long)x->file->st.st_size);
		sum += w.len + r->last - r->first + 1;
		sum += 2 + 2 + x->boundary.len + 2;
		if (x->file->type.len > 0)
			sum += 14 + x->file->type.len + 2;
	}
	return sum + 2 + 2 + x->boundary.len + 2 + 2;
}

static void
answer_ranges(struct xact *x)
{
	const struct range *r = &x->ranges[0];
	uint64_t id;

	resp_init(&x->resp, 206);
	servefile_validators(x);
	if (x->ranges_n == 1) {
		(void)!resp_add(&x->resp, STR("Content-Range"),
		    turn_fmt(&x->turn, "bytes %llu-%llu/%llu",
		    (unsigned long long)r->first, (unsigned long long)r->last,
		    (unsigned long long)x->file->st.st_size));
		add_type(x, x->file->type);
		set_source(x, r->first, r->last - r->first + 1);
		serve_head(x, (int64_t)x->left);
		return;
	}
	if (proc_random(&id, sizeof id) != 0)
		id = (uint64_t)x->start.mono_ns;
	x->boundary = turn_fmt(&x->turn, "%llx", (unsigned long long)id);
	add_type(x, turn_fmt(&x->turn, "multipart/byteranges; boundary=%.*s",
	    STR_ARG(x->boundary)));
	set_source(x, 0, 0);
	serve_head(x, (int64_t)multipart_len(x));
}

/* 0 when the ranges are served, 416, or 200: send the whole file */
static unsigned
try_ranges(struct xact *x, const struct cond_have *have)
{
	const struct conf_dir *dir = x->route.dir;
	struct str value = req_known(&x->req, HDR_RANGE);
	struct range_limits limits = { dir->max_ranges, dir->max_overlaps,
	    dir->max_reversals };

	if (value.p == NULL || x->req.method != PROTO_GET ||
	    !cond_if_range(&x->req, have))
		return 200;
	x->ranges = ARENA_ARRAY(&x->turn, struct range, RANGE_MAX);
	if (x->ranges == NULL || arena_left(&x->turn) < RANGE_TEXTS_MAX)
		return 200;
	switch (range_parse(value, (uint64_t)x->file->st.st_size, &limits,
	    x->ranges, &x->ranges_n)) {
	case RANGE_SOME:
		answer_ranges(x);
		return 0;
	case RANGE_NONE:
		return 416;
	default:
		x->ranges_n = 0;
		return 200;
	}
}

static bool
has_conditions(const struct req *req)
{
	return (req->known[HDR_IF_MATCH] | req->known[HDR_IF_NONE_MATCH] |
	    req->known[HDR_IF_MODIFIED_SINCE] |
	    req->known[HDR_IF_UNMODIFIED_SINCE]) != 0;
}

/* nothing that configuration or variables could change in the head */
static bool
is_head_fixed(const struct xact *x)
{
	const struct conf_dir *dir = x->route.dir;

	return x->file->is_cached && x->file->encoding.len == 0 &&
	    dir->headers.n == 0 && !dir->expires_active &&
	    x->route.env.n == 0;
}

unsigned
servefile_answer(struct xact *x)
{
	struct file *f = x->file;
	struct cond_have have = { str_make(f->etag, f->etag_len),
	    f->st.st_mtim.tv_sec, x->start.wall_s };
	unsigned status = x->route.status;

	if (status == 200 && !x->route.is_error_doc) {
		if (has_conditions(&x->req))
			switch (cond_decide(&x->req, &have)) {
			case COND_UNCHANGED:
				resp_init(&x->resp, 304);
				servefile_validators(x);
				serve_head(x, -1);
				return 0;
			case COND_FAILED:
				return 412;
			default:
				break;
			}
		status = try_ranges(x, &have);
		if (status != 200)
			return status;
		if (serve_known(x)) {
			set_source(x, 0, (uint64_t)f->st.st_size);
			return 0;
		}
		x->is_whole = is_head_fixed(x);
	}
	resp_init(&x->resp, status);
	serve_must(x);
	servefile_validators(x);
	add_type(x, f->type);
	set_source(x, 0, (uint64_t)f->st.st_size);
	serve_head(x, (int64_t)f->st.st_size);
	return 0;
}
