/* SPDX-License-Identifier: ISC */
/*
 * proto - tables behind proto.h.
 *
 * Both tables are short and are read once per request that needs them; GET and
 * HEAD, which is nearly everything an installation asks for, are found by the
 * first two comparisons.
 */
#include "httpd/proto.h"

#include <stddef.h>

#include "common/cc.h"

static const struct {
	const char *name;
	enum proto_method method;
} method_tab[] = {
	{ "GET", PROTO_GET },
	{ "HEAD", PROTO_HEAD },
	{ "POST", PROTO_POST },
	{ "OPTIONS", PROTO_OPTIONS },
	{ "TRACE", PROTO_TRACE },
	{ "PUT", PROTO_PUT },
	{ "DELETE", PROTO_DELETE },
	{ "CONNECT", PROTO_CONNECT },
	{ "PATCH", PROTO_PATCH },
	{ "PROPFIND", PROTO_DAV },
	{ "PROPPATCH", PROTO_DAV },
	{ "MKCOL", PROTO_DAV },
	{ "COPY", PROTO_DAV },
	{ "MOVE", PROTO_DAV },
	{ "LOCK", PROTO_DAV },
	{ "UNLOCK", PROTO_DAV },
	{ "VERSION-CONTROL", PROTO_DAV },
	{ "CHECKOUT", PROTO_DAV },
	{ "UNCHECKOUT", PROTO_DAV },
	{ "CHECKIN", PROTO_DAV },
	{ "UPDATE", PROTO_DAV },
	{ "LABEL", PROTO_DAV },
	{ "REPORT", PROTO_DAV },
	{ "MKWORKSPACE", PROTO_DAV },
	{ "MKACTIVITY", PROTO_DAV },
	{ "BASELINE-CONTROL", PROTO_DAV },
	{ "MERGE", PROTO_DAV },
};

static const struct {
	int status;
	const char *reason;
} reason_tab[] = {
	{ 200, "OK" },
	{ 206, "Partial Content" },
	{ 304, "Not Modified" },
	{ 404, "Not Found" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 403, "Forbidden" },
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 203, "Non-Authoritative Information" },
	{ 204, "No Content" },
	{ 205, "Reset Content" },
	{ 300, "Multiple Choices" },
	{ 303, "See Other" },
	{ 305, "Use Proxy" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Request Entity Too Large" },
	{ 414, "Request-URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Requested Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Entity" },
	{ 423, "Locked" },
	{ 424, "Failed Dependency" },
	{ 426, "Upgrade Required" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 451, "Unavailable For Legal Reasons" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
	{ 507, "Insufficient Storage" },
	{ 508, "Loop Detected" },
	{ 511, "Network Authentication Required" },
};

enum proto_method
proto_method(struct str name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(method_tab); i++)
		if (str_eq(name, str_of(method_tab[i].name)))
			return method_tab[i].method;
	return PROTO_UNKNOWN;
}

const char *
proto_reason(int status)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(reason_tab); i++)
		if (reason_tab[i].status == status)
			return reason_tab[i].reason;
	switch (status / 100) {
	case 1:
		return "Continue";
	case 2:
		return "OK";
	case 3:
		return "Multiple Choices";
	case 4:
		return "Bad Request";
	default:
		return "Internal Server Error";
	}
}

bool
proto_has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}
