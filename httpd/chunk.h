/* SPDX-License-Identifier: ISC */
/*
 * chunk - decoder for the chunked transfer coding (RFC 9112 7.1).
 *
 * Incremental and strict: sizes are hexadecimal digits only, lines end in CR
 * LF, extensions and trailers are read over and bounded.
 */
#ifndef HTTPD_CHUNK_H
#define HTTPD_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "common/str.h"

#define CHUNK_LINE_MAX 1024	/* size with extensions, or a trailer line */
#define CHUNK_TRAILERS_MAX 64	/* trailer lines */

enum chunk_state {
	CHUNK_SIZE, CHUNK_EXT, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_DATA_CR,
	CHUNK_DATA_LF, CHUNK_TRAILER, CHUNK_TRAILER_VALUE, CHUNK_TRAILER_LF, CHUNK_DONE
};

/* all zero at the start of a body */
struct chunk {
	enum chunk_state state;
	uint32_t line_len;	/* of the line being read */
	uint32_t trailers_n;
	uint64_t left;		/* of the chunk being read */
};

enum chunk_verdict {
	CHUNK_MORE,		/* everything was used, the body goes on */
	CHUNK_BYTES,		/* ret_data holds content */
	CHUNK_END,		/* the body is complete */
	CHUNK_BAD		/* answer 400 and close */
};

/*
 * chunk_next - read on.
 *
 * in        what has come; the part that was used is cut off
 * ret_data  for CHUNK_BYTES: a slice of in
 */
enum chunk_verdict chunk_next(struct chunk *chunk, struct str *in,
    struct str *ret_data);

#endif
