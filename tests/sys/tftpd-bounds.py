# SPDX-License-Identifier: ISC
"""in.tftpd beyond its limits; see tftpd-bounds.sh, which makes the network.

usage: tftpd-bounds.py TFTPD DIR FLOOD

Runs in the server's namespace; clients live at the other end of the cable.
"""
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import Daemon, Syslog, checksum, fill_disk, in_client, ip, reporter  # noqa: E402

TFTPD, DIR, FLOOD = sys.argv[1], sys.argv[2], int(sys.argv[3])
MIB = 1 << 20
RRQ, WRQ, DATA, ACKNOWLEDGE, ERROR, OACK = 1, 2, 3, 4, 5, 6
# Answers to requests that stay unanswered: one each, and what the newest ones
# are sent again (srv.h, SRV_UNHEARD_REPEATS).
UNANSWERED = 256
ok, die = reporter("tftpd-bounds")


def client_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("10.10.0.2", 0))
    sock.settimeout(0.5)
    return sock


def wire_socket():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("c0", 0))
    return sock


def request(op, name, *options):
    words = [name, "octet", *options]
    return struct.pack("!H", op) + b"".join(w.encode() + b"\0" for w in words)


def download(name="file", server="10.10.0.1", seconds=5):
    """a whole file block by block; asks again as a client does"""
    sock = in_client(client_socket)
    end = time.monotonic() + seconds
    got, to, wanted = b"", (server, 69), 1
    last = request(RRQ, name, "blksize", "1400")
    while time.monotonic() < end:
        try:
            sock.sendto(last, to)
            data, to = sock.recvfrom(2048)
        except (TimeoutError, OSError):
            continue
        op, number = struct.unpack("!HH", data[:4])
        if op == ERROR:
            time.sleep(0.1)
            to = (server, 69)
            continue
        if op == OACK:
            last = struct.pack("!HH", ACKNOWLEDGE, 0)
        elif op == DATA and number == wanted:
            got += data[4:]
            last = struct.pack("!HH", ACKNOWLEDGE, number)
            wanted += 1
            if len(data) < 1404:
                sock.sendto(last, to)
                return got
    return None


def upload(name, content, server="10.10.0.1"):
    """None when all is acknowledged, or the text of the error"""
    sock = in_client(client_socket)
    blocks = [content[i:i + 512] for i in range(0, len(content) + 1, 512)]
    last, to = request(WRQ, name), (server, 69)
    for number, block in enumerate(blocks + [b""]):
        for _ in range(6):
            sock.sendto(last, to)
            try:
                data, to = sock.recvfrom(2048)
            except TimeoutError:
                continue
            op, acked = struct.unpack("!HH", data[:4])
            if op == ERROR:
                return data[4:].rstrip(b"\0").decode()
            if acked == number:
                break
        else:
            return "no answer"
        last = struct.pack("!HH", DATA, number + 1) + block
    return None


def is_served(content, seconds=5):
    return download(seconds=seconds) == content


def link():
    """the server's end of the cable, as ip tells it"""
    text = subprocess.run(["ip", "-s", "-j", "link", "show", "s0"], check=True,
                          capture_output=True).stdout
    return json.loads(text)[0]


class Sent:
    """packets and octets on the wire, without those of real clients"""
    def __init__(self):
        self.packets = self.octets = self.received = self.asked = 0
        self.add(-1)

    def add(self, sign):
        stats = link()["stats64"]
        self.packets += sign * stats["tx"]["packets"]
        self.octets += sign * stats["tx"]["bytes"]
        self.received += sign * stats["rx"]["packets"]
        self.asked += sign * stats["rx"]["bytes"]


def frames(count):
    """requests from count machines that do not exist"""
    plain = request(RRQ, "file")
    sized = request(RRQ, "file", "blksize", "1400", "tsize", "0")
    server = bytes.fromhex(link()["address"].replace(":", ""))
    for i in range(count):
        payload = sized if i & 1 else plain
        addr = struct.pack("!I", 0xac100000 | (i * 2654435761 >> 8 & 0xfffff))
        udp = struct.pack("!HHHH", 1024 + i % 60000, 69, 8 + len(payload), 0) + payload
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                           addr, b"\x0a\x0a\x00\x01")
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        yield server + b"\x00\x50\x56\x3b\xf6\x2b\x08\x00" + head + udp


