"""Everything a terminal, a share or another program may do wrong, switched by request."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

TRICKS = {
    "slow-MS": "answers MS milliseconds later",
    "held": "answers when a file \"go\" lies beside the folders' root",
    "torn-MS": "writes the result in pieces under its final name, over MS milliseconds",
    "hollow-MS": "the file has its full size and time at once and is filled over MS milliseconds",
    "half": "only half of the result, for ever",
    "order": "holds the answer back until the next request was answered",
    "duplicate": "writes the same result three times, the last time as a ZIP too",
    "encoding": "says Shift_JIS and writes UTF-8",
    "foreign": "answers with another person's question and identifier",
    "foreign-echo": "right identifier, but another person's question",
    "foreign-institution": "right identifier, another institution's code",
    "identifier": "right question, another file identifier",
    "bare": "neither file identifier nor question",
    "refused": "ends the whole file abnormally (SegmentOfResult 9)",
    "err": "rejects: the request reappears in res, beside OQS…req_….err",
    "err-res": "rejects with OQS…res_….err alone",
    "echo": "lays the request under the result's name, for ever",
    "echo-first": "lays the request under the result's name, the answer after it",
    "silent": "takes the request and never answers",
    "ignore": "does not take the request",
    "case": "the result's name in lower case with the ending XML",
    "vanish-MS": "the folders are gone for MS milliseconds, the answer comes after it",
    "gone": "the folders are gone until a file \"go\" lies beside them, the answer comes after it",
    "zip": "the answer as a ZIP",
    "zip-torn-MS": "the ZIP in pieces, over MS milliseconds",
    "zip-broken": "a ZIP whose bytes are damaged",
    "zip-two": "a ZIP with two documents",
    "many-N": "each unit of a bulk result N times",
    "large": "a result of more than 4 MiB",
}
KINDS = ("siquc01", "muquc01", "muquc02", "siimm01", "muimm01", "muimm02", "all")
_RULE = re.compile(r"([a-z0-9]+)=([a-z-]+?)(?:-(\d+))?(?:\*(\d+))?")


@dataclass
class Rule:
    kind: str
    trick: str
    amount: int
    left: int  # -1: always


def parse_rule(text: str) -> Rule:
    found = _RULE.fullmatch(text.strip())
    if found is None or found.group(1) not in KINDS:
        raise ValueError(f"not KIND=TRICK[*COUNT]: {text}")
    trick, amount = found.group(2), found.group(3)
    if trick + ("" if amount is None else "-MS") not in TRICKS and (amount is None or trick + "-N" not in TRICKS):
        raise ValueError(f"no such trick: {text}")
    return Rule(found.group(1), trick, int(amount or 0), int(found.group(4) or -1))


class Mischief:
    """Rules of the command line and of the control file; each line of the file counts for itself."""

    def __init__(self, rules: list[Rule], control: Path | None) -> None:
        self._rules = rules
        self._control = control
        self._known = ""

    def _look_at_control(self) -> None:
        text = self._control.read_text(encoding="utf-8") if self._control and self._control.exists() else ""
        if text != self._known:
            self._known = text
            self._rules = [parse_rule(line) for line in text.splitlines() if line.strip()]

    def for_request(self, kind: str) -> Rule | None:
        if self._control is not None:
            self._look_at_control()
        for rule in self._rules:
            if rule.left != 0 and rule.kind in (kind, "all"):
                rule.left -= 1 if rule.left > 0 else 0
                return rule
        return None


def zipped(name: str, *documents: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in enumerate(documents):
            archive.writestr(name if number == 0 else f"{number}_{name}", document)
    return out.getvalue()


def _element(document: bytes, name: str, value: str) -> bytes:
    return re.sub(rb"<%b>[^<]*</%b>" % (name.encode(), name.encode()),
                  b"<%b>%b</%b>" % (name.encode(), value.encode(), name.encode()), document)


def _other_person(document: bytes) -> bytes:
    head, found, tail = document.partition(b"<QualificationConfirmSearchInfo>")
    return head + found + _element(_element(tail, "InsuredIdentificationNumber", "9999"), "Birthdate", "19991231")


def spoil(document: bytes, trick: str, amount: int) -> bytes:
    """The document as this trick leaves it."""
    if trick == "encoding":
        text = document.replace(b'"UTF-8"', b'"Shift_JIS"')
        # Three bytes a character and an odd number of them: no reading as code page 932 fits.
        return text.replace(b"</XmlMsg>", "<!-- 見本町 -->".encode() + b"</XmlMsg>")
    if trick == "half":
        return document[:len(document) // 2]
    if trick == "foreign":
        return _other_person(_element(document, "ArbitraryFileIdentifier", "someone-else"))
    if trick == "foreign-echo":
        return _other_person(document)
    if trick == "foreign-institution":
        return _element(document, "MedicalInstitutionCode", "9918888888")
    if trick == "identifier":
        return _element(document, "ArbitraryFileIdentifier", "someone-else")
    if trick == "bare":
        document = re.sub(rb"\s*<ArbitraryFileIdentifier>[^<]*</ArbitraryFileIdentifier>", b"", document)
        return re.sub(rb"(?s)\s*<QualificationConfirmSearchInfo>.*?</QualificationConfirmSearchInfo>", b"", document)
    if trick == "many":
        return re.sub(rb"(?s)<BulkConfirmUnit>.*?</BulkConfirmUnit>", lambda found: found.group() * amount, document)
    if trick == "large":
        return document.replace(b"</XmlMsg>", b"<!--" + b"x" * (5 << 20) + b"--></XmlMsg>")
    return document
