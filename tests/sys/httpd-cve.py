# SPDX-License-Identifier: ISC
"""Published attacks on web servers; see httpd-attacks.sh.

usage: httpd-attacks.py PID DIR

Each function is one class, named in tests/cve.tsv, and dies when it works.
"""
import os
import re
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from bounds import reporter  # noqa: E402

PID, DIR = int(sys.argv[1]), sys.argv[2]
ok, die = reporter("httpd-attacks")


def connect():
    return socket.create_connection(("127.0.0.1", 8080), 10)


def talk(text, seconds=10):
    """all that comes back until the connection ends"""
    sock = connect()
    sock.settimeout(seconds)
    got = b""
    try:
        sock.sendall(text if isinstance(text, bytes) else text.encode("latin-1"))
        sock.shutdown(socket.SHUT_WR)
        while data := sock.recv(65536):
            got += data
    except OSError:
        pass
    sock.close()
    return got.decode("latin-1")


def get(target, fields="", method="GET", body=""):
    return talk(f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}\r\n{body}")


def status(answer):
    return answer[9:12]


def workers():
    with open(f"/proc/{PID}/task/{PID}/children") as f:
        return [int(word) for word in f.read().split()]


def error_page_shows_no_headers():
    answer = get("/none", "Cookie: secret=" + "s" * 9000 + "\r\n")
    if status(answer) != "400" or "ssss" in answer:
        die(f"a page of an error repeats what was sent: {answer[:200]}")


def failing_request_with_a_document_for_it():
    for text in ("GET\r\n\r\n", "G\0T / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                 "GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\r\n\r\n"):
        if status(talk(text)) != "400":
            die(f"{text!r}: {talk(text)[:60]}")


def trailers_are_no_headers():
    answer = talk("POST /cgi-bin/env HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  "X-Secret: header\r\nProxy: http://evil\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "1\r\na\r\n0\r\nX-Secret: trailer\r\nX-Trailer: trailer\r\n\r\n")
    if not answer.endswith("||\n") and "\n||\n" not in answer and "||" not in answer:
        die(f"a trailer, an unset field or Proxy reached the script: {answer}")
    if "trailer" in answer or "evil" in answer or "header" in answer:
        die(f"a trailer, an unset field or Proxy reached the script: {answer}")


def body_of_a_refused_request_is_no_request():
    inner = "GET /file?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    for target, method in (("/none", "POST"), ("/file", "PUT"), ("/dir/x.sec", "POST"),
                           ("/none", "GET")):
        answer = talk(f"{method} {target} HTTP/1.1\r\nHost: x\r\n"
                      f"Content-Length: {len(inner)}\r\n\r\n{inner}")
        if answer.count("HTTP/1.1 ") != 1:
            die(f"the body of {method} {target} was answered: {answer}")
        answer = talk(f"{method} {target} HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n"
                      f"Content-Length: {len(inner)}\r\n\r\n{inner}")
        if answer.count("HTTP/1.1 ") != 1:
            die(f"the body of a refused expectation was answered: {answer}")


def scripts_that_do_not_read():
    began = time.monotonic()
    socks = []
    for _ in range(20):
        sock = connect()
        sock.sendall(b"POST /cgi-bin/deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" +
                     b"x" * 100000)
        socks.append(sock)
    if "200 OK" not in get("/file"):
        die("others are not served while scripts do not read")
    for sock in socks:
        sock.settimeout(20)
        try:
            while sock.recv(65536):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            die("a script that does not read is waited for without end")
        sock.close()
    if time.monotonic() - began > 30:
        die("scripts that do not read are waited for too long")


def clients_that_leave_a_script():
    def descriptors():
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in workers())
    before = descriptors()
    for _ in range(40):
        sock = connect()
        sock.sendall(b"GET /cgi-bin/endless HTTP/1.1\r\nHost: x\r\n\r\n")
        sock.recv(1000)
        sock.close()
    end = time.monotonic() + 15
    while time.monotonic() < end:
        left = sum(open(f"/proc/{p}/comm").read() == "endless\n"
                   for p in os.listdir("/proc") if p.isdigit() and os.path.exists(f"/proc/{p}/comm"))
        if left == 0 and descriptors() <= before + 4:
            return
        time.sleep(0.2)
    die(f"clients have left, {left} scripts and {descriptors() - before} descriptors remain")


def options_tell_no_memory():
    for _ in range(300):
        answer = get("/opt/", method="OPTIONS")
        allow = re.search(r"^Allow: *(.*)\r$", answer, re.M)
        if allow and not re.fullmatch(r"[A-Z0-9, ]*", allow[1]):
            die(f"OPTIONS tells {allow[1]!r}")


def newline_is_no_end():
    """$ is the end of the name, not before a newline at its end"""
    if status(get("/dir/x.sec")) != "403":
        die("x.sec is not protected")
    if status(get("/dir/x.sec%0a")) == "403":
        die("a file whose name ends in a newline passes for another")
    answer = get("/old/%0d%0aX:%20evil%0a")
    if re.search(r"^X: evil", answer, re.M) or "\nX:" in answer.split("\r\n\r\n")[0].replace("\r\n", ""):
        die(f"a redirect is split: {answer}")
    location = re.search(r"^Location: (.*)\r$", answer, re.M)
    if location and not location[1].startswith("http://safe.example/"):
        die(f"a newline leads elsewhere: {location[1]}")


