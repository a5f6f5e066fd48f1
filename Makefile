# SPDX-License-Identifier: ISC
#
# Kickstand: dhcpd, in.tftpd and httpd that install machines over the network.
#
#   make                 the three programs, in build/
#   make check           unit tests, fuzz corpora, golden files      (no root)
#   make asan check      the same under address and undefined sanitizers
#   make demo            a machine installs itself, in namespaces of its own
#   make install         DESTDIR= PREFIX=/usr SBINDIR=$(PREFIX)/sbin SYSCONFDIR=/etc
#                        programs, man pages, units, xinetd files; configuration
#                        that exists is left alone; make uninstall
#
#   make check-sys       real clients against the daemons, in namespaces (root)
#   make check-package   packages over the genuine peers and back, in a small
#                        Debian system and a boot of it (root)
#   make fuzz T=60       each parser for T seconds under libFuzzer; FUZZ=name: one
#   make sim N=10000     histories of each daemon with clients, losses and crashes,
#                        from seed SEED=1 on; a seed that fails is said
#   make faults          each system call of each program fails once; the plug is
#                        pulled N=20000 times under the lease database (SEED=n)
#   make tidy            the rules of the house; make lint: static analysers
#   make cov             line and branch coverage of the core
#   make valgrind        unit tests of the core under valgrind (two minutes)
#   make musl            static programs; make matrix: every compiler found
#   make dist            a tarball; make rpm, make deb: packages of it; the same
#                        bytes each time
#   make clean
#
#   CC= CFLAGS= LDFLAGS= WERROR=1 V=1 DISTRO=debian (whose paths are the defaults)
#
# One Makefile, no configure.  <dir>/*.c without main.c become lib<dir>.a, main.c
# and the archives become the program; a new file needs no line here, except that
# a file which may touch the system is named in SHELL_SRC.

VERSION		= 0.1
CC		?= cc
AR		?= ar
PREFIX		?= /usr
SBINDIR		?= $(PREFIX)/sbin
MANDIR		?= $(PREFIX)/share/man
DOCDIR		?= $(PREFIX)/share/doc/kickstand
SYSCONFDIR	?= /etc
UNITDIR		?= $(if $(filter debian,$(DISTRO)),,$(PREFIX))/lib/systemd/system
SYSUSERSDIR	?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR	?= $(PREFIX)/lib/tmpfiles.d
V		?=
DISTRO		?= centos
T		?= 60
FUZZ		?=
WERROR		?=

# Files that may use descriptors, the clock, the heap and the log.  All others
# are core: memory and string functions only (tests/tidy.sh proves it).
SHELL_SRC	= common/src.c common/ev.c common/log.c common/net.c \
		  common/journal.c common/proc.c common/sandbox.c common/statfile.c \
		  dhcpd/box.c dhcpd/link.c dhcpd/ping.c dhcpd/gen.c dhcpd/serve.c \
		  dhcpd/world.c dhcpd/leasedb.c dhcpd/statsfile.c dhcpd/main.c \
		  tftpd/srv.c tftpd/ask.c tftpd/port.c tftpd/portset.c tftpd/file.c tftpd/upload.c \
		  tftpd/rules.c tftpd/keeper.c tftpd/who.c tftpd/listen.c tftpd/args.c tftpd/main.c \
		  httpd/cgirun.c httpd/confio.c httpd/conn.c httpd/dirpage.c httpd/file.c \
		  httpd/fs.c httpd/listen.c httpd/logs.c httpd/main.c httpd/master.c \
		  httpd/push.c httpd/reqlog.c httpd/scorepage.c httpd/serve.c httpd/servefile.c \
		  httpd/worker.c

# --- variants: objects in build/obj-VARIANT, programs in build/ or build/VARIANT

VARIANT		?= $(if $(filter asan,$(MAKECMDGOALS)),asan,release)
O		= build/obj-$(VARIANT)
P		= $(if $(filter release,$(VARIANT)),build,build/$(VARIANT))

