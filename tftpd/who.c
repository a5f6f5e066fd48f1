/* SPDX-License-Identifier: ISC */
/*
 * who - which machine is at an address, as dhcpd's leases file has it.
 *
 * dhcpd appends, and from time to time renames a new file over the old one;
 * so another inode, or a shorter file, means to begin anew.  When the file
 * cannot be had, what is known stays.
 */
#include "tftpd/who.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/proc.h"
#include "common/when.h"

/* Read this much at a time; no record is longer. */
#define WHO_BUF_SIZE (256 * 1024)
#define WHO_LOOK_NS WHEN_NS_PER_S

int
who_init(struct who *who, struct keeper *keeper)
{
	struct map_key key;

	memset(who, 0, sizeof(*who));
	who->mem = proc_reserve(leases_size());
	who->buf = proc_reserve(WHO_BUF_SIZE);
	if (who->mem == NULL || who->buf == NULL)
		return -ENOMEM;
	if (proc_random(&key, sizeof(key)) < 0)
		return -EIO;
	leases_init(&who->leases, who->mem, key);
	who->keeper = keeper;
	return 0;
}

static void
read_on(struct who *who, int fd)
{
	ssize_t n;
	size_t used;

	for (;;) {
		n = pread(fd, who->buf, WHO_BUF_SIZE, (off_t)who->used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		used = leases_feed(&who->leases,
		    str_make(who->buf, (size_t)n));
		if (used == 0)
			return;
		who->used += used;
	}
}

static void
look(struct who *who)
{
	struct stat st;
	int fd = keeper_open(who->keeper, KEEPER_LEASES);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0) {
		if (st.st_dev != who->dev || st.st_ino != who->ino ||
		    (uint64_t)st.st_size < who->used) {
			leases_clear(&who->leases, who->mem);
			who->used = 0;
			who->dev = st.st_dev;
			who->ino = st.st_ino;
		}
		if ((uint64_t)st.st_size > who->used)
			read_on(who, fd);
	}
	(void)close(fd);
}

const struct lease_entry *
who_find(struct who *who, const union port_addr *addr, int64_t now_ns)
{
	if (addr->sa.sa_family != AF_INET)
		return NULL;
	if (now_ns >= who->next_ns) {
		look(who);
		who->next_ns = now_ns + WHO_LOOK_NS;
	}
	return leases_find(&who->leases, ntohl(addr->in4.sin_addr.s_addr));
}
