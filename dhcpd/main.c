/* SPDX-License-Identifier: ISC */
/*
 * main.c - the process: arguments, start order, signals, privilege, the end.
 *
 * The only file that ends the program.  The order of the start is the peer's,
 * so that a script sees the same lines and the same status at the same fault.
 * Everything that needs privilege happens before become_user().
 */
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <net/if_arp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/ip4.h"
#include "common/log.h"
#include "common/net.h"
#include "common/proc.h"
#include "common/sandbox.h"
#include "dhcpd/args.h"
#include "dhcpd/box.h"
#include "dhcpd/confcheck.h"
#include "dhcpd/gen.h"
#include "dhcpd/serve.h"
#include "dhcpd/statsfile.h"
#include "dhcpd/world.h"

#define PEER_VERSION "4.4.3-P1"
#define PORT_TAKEN "Can't bind to dhcp address: %s"

enum {
	FDS_MAX = 4096,
	TIMERS_MAX = PING_MAX + 64,
	FLUSH_MS = 1000,		/* patience with the log at the end */
	DUID_EPOCH_S = 946684800	/* 2000-01-01, RFC 8415 11.2 */
};

/* The one process. */
struct prog {
	struct args args;
	char *name;			/* last part of argv[0] */
	char conf[PATH_MAX], conf_abs[PATH_MAX];
	char leases[PATH_MAX], pid[PATH_MAX];
	char stats[PATH_MAX];		/* empty: none */
	uint16_t port;
	const char *port_from;
	struct proc_user user;
	bool has_user;
	int ready_fd;			/* of the waiting parent; -1 */
	int inherited_fd;		/* UDP socket of a super-server; -1 */
	int facility;
	bool pid_written;
	bool is_boxed;
	unsigned sandbox_has;
	struct ev ev;
	struct world world;
	struct serve serve;
	struct leasedb_hooks hooks;
	struct ev_timer watchdog;
	int64_t watchdog_ns;
	struct statsfile statsfile;
};

static struct prog prog;

/* --- messages */

static unsigned
sinks(const struct prog *p)
{
	return LOG_TO_SYSLOG | (p->args.is_quiet ? 0 : LOG_TO_STDERR);
}

/* The end: what has been said gets out, what was built is taken down. */
static void
leave(int status)
{
	log_drain(FLUSH_MS);
	gen_free(prog.serve.gen);
	exit(status);
}

static void
die(void)
{
	log_line(LOG_ERR, "%s", "");
	log_line(LOG_ERR, "exiting.");
	leave(1);
}

static void fatal(const char *fmt, ...) PRINTF_LIKE(1, 2)
    __attribute__((noreturn));

static void
fatal(const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_line(LOG_ERR, "%s", line);
	die();
	exit(1);
}

static void
banner(const struct prog *p)
{
	if (p->args.is_quiet)
		return;
	log_line(LOG_INFO, "Internet Systems Consortium DHCP Server "
	    PEER_VERSION " compatible: Kickstand dhcpd " KS_VERSION);
}

static void
show_msgs(const struct prog *p, const struct msgs *msgs)
{
	const struct msgs_line *m;

	for (m = msgs->first; m != NULL; m = m->next) {
		if (!m->is_stderr_only) {
			log_str(m->prio, m->text);
		} else if (!p->args.is_quiet) {
			(void)log_flush();
			fprintf(stderr, "%.*s\n", STR_ARG(m->text));
		}
	}
}

static void
hook_log(void *ctx, int prio, struct str line)
{
	(void)ctx;
	log_str(prio, line);
}

/* --- arguments */

static void
usage(const struct prog *p)
{
	char text[1024];
	struct wr w;

	wr_init(&w, text, sizeof(text));
	args_usage(&w, p->name);
	fprintf(stderr, "%.*s", STR_ARG(wr_as_str(&w)));
}

