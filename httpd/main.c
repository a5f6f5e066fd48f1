/* SPDX-License-Identifier: ISC */
/*
 * httpd - command line of Apache's httpd and of apachectl.
 *
 * Options are read once into struct cmd; what they ask for is done in one
 * place each: text that needs no configuration, text that does, a signal to a
 * running server, or serving.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/net.h"
#include "common/proc.h"
#include "common/wr.h"
#include "httpd/conf.h"
#include "httpd/conftext.h"
#include "httpd/logs.h"
#include "httpd/master.h"

#define WORDS_MAX 64		/* -D, -C and -c, each */
#define TEXT_SIZE (1u << 20)	/* -S, -M, -L .. */
#define VERSION_LINE "Server version: Kickstand/" KS_VERSION \
	" (configured as Apache/" CONF_APACHE_VERSION ")\n"

enum action { ACT_START, ACT_STOP, ACT_RESTART, ACT_GRACEFUL,
    ACT_GRACEFUL_STOP };

struct cmd {
	struct conf_args args;
	struct master_opts opts;
	const char *defines[WORDS_MAX], *before[WORDS_MAX], *after[WORDS_MAX];
	char prog[64];
	char command[512];
	enum action action;
	bool is_test, is_version, is_build, is_list, is_directives;
	bool is_vhosts, is_modules, is_run_cfg, is_includes;
	bool is_bad, is_help;
};

static int
usage(const struct cmd *c)
{
	(void)fprintf(c->is_bad ? stderr : stdout,
	    "Usage: %s [-D name] [-d directory] [-f file]\n"
	    "       [-C \"directive\"] [-c \"directive\"]\n"
	    "       [-k start|restart|graceful|graceful-stop|stop]\n"
	    "       [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]\n"
	    "Options:\n"
	    "  -D name            : define a name for use in "
	    "<IfDefine name> directives\n"
	    "  -d directory       : specify an alternate initial ServerRoot\n"
	    "  -f file            : specify an alternate ServerConfigFile\n"
	    "  -C \"directive\"     : process directive before reading "
	    "config files\n"
	    "  -c \"directive\"     : process directive after reading "
	    "config files\n"
	    "  -e level           : show startup errors of level\n"
	    "  -E file            : log startup errors to file\n"
	    "  -v                 : show version number\n"
	    "  -V                 : show compile settings\n"
	    "  -h                 : list available command line options\n"
	    "  -l                 : list compiled in modules\n"
	    "  -L                 : list available configuration "
	    "directives\n"
	    "  -t -D DUMP_VHOSTS  : show parsed vhost settings\n"
	    "  -t -D DUMP_RUN_CFG : show parsed run settings\n"
	    "  -S                 : a synonym for -t -D DUMP_VHOSTS "
	    "-D DUMP_RUN_CFG\n"
	    "  -t -D DUMP_MODULES : show all loaded modules\n"
	    "  -M                 : a synonym for -t -D DUMP_MODULES\n"
	    "  -t -D DUMP_INCLUDES: show all included configuration files\n"
	    "  -t                 : run syntax check for config files\n"
	    "  -T                 : start without DocumentRoot(s) check\n"
	    "  -X                 : debug mode (only one worker, do not "
	    "detach)\n", c->prog);
	return 1;
}

/* ---- reading the command line ------------------------------------------------------ */

static void
add_define(struct cmd *c, const char *name)
{
	if (strcmp(name, "FOREGROUND") == 0 ||
	    strcmp(name, "NO_DETACH") == 0)
		c->opts.is_foreground = true;
	else if (strcmp(name, "ONE_PROCESS") == 0 ||
	    strcmp(name, "DEBUG") == 0)
		c->opts.is_foreground = c->opts.is_single = true;
	else if (strcmp(name, "NO_SANDBOX") == 0)
		c->opts.is_unguarded = true;
	else if (strcmp(name, "DUMP_VHOSTS") == 0)
		c->is_vhosts = true;
	else if (strcmp(name, "DUMP_MODULES") == 0)
		c->is_modules = true;
	else if (strcmp(name, "DUMP_RUN_CFG") == 0)
		c->is_run_cfg = true;
	else if (strcmp(name, "DUMP_INCLUDES") == 0)
		c->is_includes = true;
	if (c->args.defines_n < WORDS_MAX)
		c->defines[c->args.defines_n++] = name;
	else
		c->is_bad = true;
}

static void
add_word(struct cmd *c, const char **v, unsigned *n, const char *word)
{
	if (*n < WORDS_MAX)
		v[(*n)++] = word;
	else
		c->is_bad = true;
}

static void
set_action(struct cmd *c, const char *word)
{
	static const char *const words[] = { "start", "stop", "restart",
	    "graceful", "graceful-stop" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(word, words[i]) == 0) {
			c->action = (enum action)i;
			return;
		}
	c->is_bad = true;
}

