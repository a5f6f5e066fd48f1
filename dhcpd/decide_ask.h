/* SPDX-License-Identifier: ISC */
/*
 * decide_ask.h - LEASEQUERY: a relay asks who has which address (RFC 4388).
 */
#ifndef DHCPD_DECIDE_ASK_H
#define DHCPD_DECIDE_ASK_H

#include "dhcpd/decide_query.h"

/*
 * decide_ask_answer - answer or refuse; no lease is touched.
 */
enum decide_verdict decide_ask_answer(struct decide_query *q);

#endif
