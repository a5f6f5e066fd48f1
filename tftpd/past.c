/* SPDX-License-Identifier: ISC */
/*
 * past - what is remembered of transfers that are over.
 *
 * Direct-mapped by a keyed hash, so strangers cannot choose who is forgotten.
 */
#include "tftpd/past.h"

#define NS_PER_S 1000000000

static uint32_t
hash_of(const struct past *past, const void *id, size_t len)
{
	return (uint32_t)map_hash(past->key, id, len);
}

void
past_note_end(struct past *past, const void *id, size_t len, int64_t now_ns)
{
	uint32_t hash = hash_of(past, id, len);
	struct past_end *end = &past->ends[hash % PAST_MAX];

	end->hash = hash;
	end->at_s = (uint32_t)(now_ns / NS_PER_S) + 1;
}

bool
past_has_ended(const struct past *past, const void *id, size_t len,
    int64_t now_ns)
{
	uint32_t hash = hash_of(past, id, len);
	const struct past_end *end = &past->ends[hash % PAST_MAX];

	return end->hash == hash && end->at_s != 0 &&
	    (uint32_t)(now_ns / NS_PER_S) + 1 - end->at_s <= PAST_END_S;
}

void
past_note_rtt(struct past *past, const void *id, size_t len,
    const struct xfer_rtt *rtt)
{
	uint32_t hash = hash_of(past, id, len);
	struct past_rtt *slot = &past->rtts[hash % PAST_MAX];

	if (rtt->n == 0)
		return;
	slot->hash = hash;
	slot->rtt = *rtt;
}

const struct xfer_rtt *
past_find_rtt(const struct past *past, const void *id, size_t len)
{
	uint32_t hash = hash_of(past, id, len);
	const struct past_rtt *slot = &past->rtts[hash % PAST_MAX];

	return slot->hash == hash && slot->rtt.n > 0 ? &slot->rtt : NULL;
}