static bool
is_level(const char *word)
{
	static const char *const words[] = { "emerg", "alert", "crit",
	    "error", "warn", "notice", "info", "debug" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (str_ieq(str_of(word), str_of(words[i])))
			return true;
	return str_istarts(str_of(word), STR("trace")) && word[5] >= '1' &&
	    word[5] <= '8' && word[6] == '\0';
}

static void
redirect_errors(struct cmd *c, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		c->is_bad = true;
	if (fd > STDERR_FILENO)
		close(fd);
}

/* ours: Apache has letters only */
enum { OPT_NO_SANDBOX = 256, OPT_STATS_FILE };

static const struct option long_options[] = {
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
	{ "stats-file", required_argument, NULL, OPT_STATS_FILE },
	{ NULL, 0, NULL, 0 }
};

/* one option; a flat switch */
static void
take_option(struct cmd *c, int opt, char *arg)
{
	switch (opt) {
	case 'C':
		add_word(c, c->before, &c->args.before_n, arg);
		break;
	case 'c':
		add_word(c, c->after, &c->args.after_n, arg);
		break;
	case 'D':
		add_define(c, arg);
		break;
	case 'd':
		c->args.root = arg;
		break;
	case 'e':
		c->is_bad |= !is_level(arg);
		break;
	case 'E':
		redirect_errors(c, arg);
		break;
	case 'f':
		c->args.file = arg;
		break;
	case 'k':
		set_action(c, arg);
		break;
	case 'v':
		c->is_version = true;
		break;
	case 'V':
		c->is_build = true;
		break;
	case 'l':
		c->is_list = true;
		break;
	case 'L':
		c->is_directives = true;
		break;
	case 'M':
		c->is_test = true;
		add_define(c, "DUMP_MODULES");
		break;
	case 'S':
		c->is_test = true;
		add_define(c, "DUMP_VHOSTS");
		add_define(c, "DUMP_RUN_CFG");
		break;
	case 't':
		c->is_test = true;
		break;
	case 'T':
		c->args.skip_docroot = true;
		break;
	case 'X':
		c->opts.is_foreground = c->opts.is_single = true;
		break;
	case 'h':
		c->is_help = true;
		break;
	case OPT_NO_SANDBOX:
		add_define(c, "NO_SANDBOX");
		break;
	case OPT_STATS_FILE:
		c->opts.stats = arg;
		break;
	default:
		(void)fprintf(stderr, "%s: %s -- %c\n", c->prog,
		    opt == ':' ? "option requires an argument" :
		    "illegal option",
		    optopt > 0 && optopt < OPT_NO_SANDBOX ? optopt : '-');
		c->is_bad = true;
		break;
	}
}

static void
read_options(struct cmd *c, int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	struct wr w;
	int opt, i;

	(void)snprintf(c->prog, sizeof c->prog, "%s",
	    slash == NULL ? argv[0] : slash + 1);
	wr_init(&w, c->command, sizeof c->command - 1);
	for (i = 0; i < argc; i++) {
		wr_text(&w, i == 0 ? "" : " ");
		wr_text(&w, argv[i]);
	}
	c->args.file = PATH_HTTPD_CONF;
	c->args.root = PATH_HTTPD_ROOT;
	c->args.pidfile = PATH_HTTPD_PID;
	c->args.types_file = "/etc/mime.types";
	c->args.defines = c->defines;
	c->args.before = c->before;
	c->args.after = c->after;
	c->opts.args = &c->args;
	c->opts.prog = c->prog;
	c->opts.command = c->command;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":D:C:c:d:f:e:E:k:vVlLtTSMhX",
	    long_options, NULL)) != -1)
		take_option(c, opt, optarg);
	if (optind < argc)
		c->is_bad = true;
}

/* ---- text --------------------------------------------------------------------------- */

static void
put_out(const struct wr *w)
{
	(void)fwrite(w->p, 1, w->len, stdout);
	(void)fflush(stdout);
}

static void
show_build(void)
{
	(void)printf(VERSION_LINE "Server built:   reproducible\n"
	    "Architecture:   %u-bit\nServer MPM:     event\n"
	    "  threaded:     no\n    forked:     yes (one process per "
	    "processor)\nServer compiled with....\n"
	    " -D HTTPD_ROOT=\"%s\"\n -D DEFAULT_PIDLOG=\"%s\"\n"
	    " -D DEFAULT_ERRORLOG=\"logs/error_log\"\n"
	    " -D AP_TYPES_CONFIG_FILE=\"/etc/mime.types\"\n"
	    " -D SERVER_CONFIG_FILE=\"%s\"\n", 8 * (unsigned)sizeof(void *),
	    PATH_HTTPD_ROOT, PATH_HTTPD_PID, PATH_HTTPD_CONF);
}