def forged(server, content):
    wire = in_client(wire_socket)
    before = server.memory()
    sent, served, began = Sent(), 0, time.monotonic()
    for i, frame in enumerate(frames(FLOOD)):
        wire.send(frame)
        if i % 100 == 0:
            time.sleep(0.001)
        if i % 20000 == 10000:
            sent.add(1)
            if not is_served(content, 10):
                die(f"after {i} forged requests a real client gets no file")
            served += 1
            sent.add(-1)
    took = time.monotonic() - began
    peak = server.memory()
    # What would ever be sent again has begun to be by then.
    time.sleep(4)
    sent.add(1)
    if sent.received < FLOOD:
        die(f"only {sent.received} of {FLOOD} requests came over the wire")
    if sent.packets > FLOOD + 5 * UNANSWERED:
        die(f"{FLOOD} forged requests were answered by {sent.packets} packets")
    if peak > before + 24 * MIB:
        die(f"memory: {before} before, {peak} afterwards")
    if not is_served(content):
        die("no file after the flood")
    ok(f"{FLOOD} forged requests in {took:.1f} s: {sent.packets} packets of "
       f"{sent.octets // max(1, sent.packets)} octets in answer, {sent.octets / sent.asked:.1f} "
       f"octets per octet asked, {served} real clients served "
       f"meanwhile; memory {before >> 10} KiB before, {peak >> 10} after")


def second_flood(server):
    """what the first flood took is used again"""
    wire = in_client(wire_socket)
    before = server.memory()
    for i, frame in enumerate(frames(20000)):
        wire.send(frame)
        if i % 100 == 0:
            time.sleep(0.001)
    if server.memory() > before + MIB:
        die(f"memory grows from flood to flood: {before}, {server.memory()}")
    ok("a second flood takes no more memory than the first")


def syslog(log, content):
    lines = log.read(10, "lines lost")
    if not lines or "lines lost" not in lines[-1]:
        die(f"{len(lines)} lines of log, none says how many were lost")
    ok(f"a syslog that nobody read stopped nothing, and then said: {lines[-1].split(': ', 1)[1]}")


def full_disk(server, content):
    with fill_disk(f"{DIR}/top/filler"):
        why = upload("up/new", bytes(100000))
        if why is None or "full" not in why and "space" not in why.lower():
            die(f"an upload to a full disk: {why}")
        if not is_served(content):
            die("no download while the disk is full")
    if [f for f in os.listdir(f"{DIR}/top/up")]:
        die("pieces of an upload are left: %s" % os.listdir(f"{DIR}/top/up"))
    why = upload("up/new", content[:100000])
    if why or open(f"{DIR}/top/up/new", "rb").read() != content[:100000]:
        die(f"an upload after there is room again: {why}")
    ok("full disk: an upload is told so and leaves nothing, downloads go on; room again: stored")


def no_descriptors(server, content):
    server.limit(resource.RLIMIT_NOFILE, 5)
    os.utime(f"{DIR}/top/file")
    before = server.cpu_s()
    download(seconds=2)
    if server.cpu_s() - before > 1:
        die("the server spins without descriptors")
    server.limit(resource.RLIMIT_NOFILE, 1024)
    if not is_served(content):
        die("no file after there are descriptors again")
    ok("no descriptors: no spinning; served as soon as there are some")


def no_memory(server, content):
    pages = int(open(f"/proc/{server.pid}/statm").read().split()[0])
    server.limit(resource.RLIMIT_AS, pages * 4096)
    os.utime(f"{DIR}/top/file")
    if not is_served(content):
        die("no file without memory")
    server.limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    if not is_served(content):
        die("no file after there is memory again")
    ok("no memory: served all the same")


