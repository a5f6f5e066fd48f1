/* SPDX-License-Identifier: ISC */
/*
 * push - moves an answer into its socket, a quantum at a time.
 */
#ifndef HTTPD_PUSH_H
#define HTTPD_PUSH_H

#include "httpd/conn.h"

enum push_verdict {
	PUSH_ALL,		/* everything is out */
	PUSH_PART,		/* the socket is full */
	PUSH_TURN,		/* enough for this turn: others are waiting */
	PUSH_NEVER		/* the client has gone, or the file got shorter */
};

/*
 * push_answer - send what x describes, as far as it goes.
 */
enum push_verdict push_answer(struct xact *x);

#endif
