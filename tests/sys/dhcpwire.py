# SPDX-License-Identifier: ISC
"""DHCP as a relay at 10.10.0.2 speaks it to a server at 10.10.0.1."""
import re
import socket
import struct
import subprocess
import sys
import time

SERVER = ("10.10.0.1", 67)
RELAY = ("10.10.0.2", 67)
COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6


def packet(kind, mac, xid, wanted=None, server=None):
    head = struct.pack("!BBBBIHH", 1, 1, 6, 1, xid, 0, 0)
    head += bytes(12) + socket.inet_aton(RELAY[0]) + mac + bytes(10 + 64 + 128) + COOKIE
    options = bytes([53, 1, kind])
    if wanted:
        options += b"\x32\x04" + wanted
    if server:
        options += b"\x36\x04" + server
    return (head + options + b"\xff").ljust(300, b"\0")


def parse(data):
    """the options of a reply by code"""
    options, at = {}, 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        size = data[at + 1]
        options[data[at]] = data[at + 2:at + 2 + size]
        at += 2 + size
    return options


def open_relay():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.bind(RELAY)
    return sock


def read_leases(path):
    """address -> MAC of what the file says is active"""
    active = {}
    text = open(path, encoding="latin-1").read()
    for addr, body in re.findall(r"^lease (\S+) \{\n(.*?)^\}", text, re.M | re.S):
        mac = re.search(r"hardware ethernet (\S+);", body)
        if "\n  binding state active;" in "\n" + body and mac:
            active[socket.inet_aton(addr)] = bytes.fromhex(mac[1].replace(":", ""))
        else:
            active.pop(socket.inet_aton(addr), None)
    return active


def compare(held, path, when):
    """End unless each lease of held (address -> MAC) is on file."""
    on_file = read_leases(path)
    for addr, mac in held.items():
        if on_file.get(addr) != mac:
            sys.exit(f"{when}: {socket.inet_ntoa(addr)} was acknowledged to {mac.hex(':')}, "
                     f"the file says {on_file.get(addr, b'').hex(':')}")


def start(dhcpd, where, pid):
    """A server in the namespaces of pid, once it serves; it logs to where/log."""
    log = open(f"{where}/log", "w+")
    child = subprocess.Popen(
        ["nsenter", f"--net=/proc/{pid}/ns/net", dhcpd, "-f", "-d", "-4", "-cf",
         f"{where}/dhcpd.conf", "-lf", f"{where}/leases", "--no-pid", "s0"],
        stdin=subprocess.DEVNULL, stderr=log)
    for _ in range(500):
        if "Server starting service" in open(f"{where}/log").read():
            return child
        if child.poll() is not None:
            break
        time.sleep(0.01)
    sys.exit("dhcpd does not start:\n" + open(f"{where}/log").read())