static void
early_answers(const struct prog *p, const struct args_scan *scan)
{
	if (scan->wants_version) {
		fprintf(stderr, "isc-dhcpd-%s\nKickstand dhcpd %s\n",
		    PEER_VERSION, KS_VERSION);
		exit(0);
	}
	if (scan->wants_help) {
		usage(p);
		exit(0);
	}
}

static void
set_path(char *dst, const char *text)
{
	if (text != NULL && !str_copy(str_of(text), dst, PATH_MAX))
		fatal("%s: file name too long", text);
}

/* The name of a file that need not exist yet, made absolute. */
static void
absolute(char *path)
{
	char dir[PATH_MAX], whole[PATH_MAX];
	char *slash;
	int n;

	if (path[0] == '/')
		return;
	if (realpath(path, whole) != NULL) {
		set_path(path, whole);
		return;
	}
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	if (realpath(slash != NULL ? path : ".", dir) == NULL)
		fatal("Failed to get realpath for %s: %s", path,
		    strerror(errno));
	n = snprintf(whole, sizeof(whole), "%s/%s", dir,
	    slash != NULL ? slash + 1 : path);
	if (n < 0 || (size_t)n >= sizeof(whole))
		fatal("%s: file name too long", path);
	set_path(path, whole);
}

/* Flag beats variable beats default. */
static void
choose(char *dst, const char *flag, const char *variable, const char *path)
{
	const char *env;

	env = getenv(variable);
	set_path(dst, flag != NULL ? flag : env != NULL ? env : path);
}

static void
choose_port(struct prog *p)
{
	char text[256];
	const struct servent *service;
	const char *env;
	struct wr why;

	wr_init(&why, text, sizeof(text));
	env = getenv("DHCPD_PORT");
	service = getservbyname("dhcp", "udp");
	p->port = service != NULL ?
	    ntohs((uint16_t)service->s_port) : PROTO_PORT_SERVER;
	if (p->args.port != 0) {
		p->port = p->args.port;
		p->port_from = "user";
	} else if (env != NULL) {
		if (!args_port(env, &p->port, &why))
			fatal("%.*s", STR_ARG(wr_as_str(&why)));
		p->port_from = "environment";
	}
}

static void
read_args(struct prog *p, char *argv[])
{
	char text[1024];
	struct wr why;
	enum args_result result;

	wr_init(&why, text, sizeof(text));
	result = args_parse(argv, &p->args, &why);
	log_open(sinks(p), "dhcpd", p->facility);
	if (result == ARGS_USAGE) {
		banner(p);
		log_line(LOG_ERR, "%.*s", STR_ARG(wr_as_str(&why)));
		log_drain(FLUSH_MS);
		if (!p->args.is_quiet)
			usage(p);
		die();
	}
	if (result == ARGS_FATAL)
		fatal("%.*s", STR_ARG(wr_as_str(&why)));
	choose(p->conf, p->args.conf, "PATH_DHCPD_CONF", PATH_DHCPD_CONF);
	choose(p->leases, p->args.leases,
	    p->args.is_v6 ? "PATH_DHCPD6_DB" : "PATH_DHCPD_DB",
	    p->args.is_v6 ? PATH_DHCPD6_LEASES : PATH_DHCPD_LEASES);
	choose(p->pid, p->args.pid,
	    p->args.is_v6 ? "PATH_DHCPD6_PID" : "PATH_DHCPD_PID",
	    p->args.is_v6 ? PATH_DHCPD6_PID : PATH_DHCPD_PID);
	absolute(p->leases);
	set_path(p->stats, p->args.stats);
	if (p->stats[0] != '\0')
		absolute(p->stats);
	set_path(p->conf_abs, p->conf);
	if (access(p->conf, F_OK) == 0)
		absolute(p->conf_abs);
}

