/* SPDX-License-Identifier: ISC */
#ifndef HTTPD_DIGEST_H
#define HTTPD_DIGEST_H

/*
 * digest - MD5 and SHA-1, for password files that were made with them.
 *
 * Neither protects anything any more; htpasswd still writes them.
 */

#include <stddef.h>
#include <stdint.h>

#include "common/str.h"

#define DIGEST_MD5_LEN	16
#define DIGEST_SHA1_LEN	20

/* One digest in progress. */
struct digest {
	uint32_t h[5];
	uint64_t total;		/* bytes taken in */
	uint8_t block[64];
	uint8_t is_sha;
};

/*
 * digest_md5 - begin an MD5 digest.
 */
void digest_md5(struct digest *d);

/*
 * digest_sha1 - begin a SHA-1 digest.
 */
void digest_sha1(struct digest *d);

/*
 * digest_add - take in some bytes.
 */
void digest_add(struct digest *d, const void *p, size_t n);

/*
 * digest_end - write DIGEST_MD5_LEN or DIGEST_SHA1_LEN bytes.
 */
void digest_end(struct digest *d, uint8_t *out);

#endif
