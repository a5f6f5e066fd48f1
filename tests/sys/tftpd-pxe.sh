#!/bin/sh
# SPDX-License-Identifier: ISC
# A machine without a disk (QEMU, its network ROM, PXELINUX) loads from
# in.tftpd: the ROM's size probe, the whole search below pxelinux.cfg, then a
# "kernel" by its name.
. tests/sys/lib.sh
need qemu-system-x86_64 ip
syslinux=/usr/lib/syslinux/modules/bios
pxelinux=/usr/lib/PXELINUX/pxelinux.0
[ -e "$pxelinux" ] && [ -e $syslinux/ldlinux.c32 ] || skip "no PXELINUX on this machine"
[ -x "$BUILD/dhcpd" ] || skip "no dhcpd built"
[ -e /dev/net/tun ] || skip "no /dev/net/tun"
private
ip tuntap add t0 mode tap 2>/dev/null || skip "no tap devices here"
ip addr add 10.10.3.167/24 dev t0
ip link set t0 up

root=$W/tftpboot
mkdir -p "$root/pxelinux.cfg"
chmod 755 "$W" "$root" "$root/pxelinux.cfg"
cp "$pxelinux" $syslinux/ldlinux.c32 "$root"
printf 'default k\nprompt 0\nlabel k\n  kernel kernel.bin\n' > "$root/pxelinux.cfg/default"
head -c 20000 /dev/zero > "$root/kernel.bin"	# it is asked for, not run
chmod 644 "$root/pxelinux.0" "$root/ldlinux.c32" "$root/kernel.bin" "$root/pxelinux.cfg/default"
cat > "$W/dhcpd.conf" <<EOF
subnet 10.10.3.0 netmask 255.255.255.0 {
	range 10.10.3.110 10.10.3.110;
	next-server 10.10.3.167;
	filename "pxelinux.0";
}
EOF
: > "$W/leases"
"$BUILD/dhcpd" -f -d -4 -cf "$W/dhcpd.conf" -lf "$W/leases" --no-pid t0 > "$W/dhcpd.log" 2>&1 &
"$BUILD/in.tftpd" -L -vv --stderr -s "$root" 2> "$W/log" &
timeout 240 qemu-system-x86_64 -display none -m 128 -boot n -no-reboot \
    -netdev tap,id=n,ifname=t0,script=no,downscript=no \
    -device virtio-net-pci,netdev=n,mac=00:50:56:3b:f6:2b > "$W/qemu.log" 2>&1 &

until_true 230 grep -q 'filename kernel.bin' "$W/log" ||
    fail "no kernel was asked for: $(tail -n 5 "$W/log" "$W/dhcpd.log" "$W/qemu.log")"
for name in pxelinux.0 ldlinux.c32 pxelinux.cfg/01-00-50-56-3b-f6-2b \
    pxelinux.cfg/0A0A036E pxelinux.cfg/0 pxelinux.cfg/default; do
	grep -q "RRQ from 10.10.3.110 filename $name\$" "$W/log" || fail "$name was not asked for"
done
pass "QEMU's ROM and PXELINUX: $(grep -c RRQ "$W/log") requests"
