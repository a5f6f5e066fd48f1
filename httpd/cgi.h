/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_CGI_H
#define HTTPD_CGI_H

/*
 * cgi - what a script is given and what its output means (RFC 3875).
 *
 * Pure: the shell starts the program and moves the bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/cc.h"
#include "common/str.h"

#include "httpd/resp.h"
#include "httpd/route.h"

#define CGI_ENV_MAX	256	/* variables, the end mark included */
#define CGI_ARG_MAX	64	/* words of an ISINDEX query + program */
#define CGI_HEAD_MAX	16384	/* longest header block of a script */

/* All of it lies in the turn's arena and is ready for execve(2). */
struct cgi_exec {
	const char *file;		/* program */
	const char *dir;		/* working directory */
	const char *argv[CGI_ARG_MAX];	/* NULL-terminated */
	const char *envp[CGI_ENV_MAX];	/* NULL-terminated */
	bool is_raw;			/* nph-: output goes out untouched */
};

/* Values that only the shell knows. */
struct cgi_facts {
	struct str software;		/* SERVER_SOFTWARE */
	struct str signature;		/* SERVER_SIGNATURE */
	struct str path;		/* PATH of the server */
	int64_t body_len;		/* CONTENT_LENGTH, -1 = chunked/none */
	uint16_t status;		/* REDIRECT_STATUS, 0 = first try */
	struct str redirect_url;	/* REDIRECT_URL */
};

/*
 * cgi_prepare - program, arguments and environment for a ROUTE_CGI plan.
 *
 * False when the arena or a table is full: answer 500.
 */
MUST_CHECK bool cgi_prepare(const struct route_in *in, const struct route *r,
    const struct cgi_facts *facts, struct arena *turn, struct cgi_exec *ret);

enum cgi_verdict {
	CGI_MORE,	/* the header block is not complete yet */
	CGI_OK,		/* resp filled; body begins at *ret_body */
	CGI_LOCAL,	/* Location: /path -> route_internal(*ret_target) */
	CGI_BAD,	/* 500; *ret_target is the offending line, or
			 * empty: the header block does not end */
};

/*
 * cgi_head - read a script's header block.
 *
 * out         all bytes the script has written so far
 * is_end      it will not write more
 * resp        gets status and fields, but for those that are ours to write
 * ret_body    offset of the first body byte
 * ret_target  see the verdicts
 */
enum cgi_verdict cgi_head(struct str out, bool is_end, struct resp *resp,
    size_t *ret_body, struct str *ret_target);

#endif
