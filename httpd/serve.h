/* SPDX-License-Identifier: ISC */
/*
 * serve - from a parsed request to an answer that can be sent.
 */
#ifndef HTTPD_SERVE_H
#define HTTPD_SERVE_H

#include <stdbool.h>

#include "httpd/conn.h"

/*
 * serve_request - decide and build the answer to x->req.
 *
 * is_good  req_parse accepted the request
 *
 * Afterwards x describes what is to be sent, or a script is running
 * (x->cgi != NULL).
 */
void serve_request(struct xact *x, bool is_good);

/*
 * serve_status - answer with the plain page of a status and close.
 *
 * For what goes wrong before or beside a plan: 408, 400 in a body.
 */
void serve_status(struct xact *x, unsigned status);

/*
 * serve_failed - the plan could not be carried out: answer a status instead,
 * by way of ErrorDocument.
 */
void serve_failed(struct xact *x, unsigned status);

/*
 * serve_internal - answer with another local path (a script's Location).
 */
void serve_internal(struct xact *x, struct str target);

/*
 * serve_redirect - put the built-in page of a redirect behind x->resp.
 */
void serve_redirect(struct xact *x);

/*
 * serve_head - write the head of the answer into x->out.
 *
 * content_len  of the body; -1: not known (chunked, or until the end)
 *
 * Adds framing and connection fields, applies Header rules.
 */
void serve_head(struct xact *x, int64_t content_len);

/*
 * serve_signature - "<address>NAME Web at HOST Port N</address>", a line in
 * the turn's memory; empty by ServerSignature.
 */
struct str serve_signature(struct xact *x);

/*
 * serve_must - the fields without which an answer of its status is none, unless
 * they are there: WWW-Authenticate, Allow; RFC 9110 11.6.1, 15.5.2, 15.5.6.
 */
void serve_must(struct xact *x);

/*
 * serve_known - the head of a whole answer as it was written for x->file before.
 *
 * False, and nothing is done, when there is none, or when variables or a log
 * want more than its text.
 */
bool serve_known(struct xact *x);

/*
 * serve_unchanged - make x->resp a 304 when the request's conditions say so.
 *
 * For answers of scripts that carry validators.
 */
bool serve_unchanged(struct xact *x);

/*
 * serve_charset - AddDefaultCharset for a type that somebody else chose.
 */
void serve_charset(struct xact *x);

#endif