static void
find_user(struct prog *p)
{
	gid_t gid;

	if (p->args.user == NULL && p->args.group == NULL)
		return;
	if (geteuid() != 0)
		fatal("you must be root to set %s",
		    p->args.user != NULL ? "user" : "group");
	p->has_user = true;
	p->user.uid = getuid();
	p->user.gid = getgid();
	if (p->args.user != NULL &&
	    proc_user_find(p->args.user, &p->user) < 0)
		fatal("no such user: %s", p->args.user);
	if (p->args.group != NULL) {
		if (proc_group_find(p->args.group, &gid) < 0)
			fatal("no such group: %s", p->args.group);
		p->user.gid = gid;
	}
	p->user.name[0] = '\0';		/* supplementary groups are cleared */
}

/* --- start */

/* A statement beats flag and variable. */
static uint16_t
server_port(const struct prog *p, const struct gen *gen)
{
	return gen->conf.globals.local_port != 0 ?
	    (uint16_t)gen->conf.globals.local_port : p->port;
}

static void
set_ports(struct prog *p)
{
	const struct conf_globals *g = &p->serve.gen->conf.globals;
	struct decide *d = &p->serve.decide;
	uint32_t addr;
	const char *why;

	d->server_port = p->serve.link.port;
	d->client_port = (uint16_t)(g->remote_port != 0 ? g->remote_port :
	    d->server_port + 1u);
	d->broadcast = g->limited_broadcast;
	if (p->args.broadcast == NULL)
		return;
	if (ip4_parse(str_of(p->args.broadcast), &addr) ||
	    p->serve.ops.resolve(p->serve.ops.ctx, str_of(p->args.broadcast),
	    &addr, 1, &why) == 1)
		d->broadcast = addr;
}

/* What is valid and yet worth a word, or a refusal. */
static void
check_conf(struct prog *p, struct gen *gen)
{
	struct msgs msgs;
	bool ok;

	msgs_init(&msgs, &gen->conf_arena);
	ok = conf_check_failover(&gen->conf, &msgs);
	if (ok && !p->args.is_test)
		confcheck_unsupported(&gen->conf, &msgs);
	if (ok && p->args.is_lint)
		(void)confcheck_lint(&gen->conf, &msgs);
	show_msgs(p, &msgs);
	if (!ok)
		die();
}

static void
read_conf(struct prog *p)
{
	struct msgs msgs;
	struct gen *gen;
	bool ok;

	gen = gen_new(p->conf, p->args.is_v6, &p->serve.ops, &msgs, &ok);
	if (gen == NULL)
		fatal("No memory for the configuration.");
	p->serve.gen = gen;
	if (gen->conf.globals.log_facility >= 0 && ok) {
		p->facility = gen->conf.globals.log_facility;
		log_open(sinks(p) & ~LOG_TO_STDERR, "dhcpd", p->facility);
		banner(p);
		(void)log_flush();
		log_open(sinks(p), "dhcpd", p->facility);
	}
	show_msgs(p, &msgs);
	if (!ok)
		die();
	if (gen->conf.globals.lease_file.len > 0 && !str_copy(
	    gen->conf.globals.lease_file, p->leases, sizeof(p->leases)))
		fatal("lease-file-name: file name too long");
	if (gen->conf.globals.pid_file.len > 0 && !str_copy(
	    gen->conf.globals.pid_file, p->pid, sizeof(p->pid)))
		fatal("pid-file-name: file name too long");
	if (!p->args.is_quiet) {
		log_line(LOG_INFO, "Config file: %s", p->conf);
		log_line(LOG_INFO, "Database file: %s", p->leases);
		log_line(LOG_INFO, "PID file: %s", p->pid);
	}
	check_conf(p, gen);
}

static void
enter_chroot(struct prog *p)
{
	int err;

	if (p->args.chroot_dir == NULL)
		return;
	if (geteuid() != 0)
		fatal("you must be root to use chroot");
	err = proc_chroot(p->args.chroot_dir);
	if (err < 0)
		fatal("chroot(\"%s\"): %s", p->args.chroot_dir,
		    strerror(-err));
}

static void
check_pid(const struct prog *p)
{
	int pid;

	if (p->args.no_pid)
		return;
	pid = proc_pid_read(p->pid);
	if (pid > 0 && pid != getpid())
		fatal("There's already a DHCP server running.");
}

