"""HTTP around the calls: routing, limits, compression, problem documents, and the mischief on request."""

from __future__ import annotations

import gzip
import re
import select
import socket
import ssl
import time
import zlib
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Callable, Iterator
from urllib.parse import urlsplit

from faults import KINDS, Fault, by_status
from memory import Answer
from misbehave import false_body, number_of
from server import GatewayServer

MAX_HEADERS = 64
MAX_HEADER_BYTES = 16 * 1024
MAX_BODY = {"challenges": 1024, "checks": 64 * 1024, "bulk": 16 * 1024 * 1024}
CHUNK = 16 * 1024
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")


class _Drop(Exception):
    """Ends the connection without an answer."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mihon-gateway"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # one TLS record for head and body where they fit
    timeout = 75
    server: GatewayServer
    connection: ssl.SSLSocket

    def setup(self) -> None:
        super().setup()
        self._number = self.server.next_connection()
        self._requests = 0
        self._reset()

    def _reset(self) -> None:
        self._begin = time.monotonic()
        self._shown = "?"
        self._trick = ""
        self._ahead = 0

    # --- one request ---------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        self._reset()
        self._requests += 1
        try:
            try:
                answer = self._answer()
            except Fault as fault:
                answer = _problem(fault)
            except _Drop:
                raise
            except Exception as error:  # a bug of ours must look like one, and must not print a body
                self.server.log.line(f"bug {type(error).__name__}")
                answer = _problem(Fault("internal-error"))
            self._send(answer)
        except _Drop:
            self._log("dropped")
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve

    def _answer(self) -> Answer:
        call, number = self._route()
        body = self._read_body(call)
        if self.server.delay_ms:
            time.sleep(self.server.delay_ms / 1000)
        facility = self.server.facility_of(self.connection)
        self.server.rate.count(facility)
        run = self._dispatch(call, number, facility, body)
        self._trick = self.server.mischief.next_for("results" if number else call)
        return self._with_mischief(run)

    def _route(self) -> tuple[str, str]:
        """Call name and ReceptionNumber. Sets what the log may show of the path."""
        path = urlsplit(self.path).path
        base = self.server.base_path + "/v1/"
        call, slash, number = path[len(base):].partition("/") if path.startswith(base) else ("", "", "")
        if call in ("challenges", "checks", "bulk", "status") and not slash:
            self._shown = base + call
            return call, ""
        if call == "bulk" and number and "/" not in number:
            self._shown = base + "bulk/{ReceptionNumber}"
            return call, number
        return "", ""

    def _dispatch(self, call: str, number: str, facility: str, body: bytes) -> Callable[[], Answer]:
        gateway = self.server.gateway
        if not call:
            raise Fault("not-found")
        allowed = "GET" if call == "status" or number else "POST"
        if self.command != allowed:
            raise Fault("method-not-allowed", headers={"Allow": allowed})
        if call == "status":
            return lambda: gateway.status(facility, self._ahead)
        if call == "challenges":
            return lambda: gateway.challenge(facility)
        if number:
            return lambda: gateway.bulk_result(facility, number)
        if self.headers.get_content_type() not in ("application/xml", "text/xml"):
            raise Fault("media-type-unsupported")
        keys = self.headers.get_all("Idempotency-Key") or []
        key = keys[0].strip() if len(keys) == 1 else ""
        work = gateway.check if call == "checks" else gateway.bulk
        return lambda: work(facility, key, body)

    def _read_body(self, call: str) -> bytes:
        _check_headers(self.headers)
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self.close_connection = True
            raise Fault("request-invalid", element="Content-Length")
        wanted = int(length)
        if wanted > MAX_BODY.get(call, CHUNK):
            # Some of it is read away, or the client would be reset before it sees the answer.
            self.rfile.read(min(wanted, 1 << 20))
            self.close_connection = True
            raise Fault("request-too-large")
        body = self.rfile.read(wanted)
        if len(body) < wanted:
            raise ConnectionResetError
        return body

    # --- mischief ------------------------------------------------------------------------------------------------

    def _with_mischief(self, run: Callable[[], Answer]) -> Answer:
        trick = self._trick
        if not trick:
            return run()
        if trick.isdigit():
            raise by_status(int(trick), 1)
        if trick in KINDS:
            raise Fault(trick, element="XmlMsg" if trick == "request-invalid" else "",
                        retry_after=1 if trick in ("rate-limited", "upstream-unavailable") else 0)
        if trick == "drop":
            raise _Drop
        if trick == "drop-after":
            run()
            raise _Drop
        if trick == "hang":
            # Readable means that the client left: it has nothing more to say before our answer.
            select.select([self.connection], [], [], 60)
            raise _Drop
        numbered = number_of(trick)
        if numbered is not None:
            name, number = numbered
            if name == "delay":
                time.sleep(number / 1000)
            self._ahead = {"ahead": number, "behind": -number}.get(name, 0)
            return run()
        if trick == "redirect":
            return Answer(302, headers={"Location": "https://elsewhere.invalid/"})
        if trick == "close":
            self.close_connection = True
        if trick in ("close", "truncate", "cut-gzip", "no-date", "many-headers", "long-headers", "endless-headers"):
            return run()
        if trick in ("wrong-type", "foreign", "bad-number"):
            return _spoil(run(), trick)
        if trick == "wrong-encoding":
            return _swap_declaration(run())
        body, content_type = false_body(trick)
        return Answer(200, body, content_type)

    # --- sending -------------------------------------------------------------------------------------------------

    def _send(self, answer: Answer) -> None:
        body, headers = answer.body, dict(answer.headers)
        xml = answer.content_type.startswith("application/xml")
        packed = self._trick == "bomb" or (answer.status == 200 and xml and self._takes_gzip())
        if packed:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        if packed and self._trick == "cut-gzip":
            body = body[:-20]
        parts = answer.parts() if answer.parts is not None else None
        if parts is not None and packed:
            parts = _gzip(parts, self._trick == "cut-gzip")
        self._send_status(answer.status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        if self._trick == "many-headers":
            for i in range(80):
                self.send_header(f"X-Filler-{i}", "x")
        if self._trick == "long-headers":
            for i in range(8):
                self.send_header(f"X-Filler-{i}", "x" * 4096)
        if self._trick == "endless-headers":
            self._send_headers_for_ever()
        if self.close_connection:
            self.send_header("Connection", "close")
        if parts is not None:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # Before the first byte leaves: whoever has the answer finds its line in the log.
        self._log(str(answer.status))
        if self.command != "HEAD":
            if parts is not None:
                self._write_parts(parts)
            else:
                self._write_body(body)
        self.wfile.flush()

    def _send_status(self, status: int) -> None:
        if self._trick != "no-date":
            self.send_response(status)
        else:
            self.send_response_only(status)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((time.time() if timestamp is None else timestamp) + self._ahead)

    def _send_headers_for_ever(self) -> None:
        self._log("endless")
        self.flush_headers()
        while True:  # until the client leaves
            self.wfile.write(b"X-More: " + b"x" * 64 + b"\r\n")
            self.wfile.flush()

    def _write_body(self, body: bytes) -> None:
        if self._trick == "truncate":
            self.wfile.write(body[:len(body) // 2])
            self.wfile.flush()
            raise _Drop
        self.wfile.write(body)

    def _write_parts(self, parts: Iterator[bytes]) -> None:
        waiting = b""
        for part in parts:
            waiting += part
            if len(waiting) >= CHUNK:
                self._write_chunk(waiting)
                waiting = b""
                if self._trick == "truncate":
                    break
        if self._trick == "truncate":
            waiting = waiting or b"  "
            self.wfile.write(b"%x\r\n%s" % (len(waiting), waiting[:len(waiting) // 2]))
            self.wfile.flush()
            raise _Drop
        if waiting:
            self._write_chunk(waiting)
        self.wfile.write(b"0\r\n\r\n")

    def _write_chunk(self, part: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

    def _takes_gzip(self) -> bool:
        for item in (self.headers.get("Accept-Encoding") or "").split(","):
            name, _, quality = item.partition(";")
            if name.strip().lower() == "gzip":
                return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the HTTP parser of the library refuses; the client gets a problem document here too."""
        self._requests += 1
        self.close_connection = True
        if code == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            fault = Fault("headers-too-large")
        elif code == HTTPStatus.NOT_IMPLEMENTED:
            fault = Fault("method-not-allowed", headers={"Allow": "GET, POST"})
        else:
            fault = Fault("request-invalid", element="HTTP")
        self._send(_problem(fault))

    # --- log -----------------------------------------------------------------------------------------------------

    def _log(self, status: str) -> None:
        method = self.command if self.command in METHODS else "?"
        spent = (time.monotonic() - self._begin) * 1000
        tls = "resumed" if self.connection.session_reused else "full"
        self.server.log.line(f"{method} {self._shown} {status} {spent:.1f}ms tls={tls} "
                             f"connection={self._number} request={self._requests}")

    def log_message(self, format: str, *args: object) -> None:
        """The library's own log would show paths as they come."""


