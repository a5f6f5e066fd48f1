/* SPDX-License-Identifier: ISC */
/*
 * cond - entity tag lists and dates against a file's validators.
 *
 * Tags are compared as opaque bytes between their quotes; an element without
 * quotes matches nothing.  Dates that cannot be read are as if not there.
 */
#include "httpd/cond.h"

#include <stddef.h>

#include "httpd/date.h"
#include "httpd/hdr.h"

static bool
is_weak(struct str tag)
{
	return str_starts(tag, STR("W/"));
}

static struct str
opaque(struct str tag)
{
	return is_weak(tag) ? str_sub(tag, 2, tag.len - 2) : tag;
}

static bool
is_quoted(struct str tag)
{
	return tag.len >= 2 && tag.p[0] == '"' && tag.p[tag.len - 1] == '"';
}

static bool
tag_matches(struct str theirs, struct str ours, bool is_strong)
{
	if (is_strong && (is_weak(theirs) || is_weak(ours)))
		return false;
	theirs = opaque(theirs);
	return is_quoted(theirs) && str_eq(theirs, opaque(ours));
}

/* whether a list in any field of the name matches; "*" matches what exists */
static bool
list_matches(const struct req *req, struct str name, struct str ours,
    bool is_strong)
{
	unsigned at = 0;
	struct str list, item;

	while (req_next(req, name, &at, &list)) {
		if (str_eq(list, STR("*")))
			return true;
		while (ours.len > 0 && hdr_next(&list, &item))
			if (tag_matches(item, ours, is_strong))
				return true;
	}
	return false;
}

static bool
has(const struct req *req, enum hdr_id id)
{
	return req_known(req, id).p != NULL;
}

static bool
known_date(const struct req *req, enum hdr_id id, int64_t now_s, int64_t *ret)
{
	struct str value = req_known(req, id);

	/* ";length=" was added by a browser of the nineties */
	return value.p != NULL && date_parse(str_cut(value, ';', &value),
	    now_s, ret);
}

enum cond_verdict
cond_decide(const struct req *req, const struct cond_have *have)
{
	bool is_read = req->method == PROTO_GET || req->method == PROTO_HEAD;
	int64_t date_s;

	if (has(req, HDR_IF_MATCH)) {
		if (!list_matches(req, STR("If-Match"), have->etag, true))
			return COND_FAILED;
	} else if (known_date(req, HDR_IF_UNMODIFIED_SINCE, have->now_s,
	    &date_s) && have->mtime_s > date_s) {
		return COND_FAILED;
	}
	if (has(req, HDR_IF_NONE_MATCH)) {
		if (!list_matches(req, STR("If-None-Match"), have->etag, false))
			return COND_SEND;
		return is_read ? COND_UNCHANGED : COND_FAILED;
	}
	if (is_read &&
	    known_date(req, HDR_IF_MODIFIED_SINCE, have->now_s, &date_s) &&
	    date_s <= have->now_s && have->mtime_s <= date_s)
		return COND_UNCHANGED;
	return COND_SEND;
}

bool
cond_if_range(const struct req *req, const struct cond_have *have)
{
	struct str value = req_known(req, HDR_IF_RANGE);
	int64_t date_s;

	if (value.p == NULL)
		return true;
	if (is_quoted(opaque(value)))
		return tag_matches(value, have->etag, true);
	return date_parse(value, have->now_s, &date_s) &&
	    date_s == have->mtime_s;
}
