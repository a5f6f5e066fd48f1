/* SPDX-License-Identifier: ISC */
/*
 * ask - a request, from the datagram to the transfer or the refusal.
 */
#ifndef TFTPD_ASK_H
#define TFTPD_ASK_H

#include "tftpd/port.h"
#include "tftpd/srv.h"

/*
 * ask_take - deal with a datagram that came to a listening port.
 */
void ask_take(struct srv *srv, struct port *listener,
    const struct port_msg *msg);

#endif
