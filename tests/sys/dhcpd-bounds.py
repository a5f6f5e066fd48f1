# SPDX-License-Identifier: ISC
"""dhcpd beyond its limits; see dhcpd-bounds.sh, which makes the network.

usage: dhcpd-bounds.py DHCPD DIR FLOOD

Runs in the server's namespace.  Clients live at the other end of the cable,
behind a relay at 10.10.0.2 for the flood, on the wire itself otherwise.
"""
import os
import resource
import select
import signal
import socket
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import Daemon, Syslog, checksum, fill_disk, in_client, ip, reporter  # noqa: E402

DHCPD, DIR, FLOOD = sys.argv[1], sys.argv[2], int(sys.argv[3])
COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6
SO_RCVBUFFORCE = 33           # asm-generic/socket.h
MIB = 1 << 20
POOL = 1024
SPAWN_MAX = 262144              # classify.h, CLASSIFY_SPAWN_MAX
ok, die = reporter("dhcpd-bounds")


def packet(kind, mac, xid=1, wanted=None, server=None, giaddr=b"\x0a\x0a\x00\x02", extra=b""):
    options = bytes([53, 1, kind]) + extra
    if wanted:
        options += b"\x32\x04" + wanted
    if server:
        options += b"\x36\x04" + server
    return (struct.pack("!BBBBIHH12s4s6s", 1, 1, 6, 0, xid, 0, 0, b"", giaddr, mac) +
            bytes(10 + 64 + 128) + COOKIE + options + b"\xff").ljust(300, b"\0")


def parse(data):
    """kind, MAC, address, server identifier of a reply"""
    kind = server = None
    at = 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        value = data[at + 2:at + 2 + data[at + 1]]
        kind = value[0] if data[at] == 53 else kind
        server = value if data[at] == 54 else server
        at += 2 + data[at + 1]
    return kind, data[28:34], data[16:20], server


def relay_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 * MIB)
    sock.bind(("10.10.0.2", 67))
    return sock


def wire_socket():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    sock.bind(("c0", 0x0800))
    return sock


def frame(payload, mac):
    udp = struct.pack("!HHHH", 68, 67, 8 + len(payload), 0) + payload
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       bytes(4), b"\xff" * 4)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return b"\xff" * 6 + mac + b"\x08\x00" + head + udp


class Network:
    def __init__(self):
        self.relay = in_client(relay_socket)
        self.wire = in_client(wire_socket)

    def send(self, payload):
        self.relay.sendto(payload, ("10.10.0.1", 67))

    def wait(self, mac, kinds, seconds):
        """the next reply for mac of one of kinds, or None"""
        end = time.monotonic() + seconds
        while True:
            left = max(0, end - time.monotonic())
            if not select.select([self.relay], [], [], left)[0]:
                return None
            got = parse(self.relay.recv(2048))
            if got[1] == mac and got[0] in kinds:
                return got

    def lease(self, mac, seconds=3, extra=b""):
        """an address, by all four messages; asks again as a client does"""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send(packet(DISCOVER, mac, extra=extra))
            offer = self.wait(mac, (OFFER,), 0.5)
            if not offer:
                continue
            self.send(packet(REQUEST, mac, wanted=offer[2], server=offer[3], extra=extra))
            ack = self.wait(mac, (ACK, NAK), 0.5)
            if ack and ack[0] == ACK:
                return ack[2]
        return None

    def confirm(self, mac, addr, seconds=3):
        """does the server still know this lease?"""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send(packet(REQUEST, mac, wanted=addr))
            got = self.wait(mac, (ACK, NAK), 0.5)
            if got:
                return got[0] == ACK and got[2] == addr
        return False

    def wire_offer(self, mac, seconds):
        """is there an offer for a client on the cable itself?"""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.wire.send(frame(packet(DISCOVER, mac, giaddr=bytes(4)), mac))
            except OSError:
                pass            # the cable is out
            until = time.monotonic() + 0.5
            while time.monotonic() < until:
                if not select.select([self.wire], [], [], 0.1)[0]:
                    continue
                data = self.wire.recv(2048)
                if data[34:36] == b"\x00\x43" and data[42 + 28:42 + 34] == mac:
                    return parse(data[42:])[3]
        return None