DIRS		= common dhcpd tftpd httpd
PROG_dhcpd	= dhcpd
PROG_tftpd	= in.tftpd
PROG_httpd	= httpd

# --- flags; what an old compiler does not know is left out, one by one

WARN_TRY	= -Wall -Wextra -Wshadow -Wstrict-prototypes \
		  -Wmissing-prototypes -Wold-style-definition -Wwrite-strings \
		  -Wpointer-arith -Wcast-qual -Wcast-align -Wformat=2 -Wundef -Wvla \
		  -Wnull-dereference -Wredundant-decls -Wnested-externs \
		  -Wimplicit-fallthrough -Wlogical-op -Wduplicated-cond \
		  -Wduplicated-branches -Wdate-time \
		  -Werror=incompatible-pointer-types -Werror=int-conversion \
		  -Werror=implicit-function-declaration
HARD_TRY	= -fstack-protector-strong -fstack-clash-protection -fcf-protection
LINK_TRY	= -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code
FLAGS_MK	= $(O)/flags.mk

ifeq ($(VARIANT),asan)
SAN		= -fsanitize=address,undefined -fno-sanitize-recover=all \
		  -fno-omit-frame-pointer
FORTIFY		=
endif
ifeq ($(VARIANT),fuzz)
CC		= clang
SAN		= -fsanitize=address,undefined,fuzzer-no-link \
		  -fno-sanitize-recover=all -fno-omit-frame-pointer
FORTIFY		=
endif
ifeq ($(VARIANT),faults)
# Return addresses lead to who called.
SAN		= -fsanitize=address,undefined -fno-sanitize-recover=all \
		  -fno-optimize-sibling-calls -fno-omit-frame-pointer
FORTIFY		=
EXTRA		= $(O)/tests/faults/wrap.o
WRAPPED		= $(shell sed -n -e 's/.*__wrap_\([a-z_0-9]*\).[a-z].*;$$/\1/p' \
		  -e 's/^WRAP.[^,]*,[^,]*,[^,]*, \([a-z_0-9]*\),.*/\1/p' tests/faults/wrap.c)
LDFLAGS		+= $(WRAPPED:%=-Wl,--wrap=%)
endif
ifeq ($(VARIANT),cov)
SAN		= --coverage -DCOVERAGE
OPT		= -O0
FORTIFY		=
endif
ifeq ($(VARIANT),musl)
CC		= musl-gcc
SYSINC		= -idirafter $(O)/kernel
LINKMODE	= -static
MODE		=
endif

OPT		?= -O2
MODE		?= -fPIE
LINKMODE	?= -pie

PATHS_centos	= -DPATH_DHCPD_CONF='"/etc/dhcp/dhcpd.conf"' \
		  -DPATH_DHCPD_LEASES='"/var/lib/dhcpd/dhcpd.leases"' \
		  -DPATH_DHCPD_PID='"/var/run/dhcpd.pid"' \
		  -DPATH_DHCPD6_LEASES='"/var/lib/dhcpd/dhcpd6.leases"' \
		  -DPATH_DHCPD6_PID='"/var/run/dhcpd6.pid"' \
		  -DPATH_TFTPD_ROOT='"/var/lib/tftpboot"' \
		  -DPATH_HTTPD_PID='"/run/httpd/httpd.pid"' \
		  -DPATH_HTTPD_ROOT='"/etc/httpd"' \
		  -DPATH_HTTPD_CONF='"conf/httpd.conf"' \
		  -DPATH_HTTPD_DOCROOT='"/var/www/html"'
