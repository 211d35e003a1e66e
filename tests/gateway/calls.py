"""The five calls of the protocol, free of sockets: who asks, what body, what answer."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import card_proof
import message
from faults import Fault
from memory import Answer, Answers, BulkResult, Challenges, Receptions, digest
from message import Tree
from register import RESULT, SEARCH, Outcome, Register, bulk_result, check_day, load, read_search

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
RETRY_SECONDS = 1


@dataclass
class Settings:
    persons: Path
    card_authorities: list[Path]
    encoding: str = "utf-8"
    unordered: bool = False
    challenge_lifetime: float = 120.0
    bulk_seconds: float = 1.0
    bulk_pending: int = 0
    bulk_size: int = 0


@dataclass
class _Header:
    day: str
    facility: str
    file_identifier: str


class Gateway:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.register = Register(load(settings.persons))
        self.authorities = card_proof.load_authorities(settings.card_authorities)
        self.challenges = Challenges(settings.challenge_lifetime)
        self.answers = Answers()
        self.receptions = Receptions(settings.bulk_seconds, settings.bulk_pending)

    # --- the calls -----------------------------------------------------------------------------------------------

    def status(self, facility: str, ahead: int = 0) -> Answer:
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=ahead)
        return _json(200, {"service": "見本ゲートウェイ", "protocol_version": 1,
                           "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "institution_code": facility})

    def challenge(self, facility: str) -> Answer:
        return _json(201, {"challenge": self.challenges.issue(facility),
                           "expires_in": int(self.settings.challenge_lifetime)})

    def check(self, facility: str, key: str, body: bytes) -> Answer:
        return self._once(facility, "checks", key, body, self._check)

    def bulk(self, facility: str, key: str, body: bytes) -> Answer:
        return self._once(facility, "bulk", key, body, self._bulk)

    def bulk_result(self, facility: str, number: str) -> Answer:
        result = self.receptions.result(number, facility)
        if result is None:
            return Answer(202, headers={"Retry-After": str(RETRY_SECONDS)})
        answer = self._xml(200, b"")
        answer.parts = result.parts
        return answer

    # --- idempotency ---------------------------------------------------------------------------------------------

    def _once(self, facility: str, call: str, key: str, body: bytes,
              work: Callable[[str, str, bytes], Answer]) -> Answer:
        if not UUID_FORM.fullmatch(key):
            raise Fault("request-invalid", element="Idempotency-Key")
        with self.answers.slot(facility, call, key, body) as slot:
            if slot.answer is not None:
                kept = slot.answer
                return Answer(kept.status, kept.body, kept.content_type,
                              {**kept.headers, "Idempotency-Replayed": "true"})
            answer = work(facility, key, body)
            if answer.keep:
                self.answers.store(slot, answer)
            return answer

    # --- checks --------------------------------------------------------------------------------------------------

    def _check(self, facility: str, key: str, body: bytes) -> Answer:
        request = message.parse(body)
        header = _read_header(request, facility)
        asked = message.group(request, "MessageBody")
        by_card, by_search = message.has(asked, "CardAuthentication"), message.has(asked, SEARCH)
        if by_card == by_search:
            raise Fault("request-invalid", element="MessageBody")
        if by_card:
            proof = message.group(asked, "CardAuthentication")
            outcome = self.register.by_card(self._prove(proof, header, key, digest(body)))
        else:
            outcome = self.register.by_search(read_search(message.group(asked, SEARCH)))
        return self._write_check(header, "1" if by_card else "2", outcome)

    def _prove(self, proof: Tree, header: _Header, key: str, body_digest: bytes) -> str:
        """CN of the card that proved itself. The order of the steps is that of section 4 of the paper."""
        challenge = message.text(proof, "Challenge").strip()
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", challenge):
            raise Fault("request-invalid", element="Challenge")
        certificate = card_proof.read_certificate(message.text(proof, "Certificate"))
        card_proof.check_algorithm(certificate, message.text(proof, "SignatureAlgorithm").strip())
        signature = card_proof.unbase64(message.text(proof, "Signature"), "Signature")
        card_proof.check_certificate(certificate, self.authorities)
        cn = card_proof.common_name(certificate)
        self.register.check_known(cn)
        self.challenges.spend(challenge, header.facility, (key.lower(), body_digest))
        card_proof.check_signature(
            certificate, signature, card_proof.signed_lines(challenge, header.facility, header.day, key))
        return cn

    def _write_check(self, header: _Header, classification: str, outcome: Outcome) -> Answer:
        head: Tree = [("ProcessExecutionTime", _japan_now()), ("QualificationConfirmationDate", header.day),
                      ("MedicalInstitutionCode", header.facility)]
        if header.file_identifier:
            head.append(("ArbitraryFileIdentifier", header.file_identifier))
        head += [("ReferenceClassification", classification), ("SegmentOfResult", outcome.segment), *outcome.error]
        answer = self._xml(200, self._message(head, outcome.body))
        answer.keep = outcome.segment != "2"
        if not answer.keep:
            answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer

    # --- bulk ----------------------------------------------------------------------------------------------------

    def _bulk(self, facility: str, _key: str, body: bytes) -> Answer:
        request = message.parse(body)
        header = _read_header(request, facility)
        asked = message.group(request, "MessageBody")
        searches = [message.group_value(value) for name, value in asked if name == SEARCH]
        if not searches:
            raise Fault("request-invalid", element=SEARCH)
        units = [self._unit(read_search(search)) for search in searches]
        number = self.receptions.new_number()
        count = max(len(units), self.settings.bulk_size)
        good = sum(("ProcessingResultStatus", "1") in units[i % len(units)] for i in range(count))
        file_identifier: Tree = []
        if header.file_identifier:
            file_identifier = [("ArbitraryFileIdentifier", header.file_identifier)]
        result: Tree = [
            ("ProcessExecutionTime", _japan_now()), ("QualificationConfirmationDate", header.day),
            ("MedicalInstitutionCode", facility), *file_identifier, ("ReceptionNumber", number),
            ("SegmentOfResult", "1"), ("NumberOfProcessingResult", str(count)),
            ("NumberOfNormalProcessing", str(good)), ("NumberOfError", str(count - good))]
        head_bytes, unit_bytes, tail = message.write_parts(
            result, [[("BulkConfirmUnit", unit)] for unit in units], self.settings.encoding, self.settings.unordered)
        self.receptions.accept(number, facility, BulkResult(head_bytes, unit_bytes, tail, count))
        head: Tree = [("ProcessExecutionTime", _japan_now()), ("MedicalInstitutionCode", facility), *file_identifier]
        answer = self._xml(202, self._message(
            head, [("ReceptionNumber", number), ("ReceptionDateTime", _japan_now())]))
        answer.headers.update({"Location": f"/v1/bulk/{number}", "Retry-After": str(RETRY_SECONDS)})
        answer.keep = True
        return answer

    def _unit(self, search: Tree) -> Tree:
        persons = self.register.find(search)
        try:
            outcome = self.register.found(search, persons)
        except Fault:
            outcome = Outcome("9", [], [])
        if outcome.segment != "1":
            # One person's trouble does not fail the file.
            return [(SEARCH, search), ("ProcessingResultStatus", "2"), ("ProcessingResultCode", "X0000009"),
                    ("ProcessingResultMessage", "（見本）この方の照会を処理できませんでした")]
        wanted = ("ProcessingResultStatus", "ProcessingResultCode", "ProcessingResultMessage",
                  "QualificationValidity")
        unit: Tree = [(SEARCH, search), *[pair for pair in outcome.body if pair[0] in wanted]]
        results = next((message.group_value(v) for n, v in outcome.body if n == "ResultList"), [])
        return unit + [(RESULT, bulk_result(message.group_value(r))) for _, r in results]

    # --- writing -------------------------------------------------------------------------------------------------

    def _message(self, header: Tree, body: Tree) -> bytes:
        return message.write(header, body, self.settings.encoding, self.settings.unordered)

    def _xml(self, status: int, body: bytes) -> Answer:
        charset = "Shift_JIS" if self.settings.encoding == "shift_jis" else "utf-8"
        return Answer(status, body, f"application/xml; charset={charset}")


def _read_header(request: Tree, facility: str) -> _Header:
    header = message.group(request, "MessageHeader")
    day = message.text(header, "QualificationConfirmationDate").strip()
    check_day(day, "QualificationConfirmationDate")
    tomorrow = datetime.datetime.now(JAPAN) + datetime.timedelta(days=1)
    if day > tomorrow.strftime("%Y%m%d"):
        raise Fault("request-invalid", element="QualificationConfirmationDate")
    code = message.text(header, "MedicalInstitutionCode").strip()
    if not re.fullmatch(r"[0-9]{10}", code):
        raise Fault("request-invalid", element="MedicalInstitutionCode")
    identifier = message.text(header, "ArbitraryFileIdentifier", required=False)
    if len(identifier) > 50:
        raise Fault("request-invalid", element="ArbitraryFileIdentifier")
    if code != facility:
        raise Fault("facility-mismatch")
    return _Header(day, code, identifier)


def _japan_now() -> str:
    return datetime.datetime.now(JAPAN).strftime("%Y%m%d%H%M%S")


def _json(status: int, value: dict[str, object]) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json",
                  {"Cache-Control": "no-store"})