static void
find_decls(const struct conf *conf, struct leasedb_decls *ret)
{
	ret->has_classes = conf->class_n > 0;
	ret->has_groups = conf->group_n > 0;
	ret->has_hosts = conf->host_n > 0;
}

static void
open_leases(struct prog *p)
{
	struct serve *s = &p->serve;
	struct leasedb_decls decls;
	int64_t now_s;
	int err;

	now_s = ev_now(&p->ev)->wall_s;
	err = gen_table(s->gen);
	if (err < 0)
		fatal("No memory for the lease table: %s", strerror(-err));
	gen_hooks(&s->gen, &p->hooks);
	p->hooks.log = hook_log;
	s->db = leasedb_new(p->leases, &s->gen->table, &s->gen->style,
	    &p->hooks);
	if (s->db == NULL)
		fatal("No memory for the lease database.");
	if (leasedb_load(s->db, now_s) < 0)
		die();
	find_decls(&s->gen->conf, &decls);
	if (p->args.is_test_leases) {
		err = leasedb_test(s->db, now_s, &decls);
		leave(err < 0 ? 1 : 0);
	}
	if (serve_use(s, s->gen) < 0)
		fatal("No memory for the tables of the configuration.");
	serve_expire_all(s);
	if (leasedb_start(s->db, now_s, &decls) < 0)
		die();
	/*
	 * Whether it can be written later is found out by the first sync.  A
	 * link is not followed: the directory may belong to that user already.
	 */
	if (p->has_user && p->user.uid != 0 &&
	    lchown(p->leases, p->user.uid, p->user.gid) < 0)
		log_line(LOG_ERR, "Can't chown %s: %s", p->leases,
		    strerror(errno));
}

static void
port_taken(int err)
{
	log_line(LOG_ERR, PORT_TAKEN, strerror(-err));
	log_line(LOG_ERR, "Please make sure there is no other dhcp server");
	log_line(LOG_ERR, "running and that there's no entry for dhcp or");
	log_line(LOG_ERR, "bootp in /etc/inetd.conf.   Also make sure you");
	log_line(LOG_ERR, "are not running HP JetAdmin software, which");
	fatal("includes a bootp server.");
}

static void
open_sockets(struct prog *p)
{
	struct serve *s = &p->serve;
	int n, err;

	err = link_discover(&s->link, p->args.names, p->args.names_n);
	if (err < 0)
		fatal("Can't get list of interfaces: %s", strerror(-err));
	if (!serve_networks(s))
		die();
	n = serve_listen(s, p->args.is_quiet);
	if (n < 0)
		die();
	if (n == 0)
		fatal("Not configured to listen on any interfaces!");
	err = p->inherited_fd >= 0 ? link_use_udp(&s->link, p->inherited_fd) :
	    link_open_udp(&s->link, s->gen->conf.globals.local_address);
	if (err < 0)
		port_taken(err);
	if (!p->args.is_quiet)
		log_line(LOG_INFO,
		    "Sending on   Socket/fallback/fallback-net");
}

/* DUID of this server for the leases file, RFC 8415 11.2. */
static void
write_duid(struct prog *p)
{
	struct serve *s = &p->serve;
	const struct link_if *l;
	uint8_t duid[8 + LINK_MAC_MAX];
	struct wr w;

	if (s->gen->conf.server_duid.len > 0) {
		leasedb_server_duid(s->db, s->gen->conf.server_duid);
		return;
	}
	l = s->link.ifs[0];
	for (uint32_t i = 0; i < s->link.n; i++)
		if (s->link.ifs[i]->fd >= 0)
			l = s->link.ifs[i];
	wr_init(&w, duid, sizeof(duid));
	wr_u16(&w, 1);
	wr_u16(&w, PROTO_HTYPE_ETHERNET);
	wr_u32(&w, (uint32_t)(ev_now(&p->ev)->wall_s - DUID_EPOCH_S));
	wr_bytes(&w, l->mac, l->mac_len);
	leasedb_server_duid(s->db, wr_as_str(&w));
}