def odd_requests(server, content):
    """options and packets as attacks had them; answers hold what was asked"""
    sock = in_client(client_socket)
    sock.settimeout(0.05)
    many = [word for i in range(60) for word in (f"o{i}", "1")]
    every = ["blksize", "65464", "tsize", "0", "timeout", "255", "utimeout", "255000000",
             "rollover", "65535", "windowsize", "65535", "multicast", "", "blksize2", "32768"]
    for options in (["utimeout", "9" * 400], ["utimeout", "99999999999999999999"],
                    ["utimeout", "-1"], ["utimeout", ""], ["timeout", "0x7f"], many, every,
                    every * 4, ["blksize", "8"], ["blksize", "0"], ["blksize", "9" * 300],
                    ["multicast", ""], ["multicast", "1.2.3.4,5,1"], ["tsize", "-1"],
                    ["x" * 450, "y"], ["blksize"], ["tsize", "0"] * 40):
        for _ in range(3):
            sock.sendto(request(RRQ, "file", *options), ("10.10.0.1", 69))
            try:
                data, sender = sock.recvfrom(70000)
            except TimeoutError:
                continue
            op = data[1]
            if op == OACK:
                words = data[2:].rstrip(b"\0").split(b"\0")
                if len(data) > 160 or not {w.decode() for w in words[::2]} <= set(options):
                    die(f"{options[:4]}: an OACK of {data[:200]}")
            elif op == DATA and content[:512] != data[4:]:
                die(f"{options[:4]}: DATA that is not the file")
            elif op == ERROR and len(data) > 4 + 512:
                die(f"{options[:4]}: an ERROR of {len(data)} octets")
            for odd in (b"", b"\0", b"\0\4", b"\0\4\0", b"\0\5", b"\0\5\0\0", b"\0\5\0\0" + b"A" * 500,
                        b"\0\3\0\1" + b"B" * 512, b"\0\6" + b"C" * 300, b"\xff" * 100,
                        b"\0\4\xff\xff", b"\0\7\0\0"):
                sock.sendto(odd, sender)
        if not server.is_alive():
            die(f"options {options[:4]} end the server")
    for raw in (b"", b"\0\1", b"\0\1\0\0", b"\0\1file", b"\0\1file\0octet", b"\0\1\0octet\0",
                b"\0\1" + b"A" * 510, b"\0\1" + b"A" * 9000 + b"\0octet\0", b"\0\2\0\0",
                b"\0\1%n%s%x\0octet\0", b"\0\1file\0mail\0", b"\0\5\0\1" + b"D" * 600,
                b"\0\1file\0" + b"m" * 600 + b"\0", b"\0\0", b"\1\0file\0octet\0"):
        sock.sendto(raw, ("10.10.0.1", 69))
        try:
            data = sock.recv(70000)
        except TimeoutError:
            continue
        if data[1] not in (DATA, ERROR) or len(data) > 4 + 512:
            die(f"{raw[:30]}: {data[:60]}")
    if not is_served(content) or not server.is_alive():
        die("not served after odd requests")
    ok("options, requests and packets of published attacks")


def limits(server):
    """uploads at a time, ports that are shared, the longest name"""
    socks = [in_client(client_socket) for _ in range(258)]
    for i, sock in enumerate(socks[:257]):
        sock.sendto(request(WRQ, f"up/many{i}"), ("10.10.0.1", 69))
    answers = 0
    for sock in socks[:257]:
        try:
            answers += sock.recv(600)[:4] == b"\0\4\0\0"
        except TimeoutError:
            pass
    # The last upload may still hold a place, in case its last ACK is lost.
    if not 255 <= answers <= 256:
        die(f"{answers} of 257 uploads were taken")
    ports = 0
    for fd in os.listdir(f"/proc/{server.pid}/fd"):
        ports += os.readlink(f"/proc/{server.pid}/fd/{fd}").startswith("socket:")
    if ports > 64 + 4:
        die(f"{ports} sockets for {answers} transfers")
    for length, text in ((4095, "File not found"), (4096, "File name too long")):
        socks[257].sendto(request(RRQ, "/".join(["n" * 255] * 17)[:length]), ("10.10.0.1", 69))
        data = socks[257].recv(600)
        if text.encode() not in data:
            die(f"a name of {length} octets: {data}")
    ok(f"{answers} more uploads at a time on {ports} sockets, names of up to 4095 octets")


def cable(server, content):
    ip("link", "set", "s0", "down")
    time.sleep(1)
    ip("link", "set", "s0", "up")
    ip("route", "replace", "172.16.0.0/12", "via", "10.10.0.2")
    if not is_served(content, 10):
        die("no file after the interface came back")
    ip("addr", "del", "10.10.0.1/16", "dev", "s0")
    ip("addr", "add", "10.10.0.9/16", "dev", "s0")
    if download(server="10.10.0.9", seconds=10) != content:
        die("no file from the new address")
    ip("addr", "del", "10.10.0.9/16", "dev", "s0")
    ip("addr", "add", "10.10.0.1/16", "dev", "s0")
    ip("route", "replace", "172.16.0.0/12", "via", "10.10.0.2")
    ok("interface down and up, another address: served")


def main():
    log = Syslog()
    content = open(f"{DIR}/top/file", "rb").read()
    server = Daemon([TFTPD, "-L", "-c", "-vv", "-s", "-u", "root", f"{DIR}/top"])
    if not is_served(content):
        die("not served: " + "".join(log.read(0.2)))
    forged(server, content)
    second_flood(server)
    syslog(log, content)
    for scenario in full_disk, no_descriptors, no_memory, cable:
        scenario(server, content)
        if not server.is_alive():
            die(f"the server died: {scenario.__name__}")
    limits(server)
    odd_requests(server, content)
    server.child.terminate()
    if server.child.wait(10) != 0:
        die(f"exit status {server.child.returncode}")


main()
