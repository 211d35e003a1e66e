"""Real programs around the servers of http_curl_server.py: proxies, and an HTTP/2 front of the simulator.

tinyproxy speaks HTTP with a user, microsocks SOCKS5 with a user, danted SOCKS4 and SOCKS5 without one; nghttpx takes
HTTP/2 with mutual TLS and hands the requests on to the simulator. All listen on 127.0.0.1 only.
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

USER, WORD = "mihondesk", "mihonword1"  # tinyproxy takes letters and digits only
SOCKS_WORD = "mihon %41:@/word"
PROGRAMS = {"tinyproxy": "tinyproxy", "microsocks": "microsocks", "danted": "dante-server", "nghttpx": "nghttp2-proxy"}


def _free_port() -> int:
    """One that is free and that the system gives to nobody who asks for any."""
    least = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(max(2048, least - 12000), max(least, 14000))
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            pass


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if found is None:
        raise SystemExit(f"{name} is missing: install {PROGRAMS[name]}")
    return found


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > limit:
                raise SystemExit(f"{process.args[0]} did not start") from None
            time.sleep(0.02)


def _start(port: int, log: Path, *command: object) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    _wait_for(port, process)
    return process


def _tinyproxy(folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    port = _free_port()
    settings = folder / "tinyproxy.conf"
    settings.write_text(f"Port {port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\nAllow 127.0.0.1\n"
                        f"BasicAuth {USER} {WORD}\nLogLevel Connect\n")
    return port, _start(port, folder / "tinyproxy.log", _program("tinyproxy"), "-d", "-c", settings)


def _microsocks(folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    port = _free_port()
    return port, _start(port, folder / "microsocks.log", _program("microsocks"), "-i", "127.0.0.1", "-p", port,
                        "-u", USER, "-P", SOCKS_WORD)


def _danted(folder: Path) -> tuple[int, subprocess.Popen[bytes]]:
    port = _free_port()
    settings = folder / "danted.conf"
    settings.write_text(f"logoutput: stderr\ninternal: 127.0.0.1 port = {port}\nexternal: 127.0.0.1\n"
                        "clientmethod: none\nsocksmethod: none\n"
                        "client pass { from: 127.0.0.1/32 to: 0.0.0.0/0 }\n"
                        "socks pass { from: 127.0.0.1/32 to: 0.0.0.0/0 }\n")
    return port, _start(port, folder / "danted.log", _program("danted"), "-f", settings, "-p", folder / "danted.pid")


def _relay(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _serve_socks4a(client: socket.socket) -> None:
    """SOCKS4A, which danted does not know: the name follows the user where the address is 0.0.0.x."""
    stream = client.makefile("rb")
    version, command, high, low = stream.read(4)
    address = stream.read(4)
    words = []
    for _ in range(2 if address[:3] == bytes(3) else 1):
        words.append(b"".join(iter(lambda: stream.read(1), b"\0")).decode())
    if (version, command) != (4, 1) or len(words) != 2 or words[0] != USER:
        client.sendall(b"\0\x5b" + bytes(6))
        client.close()
        return
    target = socket.create_connection((words[1], high << 8 | low))
    client.sendall(b"\0\x5a" + bytes(6))
    threading.Thread(target=_relay, args=(target, client), daemon=True).start()
    _relay(client, target)


def _start_socks4a() -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def forever() -> None:
        while True:
            threading.Thread(target=_serve_socks4a, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=forever, daemon=True).start()
    return int(listener.getsockname()[1])


def start_proxies(folder: Path, ports: dict[str, int]) -> list[subprocess.Popen[bytes]]:
    processes = []
    ports["proxy-socks4a"] = _start_socks4a()
    for name, start in (("proxy-http", _tinyproxy), ("proxy-socks5", _microsocks), ("proxy-socks4", _danted)):
        ports[name], process = start(folder)
        processes.append(process)
    return processes


def start_http2(folder: Path, pki: Path, ports: dict[str, int]) -> list[subprocess.Popen[bytes]]:
    """The front checks the device as the simulator does; to the simulator it is that device itself."""
    port = _free_port()
    ports["http2"] = port
    return [_start(
        port, folder / "nghttpx.log", _program("nghttpx"), "--conf=/dev/null", "--workers=1", f"-f127.0.0.1,{port}",
        f"-b127.0.0.1,{ports['gateway']};;tls;sni=localhost", f"--cacert={pki / 'server-ca.pem'}",
        f"--client-cert-file={pki / 'device.pem'}", f"--client-private-key-file={pki / 'device.key'}",
        "--verify-client", f"--verify-client-cacert={pki / 'device-ca.pem'}", "--no-ocsp",
        "--accesslog-format=$alpn reused=$tls_session_reused $status", f"--accesslog-file={folder / 'http2.log'}",
        pki / "server.key", pki / "server.pem")]


KEY_WORD = "mihon-passphrase-7391-kotoba"


def make_keys(pki: Path) -> None:
    """The device's key in every form that people have, under one passphrase where it is locked."""
    def openssl(*arguments: object) -> bytes:
        return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout
    key, word = pki / "device.key", f"pass:{KEY_WORD}"
    openssl("pkcs8", "-topk8", "-in", key, "-v2", "aes-256-cbc", "-passout", word, "-out", pki / "locked-pkcs8.key")
    openssl("rsa", "-traditional", "-aes128", "-in", key, "-passout", word, "-out", pki / "locked-old.key")
    openssl("pkcs8", "-topk8", "-in", key, "-v1", "PBE-SHA1-RC2-40", "-passout", word, "-out", pki / "locked-rc2.key",
            "-provider", "legacy", "-provider", "default")
    for name, options in (("aes", ()), ("rc2", ("-legacy",)), ("open", ("-keypbe", "NONE", "-certpbe", "NONE"))):
        made_with = "pass:" if name == "open" else word
        openssl("pkcs12", "-export", "-in", pki / "device.pem", "-inkey", key, "-certfile", pki / "device-ca.pem",
                "-passout", made_with, "-out", pki / f"{name}.p12", *options)
    openssl("pkcs12", "-export", "-nokeys", "-in", pki / "device.pem", "-passout", word, "-out", pki / "no-key.p12")
    openssl("pkcs12", "-export", "-nocerts", "-inkey", key, "-passout", word, "-out", pki / "no-certificate.p12")
    both = (pki / "device.pem").read_bytes() + (pki / "device-ca.pem").read_bytes()
    (pki / "chain.pem").write_bytes(both)
    (pki / "all-in-one.pem").write_bytes(key.read_bytes() + both)
    (pki / "half.p12").write_bytes((pki / "aes.p12").read_bytes()[:700])
    (pki / "half.key").write_bytes(key.read_bytes()[:700])
    (pki / "no-key.pem").write_bytes(b"nothing of the kind\n")
    (pki / "AES.PFX").write_bytes((pki / "aes.p12").read_bytes())