static int
show_plain(const struct cmd *c, struct wr *w)
{
	if (c->is_version)
		(void)printf(VERSION_LINE "Server built:   reproducible\n");
	if (c->is_list)
		conftext_builtin(w);
	if (c->is_directives)
		conftext_directives(w);
	put_out(w);
	return 0;
}

static int
show_tested(const struct cmd *c, const struct conf *conf, struct wr *w)
{
	struct proc_user user = { .uid = geteuid(), .gid = getegid() };
	const struct proc_user *who;
	struct conftext_ids ids = { 0, 0, c->is_vhosts, c->is_run_cfg };

	if (!master_user(&c->opts, conf, &user, &who))
		return 1;
	ids.uid = user.uid;
	ids.gid = user.gid;
	if (c->is_vhosts || c->is_run_cfg)
		conftext_vhosts(w, conf, &c->args, &ids);
	if (c->is_modules)
		conftext_modules(w, conf);
	if (c->is_includes)
		conftext_includes(w, conf);
	put_out(w);
	if (w->len == 0)
		(void)fprintf(stderr, "Syntax OK\n");
	return 0;
}

/* ---- -k ----------------------------------------------------------------------------- */

/* the name the kernel has for a process; false: not known */
static bool
comm_of(int pid, char *buf, size_t size)
{
	char path[32];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* a number left behind by a crash may have become somebody else's */
static bool
is_server(int pid)
{
	char name[32], own[32];

	return !comm_of(pid, name, sizeof name) ||
	    !comm_of(getpid(), own, sizeof own) || strcmp(name, own) == 0 ||
	    strcmp(name, "httpd\n") == 0 || strcmp(name, "apache2\n") == 0;
}

/* -1: go on and serve; otherwise the exit status */
static int
control(const struct cmd *c, const struct conf *conf)
{
	static const int signals[] = { [ACT_STOP] = SIGTERM,
	    [ACT_RESTART] = SIGHUP, [ACT_GRACEFUL] = SIGUSR1,
	    [ACT_GRACEFUL_STOP] = SIGWINCH };
	int pid = proc_pid_read(conf->pidfile);

	if (pid == getpid() || (pid > 0 && !is_server(pid)))
		pid = 0;
	switch (c->action) {
	case ACT_START:
		if (pid <= 0)
			return -1;
		(void)printf("%s (pid %d) already running\n", c->prog, pid);
		return 0;
	case ACT_STOP:
	case ACT_GRACEFUL_STOP:
		if (pid <= 0) {
			(void)printf("%s (no pid file) not running\n",
			    c->prog);
			return 0;
		}
		break;
	default:
		if (pid <= 0) {
			(void)printf("%s not running, trying to start\n",
			    c->prog);
			(void)fflush(stdout);
			return -1;
		}
		break;
	}
	if (kill(pid, signals[c->action]) != 0) {
		perror("sending signal to server");
		return 1;
	}
	return 0;
}

/*
 * A client of inetd(8) hears nothing but HTTP; the socket that leads from standard
 * error to a journal is another one.
 */
static void
mute_inetd(void)
{
	struct stat in, err;
	int fd;

	if (net_kind_of(STDIN_FILENO, NULL) != NET_CONN ||
	    fstat(STDIN_FILENO, &in) < 0 || fstat(STDERR_FILENO, &err) < 0 ||
	    in.st_dev != err.st_dev || in.st_ino != err.st_ino)
		return;
	fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		exit(1);
	close(fd);
}

int
main(int argc, char **argv)
{
	static struct cmd c;
	static char text[TEXT_SIZE];
	const struct conf *conf;
	struct arena arena;
	struct wr w;
	int status;

	mute_inetd();
	read_options(&c, argc, argv);
	wr_init(&w, text, sizeof text);
	if (c.is_bad || c.is_help)
		return usage(&c);
	if (c.is_version || c.is_list || c.is_directives)
		return show_plain(&c, &w);
	if (c.is_build)
		show_build();
	conf = master_load(&c.opts, &arena);
	if (conf == NULL)
		return 1;
	if (c.is_build)
		return 0;
	if (!logs_check(conf, &w)) {
		(void)fprintf(stderr, "%.*sAH00014: Configuration check "
		    "failed\n", STR_ARG(wr_as_str(&w)));
		return 1;
	}
	if (c.is_test)
		return show_tested(&c, conf, &w);
	if (net_kind_of(STDIN_FILENO, NULL) == NET_CONN)
		return master_inetd(&c.opts, conf);
	status = control(&c, conf);
	return status >= 0 ? status : master_run(&c.opts, conf, &arena);
}
