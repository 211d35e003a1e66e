"""Starts the real server and speaks to it with http.client and the openssl command: a client that shares
neither the plugin's code nor the server's."""

from __future__ import annotations

import atexit
import base64
import datetime
import functools
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
FACILITY = "9919999999"
AUTH_USAGE = "critical,digitalSignature"
# The longest that anything may take on a machine that is busy with other tests.
SECONDS = 60


def openssl(*arguments: object, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode()}")
    return done.stdout


def japan_today(plus_days: int = 0) -> str:
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
    return (now + datetime.timedelta(days=plus_days)).strftime("%Y%m%d")


class Pki:
    """make-pki.sh's certificates, and a small card CA with cards of our own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["sh", HERE.parent / "pki" / "make-pki.sh", folder], check=True)
        for name in ("auth-ca", "fake-auth-ca"):
            # Same name, other key: exactly what two generations of the card CA look like.
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / f"{name}.key",
                    "-out", folder / f"{name}.pem", "-days", 30, "-subj", "/C=JP/O=JPKI/OU=JPKI for user authentication")
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder / "card.key")
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", folder / "card-ec.key")
        (folder / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nserial={folder}/serial\nnew_certs_dir={folder}\n"
            "default_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncountryName=optional\ncommonName=supplied\n")
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1000\n")
        self._cards: dict[tuple[str, ...], bytes] = {}

    def card(self, cn: str, ca: str = "auth-ca", usage: str = AUTH_USAGE, key: str = "card.key",
             period: tuple[str, str] = ()) -> bytes:  # type: ignore[assignment]
        """DER of a card's certificate."""
        name = (cn, ca, usage, key, *period)
        if name not in self._cards:
            self._cards[name] = self._issue(cn, ca, usage, key, period)
        return self._cards[name]

    def _issue(self, cn: str, ca: str, usage: str, key: str, period: tuple[str, ...]) -> bytes:
        at = self.folder
        request = openssl("req", "-new", "-key", at / key, "-subj", f"/C=JP/CN={cn}")
        (at / "card.csr").write_bytes(request)
        (at / "card.ext").write_text(f"keyUsage={usage}\n" if usage else "basicConstraints=CA:FALSE\n")
        signer = ("-extfile", at / "card.ext", "-out", at / "card.pem")
        if period:
            openssl("ca", "-batch", "-notext", "-config", at / "ca.cnf", "-in", at / "card.csr",
                    "-cert", at / f"{ca}.pem", "-keyfile", at / f"{ca}.key",
                    "-startdate", period[0], "-enddate", period[1], *signer)
        else:
            openssl("x509", "-req", "-in", at / "card.csr", "-CA", at / f"{ca}.pem", "-CAkey", at / f"{ca}.key",
                    "-set_serial", len(self._cards) + 2, "-days", 20, *signer)
        return openssl("x509", "-in", at / "card.pem", "-outform", "DER")

    def client_context(self, device: str | None = "device") -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "server-ca.pem"))
        if device:
            context.load_cert_chain(self.folder / f"{device}.pem", self.folder / f"{device}.key")
        return context


@functools.lru_cache(maxsize=None)
def shared_pki() -> Pki:
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Pki(Path(folder.name))


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def problem(self) -> str:
        assert self.headers["Content-Type"] == "application/problem+json", self.headers["Content-Type"]
        return json.loads(self.body)["type"].rpartition(":")[2]

    @property
    def element(self) -> str:
        return json.loads(self.body).get("element", "")

    @property
    def xml(self) -> ElementTree.Element:
        text = self.body.decode("cp932" if b'encoding="Shift_JIS"' in self.body[:80] else "utf-8")
        return ElementTree.fromstring(text.partition("?>")[2])

    def text(self, path: str) -> str | None:
        return self.xml.findtext(path)


