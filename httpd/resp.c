/* SPDX-License-Identifier: ISC */
/*
 * resp - response heads and the pages we write ourselves.
 *
 * Fields are searched linearly: a response has about ten.  The pages carry the
 * title and heading Apache's have ("404 Not Found", "Not Found"), which scripts
 * grep for; the sentences are ours and say what an administrator of an
 * installation server should look at.
 */
#include "httpd/resp.h"

#include <stddef.h>
#include <string.h>

#include "httpd/hdr.h"
#include "httpd/proto.h"

void
resp_init(struct resp *resp, unsigned status)
{
	ASSERT(status >= 100 && status <= 599);
	resp->status = (uint16_t)status;
	resp->fields_n = 0;
	resp->reason = (struct str){ NULL, 0 };
}

bool
resp_add(struct resp *resp, struct str name, struct str value)
{
	if (resp->fields_n == RESP_FIELDS_MAX)
		return false;
	resp->fields[resp->fields_n].name = name;
	resp->fields[resp->fields_n].value = value;
	resp->fields_n++;
	return true;
}

/* index of the first field of a name from i on, or fields_n */
static unsigned
find(const struct resp *resp, struct str name, unsigned i)
{
	while (i < resp->fields_n && !str_ieq(resp->fields[i].name, name))
		i++;
	return i;
}

static void
remove_from(struct resp *resp, struct str name, unsigned i)
{
	unsigned k = i;

	for (; i < resp->fields_n; i++)
		if (!str_ieq(resp->fields[i].name, name))
			resp->fields[k++] = resp->fields[i];
	resp->fields_n = (uint16_t)k;
}

bool
resp_set(struct resp *resp, struct str name, struct str value)
{
	unsigned i = find(resp, name, 0);

	if (i == resp->fields_n)
		return resp_add(resp, name, value);
	resp->fields[i].value = value;
	remove_from(resp, name, i + 1);
	return true;
}

bool
resp_append(struct resp *resp, struct str name, struct str value,
    struct arena *a)
{
	unsigned i = find(resp, name, 0);
	struct str old;
	char *p;

	if (i == resp->fields_n)
		return resp_add(resp, name, value);
	old = resp->fields[i].value;
	p = arena_alloc(a, old.len + 2 + value.len, 1);
	if (p == NULL)
		return false;
	if (old.len > 0)
		memcpy(p, old.p, old.len);
	memcpy(p + old.len, ", ", 2);
	if (value.len > 0)
		memcpy(p + old.len + 2, value.p, value.len);
	resp->fields[i].value = str_make(p, old.len + 2 + value.len);
	return true;
}

void
resp_unset(struct resp *resp, struct str name)
{
	remove_from(resp, name, 0);
}

struct str
resp_get(const struct resp *resp, struct str name)
{
	unsigned i = find(resp, name, 0);

	if (i == resp->fields_n)
		return (struct str){ NULL, 0 };
	return resp->fields[i].value;
}

static void
write_field(struct wr *w, struct str name, struct str value)
{
	wr_str(w, name);
	wr_bytes(w, ": ", 2);
	wr_str(w, value);
	wr_bytes(w, "\r\n", 2);
}

static void
write_status(struct wr *w, const struct resp *resp, bool is_10)
{
	if (resp->status == 200 && !is_10 && resp->reason.len == 0) {
		wr_str(w, STR("HTTP/1.1 200 OK\r\n"));
		return;
	}
	wr_str(w, is_10 ? STR("HTTP/1.0 ") : STR("HTTP/1.1 "));
	wr_dec(w, resp->status);
	wr_u8(w, ' ');
	if (resp->reason.len > 0 && hdr_is_value(resp->reason))
		wr_str(w, resp->reason);
	else
		wr_text(w, proto_reason(resp->status));
	wr_bytes(w, "\r\n", 2);
}

void
resp_head(const struct resp *resp, struct wr *w, bool is_10, struct str date,
    struct str server)
{
	unsigned i;

	write_status(w, resp, is_10);
	if (resp->status == 100) {
		wr_bytes(w, "\r\n", 2);
		return;
	}
	write_field(w, STR("Date"), date);
	if (server.len > 0)
		write_field(w, STR("Server"), server);
	for (i = 0; i < resp->fields_n; i++) {
		const struct resp_field *f = &resp->fields[i];

		if (f->value.len > 0 && hdr_is_value(f->value) &&
		    hdr_is_token(f->name))
			write_field(w, f->name, f->value);
	}
	wr_bytes(w, "\r\n", 2);
}

void
resp_html(struct wr *w, struct str text)
{
	size_t i, from = 0;

	for (i = 0; i < text.len; i++) {
		const char *entity;

		switch (text.p[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			entity = "&quot;";
			break;
		default:
			continue;
		}
		wr_str(w, str_sub(text, from, i - from));
		wr_text(w, entity);
		from = i + 1;
	}
	wr_str(w, str_sub(text, from, text.len - from));
}

static const char *
page_text(unsigned status)
{
	switch (status) {
	case 400:
		return "The server could not understand this request.";
	case 401:
		return "Name and password are needed here, "
		    "and those sent (if any) are not good.";
	case 403:
		return "You may not read this.";
	case 404:
		return "There is nothing under this address.";
	case 405:
		return "This method is not offered here.";
	case 408:
		return "The request did not arrive in time.";
	case 410:
		return "This has been removed and will not come back.";
	case 412:
		return "A condition of the request does not hold.";
	case 413:
		return "The body of the request is larger than allowed here.";
	case 414:
		return "The address is longer than this server reads.";
	case 416:
		return "The file has no bytes in the range asked for.";
	case 417:
		return "The server does not do what Expect asks for.";
	case 421:
		return "This connection is not encrypted.";
	case 500:
		return "The server failed; its error log says why.";
	case 501:
		return "The server does not know this method "
		    "or transfer coding.";
	case 503:
		return "The server cannot answer now; try again later.";
	default:
		return "The request was not carried out.";
	}
}

void
resp_page(struct wr *w, unsigned status, struct str location,
    struct str signature)
{
	const char *reason = proto_reason((int)status);

	wr_text(w, "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n"
	    "<html><head>\n<title>");
	wr_dec(w, status);
	wr_u8(w, ' ');
	wr_text(w, reason);
	wr_text(w, "</title>\n</head><body>\n<h1>");
	wr_text(w, reason);
	wr_text(w, "</h1>\n<p>");
	if (location.len > 0) {
		wr_text(w, "The document is <a href=\"");
		resp_html(w, location);
		wr_text(w, "\">here</a>.");
	} else {
		wr_text(w, page_text(status));
	}
	wr_text(w, "</p>\n");
	if (signature.len > 0) {
		wr_text(w, "<hr>\n");
		wr_str(w, signature);
	}
	wr_text(w, "</body></html>\n");
}
