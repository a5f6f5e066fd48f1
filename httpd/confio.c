/* SPDX-License-Identifier: ISC */
/*
 * confio - files, directories, environment and names for reading a
 * configuration.
 *
 * The only place where loading a configuration meets the system.  Nothing is
 * kept between calls.
 */

#include "httpd/confio.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/src.h"

#define CONFIO_FILE_MAX	((size_t)16 << 20)
#define CONFIO_NAMES_MAX 4096	/* files in one included directory */

static int
io_read(void *arg, struct arena *a, const char *path, struct str *ret)
{
	(void)arg;
	return src_read(a, path, CONFIO_FILE_MAX, ret);
}

static int
io_kind(void *arg, const char *path)
{
	struct stat st;

	(void)arg;
	if (stat(path, &st) != 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 1 : 0;
}

static int
io_list(void *arg, struct arena *a, const char *dir, struct conf_words *ret)
{
	struct str *v = ARENA_ARRAY(a, struct str, CONFIO_NAMES_MAX);
	struct dirent *e;
	unsigned n = 0;
	int err = 0;
	DIR *d;

	(void)arg;
	if (v == NULL)
		return -ENOMEM;
	d = opendir(dir);
	if (d == NULL)
		return -errno;
	while ((e = readdir(d)) != NULL) {
		struct str name = str_of(e->d_name);

		if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
			continue;
		if (n == CONFIO_NAMES_MAX) {
			err = -E2BIG;
			break;
		}
		if (!arena_str(a, name, &v[n++])) {
			err = -ENOMEM;
			break;
		}
	}
	(void)closedir(d);
	ret->v = v;
	ret->n = n;
	return err;
}

static const char *
io_env(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

static int
io_resolve(void *arg, const char *name, struct addr *ret)
{
	struct addrinfo hints, *list;

	(void)arg;
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return -ENOENT;
	if (list->ai_family == AF_INET) {
		struct sockaddr_in sin;

		memcpy(&sin, list->ai_addr, sizeof(sin));
		*ret = addr_v4(ntohl(sin.sin_addr.s_addr));
	} else {
		struct sockaddr_in6 sin6;

		memcpy(&sin6, list->ai_addr, sizeof(sin6));
		*ret = addr_v6(sin6.sin6_addr.s6_addr);
	}
	freeaddrinfo(list);
	return 0;
}

static const char *
io_why(void *arg, int err)
{
	(void)arg;
	return strerror(-err);
}

const struct conf_io *
confio_get(void)
{
	static const struct conf_io io = {
		NULL, io_read, io_kind, io_list, io_resolve, io_env,
		io_why,
	};

	return &io;
}
