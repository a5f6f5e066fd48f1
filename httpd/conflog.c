/* SPDX-License-Identifier: ISC */
/*
 * conflog - CustomLog, TransferLog, GlobalLog, LogFormat, ErrorLog.
 *
 * A CustomLog may name a format that is defined further down or in the main
 * server, so formats are looked up at the end, by conflog_finish.
 */

#include "httpd/conflog.h"

#include <string.h>

#include "httpd/alog.h"
#include "httpd/confbuild.h"
#include "httpd/confset.h"

#define COMMON_FORMAT	"%h %l %u %t \"%r\" %>s %b"

/*
 * Compile a format, or say what is wrong with it.
 */
static const struct alog_fmt *
compile(struct confbuild *b, struct str text)
{
	struct str bad = str_of(NULL);
	const struct alog_fmt *fmt = alog_compile(text, b->a, &bad);

	if (fmt == NULL && bad.len == 0)
		conf_full(b);
	else if (fmt == NULL)
		conf_error(b, "Unrecognized LogFormat directive %.*s",
		    STR_ARG(bad));
	return fmt;
}

static void
set_format(struct confbuild *b, const struct conf_words *args)
{
	struct confbuild_format *f;

	if (args->n == 1) {
		if (compile(b, args->v[0]) != NULL)
			b->transfer_format = confset_copy(b, args->v[0]);
		return;
	}
	f = ARENA_NEW(b->a, struct confbuild_format);
	if (f == NULL) {
		conf_full(b);
		return;
	}
	if (compile(b, args->v[0]) == NULL)
		return;
	f->vh = b->vh;
	f->text = confset_copy(b, args->v[0]);
	f->name = confset_copy(b, args->v[1]);
	f->next = b->formats;
	b->formats = f;
}

/*
 * "file", "|command", "||command", "|$command", "syslog[:facility[:tag]]".
 */
static bool
target(struct confbuild *b, struct str word, struct conf_logto *to)
{
	if (str_istarts(word, STR("syslog")) &&
	    (word.len == 6 || word.p[6] == ':')) {
		struct str rest = str_sub(word, 7, word.len), tag;

		to->kind = CONF_LOG_SYSLOG;
		rest = str_cut(rest, ':', &tag);
		to->facility = rest.len > 0 ? confset_zstr(b, rest) :
		    "local7";
		to->tag = tag.len > 0 ? confset_zstr(b, tag) : NULL;
		return true;
	}
	if (word.len > 0 && word.p[0] == '|') {
		word = str_sub(word, 1, word.len);
		to->kind = CONF_LOG_PIPE;
		if (word.len > 0 && word.p[0] == '$') {
			to->kind = CONF_LOG_PIPE_SHELL;
			word = str_sub(word, 1, word.len);
		} else if (word.len > 0 && word.p[0] == '|')
			word = str_sub(word, 1, word.len);
		if (str_trim(word).len == 0) {
			conf_error(b, "%s: no command after the bar",
			    b->row->name);
			return false;
		}
		to->target = confset_zstr(b, str_trim(word));
		return true;
	}
	to->kind = CONF_LOG_FILE;
	to->target = conf_path(b, word);
	return to->target != NULL;
}

static void
set_log(struct confbuild *b, const struct conf_words *args)
{
	struct str name = str_of(b->row->name);
	struct confbuild_log *l = ARENA_NEW(b->a, struct confbuild_log);

	if (l == NULL) {
		conf_full(b);
		return;
	}
	l->vh = b->vh;
	l->pos = b->pos;
	l->is_global = str_eq(name, STR("GlobalLog"));
	l->is_transfer = str_eq(name, STR("TransferLog"));
	l->log.where.file = b->pos.file.p;
	l->log.where.line = b->pos.line;
	if (!target(b, args->v[0], &l->log.to))
		return;
	if (!l->is_transfer)
		l->format = confset_copy(b, args->v[1]);
	if (args->n > 2) {
		struct str w = args->v[2];

		if (!str_istarts(w, STR("env="))) {
			if (str_istarts(w, STR("expr=")))
				conf_error(b, "%s: only env= is supported as "
				    "a condition", name.p);
			else
				conf_error(b, "error in condition clause");
			return;
		}
		w = str_sub(w, 4, w.len);
		l->log.env_not = w.len > 0 && w.p[0] == '!';
		l->log.env = confset_copy(b, l->log.env_not ?
		    str_sub(w, 1, w.len) : w);
		if (l->log.env.len == 0)
			conf_error(b, "missing environment variable name");
	}
	*b->logs_end = l;
	b->logs_end = &l->next;
}

/*
 * One item of ErrorLogFormat behind its '%': how long it is.  0: it is wrong,
 * as has been said.
 */
