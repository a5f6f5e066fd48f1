/* SPDX-License-Identifier: ISC */
/*
 * rt.h - a web server's files, and plans as text, for tests of routing.
 */
#ifndef TESTS_UNIT_RT_H
#define TESTS_UNIT_RT_H

#include "tests/unit/ht.h"

static const char *const base =
    "DocumentRoot /www\n"
    "<Directory />\n Require all denied\n</Directory>\n"
    "<Directory /www>\n Require all granted\n Options Indexes "
    "FollowSymLinks\n</Directory>\n";

#define LONG_16		"aaaaaaaaaaaaaaaa"
#define LONG_64		LONG_16 LONG_16 LONG_16 LONG_16
#define LONG_256	LONG_64 LONG_64 LONG_64 LONG_64
#define LONG_1024	LONG_256 LONG_256 LONG_256 LONG_256
#define LONG_4096	LONG_1024 LONG_1024 LONG_1024 LONG_1024

static inline void
files(void)
{
	ht_files_n = 0;
	ht_add("/", NULL);
	ht_add("/www", NULL);
	ht_add("/www/a.txt", "a\n");
	ht_add("/www/site", NULL);
	ht_add("/www/site/index.html", "i\n");
	ht_add("/www/site/default.htm", "d\n");
	ht_add("/www/empty", NULL);
	ht_add("/www/sub", NULL);
	ht_add("/www/sub/deep", NULL);
	ht_add("/www/sub/deep/x.cgi", "x\n");
	ht_add("/alias", NULL);
	ht_add("/alias/one.txt", "1\n");
	ht_add("/secret", NULL);
	ht_add("/secret/s.txt", "s\n");
	ht_link("/www/link.txt", "/secret/s.txt", 7);
	ht_link("/www/own.txt", "/www/a.txt", 0);
	ht_add("/home/joe", NULL);
	ht_add("/home/joe/public_html", NULL);
	ht_add("/home/joe/public_html/j.txt", "j\n");
	ht_add("/www/nf.html", "not found\n");
	ht_add("/srv/passwd", "alice:Xsecret\nbob:{SHA}"
	    "5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
	ht_add("/srv/group", "admins: alice carol\n");
	ht_add("/srv/leases", "lease 10.0.0.99 {\n  ends 2 2014/06/10 "
	    "13:00:00;\n  binding state active;\n  hardware ethernet "
	    "52:54:00:AB:cd:ef;\n}\n");
	ht_add("/www/ks", NULL);
	ht_add("/www/ks/52-54-00-ab-cd-ef.cfg", "mine\n");
	ht_link("/www/dl", "/secret", 0);
	ht_link("/www/dangling", "/www/nothing", 0);
	ht_link("/www/loop", "/www/loop", 0);
	ht_fail("/www/closed", -EACCES);
	ht_pipe("/www/pipe");
	ht_add("/www/ks/100%%m%", "percent\n");
	ht_add("/www/acc", NULL);
	ht_add("/www/acc/.htaccess", "Require all denied\n");
	ht_add("/www/acc/a.txt", "a\n");
	ht_add("/www/bad", NULL);
	ht_add("/www/bad/.htaccess", "Bogus\n");
	ht_add("/www/bad/a.txt", "a\n");
	ht_add("/www/ht", NULL);
	ht_add("/www/ht/a.txt", "a\n");
}

static inline const char *
shown(const struct route *r)
{
	static const char *const kinds[] = { "file", "list", "redirect",
	    "error", "text", "cgi", "status", "options", "trace" };
	static char buf[1024];
	struct str more = str_of(NULL);

	if (r->kind == ROUTE_FILE || r->kind == ROUTE_LIST ||
	    r->kind == ROUTE_CGI)
		more = str_of(r->file);
	else if (r->kind == ROUTE_REDIRECT)
		more = r->location;
	else if (r->kind == ROUTE_TEXT)
		more = r->text;
	(void)snprintf(buf, sizeof(buf), "%s %u%s%.*s", kinds[r->kind],
	    r->status, more.len > 0 ? " " : "", STR_ARG(more));
	return buf;
}

static inline const struct conf *
load(const char *more)
{
	static char text[32768];
	const struct conf *conf;

	files();
	/* a DocumentRoot of its own: without the rules for /www */
	(void)snprintf(text, sizeof(text), "%s%s",
	    strncmp(more, "DocumentRoot", 12) == 0 ? "" : base, more);
	conf = ht_load(text);
	ck_assert_msg(conf != NULL, "%s: %s", more, ht_text);
	return conf;
}

#endif
