"""The other side of test_http_curl.c: servers that keep the rules and servers that break them.

Usage: http_curl_server.py FOLDER [proxies] [http2] [keys]. Makes a throw-away PKI there, starts the gateway simulator and a listener for
each kind of misbehaviour, writes FOLDER/ports ("name=port" lines) in one step, and ends when its standard input
does, so that nothing is left over when the test dies.
"""

from __future__ import annotations

import email.utils
import gzip
import itertools
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
import http_curl_more  # noqa: E402

TESTS = Path(__file__).resolve().parent.parent
FOLDER, MORE = Path(sys.argv[1]), sys.argv[2:]
PKI = FOLDER / "pki"
DATE = 1_780_358_400  # 2026-06-02 00:00:00 UTC
OPEN_PORTS: dict[str, int] = {}
KEPT: list[socket.socket] = []
seen_drops = itertools.count(1)
drops = 0


def run(*command: object) -> bytes:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


def make_card() -> None:
    """A stand-in for the card: a key and a certificate that the simulator takes for a card's."""
    (FOLDER / "card.ext").write_text("keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n")
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", FOLDER / "card-ca.key", "-out",
        FOLDER / "card-ca.pem", "-days", "30", "-subj", "/C=JP/O=JPKI/OU=JPKI for user authentication/OU=Sample")
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", FOLDER / "card.key", "-out", FOLDER / "card.csr",
        "-subj", "/C=JP/CN=999999SAMPLE0000000001A")
    run("openssl", "x509", "-req", "-in", FOLDER / "card.csr", "-CA", FOLDER / "card-ca.pem", "-CAkey",
        FOLDER / "card-ca.key", "-set_serial", "1", "-days", "20", "-extfile", FOLDER / "card.ext", "-outform", "DER",
        "-out", FOLDER / "card.der")
    run("openssl", "rsa", "-aes128", "-in", PKI / "device.key", "-passout", "pass:mihon", "-out",
        PKI / "device-locked.key")


def sign(message: bytes) -> bytes:
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(FOLDER / "card.key")], input=message, check=True,
                          capture_output=True)
    return done.stdout


def context(name: str, minimum: ssl.TLSVersion, maximum: ssl.TLSVersion, device: bool) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(PKI / f"{name}.pem", PKI / f"{name}.key")
    if maximum < ssl.TLSVersion.TLSv1_2:
        made.set_ciphers("ALL:@SECLEVEL=0")
    made.minimum_version, made.maximum_version = minimum, maximum
    if device:
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(PKI / "device-ca.pem")
    return made


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n"


