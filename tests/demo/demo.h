/* SPDX-License-Identifier: ISC */
/*
 * demo.h - a machine installs itself from the three daemons, on one screen.
 *
 * Two processes in namespaces of their own: the server's side (demo.c, wire.c)
 * and the machine (boot.c, dhcp.c, tftp.c, http.c).  tree.c knows every byte
 * of what is served.  A step that fails ends its process with a message.
 */
#ifndef TESTS_DEMO_DEMO_H
#define TESTS_DEMO_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/cc.h"
#include "common/str.h"

#define DEMO_SERVER	0x0a0a03a7u	/* 10.10.3.167 */
#define DEMO_MASK	0xffffff00u
#define DEMO_TFTPROOT	"/var/lib/tftpboot"
#define DEMO_DOCROOT	"/var/www/html"
#define DEMO_LEASES	"/var/lib/dhcpd/dhcpd.leases"
#define DEMO_NAME_MAX	128

/* Where the machine fetches a file from. */
enum demo_root { DEMO_TFTP, DEMO_HTTP };

extern const uint8_t demo_mac[6];

/*
 * demo_line - one exchange: time, who to whom, what, size or result.
 *
 * from, to  "address.port" as tcpdump writes them
 */
void demo_line(const char *from, const char *to, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/*
 * demo_note - a line between the exchanges.
 */
void demo_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/*
 * demo_fail - say which step failed and end this process with 1.
 */
void demo_fail(const char *step, const char *fmt, ...) PRINTF_LIKE(2, 3)
    __attribute__((noreturn));

/*
 * demo_endpoint - "10.10.3.167.80" for a host-order address and port.
 *
 * One of four static buffers, used in turn.
 */
const char *demo_endpoint(uint32_t addr, unsigned port);

/* --- tree.c */

/*
 * tree_write - lay out both roots; the files of the examples are copied.
 */
void tree_write(void);

/*
 * tree_size - size of a file that the tree has, or fail.
 *
 * name  relative to its root, without a leading slash
 */
size_t tree_size(enum demo_root root, const char *name);

/*
 * tree_check - are these the bytes of the file from an offset on?
 */
bool tree_check(enum demo_root root, const char *name, size_t at,
    const void *data, size_t n) MUST_CHECK;

/* --- wire.c */

/*
 * wire_namespaces - leave for user, network, mount and process namespaces of
 * our own; returns in a child that is process 1 there.  The first process
 * waits for it and exits with its status.
 *
 * True when only one user is known there (no other can be switched to).
 */
bool wire_namespaces(void);

/*
 * wire_cable - connect interface s0 here with c0 in the network namespace of
 * a process, and give s0 its address.
 */
void wire_cable(int client_pid);

/*
 * wire_up - bring an interface of this namespace up.
 *
 * addr  0 = without address
 * mac   NULL = as it is
 */
void wire_up(const char *name, uint32_t addr, uint32_t mask,
    const uint8_t *mac);

/* --- the machine */

/* What the DHCP exchange gave. */
struct demo_lease {
	uint32_t addr, mask, next_server;
	char filename[DEMO_NAME_MAX];
};

/*
 * dhcp_boot - DISCOVER, OFFER, REQUEST, ACK on c0 as a boot ROM does it.
 */
void dhcp_boot(struct demo_lease *ret);

/*
 * tftp_get - fetch and check a file; a server not up yet is asked again.
 *
 * name  as it stands in the request
 * blksize  the option's value
 * keep  NULL, or where the first keep_cap - 1 bytes and a NUL go
 *
 * False when the server answers that there is no such file.
 */
bool tftp_get(uint32_t server, const char *name, unsigned blksize, char *keep,
    size_t keep_cap) MUST_CHECK;

/*
 * tftp_probe - ask for the size alone and abort, as boot ROMs do first.
 */
void tftp_probe(uint32_t server, const char *name);

/*
 * http_get - fetch and check a file over the one kept-alive connection.
 *
 * from, to  byte range, both included; to 0 = the whole file
 */
void http_get(uint32_t server, const char *name, size_t from, size_t to,
    char *keep, size_t keep_cap);

/*
 * boot_machine - the whole installation.
 */
void boot_machine(void);

#endif