static void
write_pid(struct prog *p)
{
	int err;

	if (p->args.no_pid)
		return;
	err = proc_pid_write(p->pid);
	if (err < 0)
		log_line(LOG_ERR, "Can't create PID file %s: %s.", p->pid,
		    strerror(-err));
	p->pid_written = err == 0;
}

/* Only what a reload needs to open another interface is kept. */
static void
become_user(struct prog *p)
{
	int err;

	if (!p->has_user)
		return;
	err = proc_drop(&p->user, box_caps());
	if (err < 0)
		fatal("can't become user %s: %s", p->args.user != NULL ?
		    p->args.user : p->args.group, strerror(-err));
}

/*
 * The last step: what is not needed any more is not possible any more.  A
 * configuration that runs programs goes without: they may need anything.
 */
static void
enter_sandbox(struct prog *p)
{
	const char *files[BOX_FILES_MAX] = { p->leases };
	size_t n = 1;
	int err;

	if (p->args.no_sandbox || p->serve.gen->conf.has_execute)
		return;
	if (p->pid_written)
		files[n++] = p->pid;
	if (statsfile_is_open(&p->statsfile))
		files[n++] = p->stats;
	err = p->has_user ? 0 : box_drop_power(files, n);
	if (err < 0)
		log_line(LOG_WARNING, "capabilities: %s", strerror(-err));
	err = box_enter(files, n, &p->sandbox_has);
	if (err < 0)
		log_line(LOG_WARNING, "sandbox: %s", strerror(-err));
	p->is_boxed = true;
}

/* --- life */

static void
on_stop(void *ctx, int signo)
{
	struct prog *p = ctx;

	(void)signo;
	ev_stop(&p->ev);
}

static void
on_status(void *ctx, int signo)
{
	struct prog *p = ctx;

	(void)signo;
	serve_status(&p->serve);
	log_line(LOG_INFO, "status: sandbox:%s%s%s%s",
	    !p->is_boxed ? " none" : "",
	    (p->sandbox_has & SANDBOX_HAS_NNP) != 0 ?
	    " no-new-privileges" : "",
	    (p->sandbox_has & SANDBOX_HAS_LANDLOCK) != 0 ? " landlock" : "",
	    (p->sandbox_has & SANDBOX_HAS_SECCOMP) != 0 ? " seccomp" : "");
}

static void
on_fatal(void *ctx)
{
	struct prog *p = ctx;

	serve_end(&p->serve);
	die();
}

/* Everything but the interfaces; false: the old generation stays. */
static bool
reload_swap(struct prog *p, struct gen *fresh)
{
	struct serve *s = &p->serve;
	struct gen *old = s->gen;
	uint32_t lost_n;

	if (gen_table(fresh) < 0 ||
	    arena_left(&fresh->conf_arena) < GEN_SPARE) {
		log_line(LOG_ERR, "No memory for the new lease table.");
		return false;
	}
	s->gen = fresh;			/* for the hooks */
	if (!leasedb_rebind(s->db, &fresh->table, &fresh->style, &lost_n)) {
		s->gen = old;
		log_line(LOG_ERR, "The leases do not fit the new table.");
		return false;
	}
	if (serve_use(s, fresh) < 0)
		fatal("No memory for the tables of the configuration.");
	if (lost_n > 0)
		log_line(LOG_INFO, "%u leases are outside all ranges now; "
		    "they stay in the leases file.", (unsigned)lost_n);
	gen_free(old);
	return true;
}

