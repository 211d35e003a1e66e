"""What the service behind the terminal knows and answers."""

from __future__ import annotations

import datetime
import json
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from message import Request, Tree, group, write

FACILITY = "9919999999"


def japan_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace("-", "").replace("・", "")


def _echo(values: dict[str, str]) -> tuple[str, Tree]:
    return ("QualificationConfirmSearchInfo", list(values.items()))


@dataclass
class Batch:
    request: Request
    fetched: int = 0


@dataclass
class Service:
    persons_file: Path
    shift_jis: bool = False
    bulk_pending: int = 0
    persons: list[dict] = field(default_factory=list)
    batches: dict[str, Batch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.persons = json.loads(self.persons_file.read_text(encoding="utf-8"))["persons"]

    def person(self, number: int) -> dict:
        return next(p for p in self.persons if p["number"] == number)

    def _matches(self, result: dict, search: dict[str, str]) -> bool:
        for name in ("InsurerNumber", "InsuredCardSymbol", "InsuredIdentificationNumber"):
            if _fold(result.get(name, "")) != _fold(search.get(name, "")):
                return False
        branch = search.get("InsuredBranchNumber", "")
        return (result.get("Birthdate") == search.get("Birthdate")
                and (not branch or branch == result.get("InsuredBranchNumber", "")))

    def _find(self, search: dict[str, str]) -> list[dict]:
        return [p for p in self.persons if any(self._matches(r, search) for r in p.get("results", []))]

    def _header(self, request: Request, segment: str, *more: tuple[str, str]) -> Tree:
        kept = [(name, request.header[name]) for name in ("QualificationConfirmationDate", "MedicalInstitutionCode",
                                                          "ArbitraryFileIdentifier") if name in request.header]
        return [("ProcessExecutionTime", japan_now().strftime("%Y%m%d%H%M%S")), *kept, *more,
                ("SegmentOfResult", segment)]

    def _unit(self, search: dict[str, str], bulk: bool) -> Tree:
        found = self._find(search)
        if len(found) != 1:
            return [("ProcessingResultStatus", "1"), ("QualificationValidity", "5" if found else "4"), _echo(search)]
        results = [("ResultOfQualificationConfirmation", group(r)) for r in found[0]["results"]]
        return [*found[0]["body"].items(), *(results if bulk else [("ResultList", results)]), _echo(search)]

    def answer(self, request: Request) -> bytes:
        return {"siquc01": self._one, "muquc01": self._accept, "muquc02": self._fetch, "siimm01": self._register_one,
                "muimm01": self._accept, "muimm02": self._fetch}[request.kind](request)

    def _one(self, request: Request) -> bytes:
        header = self._header(request, "1", ("ReferenceClassification", "2"))
        return write(header, self._unit(request.people[0], bulk=False), self.shift_jis)

    def _register_one(self, request: Request) -> bytes:
        body = [("ProcessingResultStatus", "1"), ("ReferenceNumber", request.people[0]["ReferenceNumber"])]
        return write(self._header(request, "1"), body, self.shift_jis)

    def _accept(self, request: Request) -> bytes:
        number = f"R{len(self.batches) + 1:017d}"
        self.batches[number] = Batch(request)
        header = [item for item in self._header(request, "1") if item[0] != "SegmentOfResult"]
        body = [("ReceptionNumber", number), ("ReceptionDateTime", japan_now().strftime("%Y%m%d%H%M%S"))]
        return write(header, body, self.shift_jis)

    def _fetch(self, request: Request) -> bytes:
        batch = self.batches.get(request.reception)
        if batch is None:
            return self.refuse(request)
        batch.fetched += 1
        asked = batch.request
        if batch.fetched <= self.bulk_pending:
            return write(self._header(asked, "2", ("ReceptionNumber", request.reception)), [], self.shift_jis)
        people = len(asked.people)
        header = self._header(asked, "1", ("ReceptionNumber", request.reception),
                              ("NumberOfProcessingResult", str(people)), ("NumberOfNormalProcessing", str(people)),
                              ("NumberOfError", "0"))
        if request.kind == "muimm02":
            units = [("BulkRegistrationUnit", [("ReferenceNumberRegistrationInfo", list(p.items())),
                                               ("ProcessingResultStatus", "1")]) for p in asked.people]
        else:
            units = [("BulkConfirmUnit", self._unit(p, bulk=True)) for p in asked.people]
        return write(header, units, self.shift_jis)

    def refuse(self, request: Request) -> bytes:
        """An abnormal end of the whole file, without a body."""
        header = [*self._header(request, "9"), ("ErrorCode", "X9999999"), ("ErrorMessage", "（見本）受け付けられません")]
        return write(header, [], self.shift_jis)

    def face(self, number: int) -> bytes:
        """What the terminal pushes after a card was read: no search, no order inside a result. Who has no entitlement
        comes without a list of results."""
        person = self.person(number)
        if "body" not in person:
            raise ValueError(f"person {number} is one that no answer speaks of")
        header = [("ProcessExecutionTime", japan_now().strftime("%Y%m%d%H%M%S%f")[:14]), ("SegmentOfResult", "1"),
                  ("QualificationConfirmationDate", japan_now().strftime("%Y%m%d")), ("ReferenceClassification", "1"),
                  ("ArbitraryFileIdentifier", "AAAA_BBBBcccCCC="), ("MedicalInstitutionCode", FACILITY)]
        results = [("ResultOfQualificationConfirmation", sorted(group(r), key=lambda item: item[0][::-1]))
                   for r in person.get("results", [])]
        found = [("ResultList", results)] if results else []
        return write(header, [*found, *group(person["body"])], self.shift_jis)
