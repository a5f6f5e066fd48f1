/* SPDX-License-Identifier: ISC */
/*
 * boot.c - the machine: what firmware, PXELINUX and the installer do, in their
 * order and with their options.
 */
#include <stdio.h>
#include <string.h>

#include "tests/demo/demo.h"

#define ROM_BLKSIZE 1456	/* network card */
#define LINUX_BLKSIZE 1408	/* PXELINUX */

const uint8_t demo_mac[6] = { 0x00, 0x50, 0x56, 0x3b, 0xf6, 0x2b };

/* The word behind a key at the start of a line, or fail. */
static void
word_after(const char *text, const char *key, const char *where, char *ret,
    size_t cap)
{
	const char *p = strstr(text, key);
	size_t n;

	if (p == NULL)
		demo_fail("config", "%s names no %s", where, key);
	p += strlen(key);
	n = strcspn(p, " \t\n");
	if (n == 0 || n >= cap)
		demo_fail("config", "%s: bad %s", where, key);
	memcpy(ret, p, n);
	ret[n] = '\0';
}

/* PXELINUX: UUID, hardware address, address in hex shorter and shorter. */
static void
find_config(const struct demo_lease *lease, char *ret, size_t cap)
{
	char name[DEMO_NAME_MAX], hex[9];

	if (tftp_get(lease->next_server, "pxelinux.cfg/"
	    "564d4617-634e-2ce8-4b8c-41c6e43bb44a", LINUX_BLKSIZE, ret, cap) ||
	    tftp_get(lease->next_server, "pxelinux.cfg/01-00-50-56-3b-f6-2b",
	    LINUX_BLKSIZE, ret, cap))
		return;
	snprintf(hex, sizeof(hex), "%08X", (unsigned)lease->addr);
	for (int n = 8; n > 0; n--) {
		snprintf(name, sizeof(name), "pxelinux.cfg/%.*s", n, hex);
		if (tftp_get(lease->next_server, name, LINUX_BLKSIZE, ret, cap))
			return;
	}
	if (!tftp_get(lease->next_server, "pxelinux.cfg/default",
	    LINUX_BLKSIZE, ret, cap))
		demo_fail("config", "there is no pxelinux.cfg/default");
}

static void
must_get(const struct demo_lease *lease, const char *name, unsigned blksize)
{
	if (!tftp_get(lease->next_server, name, blksize, NULL, 0))
		demo_fail("TFTP", "%s: file not found", name);
}

/* The installer reads its answers and a part of the package tree. */
static void
install(const char *ks)
{
	static const char *const tree[] = { ".treeinfo",
	    "repodata/repomd.xml", "repodata/primary.xml.gz",
	    "Packages/setup-2.8.14-23.el6.noarch.rpm",
	    "Packages/glibc-2.12-1.209.el6.x86_64.rpm",
	    "Packages/bash-4.1.2-48.el6.x86_64.rpm" };
	const char *prefix = "http://10.10.3.167/";
	char text[4096], url[DEMO_NAME_MAX], name[2 * DEMO_NAME_MAX];

	if (strncmp(ks, prefix, strlen(prefix)) != 0)
		demo_fail("config", "ks=%s", ks);
	http_get(DEMO_SERVER, ks + strlen(prefix), 0, 0, text, sizeof(text));
	word_after(text, "url --url ", "the kickstart file", url, sizeof(url));
	if (strncmp(url, prefix, strlen(prefix)) != 0)
		demo_fail("kickstart", "url %s", url);
	for (size_t i = 0; i < ARRAY_LEN(tree); i++) {
		snprintf(name, sizeof(name), "%s/%s", url + strlen(prefix),
		    tree[i]);
		http_get(DEMO_SERVER, name, 0, 0, NULL, 0);
		if (i > 0)
			continue;
		snprintf(name, sizeof(name), "%s/images/install.img",
		    url + strlen(prefix));
		http_get(DEMO_SERVER, name, 0, 4194303, NULL, 0);
		http_get(DEMO_SERVER, name, 4194304,
		    tree_size(DEMO_HTTP, name) - 1, NULL, 0);
	}
}

void
boot_machine(void)
{
	struct demo_lease lease;
	char text[4096], ks[DEMO_NAME_MAX], kernel[DEMO_NAME_MAX];
	char initrd[DEMO_NAME_MAX];

	demo_note("firmware: who am I, where is a boot loader?");
	wire_up("lo", 0, 0, NULL);
	wire_up("c0", 0, 0, demo_mac);
	dhcp_boot(&lease);
	wire_up("c0", lease.addr, lease.mask, NULL);
	tftp_probe(lease.next_server, lease.filename);
	must_get(&lease, lease.filename, ROM_BLKSIZE);

	demo_note("PXELINUX: which configuration is mine?");
	find_config(&lease, text, sizeof(text));
	word_after(text, "kernel ", "pxelinux.cfg", kernel, sizeof(kernel));
	word_after(text, "initrd=", "pxelinux.cfg", initrd, sizeof(initrd));
	word_after(text, "ks=", "pxelinux.cfg", ks, sizeof(ks));
	must_get(&lease, kernel, LINUX_BLKSIZE);
	must_get(&lease, initrd, LINUX_BLKSIZE);

	demo_note("installer: my answers, then packages");
	install(ks);
}
