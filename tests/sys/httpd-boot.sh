#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-boot - boot loaders fetch by HTTP: a machine without a disk (QEMU) whose
# ROM is iPXE reads a script, a file whose length it checks, and lpxelinux.0,
# which looks for its configuration and loads a "kernel" by HTTP/1.0.  Then the
# requests of GRUB and of UEFI HTTP Boot, as recorded from them.
. tests/sys/lib.sh
private
need python3 curl

R=$W/html
mkdir -p "$R/pxelinux.cfg" "$W/logs"
chmod 755 "$W"
head -c 3000000 /dev/urandom >"$R/image.bin"
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 80
DocumentRoot "$R"
ErrorLog "$W/logs/error"
LogFormat "%h %H %k %>s %B %U %{User-Agent}i" boot
CustomLog "$W/logs/access" boot
TypesConfig /dev/null
<Directory "$R">
    Require all granted
</Directory>
E
"$BUILD/httpd" -f "$W/conf" -DFOREGROUND >"$W/stderr" 2>&1 &
until_true 5 curl -s -o /dev/null http://127.0.0.1/image.bin || fail "does not answer: $(cat "$W/stderr")"

# GRUB 2.06 (names no Connection, closes when it has what it wants) and EDK2
# (HEAD, then GET on the same connection; breaks without Content-Length)
python3 - "$R/image.bin" <<'P' || fail "recorded requests"
import re, socket, sys
want = open(sys.argv[1], 'rb').read(); bad = []
def head(s):
    b = b''
    while b'\r\n\r\n' not in b:
        d = s.recv(65536)
        if not d: raise EOFError
        b += d
    return b.split(b'\r\n\r\n', 1)
def field(h, name):
    v = re.findall(b'\r\n' + name + b': ([^\r]+)', h)
    if len(v) != 1: bad.append('%s comes %d times' % (name, len(v)))
    return v[0] if v else b''
def body(s, b, n):
    while len(b) < n: b += s.recv(n - len(b))
    return b
s = socket.create_connection(('127.0.0.1', 80), 20)
s.sendall(b'GET //image.bin HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GRUB 2.06-13+deb12u1\r\n\r\n')
h, b = head(s)
if h[:15] != b'HTTP/1.1 200 OK': bad.append('GRUB: %r' % h[:40])
if body(s, b, int(field(h, b'Content-Length'))) != want: bad.append('GRUB: content')
s.close()
s = socket.create_connection(('127.0.0.1', 80), 20)
s.sendall(b'GET /image.bin HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GRUB 2.06-13+deb12u1\r\nRange: bytes=2000000-\r\n\r\n')
h, b = head(s)
if h[:12] != b'HTTP/1.1 206' or body(s, b, int(field(h, b'Content-Length'))) != want[2000000:]: bad.append('GRUB seeks: %r' % h[:40])
s.close()
s = socket.create_connection(('127.0.0.1', 80), 20)
for method in b'HEAD', b'GET':
    s.sendall(method + b' /image.bin HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nUser-Agent: UefiHttpBoot/1.0\r\n\r\n')
    h, b = head(s)
    if int(field(h, b'Content-Length')) != len(want): bad.append('EDK2: length')
    if method == b'HEAD' and b: bad.append('EDK2: HEAD has a body')
    if method == b'GET' and body(s, b, len(want)) != want: bad.append('EDK2: content')
    if re.search(rb'\r\n[^:]*:[ \t]*\r\n', h): bad.append('a field without value')
print(*bad)
sys.exit(bool(bad))
P
pass "the requests of GRUB and UEFI HTTP Boot"

syslinux=/usr/lib/syslinux/modules/bios
lpxelinux=/usr/lib/PXELINUX/lpxelinux.0
need qemu-system-x86_64 ip
[ -e "$lpxelinux" ] && [ -e $syslinux/ldlinux.c32 ] || skip "no lpxelinux.0 on this machine"
[ -e /usr/lib/ipxe/qemu/pxe-virtio.rom ] || skip "no iPXE ROM for QEMU on this machine"
[ -x "$BUILD/dhcpd" ] || skip "no dhcpd built"
[ -e /dev/net/tun ] || skip "no /dev/net/tun"
ip tuntap add t0 mode tap 2>/dev/null || skip "no tap devices here"
ip addr add 10.10.3.167/24 dev t0
ip link set t0 up
cp "$lpxelinux" $syslinux/ldlinux.c32 "$R"
head -c 20000 /dev/zero >"$R/kernel.bin"	# it is asked for, not run
printf 'default k\nprompt 0\nlabel k\n  kernel kernel.bin\n' >"$R/pxelinux.cfg/default"
cat >"$R/boot.ipxe" <<'E'
#!ipxe
imgfetch http://10.10.3.167/image.bin || exit
imgfree image.bin
imgfetch http://10.10.3.167/nothing-there ||
set 210:string http://10.10.3.167/
chain http://10.10.3.167//lpxelinux.0
E
cat >"$W/dhcpd.conf" <<'E'
subnet 10.10.3.0 netmask 255.255.255.0 {
	range 10.10.3.110 10.10.3.110;
	filename "http://10.10.3.167/boot.ipxe";
}
E
: >"$W/leases"
"$BUILD/dhcpd" -f -d -4 -cf "$W/dhcpd.conf" -lf "$W/leases" --no-pid t0 >"$W/dhcpd.log" 2>&1 &
timeout 240 qemu-system-x86_64 -display none -m 256 -boot n -no-reboot \
    -netdev tap,id=n,ifname=t0,script=no,downscript=no \
    -device virtio-net-pci,netdev=n,mac=00:50:56:3b:f6:2b >"$W/qemu.log" 2>&1 &
until_true 230 grep -q '/kernel.bin' "$W/logs/access" ||
    fail "no kernel was asked for: $(tail -n 12 "$W/logs/access" "$W/dhcpd.log" "$W/qemu.log")"
seen() { grep -q "^10.10.3.110 $1" "$W/logs/access" || fail "the log has no: $1: $(cat "$W/logs/access")"; }
seen 'HTTP/1.1 . 200 [0-9]* /boot.ipxe iPXE/'
seen 'HTTP/1.1 . 200 3000000 /image.bin iPXE/'
seen 'HTTP/1.1 . 404 [0-9]* /nothing-there iPXE/'
seen "HTTP/1.1 . 200 $(stat -c %s "$lpxelinux") //*lpxelinux.0 iPXE/"
seen 'HTTP/1.0 0 200 [0-9]* /ldlinux.c32 Syslinux/'
seen 'HTTP/1.0 0 404 [0-9]* /pxelinux.cfg/01-00-50-56-3b-f6-2b Syslinux/'
seen 'HTTP/1.0 0 404 [0-9]* /pxelinux.cfg/0 Syslinux/'
seen 'HTTP/1.0 0 200 [0-9]* /pxelinux.cfg/default Syslinux/'
seen 'HTTP/1.0 0 200 20000 /kernel.bin Syslinux/'
pass "iPXE and lpxelinux: $(grep -c '^10.10.3.110' "$W/logs/access") requests"
