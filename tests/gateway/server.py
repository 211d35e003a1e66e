"""The HTTPS listener: TLS on both sides, one thread per connection, the log."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import card_proof
from calls import Gateway
from cryptography import x509
from cryptography.x509.oid import NameOID
from faults import Fault
from memory import RateLimit
from misbehave import Mischief

HANDSHAKE_SECONDS = 60


class PortTaken(Exception):
    """The address cannot be listened on; told apart from a missing file, which is an OSError too."""


class Log:
    """Method, path, status, time, TLS. Nothing that a patient or a card could be known by goes in."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def line(self, text: str) -> None:
        if self._file is None:
            return
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        with self._lock:
            self._file.write(f"{now} {text}\n")


@dataclass
class TlsFiles:
    server_cert: Path
    server_key: Path
    device_authorities: list[Path]
    # Further CAs let through by TLS, so that their devices can be refused with a problem document instead.
    soft_authorities: list[Path] = field(default_factory=list)
    soft: bool = False

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.server_cert, self.server_key)
        for path in [*self.device_authorities, *self.soft_authorities]:
            context.load_verify_locations(path)
        context.verify_mode = ssl.CERT_OPTIONAL if self.soft else ssl.CERT_REQUIRED
        context.set_alpn_protocols(["http/1.1"])
        return context


class GatewayServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], tls: TlsFiles,
                 gateway: Gateway, mischief: Mischief, rate: RateLimit, log: Log,
                 delay_ms: int = 0, base_path: str = "") -> None:
        self.gateway, self.mischief, self.rate, self.log = gateway, mischief, rate, log
        self.delay_ms, self.base_path = delay_ms, base_path.rstrip("/")
        self._context = tls.context()
        self._device_authorities = card_proof.load_authorities(tls.device_authorities)
        self._count_lock = threading.Lock()
        self._connections = 0
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # Not HTTPServer's: that one looks its own name up in the DNS.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind(self.server_address)
        except OSError as error:
            raise PortTaken(error.strerror) from error
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def next_connection(self) -> int:
        with self._count_lock:
            self._connections += 1
            return self._connections

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        """Runs in the connection's own thread, so that a slow handshake keeps nobody else waiting."""
        request.settimeout(HANDSHAKE_SECONDS)
        connection = self._context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        try:
            try:
                connection.do_handshake()
            except (ssl.SSLError, OSError) as error:
                reason = getattr(error, "reason", None) or type(error).__name__
                self.log.line(f"TLS refused {reason}")
                _let_alert_arrive(connection)
                return
            self.RequestHandlerClass(connection, client_address, self)  # type: ignore[arg-type]
        except (ConnectionError, TimeoutError, ssl.SSLError):
            pass  # the client left
        finally:
            connection.close()

    def facility_of(self, connection: ssl.SSLSocket) -> str:
        """The institution code in the device certificate, or the fault `device-unknown`."""
        der = connection.getpeercert(binary_form=True)
        if not der:
            raise Fault("device-unknown")
        certificate = x509.load_der_x509_certificate(der)
        if not any(card_proof.issued_by(certificate, a) for a in self._device_authorities):
            raise Fault("device-unknown")
        codes = [str(a.value) for a in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
        if len(codes) != 1 or len(codes[0]) != 10 or not (codes[0].isascii() and codes[0].isdigit()):
            raise Fault("device-unknown")
        return codes[0]


def _let_alert_arrive(connection: ssl.SSLSocket) -> None:
    """A TLS 1.3 client has sent its request already; closing over unread bytes would reset the alert away."""
    try:
        raw = socket.socket(fileno=connection.detach())
        raw.settimeout(1)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass
        raw.close()
    except OSError:
        pass