PATHS_debian	= -DPATH_DHCPD_CONF='"/etc/dhcp/dhcpd.conf"' \
		  -DPATH_DHCPD_LEASES='"/var/lib/dhcp/dhcpd.leases"' \
		  -DPATH_DHCPD_PID='"/var/run/dhcpd.pid"' \
		  -DPATH_DHCPD6_LEASES='"/var/lib/dhcp/dhcpd6.leases"' \
		  -DPATH_DHCPD6_PID='"/var/run/dhcpd6.pid"' \
		  -DPATH_TFTPD_ROOT='"/srv/tftp"' \
		  -DPATH_HTTPD_PID='"/run/apache2/apache2.pid"' \
		  -DPATH_HTTPD_ROOT='"/etc/apache2"' \
		  -DPATH_HTTPD_CONF='"apache2.conf"' \
		  -DPATH_HTTPD_DOCROOT='"/var/www/html"'
ifeq ($(PATHS_$(DISTRO)),)
$(error DISTRO is centos or debian, not "$(DISTRO)")
endif

CPPFLAGS_ALL	= -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DKS_VERSION='"$(VERSION)"' \
		  $(PATHS_$(DISTRO)) $(FORTIFY) $(SYSINC) $(CPPFLAGS)
CFLAGS_ALL	= -std=gnu11 $(OPT) -g $(MODE) $(HARDFLAGS) $(WARNFLAGS) \
		  $(if $(WERROR),-Werror) $(SAN) $(CFLAGS)
LDFLAGS_ALL	= $(LINKMODE) $(LINKFLAGS) $(SAN) $(LDFLAGS)

# --- what there is