/* A socket for another port or address; ret is -1 when they are as before. */
static bool
reload_bind(struct prog *p, const struct gen *fresh, int *ret_fd)
{
	const struct link *link = &p->serve.link;
	uint32_t addr = fresh->conf.globals.local_address;
	uint16_t port = server_port(p, fresh);

	*ret_fd = -1;
	if (port == link->port && (link->is_udp_inherited ||
	    addr == p->serve.gen->conf.globals.local_address))
		return true;
	if (link->is_udp_inherited) {
		log_line(LOG_ERR, "local-port cannot change: the socket is "
		    "the super-server's.");
		return false;
	}
	*ret_fd = link_bind_udp(addr, port);
	if (*ret_fd < 0)
		log_line(LOG_ERR, PORT_TAKEN, strerror(-*ret_fd));
	return *ret_fd >= 0;
}

/* Read, check, take over; false: the old one stays. */
static bool
reload_try(struct prog *p)
{
	struct serve *s = &p->serve;
	struct msgs msgs;
	struct gen *fresh;
	bool ok;
	int fd = -1, err;

	fresh = gen_new(p->conf_abs, p->args.is_v6, &s->ops, &msgs, &ok);
	if (fresh == NULL)
		return false;
	ok = ok && confcheck_reload(&s->gen->conf, &fresh->conf,
	    str_of(p->leases), str_of(p->args.no_pid ? "" : p->pid), &msgs);
	show_msgs(p, &msgs);
	if (!ok || !reload_bind(p, fresh, &fd) || !reload_swap(p, fresh)) {
		if (fd >= 0)
			close(fd);
		gen_free(fresh);
		return false;
	}
	err = fd >= 0 ? link_rebind(&s->link, fd, server_port(p, fresh)) : 0;
	if (err < 0)
		log_line(LOG_ERR, "Can't listen on port %u everywhere: %s",
		    (unsigned)s->link.port, strerror(-err));
	return true;
}

static void
reload(struct prog *p)
{
	struct serve *s = &p->serve;
	int facility;
	bool ok;

	if (!reload_try(p)) {
		log_line(LOG_ERR, "Configuration not reloaded, the old one "
		    "stays in force.");
		return;
	}
	if (p->is_boxed && s->gen->conf.has_execute)
		log_line(LOG_WARNING, "execute() will fail: the server was "
		    "started without one and sandboxed itself; restart it.");
	facility = s->gen->conf.globals.log_facility;
	p->facility = facility >= 0 ? facility : LOG_DAEMON;
	log_facility(p->facility);
	set_ports(p);
	/* Each step, so that one bad interface does not silence the others. */
	ok = link_discover(&s->link, p->args.names, p->args.names_n) >= 0;
	ok = serve_networks(s) && ok;
	ok = serve_listen(s, p->args.is_quiet) >= 0 && ok;
	if (!ok)
		log_line(LOG_ERR, "Not all interfaces could be opened; see "
		    "above.");
	log_line(LOG_INFO, "Configuration reloaded from %s.", p->conf_abs);
}

static void
on_reload(void *ctx, int signo)
{
	(void)signo;
	(void)proc_notify("RELOADING=1");
	reload(ctx);
	(void)proc_notify("READY=1\nSTATUS=Dispatching packets...");
}

static void
on_watchdog(void *ctx)
{
	struct prog *p = ctx;

	(void)proc_notify("WATCHDOG=1");
	ev_timer_in(&p->ev, &p->watchdog, p->watchdog_ns);
}

static void
take_signals(struct prog *p)
{
	struct {
		int signo;
		void (*fn)(void *ctx, int signo);
	} row[] = {
		{ SIGTERM, on_stop },
		{ SIGINT, on_stop },
		{ SIGHUP, on_reload },
		{ SIGUSR1, on_status },
	};
	int err;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		err = ev_signal(&p->ev, row[i].signo, row[i].fn, p);
		if (err < 0)
			fatal("Can't take signal %d: %s", row[i].signo,
			    strerror(-err));
	}
	(void)signal(SIGPIPE, SIG_IGN);
}

