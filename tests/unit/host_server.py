"""A host's service for test_http_adapter.c: it does what it is asked once for each key, counts, and misbehaves
where the path says so.

Usage: host_server.py FOLDER. Makes a throw-away PKI there, writes FOLDER/ports ("name=port" lines) in one step, and
ends when its standard input does. What was done lies in FOLDER/done, one line for each document:
"METHOD PATH KEY TYPE USER HEADER BODY" in JSON.
"""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TESTS = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.argv[1])
PKI = FOLDER / "pki"
LOCK = threading.Lock()
DONE: dict[str, bytes] = {}
TRIES: dict[str, int] = {}

PATIENTS = [{"id": "00001", "name": "見本 太郎", "name_kana": "ミホン タロウ", "birth_date": "1980-01-02", "age": 46,
             "remark": "two\nlines"},
            {"id": 2, "name": "見本 花子", "insurer_number": None}]
ANSWERS = {
    "/find": json.dumps({"patients": PATIENTS}).encode(),
    "/find-nobody": b'{"patients":[]}',
    "/find-garbage": b"<html>",
    "/find-other": b'{"people":[]}',
    "/find-no-id": b'{"patients":[{"name":"x"}]}',
    "/find-odd-id": b'{"patients":[{"id":"1\\n2"}]}',
    "/find-array": b'[{"id":"1"}]',
    "/find-twice": b'{"patients":[],"patients":[{"id":"1"}]}',
}


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_document(self, key: str, body: bytes) -> bool:
        """False when it was done before."""
        with LOCK:
            if key in DONE:
                return False
            DONE[key] = body
            line = [self.command, self.path, key, self.headers.get("Content-Type"), self.headers.get("Authorization"),
                    self.headers.get("X-Clinic"), body.decode("latin-1")]
            with (FOLDER / "done").open("a") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return True

    def tries(self, key: str) -> int:
        with LOCK:
            TRIES[key] = TRIES.get(key, 0) + 1
            (FOLDER / "tries").write_text("".join(f"{k}={n}\n" for k, n in TRIES.items()))
            return TRIES[key]

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def deliver(self, path: str, wish: dict[str, list[str]], key: str, body: bytes) -> None:
        tries = self.tries(key)
        if path == "/lost":  # done, but nobody hears of it; the second time all is well
            fresh = self.do_document(key, body)
            return self.hang_up() if fresh else self.answer(200)
        if path == "/always-lost":
            self.do_document(key, body)
            return self.hang_up()
        if path == "/lost-then-gone":
            return self.hang_up() if tries == 1 else self.answer(503, Retry_After="60")
        if path == "/status":
            return self.answer(int(wish["code"][0]), **({"Retry_After": wish["after"][0]} if "after" in wish else {}))
        if path == "/busy-once" and tries == 1:
            return self.answer(503, Retry_After="1")
        if path == "/busy-silent" and tries == 1:
            return self.answer(423)
        if path == "/done-before":
            return self.answer(409, json.dumps({"delivered": key}).encode(), Content_Type="application/json")
        if path == "/done-other":
            return self.answer(409, b'{"delivered":"another"}', Retry_After="60")
        if path == "/slow":
            time.sleep(8)
        if path == "/words":
            self.do_document(key, body)
            return self.answer(201, b'{"warning":"K0","patient":"00001"}', Content_Type="application/json")
        self.do_document(key, body)
        return self.answer(204 if path == "/empty" else 200)

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        split = urlsplit(self.path)
        if split.path in ANSWERS:
            with (FOLDER / "asked").open("w") as file:
                file.write(body.decode())
            return self.answer(200, ANSWERS[split.path], Content_Type="application/json")
        if split.path == "/find-away":
            return self.answer(404)
        return self.deliver(split.path, parse_qs(split.query), self.headers.get("Idempotency-Key", ""), body)

    do_POST = do_PUT = handle_one  # noqa: N815


def serve(name: str, ports: dict[str, int], tls: ssl.SSLContext | None) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.handle_error = lambda *_: None
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    ports[name] = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()


def context(device: bool) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(PKI / "server.pem", PKI / "server.key")
    if device:
        # TLS 1.3 lets a request leave before the refusal comes, which a closing socket may swallow.
        made.maximum_version = ssl.TLSVersion.TLSv1_2
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(PKI / "device-ca.pem")
    return made


def main() -> None:
    subprocess.run(["sh", TESTS / "pki" / "make-pki.sh", PKI], check=True, capture_output=True)
    ports: dict[str, int] = {"refused": 1}
    serve("plain", ports, None)
    serve("tls", ports, context(False))
    serve("mutual", ports, context(True))
    (FOLDER / "ports.new").write_text("".join(f"{name}={port}\n" for name, port in ports.items()))
    (FOLDER / "ports.new").replace(FOLDER / "ports")
    sys.stdin.buffer.read()


main()