static size_t
errlog_item(struct confbuild *b, struct str s, bool is_main)
{
	bool has_plus = false;
	uint32_t level = 0;
	size_t i = 0;

	for (; i < s.len; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9' && level < 1000)
			level = level * 10 + (uint32_t)(c - '0');
		else if (c == '+')
			has_plus = true;
		else if (c == '{')
			while (i < s.len && s.p[i] != '}')
				i++;
		else if (c != '-' && (c < '0' || c > '9'))
			break;
	}
	if (i >= s.len)
		conf_error(b, "Ran off end of error log format parsing args "
		    "to some directive");
	else if (str_chr(STR("aeiklmntvAEFLMPTV"), s.p[i]) == STR_NONE)
		conf_error(b, "Unrecognized error log format directive %%%c",
		    s.p[i]);
	else if (!is_main && s.p[i] == 'M')
		conf_error(b, "%%M cannot be used in once-per-request or "
		    "once-per-connection formats");
	else if (!is_main && level > 0)
		conf_error(b, "The loglevel cannot be used as a condition in "
		    "once-per-request or once-per-connection formats");
	else if (is_main && has_plus)
		conf_error(b, "The '+' flag cannot be used in the main error "
		    "log format");
	else if (level > 15)
		conf_error(b, "The specified loglevel modifier is out of "
		    "range");
	else
		return i + 1;
	return 0;
}

/*
 * ErrorLogFormat [connection|request] format.  It is checked and has no
 * effect.
 */
static void
check_errlog_format(struct confbuild *b, const struct conf_words *args)
{
	bool is_main = args->n == 1 || args->v[1].len == 0, has_text = false;
	struct str s = args->v[is_main ? 0 : 1];

	if (!is_main && !str_ieq(args->v[0], STR("connection")) &&
	    !str_ieq(args->v[0], STR("request"))) {
		conf_error(b, "ErrorLogFormat type must be one of request, "
		    "connection");
		return;
	}
	for (size_t i = 0, n; i < s.len; i += n) {
		struct str item = str_sub(s, i + 1, s.len);

		n = s.p[i] == '\\' ? 2 : 1;
		if (s.p[i] != '%')
			continue;
		n = 2;		/* "%%" and "% " */
		if (item.len > 0 && (item.p[0] == '%' || item.p[0] == ' '))
			continue;
		n = errlog_item(b, item, is_main);
		if (n == 0)
			return;
		has_text |= item.p[n - 1] == 'M';
		n++;
	}
	if (is_main && !has_text)
		conf_error(b, "main ErrorLogFormat must contain message "
		    "format string '%%M'");
}

bool
conflog_set(struct confbuild *b, const struct conf_words *args)
{
	switch (b->row->kind) {
	case DIRTAB_K_LOGFORMAT:
		set_format(b, args);
		break;
	case DIRTAB_K_LOG:
		set_log(b, args);
		break;
	case DIRTAB_K_ERRLOG:
		(void)!target(b, args->v[0], &b->vh->errlog);	/* said */
		break;
	case DIRTAB_K_ERRLOGFORMAT:
		check_errlog_format(b, args);
		break;
	default:
		return false;
	}
	return true;
}

/*
 * The text of a named format, of the host or of the main server; a name that
 * nobody defined is a format itself.
 */
static struct str
lookup(const struct confbuild *b, const struct confbuild_log *l)
{
	const struct conf_vhost *main = b->vhosts[0];

	for (const struct confbuild_format *f = b->formats; f; f = f->next)
		if (f->vh == l->vh && str_eq(f->name, l->format))
			return f->text;
	for (const struct confbuild_format *f = b->formats; f; f = f->next)
		if (f->vh == main && str_eq(f->name, l->format))
			return f->text;
	if (str_eq(l->format, STR("CLF")))
		return STR(COMMON_FORMAT);
	return l->format;
}

static void
add(struct confbuild *b, struct conf_vhost *vh, const struct conf_log *log)
{
	struct conf_log *p = confset_add(b,
	    (const void **)(void *)&vh->logs, &vh->logs_n, sizeof(*p));

	if (p == NULL)
		return;
	*p = *log;
	if (log->fmt != NULL)
		vh->logs_need |= alog_needs(log->fmt);
}

void
conflog_finish(struct confbuild *b)
{
	struct conf_vhost *main = b->vhosts[0];
	unsigned own_n;

	for (struct confbuild_log *l = b->logs; l != NULL; l = l->next) {
		struct str text = lookup(b, l);

		if (l->is_transfer)
			text = b->transfer_format.len > 0 ?
			    b->transfer_format : STR(COMMON_FORMAT);
		b->pos = l->pos;
		l->log.fmt = compile(b, text);
		if (!l->is_global)
			add(b, (struct conf_vhost *)(uintptr_t)l->vh,
			    &l->log);
	}
	own_n = main->logs_n;
	for (unsigned i = 1; i < b->vhosts_n; i++)
		if (b->vhosts[i]->logs_n == 0)
			for (unsigned k = 0; k < own_n; k++)
				add(b, b->vhosts[i], &main->logs[k]);
	for (struct confbuild_log *l = b->logs; l != NULL; l = l->next)
		for (unsigned i = 0; l->is_global && i < b->vhosts_n; i++)
			add(b, b->vhosts[i], &l->log);
}
