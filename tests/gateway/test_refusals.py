"""What the simulator refuses, how it misbehaves on request, what it logs, and its command line."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import unittest
import uuid
from typing import Callable

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness import (FACILITY, HERE, SECONDS, Check, Client, Server, WithServer, about_first, japan_today, message,
                     openssl, person, shared_pki)

PKI = shared_pki()
PERSONS = json.loads((HERE / "persons.json").read_text(encoding="utf-8"))["persons"]


class Proof(WithServer):
    def test_signature(self) -> None:
        check = self.client.prepare(Check())
        for name, spoiled in (
                ("other date", check.lines.replace(check.day.encode(), b"20200101")),
                ("other facility", check.lines.replace(FACILITY.encode(), b"9919999998")),
                ("other request", check.lines.replace(check.key.encode(), str(uuid.uuid4()).encode())),
                ("no last LF", check.lines[:-1]), ("CRLF", check.lines.replace(b"\n", b"\r\n"))):
            with self.subTest(name):
                again = Check(challenge=self.client.challenge(), key=check.key)
                again.lines = spoiled.replace(check.challenge.encode(), again.challenge.encode())
                self.refused(self.client.send(self.client.prepare(again)), 401, "signature-invalid")

    def test_certificate(self) -> None:
        cn = person(1)
        for name, der, status, problem in (
                ("other CA of the same name", PKI.card(cn, ca="fake-auth-ca"), 403, "certificate-unknown"),
                ("signing certificate", PKI.card(cn, usage="critical,digitalSignature,nonRepudiation"),
                 403, "certificate-unknown"),
                ("no key usage", PKI.card(cn, usage=""), 403, "certificate-unknown"),
                ("over", PKI.card(cn, period=("20200101000000Z", "20210101000000Z")), 403, "certificate-expired"),
                ("not yet", PKI.card(cn, period=("20400101000000Z", "20410101000000Z")), 403, "certificate-expired"),
                ("nobody", PKI.card("999999SAMPLE9999999999A"), 403, "certificate-unknown"),
                ("revoked", PKI.card(person(38)), 403, "certificate-revoked")):
            with self.subTest(name):
                challenge = self.client.challenge()
                self.refused(self.client.check(certificate=der, challenge=challenge), status, problem)
                # Refused before the challenge step: the challenge still serves.
                self.assertEqual(self.client.check(challenge=challenge).status, 200)

    def test_challenge(self) -> None:
        challenge = self.client.challenge()
        self.assertEqual(self.client.check(challenge=challenge).status, 200)
        self.refused(self.client.check(challenge=challenge), 409, "challenge-used")
        self.refused(self.client.check(challenge="A" * 43), 409, "challenge-expired")
        foreign = self.another_client("other-facility").challenge()
        self.refused(self.client.check(challenge=foreign), 409, "challenge-expired")
        spent = self.client.challenge()
        self.refused(self.client.check(challenge=spent, signature=b"x" * 256), 401, "signature-invalid")
        self.refused(self.client.check(challenge=spent), 409, "challenge-used")

    def test_es384_is_two_halves_over_sha384(self) -> None:
        def refused(digest: str, take: Callable[[bytes], bytes]) -> None:
            check = Check(algorithm="ES384", certificate=self.client.pki.card(person(1), key="card-ec.key"),
                          signature=b"later")
            self.client.prepare(check)
            der = openssl("dgst", digest, "-sign", self.client.pki.folder / "card-ec.key", stdin=check.lines)
            check.signature, check.body = take(der), b""
            self.refused(self.client.send(self.client.prepare(check)), 401, "signature-invalid")

        halves = lambda der: b"".join(n.to_bytes(48, "big") for n in decode_dss_signature(der))
        refused("-sha384", lambda der: der)
        refused("-sha384", lambda der: halves(der)[48:] + halves(der)[:48])
        refused("-sha256", halves)

    def test_facility(self) -> None:
        self.refused(self.client.check(facility="9919999998"), 403, "facility-mismatch")
        self.assertEqual(self.another_client("other-facility").check(facility="9919999998").status, 200)


class Requests(WithServer):
    def test_elements(self) -> None:
        swap = lambda old, new: lambda text: text.replace(old, new)
        day, code = japan_today(), FACILITY
        for element, spoil in (
                ("XmlMsg", lambda t: t[:-3]), ("XmlMsg", swap("UTF-8", "Shift_JIS")), ("XmlMsg", swap("XmlMsg", "Other")),
                ("XmlMsg", swap("<MessageBody>", "<MessageBody>" + "<a>" * 40 + "</a>" * 40)),
                ("DOCTYPE", swap("<XmlMsg>", "<!DOCTYPE XmlMsg><XmlMsg>")),
                ("MessageHeader", swap("MessageHeader", "Other")), ("MessageBody", swap("CardAuthentication", "Other")),
                ("MessageBody", swap("<MessageBody>", "<MessageBody>" + about_first())),
                ("QualificationConfirmationDate", swap(day, "20260231")),
                ("QualificationConfirmationDate", swap(day, japan_today(3))),
                ("MedicalInstitutionCode", swap(code, "123")),
                ("MedicalInstitutionCode", swap("<MessageHeader>", f"<MessageHeader><MedicalInstitutionCode>{code}"
                                                                   "</MedicalInstitutionCode>")),
                ("ArbitraryFileIdentifier", swap("T-000123", "T" * 51)),
                ("Challenge", swap("<Challenge>", "<Challenge>!")),
                ("Certificate", swap("<Certificate>", "<Certificate>AAAA")),
                ("Certificate", swap("<Certificate>", "<Certificate>?")),
                ("SignatureAlgorithm", swap("RS256", "ES384")), ("SignatureAlgorithm", swap("RS256", "none")),
                ("Signature", swap("<Signature>", "<Signature>*"))):
            with self.subTest(element=element):
                self.refused(self.client.check(spoil=spoil, day=day), 422, "request-invalid", element)

    def test_search_elements(self) -> None:
        for element, value in (("InsurerNumber", "1"), ("InsurerNumber", None), ("InsuredIdentificationNumber", None),
                               ("Birthdate", "19850231"), ("InsuredBranchNumber", "1"),
                               ("LimitApplicationCertificateRelatedConsFlg", "2")):
            reply = self.client.search(about_first(**{element: value}))
            self.refused(reply, 422, "request-invalid", element)
        self.refused(self.client.search("", "bulk"), 422, "request-invalid", "QualificationConfirmSearchInfo")

    def test_unknown_elements_and_white_space_do_not_matter(self) -> None:
        def spoil(text: str) -> str:
            text = text.replace("</Certificate>", "\n</Certificate><Later>1</Later>")
            return text.replace("<Challenge>", "<Challenge>\n  ").replace("</Challenge>", " </Challenge>")
        self.assertEqual(self.client.check(spoil=spoil).status, 200)

    def test_http(self) -> None:
        call = self.client.call
        body = message(japan_today(), FACILITY, about_first()).encode()
        xml = {"Content_Type": "application/xml"}
        self.refused(call("POST", "/v1/checks", body, **xml), 422, "request-invalid", "Idempotency-Key")
        self.refused(call("POST", "/v1/checks", body, **xml, Idempotency_Key="7"), 422, "request-invalid", "Idempotency-Key")
        self.refused(call("POST", "/v1/checks", body, Content_Type="text/plain"), 415, "media-type-unsupported")
        self.refused(call("GET", "/v1/nothing"), 404, "not-found")
        self.refused(call("GET", "/v1/bulk/R1"), 404, "not-found")
        wrong = call("GET", "/v1/checks")
        self.refused(wrong, 405, "method-not-allowed")
        self.assertEqual(wrong.headers["Allow"], "POST")
        self.refused(call("TRACE", "/v1/status"), 405, "method-not-allowed")
        self.refused(call("POST", "/v1/checks", body + b" " * 65536, **xml), 413, "request-too-large")
        self.refused(call("GET", "/v1/status", **{f"X-{i}": "1" for i in range(70)}), 431, "headers-too-large")
        self.refused(call("GET", "/v1/status", **{f"X-{i}": "1" * 4000 for i in range(5)}), 431, "headers-too-large")
        self.refused(call("POST", "/v1/checks", iter([body]), **xml), 422, "request-invalid", "Content-Length")
        self.assertEqual(call("GET", "/v1/status").status, 200)


class Tls(WithServer):
    def test_device_is_refused_by_tls(self) -> None:
        for device in (None, "stranger"):
            with self.assertRaises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)) as caught:
                self.another_client(device).call("GET", "/v1/status")
            self.assertIsInstance(caught.exception, ssl.SSLError)
        self.assertTrue(self.server.logs("TLS refused"))

    def test_tls12_and_resumption(self) -> None:
        context = self.client.context
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        session = None
        for _ in range(2):
            with socket.create_connection(("localhost", self.server.port)) as raw, context.wrap_socket(
                    raw, server_hostname="localhost", session=session) as secure:
                secure.sendall(b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
                self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 200 "))
                self.assertEqual(secure.version(), "TLSv1.2")
                session = secure.session
        self.assertIn("tls=resumed", self.server.log())

    def test_one_connection_serves_many_requests(self) -> None:
        for _ in range(3):
            self.client.call("GET", "/v1/status")
        self.assertIn("request=3", self.server.log())


class SoftDevice(WithServer):
    options = ("--soft-device", "--rate-limit", "3", "--challenge-lifetime", "0.2", "--base-path", "/eligibility")

    def test_device_unknown_and_rate_limit(self) -> None:
        for device in (None, "stranger"):
            self.refused(self.another_client(device).call("GET", "/eligibility/v1/status"), 403, "device-unknown")
        client = self.another_client("other-facility")
        replies = [client.call("GET", "/eligibility/v1/status") for _ in range(4)]
        self.assertEqual([r.status for r in replies], [200, 200, 200, 429])
        self.refused(replies[3], 429, "rate-limited")
        self.assertGreater(int(replies[3].headers["Retry-After"]), 0)

    def test_challenge_expires(self) -> None:
        challenge = json.loads(self.client.call("POST", "/eligibility/v1/challenges").body)["challenge"]
        check = self.client.prepare(Check(challenge=challenge))
        time.sleep(0.3)
        self.refused(self.client.call("POST", "/eligibility/v1/checks", check.body, Content_Type="application/xml",
                                      Idempotency_Key=check.key), 409, "challenge-expired")


class Mischief(WithServer):
    options = ("--fail", "challenge=503*1", "--delay-ms", "20")

    def test_command_line_rule_counts_down(self) -> None:
        begin = time.monotonic()
        self.refused(self.client.call("POST", "/v1/challenges"), 503, "upstream-unavailable")
        self.assertEqual(self.client.call("POST", "/v1/challenges").status, 201)
        self.assertGreater(time.monotonic() - begin, 0.04)

    def test_answers_that_are_wrong(self) -> None:
        for trick in ("garbage", "html", "empty", "doctype", "deep", "huge", "redirect", "many-headers", "long-headers",
                      "wrong-encoding", "500", "rate-limited", "delay-50"):
            self.server.rules(f"status={trick}*1", "checks=503*0")
            with self.subTest(trick):
                try:
                    reply = self.client.call("GET", "/v1/status")
                except http.client.HTTPException:
                    self.assertEqual(trick, "many-headers")
                    continue
                self.assertEqual(reply.status, {"500": 500, "redirect": 302, "rate-limited": 429}.get(trick, 200))
                self.assertEqual(len(reply.body) > 4 << 20, trick == "huge")
        self.server.rules("status=bomb*1")
        bomb = self.client.call("GET", "/v1/status").body
        self.assertLess(len(bomb), 1 << 20)
        self.assertGreater(len(gzip.decompress(bomb)), 64 << 20)
        self.assertEqual(self.client.call("GET", "/v1/status").status, 200)

    def test_connections_that_break(self) -> None:
        for trick in ("drop", "drop-after", "truncate"):
            self.server.rules(f"status={trick}*1")
            with self.subTest(trick), self.assertRaises((http.client.HTTPException, ConnectionError, ssl.SSLError)):
                self.client.call("GET", "/v1/status")
        self.server.rules("all=hang*1")
        slow = self.another_client()
        slow.connection.timeout = 0.2
        with self.assertRaises(TimeoutError):
            slow.call("GET", "/v1/status")


class LogAndCommandLine(WithServer):
    options = ("--bulk-pending", "1")

    def test_log_holds_no_personal_value(self) -> None:
        private = {FACILITY}
        for entry in PERSONS[:14]:
            check = self.client.prepare(Check(cn=entry["cn"]))
            self.client.send(check)
            private |= {entry["cn"], check.challenge, check.key, check.signature.hex()[:16], "T-000123"}
            for result in entry.get("results", []):
                private |= {v.strip() for v in result.values() if isinstance(v, str) and len(v.strip()) > 4}
        number = self.client.search(about_first(), "bulk").text("MessageBody/ReceptionNumber")
        self.client.call("GET", f"/v1/bulk/{number}?name=mihon")
        self.client.call("GET", "/v1/mihon-taro")
        log = self.server.log()
        self.assertEqual([v for v in [*private, number, "mihon"] if v in log], [])
        self.assertRegex(log, r"(?m)^\S+Z POST /v1/checks 200 \d+\.\dms tls=full connection=\d+ request=\d+$")
        self.assertIn("GET /v1/bulk/{ReceptionNumber} 202", log)
        self.assertIn("GET ? 404", log)

    def run_gateway(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, HERE / "gateway.py", *options], capture_output=True, text=True,
                              timeout=SECONDS, env={**os.environ, "PYTHONIOENCODING": "utf-8"})

    def test_taken_port_and_wrong_settings(self) -> None:
        settings = ("--pki", str(PKI.folder), "--card-ca", str(PKI.folder / "auth-ca.pem"))
        taken = self.run_gateway(*settings, "--port", str(self.server.port))
        self.assertEqual(taken.returncode, 3)
        self.assertRegex(taken.stderr, "別の番号(.|\n)*another --port")
        self.assertEqual(self.run_gateway(*settings, "--fail", "checks=nonsense").returncode, 2)
        self.assertEqual(self.run_gateway("--pki", "/nonexistent", "--card-ca", "x", "--port", "0").returncode, 2)
        self.assertIn("--port-file", self.run_gateway("--help").stdout)

    def test_other_server_certificates_are_refused_by_a_careful_client(self) -> None:
        for name in ("rogue-server", "expired-server", "wrong-host-server"):
            server = Server(PKI, "--server-cert", PKI.folder / f"{name}.pem", "--server-key", PKI.folder / f"{name}.key")
            client = Client(server)
            with self.subTest(name), self.assertRaises(ssl.SSLCertVerificationError):
                client.call("GET", "/v1/status")
            server.stop()


if __name__ == "__main__":
    unittest.main()