def alias_without_a_slash():
    for target in ("/picssecret", "/pics../imgsecret/secret", "/pics%2e%2e/imgsecret/secret",
                   "/pics/../imgsecret/secret", "/pics/..%2fimgsecret/secret"):
        if "secret\n" in get(target):
            die(f"{target} leads out of its alias")
    if "picture" not in get("/pics/a.png"):
        die("the alias itself does not work")


def paths_out_of_the_tree():
    for dots in ("..", ".%2e", "%2e%2e", "%%32%65%%32%65", ".%%32%65", "%252e%252e", "..%2f..",
                 "..%5c", "%c0%ae%c0%ae", "..%00"):
        for start in ("/", "/cgi-bin/", "/pics/", "/img/"):
            answer = get(start + "/".join([dots] * 8) + "/etc/passwd")
            if "root:" in answer:
                die(f"{start}{dots} leads to /etc/passwd")


def blanks_and_nul_in_the_target():
    for target in ("/dir/x.sec \0.png", "/dir/x.sec%20\0.png", "/dir /../x.sec", "/file \0"):
        if status(get(target)) != "400":
            die(f"{target!r}: {status(get(target))}")


def host_names_are_no_paths():
    for host in ("../../etc", "[../]", "a/../..", "..", "x%2f..", "[::1]/../.."):
        answer = talk(f"GET /passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        if "root:" in answer:
            die(f"Host: {host} is a path")


def cookies_without_names():
    for cookie in ("=", "=x", ";", "x", "x=", ";;=;x", "x=1", "$Version=1; =2; x=3", "x" * 2000,
                   "\t=\t", "x = 1"):
        if status(get("/file", f"Cookie: {cookie}\r\nCookie:\r\n")) != "200":
            die(f"Cookie: {cookie}")


def odd_lists():
    began = time.monotonic()
    for value in ("TE,,Keep-Alive", ",,,,", ", ,", "close,,", '"', 'a"b, close', "," * 7000):
        for name in ("Connection", "Range", "If-None-Match", "Accept-Encoding", "Expect", "TE",
                     "If-Match", "Upgrade"):
            answer = get("/file", f"{name}: {value}\r\n")
            if not answer.startswith("HTTP/1.1 "):
                die(f"{name}: {value[:40]}: {answer[:40]!r}")
    if time.monotonic() - began > 20:
        die("odd lists take too long")


def credentials_of_any_bytes():
    for token in ("", "=", "====", "\xff\xfe\xfd", "/" * 3000, "YQ", "Y" * 8001, "!!!!", "\x80" * 400,
                  "dXNlcg=="):
        answer = get("/file", f"Authorization: Basic {token}\r\n")
        if status(answer) not in ("200", "400"):
            die(f"Authorization: Basic {token[:20]!r}: {answer[:60]}")
    time.sleep(0.3)
    with open(f"{DIR}/logs/access", "rb") as f:
        for line in f:
            if not re.fullmatch(rb'[\x20-\x7e]*\n', line):
                die(f"a line of the log has other bytes: {line!r}")


def scripts_cannot_split_answers():
    head = get("/cgi-bin/split").split("\r\n\r\n")[0]
    if "\rSet-Cookie" in head or "\nSet-Cookie" in head:
        die(f"a script splits the head: {head!r}")


def ranges_that_add_up():
    for ranges in ("0-," + ",".join(f"5-{i}" for i in range(1300)),
                   "-9223372036854775608,-9223372036854775808", "-18446744073709551615,0-",
                   "0-18446744073709551615", "9223372036854775807-9223372036854775806"):
        answer = get("/file", f"Range: bytes={ranges}\r\n")
        body = answer.partition("\r\n\r\n")[2]
        if status(answer) not in ("200", "206", "416", "400") or len(body) > 5000:
            die(f"Range: bytes={ranges[:50]}: {status(answer)}, {len(body)} octets")


def scoreboard_is_not_trusted():
    """what a worker can write must neither harm the master nor the page"""
    for pid in workers():
        shared = 0
        for line in open(f"/proc/{pid}/maps"):
            words = line.split()
            if words[1] != "rw-s":
                continue
            first, last = (int(x, 16) for x in words[0].split("-"))
            with open(f"/proc/{pid}/mem", "r+b", buffering=0) as mem:
                mem.seek(first)
                mem.write(os.urandom(last - first))
            shared += 1
        if shared == 0:
            die("there is no shared memory to write to")
    for _ in range(20):
        if status(get("/status")) != "200" or status(get("/status?auto")) != "200":
            die("the status page does not stand a broken scoreboard")
    if not os.path.exists(f"/proc/{PID}") or "200 OK" not in get("/file"):
        die("the server does not stand a broken scoreboard")


def main():
    done = []
    for attack in (error_page_shows_no_headers, failing_request_with_a_document_for_it,
                   trailers_are_no_headers, body_of_a_refused_request_is_no_request,
                   scripts_that_do_not_read, clients_that_leave_a_script, options_tell_no_memory,
                   newline_is_no_end, alias_without_a_slash, paths_out_of_the_tree,
                   blanks_and_nul_in_the_target, host_names_are_no_paths, cookies_without_names,
                   odd_lists, credentials_of_any_bytes, scripts_cannot_split_answers,
                   ranges_that_add_up, scoreboard_is_not_trusted):
        attack()
        done.append(attack.__name__)
        if "200 OK" not in get("/file"):
            die(f"not served after {attack.__name__}")
    ok(f"{len(done)} classes of published attacks")


main()
