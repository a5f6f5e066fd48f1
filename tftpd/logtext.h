/* SPDX-License-Identifier: ISC */
/*
 * logtext - every line of log that a request or a transfer causes.
 *
 * One function per event.  Each writes the text into wr and returns the
 * syslog priority; the lines named in the manual are tftp-hpa's to the letter,
 * so that log parsers go on working.  File names go in as the client sent
 * them, as with tftp-hpa: making them safe is what syslogd does.
 */
#ifndef TFTPD_LOGTEXT_H
#define TFTPD_LOGTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "common/wr.h"
#include "tftpd/remap.h"
#include "tftpd/xfer.h"

/*
 * logtext_request - a request that was let in (-v).
 *
 * mapped     name after the rules; when it differs both are shown
 * who        hardware address out of the leases file, or empty
 */
int logtext_request(struct wr *wr, bool is_write, struct str addr,
    struct str name, struct str mapped, struct str who);

/*
 * logtext_nak - an ERROR packet leaves (-vv).
 */
int logtext_nak(struct wr *wr, unsigned code, struct str text,
    struct str addr, struct str who);

/*
 * logtext_remap - what the rules do (-vvv).
 */
int logtext_remap(struct wr *wr, enum remap_event event, uint32_t rule,
    struct str text, struct str last);

/*
 * logtext_declined - the client answered the OACK with ERROR.
 */
int logtext_declined(struct wr *wr);

/*
 * logtext_gone - an ICMP message ended a transfer.
 *
 * state      of the transfer when it came
 * reason     text of the error number
 */
int logtext_gone(struct wr *wr, bool is_write, enum xfer_state state,
    struct str reason);

/*
 * logtext_finished - the end of a transfer, in one line of ours.
 *
 * prio       as chosen by the administrator; returned
 */
int logtext_finished(struct wr *wr, int prio, const struct xfer *x,
    struct str addr, struct str name, int64_t took_ns, struct str who);

#endif