SRC		= $(foreach d,$(DIRS),$(wildcard $(d)/*.c))
LIBSRC		= $(filter-out %/main.c,$(SRC))
PROGS		= $(foreach d,dhcpd tftpd httpd,$(if $(wildcard $(d)/main.c),$(P)/$(PROG_$(d))))
LIBS		= $(foreach d,$(DIRS),$(P)/lib$(d).a)
UNIT		= $(patsubst tests/unit/%.c,$(P)/tests/%,$(wildcard tests/unit/test_*.c))
REPLAY		= $(patsubst tests/fuzz/%.c,$(P)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS		= $(patsubst tests/fuzz/%.c,$(P)/%,$(wildcard tests/fuzz/fuzz_$(or $(FUZZ:fuzz_%=%),*).c))
FAULTS		= $(patsubst tests/faults/%.c,$(P)/tests/%,$(wildcard tests/faults/faults_*.c))
# gcov's files would go to the disk in memory, which sim_dhcpd fills.
NOT_COV		= $(if $(filter cov,$(VARIANT)),%/sim_dhcpd)
SIM		= $(filter-out $(NOT_COV),$(patsubst tests/sim/%.c,$(P)/tests/%,$(wildcard tests/sim/sim_*.c)))
SYS		= $(patsubst tests/sys/%.c,$(P)/tests/%,$(wildcard tests/sys/*.c))
OBJS		= $(SRC:%.c=$(O)/%.o)
MANPAGES	= $(wildcard man/*.[1-9])

all: $(PROGS) $(LIBS)

objects: $(OBJS)

# The archives a test or fuzz target of <dir> links with: its own and common.
libs_of		= $(if $(filter-out common,$(1)),$(P)/lib$(1).a) $(P)/libcommon.a
objs_of		= $(patsubst %.c,$(O)/%.o,$(filter $(1)/%,$(LIBSRC)))
comma		= ,
dir_of		= $(word 2,$(subst _, ,$(notdir $(1))))

# V=1 shows the commands, otherwise one short line each.
Q		= $(if $(V),,@)
say		= $(if $(V),,@echo '  $(1)	$@')

.SECONDEXPANSION:
.SECONDARY:
.DELETE_ON_ERROR:
.SUFFIXES:

$(LIBS): $(P)/lib%.a: $$(call objs_of,$$*) $(O)/sources.stamp
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(P)/dhcpd: $(O)/dhcpd/main.o $(EXTRA) $(P)/libdhcpd.a $(P)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^

$(P)/in.tftpd: $(O)/tftpd/main.o $(EXTRA) $(P)/libtftpd.a $(P)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^

$(P)/httpd: $(O)/httpd/main.o $(EXTRA) $(P)/libhttpd.a $(P)/libcommon.a
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^ $(CRYPT)

$(O)/tests/%.o: tests/%.c $(O)/flags.stamp
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(O)/%.o: %.c $(O)/flags.stamp
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# Calls that one unit test plays, or makes fail.
UNIT_WRAP_test_dhcpd_memory = arena_alloc arena_zalloc arena_dup arena_str
UNIT_WRAP_test_httpd_push = getsockopt sendfile sendfile64

$(UNIT): $(P)/tests/%: $(O)/tests/unit/%.o $$(call libs_of,$$(call dir_of,$$*)) build/check.libs
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) \
	    $(patsubst %,-Wl$(comma)--wrap=%,$(UNIT_WRAP_$*)) \
	    $(if $(filter httpd,$(call dir_of,$*)),$(CRYPT)) `cat build/check.libs`

# What one fuzz target needs besides its archives: objects, wrapped calls.
FUZZ_OBJS_fuzz_httpd_turn = $(O)/tests/sim/sim.o $(O)/tests/sim/loop.o
FUZZ_WRAP_fuzz_httpd_turn = $(SIM_WRAP_httpd)
fuzz_flags	= $(patsubst %,-Wl$(comma)--wrap=%,$(FUZZ_WRAP_$(1))) \
		  $(if $(filter httpd,$(call dir_of,$(1))),$(CRYPT))

$(REPLAY): $(P)/tests/%: $(O)/tests/fuzz/%.o $(O)/tests/fuzz/drive.o $$(FUZZ_OBJS_$$*) $$(call libs_of,$$(call dir_of,$$*))
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) \
	    $(call fuzz_flags,$*)

$(FUZZERS): $(P)/%: $(O)/tests/fuzz/%.o $$(FUZZ_OBJS_$$*) $$(call libs_of,$$(call dir_of,$$*))
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $(filter %.o %.a,$^) \
	    $(call fuzz_flags,$*)

# Fault injection: the system calls of files go to a disk in memory.
DISK_CALLS	= open open64 openat openat64 read write fsync fdatasync ftruncate \
		  ftruncate64 fstat fstat64 fchown fchmod close link linkat unlinkat \
		  rename renameat sync_file_range

$(FAULTS): $(P)/tests/%: $(O)/tests/faults/%.o $(O)/tests/faults/simdisk.o $$(call libs_of,$$(call dir_of,$$*))
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) \
	    $(DISK_CALLS:%=-Wl,--wrap=%)

# Simulations: of a daemon's shell what a world needs is played, the rest is
# real.  tests/sim/DAEMON_*.c belong to sim_DAEMON.
SIM_LOOP	= proc_reserve proc_release proc_random
SIM_WRAP_dhcpd	= $(DISK_CALLS) $(SIM_LOOP) time
SIM_WRAP_httpd	= $(SIM_LOOP) recv send sendmsg sendfile sendfile64 shutdown close \
		  getsockopt
SIM_OBJS_dhcpd	= $(O)/tests/sim/loop.o $(O)/tests/faults/simdisk.o
SIM_OBJS_httpd	= $(O)/tests/sim/loop.o
sim_objs	= $(patsubst %.c,$(O)/%.o,$(wildcard tests/sim/$(1)_*.c)) \
		  $(SIM_OBJS_$(1))

$(SIM): $(P)/tests/%: $(O)/tests/sim/%.o $(O)/tests/sim/sim.o $$(call sim_objs,$$(call dir_of,$$*)) $$(call libs_of,$$(call dir_of,$$*))
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^) \
	    $(patsubst %,-Wl$(comma)--wrap=%,$(SIM_WRAP_$(call dir_of,$*))) \
	    $(if $(filter httpd,$(call dir_of,$*)),$(CRYPT)) -pthread

# Programs that play a client or a network; they know nothing of the daemons.
$(SYS): $(P)/tests/%: $(O)/tests/sys/%.o $(P)/libcommon.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o %.a,$^)

# Unit tests need Check's header before they compile.
$(patsubst tests/%.c,$(O)/tests/%.o,$(wildcard tests/unit/test_*.c)): | build/check.libs

build/check.libs:
	@mkdir -p $(@D)
	@CC='$(CC)' sh tests/have-check.sh $@

# Flags asked for and known to this compiler, found once per variant.
$(FLAGS_MK): Makefile tests/flags.sh
	@mkdir -p $(@D)
	@WARN='$(WARN_TRY)' HARD='$(HARD_TRY)' LINK='$(LINK_TRY)' CC='$(CC)' \
	    VARIANT='$(VARIANT)' sh tests/flags.sh $@ $(O)

# Everything is rebuilt when the command line changes (DISTRO, CC, CFLAGS).
export KS_CMDLINE = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL)
$(O)/flags.stamp: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$KS_CMDLINE" | cmp -s - $@ || printf '%s\n' "$$KS_CMDLINE" >$@

# An archive is made anew when a source file came or went.
$(O)/sources.stamp: FORCE
	@mkdir -p $(@D)
	@echo '$(sort $(LIBSRC))' | cmp -s - $@ || echo '$(sort $(LIBSRC))' >$@

FORCE:

# --- tests

check: $(PROGS) $(UNIT) $(REPLAY) $(FAULTS) $(SIM)
	@BUILD=$(P) sh tests/check.sh $(UNIT) $(REPLAY) $(FAULTS) $(SIM)

# N crashes of the lease database with seed SEED; then each call of each program
# fails once (root, or a kernel with user namespaces).
N		?= 20000
SEED		?= 1
faults: $(FAULTS)
	@for f in $(FAULTS); do $$f $(N) $(SEED) || exit; done
	$(Q)$(MAKE) --no-print-directory VARIANT=faults all
	@BUILD=build/faults sh tests/faults/faults.sh
	@BUILD=build/faults LEAKS=1 sh tests/faults/faults.sh
	@BUILD=build/faults sh tests/faults/clock.sh
	@BUILD=build/faults sh tests/faults/workers.sh

# N histories of each daemon, from seed SEED on.
sim: $(SIM)
	@for s in $(SIM); do echo $$s; $$s $(SEED) $(N) || exit; done

asan: check

check-sys: $(PROGS) $(SYS)
	@BUILD=$(P) sh tests/check.sh --sys

check-package: rpm deb $(PROGS)
	@BUILD=$(P) LIMIT_S=900 sh tests/check.sh --package

DEMO		= $(P)/tests/demo

$(DEMO): $(patsubst %.c,$(O)/%.o,$(wildcard tests/demo/*.c)) $(P)/libcommon.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $^

tests: $(UNIT) $(REPLAY) $(FAULTS) $(SIM) $(SYS) $(DEMO)

demo: $(PROGS) $(DEMO)
	@$(DEMO) $(P)

fuzz:
	$(Q)$(MAKE) --no-print-directory VARIANT=fuzz fuzz-run

fuzz-run: $(FUZZERS)
	@T='$(T)' sh tests/fuzz.sh $(FUZZERS)

tidy:
	$(Q)$(MAKE) --no-print-directory VARIANT=release objects
	@SHELL_SRC=' $(strip $(SHELL_SRC)) ' OBJ=build/obj-release sh tests/tidy.sh
	@sh tests/tidy-selftest.sh
	@sh tests/tables.sh

export KS_CPPFLAGS = $(filter-out $(FORTIFY),$(CPPFLAGS_ALL))
lint:
	@SRC='$(SRC)' sh tests/lint.sh

musl:
	$(Q)$(MAKE) --no-print-directory VARIANT=musl all

# Every compiler found, and the other distribution's paths, without a warning.
matrix:
	$(Q)seen=; for c in cc gcc-9 gcc-10 gcc-11 gcc-12 gcc-13 gcc-14 clang-13 clang-14 clang-15 \
	    clang-16 clang-17 clang-18 clang-19; do \
		path=`command -v $$c` || continue; \
		path=`readlink -f "$$path"`; \
		case " $$seen " in *" $$path "*) continue ;; esac; \
		seen="$$seen $$path"; \
		echo "matrix: $$c"; \
		$(MAKE) --no-print-directory VARIANT=$$c CC=$$c WERROR=1 all tests || exit 1; \
	done
	$(Q)$(MAKE) --no-print-directory VARIANT=debian DISTRO=debian WERROR=1 all
	$(Q)if command -v musl-gcc >/dev/null; then \
		$(MAKE) --no-print-directory VARIANT=musl WERROR=1 all; \
	else \
		echo "SKIP matrix: no musl-gcc"; \
	fi

# What parses and what decides; the slowest programs are left to the sanitizers.
VALGRIND	= common_diag common_map common_num common_str common_vis common_when \
		  dhcpd_alloc dhcpd_args dhcpd_frame dhcpd_leaseblob dhcpd_optset \
		  dhcpd_packet dhcpd_reply tftpd_netascii tftpd_opttab tftpd_packet \
		  tftpd_path tftpd_remap httpd_addr httpd_alog httpd_auth httpd_cgi \
		  httpd_chunk httpd_cond httpd_date httpd_expr httpd_hdr httpd_hdrmod \
		  httpd_lex httpd_listpage httpd_mac httpd_mime httpd_range httpd_re \
		  httpd_resp httpd_route httpd_rules

valgrind: $(VALGRIND:%=$(P)/tests/test_%)
	@sh tests/valgrind.sh $^

cov:
	$(Q)rm -rf build/obj-cov
	$(Q)$(MAKE) --no-print-directory VARIANT=cov check
	@O=build/obj-cov SRC='$(filter-out $(SHELL_SRC),$(SRC))' sh tests/cov.sh

# --- what others get

SERVICES	= DESTDIR='$(DESTDIR)' SYSCONFDIR='$(SYSCONFDIR)' SBINDIR='$(SBINDIR)' \
		  UNITDIR='$(UNITDIR)' SYSUSERSDIR='$(SYSUSERSDIR)' \
		  TMPFILESDIR='$(TMPFILESDIR)' DISTRO='$(DISTRO)' sh common/package/services.sh

install: all
	mkdir -p $(DESTDIR)$(SBINDIR) $(DESTDIR)$(DOCDIR)/examples
	for p in $(PROGS); do install -m 755 $$p $(DESTDIR)$(SBINDIR)/ || exit 1; done
	for m in $(MANPAGES); do \
		d=$(DESTDIR)$(MANDIR)/man$${m##*.}; \
		mkdir -p $$d && install -m 644 $$m $$d/ || exit 1; \
	done
	install -m 644 README.md LICENSE $(DESTDIR)$(DOCDIR)/
	for d in dhcpd tftpd httpd; do \
		[ -d $$d/example ] || continue; \
		mkdir -p $(DESTDIR)$(DOCDIR)/examples/$$d && \
		    cp -R $$d/example/. $(DESTDIR)$(DOCDIR)/examples/$$d/ || exit 1; \
	done
	$(SERVICES)

uninstall:
	cd $(DESTDIR)$(SBINDIR) && rm -f $(notdir $(PROGS))
	for m in $(notdir $(MANPAGES)); do rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$$m; done
	rm -rf $(DESTDIR)$(DOCDIR)
	$(SERVICES) remove

dist:
	@VERSION='$(VERSION)' sh tests/dist.sh

rpm deb: dist
	@VERSION='$(VERSION)' sh common/package/$@.sh

clean:
	rm -rf build dist

help:
	@sed -n '3,/^VERSION/s/^# \{0,1\}//p' Makefile

ifeq ($(filter clean help,$(MAKECMDGOALS)),)
include $(FLAGS_MK)
endif
-include $(OBJS:.o=.d) $(wildcard $(O)/tests/*/*.d)
.PHONY: all objects tests check faults sim asan demo check-sys fuzz fuzz-run tidy lint musl matrix cov \
	valgrind install uninstall check-package dist rpm deb clean help FORCE