def _check_headers(headers: Message) -> None:
    size = sum(len(name) + len(value) + 4 for name, value in headers.items())
    if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
        raise Fault("headers-too-large")


def _problem(fault: Fault) -> Answer:
    headers = {"Content-Language": "ja", "Cache-Control": "no-store", **fault.headers}
    return Answer(fault.status, fault.document(), "application/problem+json", headers)


def _gzip(parts: Iterator[bytes], cut: bool) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for part in parts:
        yield packer.compress(part)
    end = packer.flush()
    yield end[:len(end) // 2] if cut else end


def _spoil(answer: Answer, trick: str) -> Answer:
    body, content_type = answer.body, answer.content_type
    if trick == "wrong-type":
        content_type = "text/plain"
    if trick == "bad-number":
        body = re.sub(rb"(<ReceptionNumber>)[^<]*", rb"\1../status", body)
    parts = answer.parts
    if trick == "foreign":
        body = _foreign(body)
        if parts is not None:
            whole = parts
            parts = lambda: map(_foreign, whole())
    return Answer(answer.status, body, content_type, answer.headers, parts=parts)


def _foreign(text: bytes) -> bytes:
    """A whole answer, or one part of a bulk result."""
    text = re.sub(rb"(<ArbitraryFileIdentifier>)[^<]*", rb"\1X-1", text)
    return re.sub(rb"(?s)(<QualificationConfirmSearchInfo>.*?<Birthdate>)[^<]*", rb"\g<1>19010101", text)


def _swap_declaration(answer: Answer) -> Answer:
    utf8, sjis = b'encoding="UTF-8"', b'encoding="Shift_JIS"'
    old, new = (utf8, sjis) if utf8 in answer.body else (sjis, utf8)
    return Answer(answer.status, answer.body.replace(old, new, 1), answer.content_type, answer.headers)