class Server:
    """One gateway.py process."""

    def __init__(self, pki: Pki, *options: object) -> None:
        self.pki = pki
        self.folder = Path(tempfile.mkdtemp(dir=pki.folder))
        self.log_path, self.control = self.folder / "log", self.folder / "control"
        port_file = self.folder / "port"
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "gateway.py"), "--port", "0", "--port-file", str(port_file),
             "--pki", str(pki.folder), "--card-ca", str(pki.folder / "auth-ca.pem"), "--log", str(self.log_path),
             "--control", str(self.control), *map(str, options)], stdout=subprocess.DEVNULL)
        limit = time.monotonic() + SECONDS
        while not port_file.exists():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the gateway did not start")
            time.sleep(0.01)
        self.port = int(port_file.read_text())

    def stop(self) -> tuple[int, float]:
        """Exit code, and seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS), time.monotonic() - begin

    def rules(self, *rules: str) -> None:
        temporary = self.control.with_suffix(".new")
        temporary.write_text("\n".join(rules) + "\n")
        os.replace(temporary, self.control)

    def log(self) -> str:
        return self.log_path.read_text()

    def logs(self, text: str) -> bool:
        """Whether it stands in the log, soon: an alert is on its way before its line is written."""
        limit = time.monotonic() + SECONDS
        while text not in self.log() and time.monotonic() < limit:
            time.sleep(0.01)
        return text in self.log()


@dataclass
class Check:
    """The parts of one check, each of which a test may spoil before it is sent."""

    cn: str = "999999SAMPLE0000000001A"
    certificate: bytes = b""
    challenge: str = ""
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    day: str = field(default_factory=japan_today)
    facility: str = FACILITY
    algorithm: str = "RS256"
    lines: bytes = b""
    signature: bytes = b""
    body: bytes = b""
    spoil: Callable[[str], str] = staticmethod(lambda text: text)  # type: ignore[assignment]


def message(day: str, facility: str, content: str, identifier: str = "") -> str:
    extra = f"<ArbitraryFileIdentifier>{identifier}</ArbitraryFileIdentifier>" if identifier else ""
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<XmlMsg><MessageHeader>'
            f"<QualificationConfirmationDate>{day}</QualificationConfirmationDate>"
            f"<MedicalInstitutionCode>{facility}</MedicalInstitutionCode>{extra}"
            f"</MessageHeader><MessageBody>{content}</MessageBody></XmlMsg>")


class Client:
    def __init__(self, server: Server, device: str | None = "device") -> None:
        self.server, self.pki = server, server.pki
        self.context = server.pki.client_context(device)
        self.connection = http.client.HTTPSConnection("localhost", server.port, context=self.context, timeout=SECONDS)

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        try:
            self.put_out(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            response = self.connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except Exception:
            self.connection.close()
            raise

    def put_out(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        try:
            self.connection.request(method, path, body, headers)
        except (ssl.SSLEOFError, BrokenPipeError, ConnectionResetError):
            # A server that refuses by the head alone may have closed before the last of the body left; with a part of
            # it unread the connection is reset. The answer lies there all the same.
            if body is None:
                raise

    def challenge(self) -> str:
        return json.loads(self.call("POST", "/v1/challenges").body)["challenge"]

    def prepare(self, check: Check) -> Check:
        check.challenge = check.challenge or self.challenge()
        check.certificate = check.certificate or self.pki.card(check.cn)
        lines = ("shikaku-check-1", check.challenge, check.facility, check.day, check.key)
        check.lines = check.lines or "".join(f"{line}\n" for line in lines).encode()
        check.signature = check.signature or openssl(
            "dgst", "-sha256", "-sign", self.pki.folder / "card.key", stdin=check.lines)
        b64 = lambda data: base64.b64encode(data).decode()
        content = (f"<CardAuthentication><Challenge>{check.challenge}</Challenge>"
                   f"<Certificate>{b64(check.certificate)}</Certificate>"
                   f"<SignatureAlgorithm>{check.algorithm}</SignatureAlgorithm>"
                   f"<Signature>{b64(check.signature)}</Signature></CardAuthentication>")
        check.body = check.body or check.spoil(message(check.day, check.facility, content, "T-000123")).encode()
        return check

    def send(self, check: Check, **headers: str) -> Reply:
        return self.call("POST", "/v1/checks", check.body, Content_Type="application/xml; charset=utf-8",
                         Idempotency_Key=check.key, **headers)

    def check(self, **parts: object) -> Reply:
        return self.send(self.prepare(Check(**parts)))  # type: ignore[arg-type]

    def search(self, content: str, call: str = "checks", key: str = "") -> Reply:
        return self.call("POST", f"/v1/{call}", message(japan_today(), FACILITY, content).encode(),
                         Content_Type="application/xml", Idempotency_Key=key or str(uuid.uuid4()))


def person(number: int) -> str:
    return f"999999SAMPLE{number:010d}A"


def question(**fields: str) -> str:
    return "<QualificationConfirmSearchInfo>" + "".join(
        f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</QualificationConfirmSearchInfo>"


def about_first(**changed: str | None) -> str:
    """The question that finds person 1."""
    fields: dict[str, str | None] = {
        "InsurerNumber": "06990014", "InsuredCardSymbol": "見本77", "InsuredIdentificationNumber": "1001",
        "InsuredBranchNumber": "01", "Birthdate": "19850312", "LimitApplicationCertificateRelatedConsFlg": "1",
        "ArbitraryIdentifier": "000123", **changed}
    return question(**{name: value for name, value in fields.items() if value is not None})


class WithServer(unittest.TestCase):
    """One server per class, started with `options`; one connection per test."""

    options: tuple[object, ...] = ()
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server(shared_pki(), *cls.options)

    @classmethod
    def tearDownClass(cls) -> None:
        code, seconds = cls.server.stop()
        # A connection that is kept open lives for longer: none is waited for.
        assert code == 0 and seconds < 30, (code, seconds)

    def setUp(self) -> None:
        self.client = self.another_client()
        self.server.rules()

    def another_client(self, device: str | None = "device") -> Client:
        client = Client(self.server, device)
        self.addCleanup(client.connection.close)
        return client

    def refused(self, reply: Reply, status: int, problem: str, element: str = "") -> None:
        self.assertEqual((reply.status, reply.problem, reply.element), (status, problem, element))
        document = json.loads(reply.body)
        self.assertEqual(document["status"], status)
        for name in ("title", "detail"):
            self.assertRegex(document[name], "[ぁ-んァ-ヶ一-龠]")
            self.assertTrue(document[name + "_en"].isascii())
        self.assertTrue(document["instance"].startswith("urn:uuid:"))
