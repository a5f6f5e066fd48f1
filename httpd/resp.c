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

void
resp_own(struct resp *resp, struct str name, struct str value)
{
	ASSERT(resp->fields_n < ARRAY_LEN(resp->fields));
	resp->fields[resp->fields_n].name = name;
	resp->fields[resp->fields_n].value = value;
	resp->fields_n++;
}

bool
resp_add(struct resp *resp, struct str name, struct str value)
{
	if (resp->fields_n >= RESP_FIELDS_MAX)
		return false;
	resp_own(resp, name, value);
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
resp_lead(const struct resp *resp, struct wr *w, bool is_10, struct str date,
    struct str server)
{
	write_status(w, resp, is_10);
	write_field(w, STR("Date"), date);
	if (server.len > 0)
		write_field(w, STR("Server"), server);
}

void
resp_fields(const struct resp *resp, struct wr *w, unsigned from, unsigned to)
{
	unsigned i;

	ASSERT(to <= resp->fields_n);
	for (i = from; i < to; i++) {
		const struct resp_field *f = &resp->fields[i];

		if (f->value.len > 0 && hdr_is_value(f->value) &&
		    hdr_is_token(f->name))
			write_field(w, f->name, f->value);
	}
}

bool
resp_is_ours(struct str name)
{
	static const char *const names[] = {
		"Connection", "Content-Length", "Date", "Keep-Alive", "Server",
		"Transfer-Encoding"
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_ieq(name, str_of(names[i])))
			return true;
	return false;
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

/*
 * The sentences are as long as Apache's, to the byte: sizes of error answers
 * stand in access logs, and what compares them shall not notice the change.
 * A pure table.
 */
static const struct {
	uint16_t status;
	const char *text;
} page_tab[] = {
	{ 400, "The server did not understand this request, or it is "
	    "ambiguous. The error log of the server will name the reason." },
	{ 401, "This part of the server asks for a user name and a password. "
	    "None was sent, or those that were sent do not fit. A browser "
	    "will ask you for them; curl takes them with its option --user, "
	    "wget with --user and --password, an installer as part of the "
	    "address it is given." },
	{ 403, "You may not read this. Its permissions or the access rules "
	    "of the server did not allow it." },
	{ 404, "There is nothing under this address. Is this tree complete, "
	    "and is that medium mounted?" },
	{ 408, "The rest of the request did not arrive within the time that "
	    "this server waits for one whole request." },
	{ 410, "What used to be under this address has been removed on "
	    "purpose and will never come back. Please take it out of all "
	    "notes, scripts and answer files; there is no other address "
	    "for this." },
	{ 412, "A condition in the header of this request does not hold." },
	{ 413, "The body of this request is larger than allowed here." },
	{ 414, "The address in this request is longer than the limit of this "
	    "server. Is any redirection running in circles by chance?" },
	{ 416, "The file has no byte in the range that was asked for." },
	{ 417, "The server cannot do what the header Expect asks for." },
	{ 421, "This connection is not encrypted; https is not served "
	    "here." },
	{ 500, "The server could not carry this out. The reason is in its "
	    "error log, with the time of this request: a script that ended "
	    "without a proper answer, a file .htaccess that is wrong, or a "
	    "lack of memory.</p>\n<p>If you are not the administrator of "
	    "this server, please tell them when it happened and what you "
	    "asked for. Asking again will hardly help before they have had "
	    "a look at that log and mended it." },
	{ 501, "The server does not know this method; Allow in the header "
	    "lists all that it does." },
	{ 503, "The server cannot answer now. Please try again later." },
	{ 504, "A script did not answer within its time." },
	{ 505, "The server speaks HTTP/1.0 and HTTP/1.1." },
};

static const char *
page_text(unsigned status)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(page_tab); i++)
		if (page_tab[i].status == status)
			return page_tab[i].text;
	return "The server did not carry out this request.";
}

static void
put_sentence(struct wr *w, unsigned status, struct str location,
    struct str method)
{
	if (location.len > 0) {
		wr_text(w, status == 303 ? "The answer to this request is to "
		    "be fetched by a GET from some other address, " :
		    "The file or directory that was asked for is now to be "
		    "found at ");
		wr_text(w, "<a href=\"");
		resp_html(w, location);
		wr_text(w, "\">here</a>.");
	} else if (status == 405) {
		wr_text(w, "The method ");
		resp_html(w, method);
		wr_text(w, " is not on offer under this address; the header "
		    "Allow lists the ones which are.");
	} else {
		wr_text(w, page_text(status));
	}
}

void
resp_page(struct wr *w, unsigned status, struct str location,
    struct str method, struct str signature)
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
	put_sentence(w, status, location, method);
	wr_text(w, "</p>\n");
	if (signature.len > 0) {
		wr_text(w, "<hr>\n");
		wr_str(w, signature);
	}
	wr_text(w, "</body></html>\n");
}
