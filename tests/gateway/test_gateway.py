"""The gateway simulator keeps the protocol paper (docs/gateway-protocol.md), call by call and fault by fault."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import ssl
import threading
import time
import unittest
import uuid

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from harness import (FACILITY, HERE, SECONDS, Check, WithServer, about_first, openssl, person, question,
                     shared_pki)

BODY = "MessageBody/"
ITEMS = BODY + "ResultList/ResultOfQualificationConfirmation"
PKI = shared_pki()
PERSONS = json.loads((HERE / "persons.json").read_text(encoding="utf-8"))["persons"]


class Calls(WithServer):
    # One answer "not yet" at least, however late it is asked for.
    options = ("--bulk-pending", "1")

    def test_status(self) -> None:
        reply = self.client.call("GET", "/v1/status")
        status = json.loads(reply.body)
        self.assertEqual((reply.status, status["protocol_version"], status["institution_code"]), (200, 1, FACILITY))
        self.assertRegex(status["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_challenge(self) -> None:
        reply = self.client.call("POST", "/v1/challenges")
        body = json.loads(reply.body)
        self.assertEqual((reply.status, body["expires_in"]), (201, 120))
        self.assertRegex(body["challenge"], r"^[A-Za-z0-9_-]{43}$")
        self.assertNotEqual(self.client.challenge(), self.client.challenge())

    def test_card_check(self) -> None:
        check = self.client.prepare(Check())
        reply = self.client.send(check)
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (200, "application/xml; charset=utf-8"))
        header = [(e.tag, e.text) for e in reply.xml.find("MessageHeader")]
        self.assertEqual([name for name, _ in header], [
            "ProcessExecutionTime", "QualificationConfirmationDate", "MedicalInstitutionCode",
            "ArbitraryFileIdentifier", "ReferenceClassification", "SegmentOfResult", "CharacterCodeIdentifier"])
        self.assertEqual([text for _, text in header[1:]], [check.day, FACILITY, "T-000123", "1", "1", "0"])
        self.assertEqual(reply.text(ITEMS + "/Name"), "見本　太郎")

    def test_es384_card(self) -> None:
        check = Check(algorithm="ES384", certificate=PKI.card(person(1), key="card-ec.key"), signature=b"later")
        self.client.prepare(check)
        der = openssl("dgst", "-sha384", "-sign", PKI.folder / "card-ec.key", stdin=check.lines)
        check.signature = b"".join(n.to_bytes(48, "big") for n in decode_dss_signature(der))
        check.body = b""
        self.assertEqual(self.client.send(self.client.prepare(check)).text(BODY + "QualificationValidity"), "1")

    def test_search(self) -> None:
        reply = self.client.search(about_first())
        self.assertEqual(reply.text("MessageHeader/ReferenceClassification"), "2")
        self.assertEqual(reply.text(ITEMS + "/Name"), "見本　太郎")
        self.assertEqual(reply.text(BODY + "QualificationConfirmSearchInfo/ArbitraryIdentifier"), "000123")
        several = self.client.search(about_first(InsuredBranchNumber=None))
        self.assertEqual(several.text(BODY + "QualificationValidity"), "5")
        nobody = self.client.search(about_first(InsuredIdentificationNumber="9"))
        self.assertEqual(nobody.text(BODY + "QualificationValidity"), "4")
        self.assertIsNone(nobody.xml.find(BODY + "ResultList"))

    def test_search_without_consent_hides_the_limit(self) -> None:
        for flag in ("0", "1"):
            reply = self.client.search(question(
                InsurerNumber="01990019", InsuredIdentificationNumber="1021", Birthdate="19660621",
                LimitApplicationCertificateRelatedConsFlg=flag))
            shown = reply.xml.find(ITEMS + "/LimitApplicationCertificateRelatedInfo") is not None
            self.assertEqual(shown, flag == "1")

    def test_bulk(self) -> None:
        content = about_first() + about_first(InsuredIdentificationNumber="9") + question(
            InsurerNumber="  990010", InsuredIdentificationNumber="３４５", Birthdate="19900520",
            LimitApplicationCertificateRelatedConsFlg="0")
        begin = time.monotonic()
        accepted = self.client.search(content, "bulk")
        number = accepted.text(BODY + "ReceptionNumber")
        self.assertEqual((accepted.status, accepted.headers["Location"]), (202, f"/v1/bulk/{number}"))
        working = self.client.call("GET", f"/v1/bulk/{number}")
        self.assertEqual((working.status, working.headers["Retry-After"], working.body), (202, "1", b""))
        self.refused(self.another_client("other-facility").call("GET", f"/v1/bulk/{number}"), 404, "not-found")
        while (plain := self.client.call("GET", f"/v1/bulk/{number}")).status == 202:
            self.assertLess(time.monotonic() - begin, SECONDS)
            time.sleep(0.05)
        # It works for a second.
        self.assertGreaterEqual(time.monotonic() - begin, 1.0)
        packed = self.client.call("GET", f"/v1/bulk/{number}", Accept_Encoding="gzip")
        self.assertEqual((packed.headers["Content-Encoding"], packed.headers["Transfer-Encoding"]), ("gzip", "chunked"))
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        units = plain.xml.findall(BODY + "BulkConfirmUnit")
        self.assertEqual([u.findtext("QualificationValidity") for u in units], ["1", "4", "1"])
        self.assertEqual(units[2].findtext("ResultOfQualificationConfirmation/InsurerNumber"), "  990010")
        self.assertEqual(units[0].findtext("ResultOfQualificationConfirmation/LimitApplicationCertificateChanged"), "0")
        self.assertEqual(plain.text("MessageHeader/NumberOfProcessingResult"), "3")

    def test_bulk_takes_a_thousand_questions(self) -> None:
        self.assertEqual(self.client.search(about_first() * 1000, "bulk").status, 202)


class Persons(WithServer):
    """Every person by card, in both encodings and in shuffled order."""

    options = ("--unordered", "--encoding", "shift_jis")

    def flat(self, element) -> dict[str, str]:
        return {e.tag: e.text or "" for e in element if not len(e)}

    def wanted(self, value: object) -> str:
        return str(value).replace("𠮷", "●")

    def test_every_person(self) -> None:
        for entry in PERSONS:
            with self.subTest(number=entry["number"], about=entry["about"]):
                reply = self.client.check(cn=entry["cn"])
                if "fault" in entry:
                    self.assertEqual(reply.problem, entry["fault"])
                    continue
                self.assertEqual(reply.headers["Content-Type"], "application/xml; charset=Shift_JIS")
                self.assertEqual(reply.text("MessageHeader/CharacterCodeIdentifier"), "1")
                self.assertNotIn(b"&#", reply.body)
                segment = reply.text("MessageHeader/SegmentOfResult")
                if "error" in entry or "pending" in entry:
                    self.assertEqual(segment, "9" if "error" in entry else "2")
                    self.assertEqual(reply.text("MessageHeader/ErrorCode"), entry.get("error", {}).get("ErrorCode"))
                    self.assertEqual(len(reply.xml.find("MessageBody")), 0)
                    continue
                simple = {k: v for k, v in entry["body"].items() if isinstance(v, str)}
                self.assertEqual(self.flat(reply.xml.find("MessageBody")), {**simple, **(
                    {"ResultList": "\n    "} if "ResultList" in entry["body"] else {})})
                items = reply.xml.findall(ITEMS)
                self.assertEqual(len(items), len(entry.get("results", [])))
                for item, wanted in zip(items, entry.get("results", [])):
                    self.assertEqual(self.flat(item), {
                        k: self.wanted(v) for k, v in wanted.items() if isinstance(v, str)})
                    self.assertEqual({e.tag for e in item}, set(wanted))

    def test_unordered_differs_from_layout(self) -> None:
        names = [e.tag for e in self.client.check().xml.find(ITEMS)]
        self.assertNotEqual(names, list(PERSONS[0]["results"][0]))
        self.assertEqual(sorted(names), sorted(PERSONS[0]["results"][0]))


class Layout(WithServer):
    LAYOUT = re.findall(r"[A-Z]\w+", """
        InsuredCardClassification InsurerNumber InsuredCardSymbol InsuredIdentificationNumber InsuredBranchNumber
        PersonalFamilyClassification InsuredName Name NameOfOther NameKana NameOfOtherKana Sex1 Sex2 Birthdate Address
        PostNumber QualificationDate DisqualificationDate InsuredCertificateIssuanceDate InsuredCardValidDate
        InsuredCardExpirationDate InsuredPartialContributionRatio PreschoolClassification ReasonOfLoss InsurerName
        ElderlyRecipientCertificateInfo LimitApplicationCertificateRelatedConsFlg
        LimitApplicationCertificateRelatedConsTime LimitApplicationCertificateRelatedInfo
        SpecificDiseasesCertificateRelatedConsFlg SpecificDiseasesCertificateRelatedConsTime
        SpecificDiseasesCertificateList PublicExpenseResultList SpecificHealthCheckupsInfoConsFlg
        SpecificHealthCheckupsInfoConsTime SpecificHealthCheckupsInfoAvailableTime PharmacistsInfoConsFlg
        PharmacistsInfoConsTime PharmacistsInfoAvailableTime DiagnosisInfoConsFlg DiagnosisInfoConsTime
        DiagnosisInfoAvailableTime OperationInfoConsFlg OperationInfoConsTime OperationInfoAvailableTime
        ArbitraryIdentifier ReferenceNumber""")

    def test_layout_order_and_utf8(self) -> None:
        for number in (2, 6, 14, 22, 30, 44):
            reply = self.client.check(cn=person(number))
            for item in reply.xml.findall(ITEMS):
                places = [self.LAYOUT.index(e.tag) for e in item]
                self.assertEqual(places, sorted(places))
        two = self.client.check(cn=person(14))
        self.assertEqual([i.findtext("InsuredCardClassification") for i in two.xml.findall(ITEMS)], ["01", "A1"])
        self.assertEqual(two.text(ITEMS + "/PublicExpenseResultList/MedicalTicketInfo/StatusOfInfecton"), "02")
        self.assertIn("𠮷", self.client.check(cn=person(30)).body.decode())
        self.assertEqual(self.client.check(cn=person(2)).text(ITEMS + "/InsurerNumber"), "  990010")
        self.assertEqual(len(self.client.check(cn=person(22)).xml.findall(
            ITEMS + "/SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo")), 2)

    def test_persons_are_invented_and_well_formed(self) -> None:
        self.assertGreaterEqual(len(PERSONS), 34)
        for entry in PERSONS:
            self.assertEqual(entry["cn"], person(entry["number"]))
            for result in entry.get("results", []):
                number = result["InsurerNumber"].strip().zfill(8)
                digits = [int(c) * (2 - i % 2) for i, c in enumerate(reversed(number[:7]))]
                self.assertEqual((10 - sum(d // 10 + d % 10 for d in digits) % 10) % 10, int(number[7]))
                self.assertEqual((number[2:4], result["PostNumber"]), ("99", "000-0000"))
                self.assertRegex(result["Name"], "見本|ＭＩＨＯＮ")
                self.assertLessEqual(len(result["Name"]), 40)


class Idempotency(WithServer):
    def test_same_key_and_body(self) -> None:
        check = self.client.prepare(Check())
        first, again = self.client.send(check), self.client.send(check)
        self.assertEqual((first.body, again.headers["Idempotency-Replayed"]), (again.body, "true"))
        self.assertNotIn("Idempotency-Replayed", first.headers)
        check.body += b" "
        self.refused(self.client.send(check), 409, "idempotency-conflict")
        check.key = str(uuid.uuid4())
        self.refused(self.client.send(check), 409, "challenge-used")

    def test_key_belongs_to_facility_and_call(self) -> None:
        key = str(uuid.uuid4())
        self.assertEqual(self.client.search(about_first(), key=key).status, 200)
        self.assertEqual(self.client.search(about_first(), "bulk", key=key).status, 202)
        number = self.client.search(about_first(), "bulk", key=key).text(BODY + "ReceptionNumber")
        self.assertEqual(self.client.search(about_first(), "bulk", key=key.upper()).text(BODY + "ReceptionNumber"), number)

    def test_lost_answer(self) -> None:
        check = self.client.prepare(Check())
        self.server.rules("checks=drop-after*1")
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)):
            self.client.send(check)
        reply = self.client.send(check)
        self.assertEqual((reply.status, reply.headers["Idempotency-Replayed"]), (200, "true"))

    def test_faults_are_not_remembered_and_challenge_stays_with_its_request(self) -> None:
        check = self.client.prepare(Check(cn=person(39)))
        for _ in range(2):
            reply = self.client.send(check)
            self.refused(reply, 503, "upstream-unavailable")
            self.assertEqual(reply.headers["Retry-After"], "1")

    def test_still_processing_then_done(self) -> None:
        check = self.client.prepare(Check(cn=person(35)))
        replies = [self.client.send(check) for _ in range(4)]
        self.assertEqual([r.text("MessageHeader/SegmentOfResult") for r in replies], ["2", "2", "1", "1"])
        self.assertEqual([r.headers["Retry-After"] for r in replies], ["1", "1", None, None])

    def test_two_at_once_do_the_work_once(self) -> None:
        check = self.client.prepare(Check())
        replies = []
        clients = [self.another_client() for _ in range(6)]
        threads = [threading.Thread(target=lambda c=c: replies.append(c.send(check))) for c in clients]
        for step in ("start", "join"):
            for thread in threads:
                getattr(thread, step)()
        self.assertEqual({r.status for r in replies}, {200})
        self.assertEqual(sum("Idempotency-Replayed" not in r.headers for r in replies), 1)


if __name__ == "__main__":
    unittest.main()
