/* SPDX-License-Identifier: ISC */
/*
 * decide_inform.h - INFORM: options for a client that has an address.
 */
#ifndef DHCPD_DECIDE_INFORM_H
#define DHCPD_DECIDE_INFORM_H

#include "dhcpd/decide_query.h"

/*
 * decide_inform_answer - answer or refuse; no lease is touched.
 */
enum decide_verdict decide_inform_answer(struct decide_query *q);

#endif
