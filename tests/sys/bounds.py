# SPDX-License-Identifier: ISC
"""What the tests of bounds share: a daemon under limits, a syslog that is read
only when asked, the clients' end of the cable."""
import contextlib
import ctypes
import os
import resource
import socket
import struct
import subprocess
import sys
import time


def reporter(name):
    """functions that say a success, and a failure, after which all ends"""
    def good(text):
        print(f"ok   {name}: {text}", flush=True)

    def bad(text):
        print(f"{name}: {text}")
        sys.exit(1)
    return good, bad


def in_client(make):
    """what make() gives, made in the clients' network namespace"""
    libc = ctypes.CDLL(None, use_errno=True)
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/client", os.O_RDONLY)
    if libc.setns(there, 0):
        raise OSError(ctypes.get_errno(), "setns")
    made = make()
    if libc.setns(here, 0):
        raise OSError(ctypes.get_errno(), "setns")
    os.close(here)
    os.close(there)
    return made


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def ip(*words):
    subprocess.run(["ip", *words], check=True)


@contextlib.contextmanager
def fill_disk(path):
    """no room where path is, until the end of the block"""
    filler = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(filler, bytes(4096))
    except OSError:
        os.close(filler)
    yield
    os.unlink(path)


class Daemon:
    def __init__(self, words):
        self.child = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
        self.pid = self.child.pid

    def memory(self):
        for line in open(f"/proc/{self.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024

    def limit(self, what, value):
        hard = resource.prlimit(self.pid, what)[1]
        resource.prlimit(self.pid, what, (value, hard))

    def cpu_s(self):
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def is_alive(self):
        return self.child.poll() is None


class Syslog:
    """/dev/log, read only when asked"""
    def __init__(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind("/dev/log")
        self.sock.setblocking(False)

    def read(self, seconds, wanted=None):
        """lines that come within some time, up to one with wanted in it"""
        lines = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                lines.append(self.sock.recv(4096).decode("latin-1"))
            except BlockingIOError:
                time.sleep(0.01)
                continue
            if wanted and wanted in lines[-1]:
                break
        return lines

    def says(self, wanted, seconds=5):
        return any(wanted in line for line in self.read(seconds, wanted))