def whole(body: bytes, *lines: str) -> bytes:
    return head("HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *lines) + body


def endless(connection: ssl.SSLSocket, first: bytes, again: bytes) -> None:
    connection.sendall(first)
    while True:
        connection.sendall(again)


XML = "Content-Type: application/xml"


def bomb(connection: ssl.SSLSocket, *lines: str) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    connection.sendall(head("HTTP/1.1 200 OK", "Content-Encoding: gzip", "Connection: close", *lines))
    for _ in range(256):
        connection.sendall(packer.compress(zeros))
    connection.sendall(packer.flush())


def drip(connection: ssl.SSLSocket) -> None:
    connection.sendall(head("HTTP/1.1 200 OK", "Content-Length: 1000"))
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


CLOSES = {
    "/truncated": head("HTTP/1.1 200 OK", "Content-Length: 1000") + b"too short",
    "/truncated-chunk": head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + b"64\r\ntoo short",
    "/truncated-head": b"HTTP/1.1 200 OK\r\nContent-Len",
    "/bad-gzip": whole(b"this is not gzip", "Content-Encoding: gzip"),
    "/truncated-xml": head("HTTP/1.1 200 OK", "Content-Length: 1000", XML) + b"too short",
    "/truncated-chunk-xml": head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", XML) + b"64\r\ntoo short",
    "/bad-gzip-xml": whole(b"this is not gzip", "Content-Encoding: gzip", XML),
    "/close-silently": whole(b"<ok/>"),
    "/garbage": b"this is not HTTP\r\n\r\n",
    "/nothing": b"",
}
STAYS = {
    "/ok": whole(b"<ok/>", "CONTENT-TYPE:  Application/XML ; charset=utf-8", "Retry-After: 7",
                 f"Date: {email.utils.formatdate(DATE, usegmt=True)}"),
    "/plain": whole(b""),
    "/retry-date": whole(b"", f"Date: {email.utils.formatdate(DATE, usegmt=True)}",
                         f"Retry-After: {email.utils.formatdate(DATE + 90, usegmt=True)}"),
    "/202-xml": head("HTTP/1.1 202 Accepted", "Content-Length: 5", XML) + b"<ok/>",
    "/404-xml": head("HTTP/1.1 404 Not Found", "Content-Length: 5", XML) + b"<ok/>",
    "/typed-late": head("HTTP/1.1 103 Early Hints", XML) + whole(b"<ok/>", "Content-Type: text/html"),
    "/redirect": head("HTTP/1.1 302 Found", "Location: /ok", "Content-Length: 0"),
    "/1000": whole(b"x" * 1000),
    "/1001": whole(b"x" * 1001),
    "/64-headers": whole(b"", *[f"X-{i}: y" for i in range(63)]),
    "/65-headers": whole(b"", *[f"X-{i}: y" for i in range(64)]),
    "/17-kib-head": whole(b"", *[f"X-{i}: {'y' * 1024}" for i in range(17)]),
    "/interim": head("HTTP/1.1 103 Early Hints", "Content-Type: text/early", "Retry-After: 3") + whole(b"<ok/>"),
    "/trailer": head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: Retry-After") +
                b"2\r\nok\r\n0\r\nRetry-After: 9\r\nContent-Type: text/late\r\n\r\n",
    "/gzip": whole(gzip.compress(b"<packed/>"), "Content-Encoding: gzip", "Content-Type: application/xml"),
}


def serve_one(connection: ssl.SSLSocket, path: str, request: bytes, body: bytes) -> bool:
    """Answers one request; false when the connection shall end."""
    global drops
    if path in STAYS:
        connection.sendall(STAYS[path])
    elif path in CLOSES:
        connection.sendall(CLOSES[path])
        return False
    elif path == "/drop":
        drops = next(seen_drops)
        return False
    elif path == "/drops":
        connection.sendall(whole(str(drops).encode()))
    elif path == "/echo":
        connection.sendall(whole(request + body))
    elif path == "/sign":
        connection.sendall(whole(sign(body)))
    elif path == "/hang":
        connection.recv(1)
        return False
    elif path == "/bomb":
        bomb(connection)
        return False
    elif path == "/bomb-xml":
        bomb(connection, XML)
        return False
    elif path == "/endless-xml":
        endless(connection, head("HTTP/1.1 200 OK", "Connection: close", XML), b"<x/>" * 4096)
    elif path == "/session-close":
        connection.sendall(whole(b"resumed" if connection.session_reused else b"full", "Connection: close"))
        connection.unwrap()
        return False
    elif path == "/drip":
        drip(connection)
    elif path == "/endless-body":
        endless(connection, head("HTTP/1.1 200 OK", "Connection: close"), b"x" * 16384)
    elif path == "/endless-headers":
        endless(connection, b"HTTP/1.1 200 OK\r\n", b"X-More: y\r\n")
    elif path == "/endless-line":
        endless(connection, b"HTTP/1.1 200 OK\r\nX-More: ", b"y" * 4096)
    elif path == "/endless-interim":
        endless(connection, b"", head("HTTP/1.1 100 Continue", "X-More: y"))
    return True


def let_alert_arrive(connection: ssl.SSLSocket) -> None:
    """Closing over unread bytes would reset the alert away."""
    raw = socket.socket(fileno=connection.detach())
    try:
        raw.settimeout(60)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass
    except OSError:
        pass
    raw.close()


def serve(raw: socket.socket, tls: ssl.SSLContext | None) -> None:
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = raw
    if tls is not None:
        connection = tls.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
        try:
            connection.do_handshake()
        except OSError:
            let_alert_arrive(connection)
            return
    waiting = b""
    try:
        while True:
            while b"\r\n\r\n" not in waiting:
                more = connection.recv(65536)
                if not more:
                    return
                waiting += more
            request, _, waiting = waiting.partition(b"\r\n\r\n")
            size = next((int(line.split(b":")[1]) for line in request.split(b"\r\n")
                         if line.lower().startswith(b"content-length:")), 0)
            while len(waiting) < size:
                waiting += connection.recv(65536)
            body, waiting = waiting[:size], waiting[size:]
            if not serve_one(connection, request.split()[1].decode(), request + b"\r\n\r\n", body):
                return
    except OSError:
        pass
    finally:
        connection.close()


def listen(name: str) -> socket.socket:
    made = socket.create_server(("127.0.0.1", 0), backlog=16)
    OPEN_PORTS[name] = made.getsockname()[1]
    KEPT.append(made)
    return made


def twin(listener: socket.socket) -> list[socket.socket]:
    """The same port of IPv6: where the hosts file gives localhost both addresses, a proxy may take that one alone."""
    try:
        return [socket.create_server(("::1", listener.getsockname()[1]), family=socket.AF_INET6, backlog=16)]
    except OSError:
        return []


def accept(listener: socket.socket, work: object, *extra: object) -> None:
    def forever(one: socket.socket) -> None:
        while True:
            raw, _ = one.accept()
            threading.Thread(target=work, args=(raw, *extra), daemon=True).start()
    for one in (listener, *twin(listener)):
        threading.Thread(target=forever, args=(one,), daemon=True).start()


def clear_text(raw: socket.socket) -> None:
    raw.recv(65536)
    raw.sendall(whole(b"<ok/>"))
    raw.close()


def reset(raw: socket.socket) -> None:
    raw.close()


def start_gateway() -> subprocess.Popen[bytes]:
    port_file = FOLDER / "gateway-port"
    control = FOLDER / "control"
    control.write_text("")
    process = subprocess.Popen(
        [sys.executable, str(TESTS / "gateway" / "gateway.py"), "--port", "0", "--port-file", str(port_file), "--pki",
         str(PKI), "--card-ca", str(FOLDER / "card-ca.pem"), "--control", str(control), "--log",
         str(FOLDER / "gateway.log"), "--bulk-pending", "1"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while not port_file.exists():
        if process.poll() is not None:
            raise SystemExit("the gateway simulator did not start")
        time.sleep(0.02)
    OPEN_PORTS["gateway"] = int(port_file.read_text())
    return process


def start_listeners() -> None:
    new, twelve, eleven = ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_1
    for name, certificate, low, high, device in (
            ("raw", "server", twelve, new, False), ("rogue", "rogue-server", twelve, new, False),
            ("expired", "expired-server", twelve, new, False), ("early", "early-server", twelve, new, False),
            ("no-end", "no-end", twelve, new, False), ("no-begin", "no-begin", twelve, new, False),
            ("wrong-host", "wrong-host-server", twelve, new, False),
            ("tls12", "server", twelve, twelve, False), ("mutual12", "server", twelve, twelve, True),
            ("mutual13", "server", new, new, True), ("tls11", "server", ssl.TLSVersion.TLSv1, eleven, False)):
        accept(listen(name), serve, context(certificate, low, high, device))
    accept(listen("clear-text"), clear_text)
    accept(listen("plain"), serve, None)
    accept(listen("reset"), reset)
    listen("silent")
    taken = socket.socket()  # bound and not listening: nobody else can listen there
    taken.bind(("127.0.0.1", 0))
    OPEN_PORTS["refused"] = taken.getsockname()[1]
    KEPT.append(taken)


def main() -> None:
    warnings.simplefilter("ignore", DeprecationWarning)  # that TLS 1.1 is old is the point
    run("sh", TESTS / "pki" / "make-pki.sh", PKI)
    odd = ("/usr/bin/python3", TESTS / "pki" / "odd_dates.py", PKI, "expired-server")
    run(*odd, "no-end", "200201000000Z", "20-201x000000")
    run(*odd, "no-begin", "200101000000Z", "201301000000Z")
    make_card()
    start_listeners()
    running = [start_gateway()]
    try:
        if "proxies" in MORE:
            running += http_curl_more.start_proxies(FOLDER, OPEN_PORTS)
        if "http2" in MORE:
            running += http_curl_more.start_http2(FOLDER, PKI, OPEN_PORTS)
        if "keys" in MORE:
            http_curl_more.make_keys(PKI)
        lines = "".join(f"{name}={port}\n" for name, port in OPEN_PORTS.items())
        (FOLDER / "ports.new").write_text(lines)
        (FOLDER / "ports.new").replace(FOLDER / "ports")
        sys.stdin.buffer.read()
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


main()
