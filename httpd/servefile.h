/* SPDX-License-Identifier: ISC */
/*
 * servefile - answers that are files.
 */
#ifndef HTTPD_SERVEFILE_H
#define HTTPD_SERVEFILE_H

#include "httpd/conn.h"

/*
 * servefile_answer - put the answer for x->file into x.
 *
 * 0, or the status to fail with: 412, 416.
 */
unsigned servefile_answer(struct xact *x);

/*
 * servefile_validators - add Last-Modified, ETag and Accept-Ranges.
 */
void servefile_validators(struct xact *x);

#endif
