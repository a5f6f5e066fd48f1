/* SPDX-License-Identifier: ISC */
/*
 * proto - the numbers of TFTP: opcodes, error codes, sizes, limits.
 *
 * RFC 1350 (protocol), 2347 (options), 2348 (blksize), 2349 (timeout, tsize),
 * 7440 (windowsize).  blksize2, utimeout and rollover are tftp-hpa's own.
 */
#ifndef TFTPD_PROTO_H
#define TFTPD_PROTO_H

enum proto_op {
	PROTO_RRQ = 1,
	PROTO_WRQ = 2,
	PROTO_DATA = 3,
	PROTO_ACK = 4,
	PROTO_ERROR = 5,
	PROTO_OACK = 6			/* RFC 2347 */
};

enum proto_code {
	PROTO_UNDEFINED = 0,
	PROTO_NOT_FOUND = 1,
	PROTO_ACCESS = 2,
	PROTO_NO_SPACE = 3,
	PROTO_BAD_OP = 4,
	PROTO_BAD_TID = 5,
	PROTO_EXISTS = 6,
	PROTO_NO_USER = 7,
	PROTO_BAD_OPTION = 8		/* RFC 2347 */
};
#define PROTO_CODES (PROTO_BAD_OPTION + 1)

/* Opcode and block number before the payload of DATA. */
#define PROTO_HEADER_LEN 4
/* RFC 2348; the largest leaves room for IP and UDP headers in 65535. */
#define PROTO_BLKSIZE_MIN 8
#define PROTO_BLKSIZE_DEFAULT 512
#define PROTO_BLKSIZE_MAX 65464
/* Largest datagram we read or write. */
#define PROTO_PACKET_MAX (PROTO_HEADER_LEN + PROTO_BLKSIZE_MAX)
/* Most blocks per acknowledgement that we grant of RFC 7440's 65535. */
#define PROTO_WINDOW_MAX 64
/* Retransmission timeouts that can be asked for, microseconds. */
#define PROTO_TIMEOUT_US_MIN 10000
#define PROTO_TIMEOUT_US_MAX 255000000
/* Longest file name we look at, as long as the kernel's longest path. */
#define PROTO_NAME_MAX 4095
/* Longest error text sent, without its NUL. */
#define PROTO_TEXT_MAX 512

#endif