/* From here on the terminal is no longer ours, except with -d. */
static void
detach(struct prog *p)
{
	char text[128];

	(void)log_flush();
	if (!p->args.is_debug)
		log_open(LOG_TO_SYSLOG, "dhcpd", p->facility);
	if (p->ready_fd >= 0) {
		if (chdir("/") < 0 ||
		    proc_daemon_ready(p->ready_fd, 0) < 0)
			fatal("Can't become a daemon: %s", strerror(errno));
	}
	log_line(LOG_INFO, "Server starting service.");
	(void)snprintf(text, sizeof(text), "READY=1\nSTATUS=Dispatching "
	    "packets...\nMAINPID=%ld", (long)getpid());
	(void)proc_notify(text);
	p->watchdog_ns = proc_watchdog_ns();
	ev_timer_init(&p->watchdog, on_watchdog, p);
	if (p->watchdog_ns > 0)
		ev_timer_in(&p->ev, &p->watchdog, p->watchdog_ns);
}

/* Up to "-t", which stops here. */
static void
prepare(struct prog *p, char *argv[])
{
	struct serve *s = &p->serve;

	read_args(p, argv);
	banner(p);
	find_user(p);
	choose_port(p);
	if (p->port_from != NULL)
		log_line(LOG_DEBUG, "binding to %s-specified port %u",
		    p->port_from, (unsigned)p->port);
	if (ev_init(&p->ev, FDS_MAX, TIMERS_MAX) < 0 ||
	    serve_init(s, &p->ev) < 0 ||
	    world_init(&p->world, &p->ev, &s->ops) < 0)
		fatal("No memory to start.");
	s->on_fatal = on_fatal;
	s->ctx = p;
	read_conf(p);
	/* Out of reach after a chroot, and perhaps for the user. */
	if (!p->args.is_test)
		(void)proc_notify("STATUS=Starting...");
	enter_chroot(p);
	if (p->args.is_test && !p->args.is_test_leases) {
		leave(0);
	}
	if (p->args.is_v6)
		fatal("DHCPv6 is not supported by this server.");
}

static void
run(struct prog *p)
{
	struct serve *s = &p->serve;
	int err;

	if (!p->args.is_test)
		check_pid(p);
	if (serve_sockets(s, server_port(p, s->gen)) < 0)
		fatal("No memory for sockets.");
	set_ports(p);
	open_leases(p);
	open_sockets(p);
	write_duid(p);
	write_pid(p);
	become_user(p);
	take_signals(p);
	if (serve_begin(s) < 0)
		fatal("Can't watch the clock: %s", strerror(errno));
	log_attach(&p->ev);
	statsfile_start(&p->statsfile, s, p->stats);
	detach(p);
	enter_sandbox(p);
	link_drain_udp(&s->link);
	err = ev_run(&p->ev);
	if (err < 0)
		log_line(LOG_ERR, "waiting for events: %s", strerror(-err));
	(void)proc_notify("STOPPING=1");
	statsfile_write(&p->statsfile);
	serve_end(s);
	if (p->pid_written)
		(void)unlink(p->pid);
	leave(err < 0 ? 1 : 0);
}

int
main(int argc, char *argv[])
{
	struct prog *p = &prog;
	struct args_scan scan;
	union net_addr local;

	if (argc < 1)
		return 1;
	p->name = strrchr(argv[0], '/');
	p->name = p->name != NULL ? p->name + 1 : argv[0];
	p->ready_fd = -1;
	p->inherited_fd = -1;
	p->facility = LOG_DAEMON;
	args_scan(argv, &scan);
	early_answers(p, &scan);
	if (net_kind_of(STDIN_FILENO, &local) == NET_DGRAM)
		p->inherited_fd = STDIN_FILENO;
	else if (net_listen_fds() > 0)
		p->inherited_fd = NET_LISTEN_FD0;
	if (scan.is_daemon && p->inherited_fd < 0) {
		p->ready_fd = proc_daemonize();
		if (p->ready_fd < 0) {
			fprintf(stderr, "Can't fork daemon: %s\n",
			    strerror(-p->ready_fd));
			return 1;
		}
	}
	prepare(p, argv);
	run(p);
	return 0;
}