def friend(i):
    return b"\x02\x00\x00\x00" + struct.pack("!H", i)


def stranger(i):
    return b"\x06" + struct.pack("!IB", i * 2654435761 & 0xffffffff, i >> 24 & 0xff)


def starve(server, net, first, count, friends):
    """strangers ask; every 2,000 of them a friend is served"""
    peak = server.memory()
    for i in range(first, first + count):
        net.relay.sendto(packet(DISCOVER, stranger(i), i), ("10.10.0.1", 67))
        if i % 2000:
            continue
        mac = friend(i // 2000 % len(friends))
        if not net.confirm(mac, friends[mac], 10):
            die(f"after {i} strangers {mac.hex(':')} is not served any more")
        if i % 50000 == 0:
            peak = max(peak, server.memory())
    return peak


def starvation(server, net, log):
    friends = {friend(i): net.lease(friend(i)) for i in range(20)}
    if None in friends.values():
        die(f"no lease: {friends}\n" + "".join(log.read(0.2)))
    # Strangers take all that is left.
    taken = 0
    while net.lease(stranger(taken), 0.4):
        taken += 1
    if taken < POOL - 20:
        die(f"strangers got {taken} addresses only")
    before = server.memory()
    peak = starve(server, net, taken, FLOOD // 2, friends)
    middle = server.memory()
    peak = max(peak, starve(server, net, taken + FLOOD // 2, FLOOD // 2, friends))
    after = server.memory()
    # Spawned classes are full by then, if so many have come.
    is_full = FLOOD // 2 > SPAWN_MAX
    if peak > before + 64 * MIB or (is_full and after > middle + MIB):
        die(f"memory: {before} before, {peak} at most, {middle} halfway, {after} afterwards")
    # The short leases of the strangers end: newcomers are served.
    new = net.lease(friend(999), 30)
    if not new:
        die("no address for a newcomer after the strangers' leases ended")
    ok(f"{FLOOD} hardware addresses, {taken} of which got the whole pool: 20 known clients "
       f"served meanwhile, a newcomer afterwards; memory {before >> 10} KiB before, at most "
       f"{peak >> 10}, {after >> 10} after")
    return friends


def syslog(log):
    lines = log.read(10, "lines lost")
    if not lines or "lines lost" not in lines[-1]:
        die(f"{len(lines)} lines of log, none says how many were lost: {lines[-1]}")
    said = lines[-1]
    ok(f"a syslog that nobody read stopped nothing, and then said: {said.split(': ', 1)[1]}")


def full_disk(server, net, friends, log):
    acked = {}
    with fill_disk(f"{DIR}/db/filler"):
        # What is left of the last page may take some leases.
        for i in range(300):
            addr = net.lease(friend(2000 + i), 0.3)
            if not addr:
                break
            acked[friend(2000 + i)] = addr
        else:
            die("leases are acknowledged that the disk has no room for")
    began = time.monotonic()
    if not net.lease(friend(3000), 15):
        die("no lease after the disk has room again: " + "".join(log.read(0.2)[-5:]))
    took = time.monotonic() - began
    text = open(f"{DIR}/db/leases").read()
    for mac, addr in acked.items():
        if f"hardware ethernet {mac.hex(':')}" not in text:
            die(f"{socket.inet_ntoa(addr)} was acknowledged to {mac.hex(':')}, not on file")
    ok(f"full disk: no ACK without a lease on file ({len(acked)} fitted), served {took:.1f} s "
       "after there was room")


def no_descriptors(server, net, friends, log):
    mac = friend(1)
    server.limit(resource.RLIMIT_NOFILE, 3)
    server.child.send_signal(signal.SIGHUP)
    if not log.says("not reloaded"):
        die("a reload without descriptors says nothing")
    if not net.confirm(mac, friends[mac]) or not net.lease(friend(3100)):
        die("no service without descriptors")
    server.limit(resource.RLIMIT_NOFILE, 1024)
    server.child.send_signal(signal.SIGHUP)
    if not log.says("Configuration reloaded"):
        die("no reload after there are descriptors again")
    if not net.confirm(mac, friends[mac]):
        die("no service after the reload")
    ok("no descriptors: reload refused, service goes on; reloaded later")


def no_memory(server, net, friends, log):
    mac = friend(2)
    size = int(open(f"/proc/{server.pid}/statm").read().split()[0]) * 4096
    server.limit(resource.RLIMIT_AS, size)
    server.child.send_signal(signal.SIGHUP)
    if not log.says("not reloaded"):
        die("a reload without memory says nothing")
    if not net.confirm(mac, friends[mac]) or not net.lease(friend(3200)):
        die("no service without memory")
    server.limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    server.child.send_signal(signal.SIGHUP)
    if not log.says("Configuration reloaded"):
        die("no reload after there is memory again")
    if not net.confirm(mac, friends[mac]):
        die("no service after the reload")
    ok("no memory: reload refused, service goes on; reloaded later")


def cable(server, net, log):
    if not net.wire_offer(friend(4000), 3):
        die("no offer on the wire")
    before = server.cpu_s()
    ip("link", "set", "s0", "down")
    time.sleep(1.5)
    ip("link", "set", "s0", "up")
    if server.cpu_s() - before > 0.5:
        die("the server spins while the interface is down")
    if not net.wire_offer(friend(4001), 10):
        die("no offer after the interface came back")
    ok("interface down and up: served again, without spinning meanwhile")


def address(server, net, log):
    ip("addr", "del", "10.10.0.1/16", "dev", "s0")
    ip("addr", "add", "10.10.0.9/16", "dev", "s0")
    server.child.send_signal(signal.SIGHUP)
    if not log.says("Configuration reloaded"):
        die("no reload after the address has changed")
    got = net.wire_offer(friend(4002), 5)
    if got != socket.inet_aton("10.10.0.9"):
        die(f"after the address has changed the offer is from {got}")
    ip("addr", "del", "10.10.0.9/16", "dev", "s0")
    ip("addr", "add", "10.10.0.1/16", "dev", "s0")
    server.child.send_signal(signal.SIGHUP)
    if not log.says("Configuration reloaded"):
        die("no reload after the address came back")
    ok("address changed: after a reload offers come from the new one")


def vendor(name):
    return bytes([60, len(name)]) + name.encode()


def many_matches(net, log):
    """seven classes match, seventy statements log, one of them 2,805 letters"""
    if not net.lease(friend(1), extra=vendor("many")):
        die("no lease with many classes and lines: " + "".join(log.read(0.5)))
    lines = log.read(1)
    offer = lines[:[i for i, line in enumerate(lines) if "DHCPOFFER" in line][0]]
    numbered = [line for line in offer if "number " in line]
    longest = max(len(line) - line.index("long") for line in offer if "long" in line)
    if sum("too many classes" in line for line in offer) != 2:
        die("seven classes match, five are kept, no two lines say so: " + "".join(offer))
    if not 55 <= len(numbered) <= 64 or longest > 2048:
        die(f"{len(numbered)} lines of one packet, the longest has {longest} letters")
    ok("classes and log lines of one packet are limited")


def large_packets(net, log):
    ip("link", "set", "s0", "mtu", "4000")
    ip("-n", "client", "link", "set", "c0", "mtu", "4000")
    padding = b"".join(bytes([224 + i, 200]) + bytes(200) for i in range(10))
    net.send(packet(DISCOVER, friend(2), extra=padding[:7 * 202]))
    if not net.wait(friend(2), (OFFER,), 3):
        die("a packet of 1,700 octets is not answered")
    net.send(packet(DISCOVER, friend(3), extra=padding))
    if net.wait(friend(3), (OFFER,), 1):
        die("a packet of 2,300 octets is answered")
    # 20 options of 200 octets each are asked for and configured
    wanted = bytes([55, 20]) + bytes(range(200, 220)) + b"\x39\x02\x0f\x00"
    net.send(packet(DISCOVER, friend(4), extra=wanted + vendor("all")))
    end = time.monotonic() + 3
    while True:
        if not select.select([net.relay], [], [], max(0, end - time.monotonic()))[0]:
            die("no reply with large options")
        data = net.relay.recv(4096)
        if data[28:34] == friend(4):
            break
    if not 1000 < len(data) <= 1472:
        die(f"a reply of {len(data)} octets")
    ok(f"packets of more than 2,048 octets are dropped, the largest reply has {len(data)}")


def many_pings(server, net, log):
    """5,000 clients at once; 4,096 addresses can be pinged at a time"""
    server.child.send_signal(signal.SIGSTOP)
    for i in range(5000):
        net.send(packet(DISCOVER, stranger(100000 + i), i, extra=vendor("ping")))
    server.child.send_signal(signal.SIGCONT)
    offered, end = set(), time.monotonic() + 20
    while len(offered) < 5000 and time.monotonic() < end:
        if select.select([net.relay], [], [], 0.5)[0]:
            got = parse(net.relay.recv(2048))
            if got[0] == OFFER:
                offered.add(got[1])
    if len(offered) < 5000:
        die(f"{len(offered)} of 5000 clients got an offer")
    if not net.lease(friend(6), 5):
        die("no lease after the burst")
    ok("a burst of 5,000 clients whose addresses are pinged: all have an offer")


def limits(net, log):
    with open(f"{DIR}/dhcpd.conf", "w") as f:
        f.write("authoritative; ddns-update-style none; ping-check false; ping-timeout 1;\n")
        for i in range(7):
            f.write(f'class "c{i}" {{ match if option vendor-class-identifier = "many"; }}\n')
        for i in range(200, 220):
            f.write(f"option x{i} code {i} = text;\n")
        f.write('if option vendor-class-identifier = "many" {\n')
        f.write(f'log(info, concat("long {"a" * 1400}", "{"b" * 1400}"));\n')
        f.write("".join(f'log(info, "number {i}");\n' for i in range(70)))
        f.write('}\nif option vendor-class-identifier = "all" {\n')
        f.write("".join(f'option x{i} "{"x" * 200}";\n' for i in range(200, 220)))
        f.write('}\nif option vendor-class-identifier = "ping" { ping-check true; }\n')
        f.write("subnet 10.10.0.0 netmask 255.255.0.0 { range 10.10.16.0 10.10.47.255; }\n")
    server = start()
    if not log.says("starting service"):
        die("no start with the limits' configuration")
    many_matches(net, log)
    large_packets(net, log)
    many_pings(server, net, log)
    server.child.terminate()
    if server.child.wait(10) != 0:
        die(f"exit status {server.child.returncode}")


def start():
    return Daemon([DHCPD, "-f", "-4", "-cf", f"{DIR}/dhcpd.conf", "-lf", f"{DIR}/db/leases",
                   "-pf", f"{DIR}/pid", "s0"])


def main():
    log = Syslog()
    server = start()
    net = Network()
    friends = starvation(server, net, log)
    syslog(log)
    for scenario in full_disk, no_descriptors, no_memory:
        scenario(server, net, friends, log)
        if not server.is_alive():
            die(f"the server died: {scenario.__name__}")
    cable(server, net, log)
    address(server, net, log)
    for mac, addr in friends.items():
        if not net.confirm(mac, addr):
            die(f"{mac.hex(':')} has lost its lease")
    server.child.terminate()
    if server.child.wait(10) != 0:
        die(f"exit status {server.child.returncode}")
    ok("every lease of a known client stood all of this")
    limits(net, log)


main()
