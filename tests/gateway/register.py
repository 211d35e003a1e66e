"""The synthetic persons and what the service answers about them (persons.json)."""

from __future__ import annotations

import datetime
import json
import threading
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import message
from faults import Fault
from message import Tree

RESULT = "ResultOfQualificationConfirmation"
SEARCH = "QualificationConfirmSearchInfo"
LIMIT = "LimitApplicationCertificateRelatedInfo"
SEARCH_ORDER = ("InsurerNumber", "InsuredCardSymbol", "InsuredIdentificationNumber", "InsuredBranchNumber",
                "Birthdate", "LimitApplicationCertificateRelatedConsFlg", "ArbitraryIdentifier")


@dataclass
class Person:
    number: int
    cn: str
    about: str
    body: Tree = field(default_factory=list)  # MessageBody up to ResultList
    results: list[Tree] = field(default_factory=list)
    fault: str = ""       # a problem type instead of an answer
    error: Tree = field(default_factory=list)  # file-level error: SegmentOfResult 9 with these header elements
    pending: int = 0      # so many answers "still processing" first; -1 for ever


@dataclass
class Outcome:
    """What to write into the answer."""

    segment: str
    error: Tree
    body: Tree


def _tree(value: object) -> Tree:
    """JSON to tree. An object keeps its order; an array repeats its element."""
    assert isinstance(value, dict)
    tree: Tree = []
    for name, inner in value.items():
        for one in inner if isinstance(inner, list) else [inner]:
            tree.append((name, _tree(one) if isinstance(one, dict) else str(one)))
    return tree


def load(path: Path) -> list[Person]:
    persons = []
    for entry in json.loads(path.read_text(encoding="utf-8"))["persons"]:
        persons.append(Person(
            number=entry["number"], cn=entry["cn"], about=entry["about"],
            body=_tree(entry.get("body", {})), results=[_tree(r) for r in entry.get("results", [])],
            fault=entry.get("fault", ""), error=_tree(entry.get("error", {})), pending=entry.get("pending", 0)))
    return persons


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _field(tree: Tree, name: str) -> str:
    return next((value for child, value in tree if child == name and isinstance(value, str)), "")


def _matches(result: Tree, search: Tree) -> bool:
    for name in ("InsurerNumber", "InsuredIdentificationNumber", "Birthdate"):
        if fold(_field(result, name)) != fold(_field(search, name)):
            return False
    # Symbol and branch narrow the search only where the question names them.
    return all(not _field(search, name) or fold(_field(result, name)) == fold(_field(search, name))
               for name in ("InsuredCardSymbol", "InsuredBranchNumber"))


def read_search(search: Tree) -> Tree:
    """The question in layout order, checked as section 2.3 of the paper says."""
    required = {"InsurerNumber", "InsuredIdentificationNumber", "Birthdate",
                "LimitApplicationCertificateRelatedConsFlg"}
    ordered: Tree = []
    for name in SEARCH_ORDER:
        value = message.text(search, name, required=name in required)
        if message.has(search, name):
            ordered.append((name, value))
    insurer = _field(ordered, "InsurerNumber").strip()
    if not (insurer.isascii() and insurer.isdigit() and len(insurer) in (6, 8)):
        raise Fault("request-invalid", element="InsurerNumber")
    check_day(_field(ordered, "Birthdate"), "Birthdate")
    if _field(ordered, "LimitApplicationCertificateRelatedConsFlg") not in ("0", "1"):
        raise Fault("request-invalid", element="LimitApplicationCertificateRelatedConsFlg")
    branch = _field(ordered, "InsuredBranchNumber")
    if branch and not (branch.isascii() and branch.isdigit() and len(branch) == 2):
        raise Fault("request-invalid", element="InsuredBranchNumber")
    return ordered


def check_day(text: str, element: str) -> None:
    try:
        if len(text) != 8 or not (text.isascii() and text.isdigit()):
            raise ValueError
        datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Fault("request-invalid", element=element) from None


class Register:
    def __init__(self, persons: list[Person]) -> None:
        self._by_cn = {p.cn: p for p in persons}
        self._persons = persons
        self._lock = threading.Lock()
        self._asked: dict[int, int] = {}

    def check_known(self, cn: str) -> None:
        """The certificate step: unknown and revoked cards end here, before the challenge is spent."""
        person = self._by_cn.get(cn)
        if person is None:
            raise Fault("certificate-unknown")
        if person.fault.startswith("certificate-"):
            raise Fault(person.fault)

    def by_card(self, cn: str) -> Outcome:
        return self._answer(self._by_cn[cn])

    def by_search(self, search: Tree) -> Outcome:
        return self.found(search, self.find(search))

    def find(self, search: Tree) -> list[Person]:
        return [p for p in self._persons if any(_matches(r, search) for r in p.results)]

    def found(self, search: Tree, persons: list[Person]) -> Outcome:
        if len(persons) == 1:
            outcome = self._answer(persons[0])
            if _field(search, "LimitApplicationCertificateRelatedConsFlg") == "0":
                outcome.body = without_limit(outcome.body)
        else:
            outcome = Outcome("1", [], [("ProcessingResultStatus", "1"),
                                        ("QualificationValidity", "5" if persons else "4")])
        if outcome.body:
            outcome.body.append((SEARCH, search))
        return outcome

    def _answer(self, person: Person) -> Outcome:
        if person.fault:
            raise Fault(person.fault, retry_after=1)
        if self._is_pending(person):
            return Outcome("2", [], [])
        if person.error:
            return Outcome("9", person.error, [])
        body = list(person.body)
        if person.results:
            body.append(("ResultList", [(RESULT, r) for r in person.results]))
        return Outcome("1", [], body)

    def _is_pending(self, person: Person) -> bool:
        if person.pending <= 0:
            return person.pending < 0
        with self._lock:
            asked = self._asked.get(person.number, 0)
            # Starts over after the good answer, so that one server serves many tests.
            self._asked[person.number] = 0 if asked >= person.pending else asked + 1
        return asked < person.pending


def without_limit(body: Tree) -> Tree:
    kept: Tree = []
    for name, value in body:
        if name == LIMIT:
            continue
        kept.append((name, without_limit(value) if isinstance(value, list) else value))
    return kept


def bulk_result(result: Tree) -> Tree:
    """A bulk answer says only that the limit certificate may have changed."""
    has_limit = message.has(result, LIMIT)
    return [*without_limit(result), ("LimitApplicationCertificateChanged", "1" if has_limit else "0")]
