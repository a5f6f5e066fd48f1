/* SPDX-License-Identifier: ISC */
/*
 * fs - stat, small files, crypt(3), home directories, host names.
 *
 * Called by route_plan in the middle of a decision; nothing is cached here but
 * host names, because asking for one blocks.  Only configurations with Require
 * host or the like reach that, as often as names.h allows.
 */
#include "httpd/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <netdb.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/net.h"
#include "common/num.h"
#include "common/proc.h"
#include "common/src.h"
#include "common/when.h"

#define ROUNDS_MAX 1000000	/* of $5$, $6$ and $sha1$, about half a second */

static int
fs_stat(void *ctx, const char *path, bool nofollow, struct route_stat *ret)
{
	struct stat st;

	(void)ctx;
	if (fstatat(AT_FDCWD, path, &st,
	    nofollow ? AT_SYMLINK_NOFOLLOW : 0) != 0)
		return -errno;
	ret->type = S_ISREG(st.st_mode) ? ROUTE_REG :
	    S_ISDIR(st.st_mode) ? ROUTE_DIR :
	    S_ISLNK(st.st_mode) ? ROUTE_LNK : ROUTE_OTHER;
	ret->uid = st.st_uid;
	ret->gid = st.st_gid;
	ret->mode = st.st_mode & 07777;
	ret->size = (uint64_t)st.st_size;
	ret->ino = st.st_ino;
	ret->mtime_ns = st.st_mtim.tv_sec * WHEN_NS_PER_S +
	    st.st_mtim.tv_nsec;
	return 0;
}

static int
fs_read(void *ctx, const char *path, struct arena *a, struct str *ret)
{
	static struct arena large;
	void *p;

	(void)ctx;
	if (a != NULL)
		return src_read_regular(a, path, FS_READ_MAX, ret);
	if (large.p == NULL) {
		p = proc_reserve(FS_READ_MAX + 1);
		if (p == NULL)
			return -ENOMEM;
		arena_init(&large, p, FS_READ_MAX + 1);
	}
	arena_reset(&large, 0);
	return src_read_regular(&large, path, FS_READ_MAX, ret);
}

/* what may take long, and how it begins when it takes half a second at most */
static const struct {
	const char *kind, *cheap;
} costs[] = {
	{ "$y$", "$y$j[./0-9A-C][5T]$*" }, { "$gy$", "$gy$j[./0-9A-C][5T]$*" },
	{ "$7$", "$7$[./0-9A-D]U..../....*" },
	{ "$2", "$2[abxy]$0[0-9]$*" }, { "$2", "$2[abxy]$1[0-3]$*" },
	{ "$md5,", "" }, { "_", "" },
};

/*
 * A hash that takes seconds would stop all that this process serves, for any
 * client that sends a password; who writes a .htaccess may name one.
 */
static bool
is_costly(const char *setting)
{
	const char *rounds = NULL;
	bool may_be = false;
	uint32_t n;

	for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
		if (!str_starts(str_of(setting), str_of(costs[i].kind)))
			continue;
		if (fnmatch(costs[i].cheap, setting, 0) == 0)
			return false;
		may_be = true;
	}
	if (strncmp(setting, "$5$rounds=", 10) == 0 ||
	    strncmp(setting, "$6$rounds=", 10) == 0)
		rounds = setting + 10;
	else if (strncmp(setting, "$sha1$", 6) == 0)
		rounds = setting + 6;
	return may_be || (rounds != NULL && !num_u32(str_make(rounds,
	    strcspn(rounds, "$")), 0, ROUNDS_MAX, &n));
}

#if HAVE_CRYPT
static const char *
hash_of(const char *key, const char *salt)
{
	return crypt(key, salt);
}
#else
static const char *
hash_of(const char *key, const char *salt)
{
	(void)key;
	(void)salt;
	errno = ENOSYS;
	return NULL;
}
#endif

static int
fs_crypt(void *ctx, struct str password, struct str setting, struct wr *ret)
{
	char key[256], salt[256];
	const char *hash;

	(void)ctx;
	if (!str_copy(password, key, sizeof key) ||
	    !str_copy(setting, salt, sizeof salt) || is_costly(salt))
		return -EINVAL;
	errno = 0;
	hash = hash_of(key, salt);
	memset(key, 0, sizeof key);
	if (hash == NULL)
		return errno == 0 ? -EINVAL : -errno;
	wr_text(ret, hash);
	return wr_ok(ret) ? 0 : -ENOMEM;
}

static int
fs_home(void *ctx, struct str user, struct arena *a, struct str *ret)
{
	char name[128];
	const struct passwd *pw;

	(void)ctx;
	if (!str_copy(user, name, sizeof name))
		return -ENOENT;
	pw = getpwnam(name);
	if (pw == NULL)
		return -ENOENT;
	return arena_str(a, str_of(pw->pw_dir), ret) ? 0 : -ENOMEM;
}

static void
to_sockaddr(const struct addr *a, union net_addr *ret)
{
	memset(ret, 0, sizeof *ret);
	if (a->family == ADDR_V4) {
		ret->in4.sin_family = AF_INET;
		memcpy(&ret->in4.sin_addr, a->b, 4);
	} else {
		ret->in6.sin6_family = AF_INET6;
		memcpy(&ret->in6.sin6_addr, a->b, 16);
	}
}

/* the name counts only when it leads back to the address */
static bool
look_up(const struct addr *addr, char *name, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *ai;
	union net_addr sa;
	bool is_found = false;

	to_sockaddr(addr, &sa);
	if (getnameinfo(&sa.sa, net_addr_len(&sa), name, (socklen_t)size, NULL,
	    0, NI_NAMEREQD) != 0 ||
	    getaddrinfo(name, NULL, &hints, &list) != 0)
		return false;
	for (ai = list; ai != NULL; ai = ai->ai_next) {
		union net_addr other;

		if (ai->ai_addrlen > sizeof other)
			continue;
		memset(&other, 0, sizeof other);
		memcpy(&other, ai->ai_addr, ai->ai_addrlen);
		net_addr_set_port(&other, 0);
		is_found |= net_addr_eq(&other, &sa);
	}
	freeaddrinfo(list);
	return is_found;
}

static int64_t
mono_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * WHEN_NS_PER_S + now.tv_nsec;
}

static int
fs_name(void *ctx, const struct addr *addr, struct arena *a, struct str *ret)
{
	struct names *names = ctx;
	int64_t began_ns = mono_ns();
	char buf[NI_MAXHOST];
	struct str name;

	switch (names_get(names, addr, began_ns, &name)) {
	case NAMES_KNOWN:
		break;
	case NAMES_NONE:
		return -ENOENT;
	case NAMES_ASK:
		name = look_up(addr, buf, sizeof buf) ? str_of(buf) : STR("");
		names_put(names, addr, name, began_ns, mono_ns());
		if (name.len == 0)
			return -ENOENT;
		break;
	}
	return arena_str(a, name, ret) ? 0 : -ENOMEM;
}

struct route_fs
fs_get(struct names *names)
{
	/* the default is twice five seconds for each name server */
	(void)setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);
	return (struct route_fs){ .ctx = names, .stat = fs_stat, .read = fs_read,
	    .crypt = fs_crypt, .home = fs_home, .name = fs_name };
}
