"""Requests as the terminal reads them, and the documents it lays into res and face.

Written from the facts about the interface alone; it shares no code with the plugin, so that one misreading cannot
hide on both sides.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

# (name, text) or (name, [children]); an item of None is left out.
Tree = list

SEARCH = ("InsurerNumber", "InsuredCardSymbol", "InsuredIdentificationNumber", "InsuredBranchNumber", "Birthdate",
          "LimitApplicationCertificateRelatedConsFlg", "ArbitraryIdentifier")
REGISTRATION = ("ReferenceNumber", "InsurerNumber", "InsuredCardSymbol", "InsuredIdentificationNumber",
                "InsuredBranchNumber")
NAME = re.compile(r"OQS(si|mu)(quc|imm)(01|02)req_(.+)\.xml", re.IGNORECASE)


class Rejected(Exception):
    """The terminal does not take this request."""


@dataclass
class Request:
    name: str
    kind: str  # "siquc01"
    identifier: str  # of the file name
    raw: bytes
    header: dict[str, str] = field(default_factory=dict)
    people: list[dict[str, str]] = field(default_factory=list)
    reception: str = ""

    def result(self, ending: str = ".xml") -> str:
        return f"OQS{self.kind}res_{self.identifier}{ending}"


def _check_declaration(raw: bytes) -> None:
    found = re.match(rb'<\?xml version="1\.0" encoding="(UTF-8|Shift_JIS)" standalone="no"\?>', raw)
    if found is None:
        raise Rejected("declaration")
    try:
        raw.decode("cp932" if found.group(1) == b"Shift_JIS" else "utf-8")
    except UnicodeDecodeError as error:
        raise Rejected("bytes do not fit the declaration") from error
    if b"&#" in raw:
        raise Rejected("numeric character reference")


def _parse(raw: bytes) -> ElementTree.Element:
    _check_declaration(raw)
    try:
        text = raw.decode("cp932" if b"Shift_JIS" in raw[:100] else "utf-8")
        return ElementTree.fromstring(text.split("?>", 1)[1])
    except ElementTree.ParseError as error:
        raise Rejected("not well-formed") from error


def _flat(element: ElementTree.Element, known: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for child in element:
        if child.tag not in known or child.tag in values or len(child):
            raise Rejected(f"element {child.tag}")
        values[child.tag] = child.text or ""
    return values


def _check_person(values: dict[str, str]) -> None:
    if len(values.get("InsurerNumber", "")) != 8:
        raise Rejected("InsurerNumber is not 8 wide")
    if not values.get("InsuredIdentificationNumber"):
        raise Rejected("InsuredIdentificationNumber")
    if any(value == "" for value in values.values()):
        raise Rejected("empty element")


def _read_people(request: Request, body: ElementTree.Element) -> None:
    group, known = (("ReferenceNumberRegistrationInfo", REGISTRATION) if "imm" in request.kind
                    else ("QualificationConfirmSearchInfo", SEARCH))
    for element in body:
        if element.tag != group:
            raise Rejected(f"element {element.tag}")
        values = _flat(element, known)
        _check_person(values)
        if group.startswith("Qualification") and not re.fullmatch(r"\d{8}", values.get("Birthdate", "")):
            raise Rejected("Birthdate")
        request.people.append(values)
    if not request.people or (request.kind.startswith("si") and len(request.people) != 1):
        raise Rejected("number of people")


def read(name: str, raw: bytes) -> Request:
    """Raises Rejected; then the request is known by its name alone."""
    found = NAME.fullmatch(name)
    if found is None:
        raise Rejected("name")
    request = Request(name, "".join(found.groups()[:3]).lower(), found.group(4), raw)
    root = _parse(raw)
    if root.tag != "XmlMsg" or [child.tag for child in root] != ["MessageHeader", "MessageBody"]:
        raise Rejected("shape")
    request.header = _flat(root[0], ("QualificationConfirmationDate", "MedicalInstitutionCode",
                                     "ArbitraryFileIdentifier"))
    if not re.fullmatch(r"\d{10}", request.header.get("MedicalInstitutionCode", "")):
        raise Rejected("MedicalInstitutionCode")
    if request.kind.endswith("02"):
        request.reception = _flat(root[1], ("ReceptionNumber",)).get("ReceptionNumber", "")
    else:
        _read_people(request, root[1])
    return request


def group(values: dict) -> Tree:
    """A table of persons.json as elements."""
    tree: Tree = []
    for name, value in values.items():
        for item in value if isinstance(value, list) else [value]:
            tree.append((name, group(item) if isinstance(item, dict) else str(item)))
    return tree


def _lines(tree: Tree, indent: str) -> list[str]:
    lines: list[str] = []
    for item in tree:
        if item is None:
            continue
        name, value = item
        if isinstance(value, list):
            lines += [f"{indent}<{name}>", *_lines(value, indent + "\t"), f"{indent}</{name}>"]
        else:
            lines.append(f"{indent}<{name}>{escape(value)}</{name}>")
    return lines


def _geta(text: str) -> bytes:
    """What the code page lacks becomes the geta mark, never a character reference."""
    out = b""
    for character in text:
        try:
            out += character.encode("cp932")
        except UnicodeEncodeError:
            out += "〓".encode("cp932")
    return out


def write(header: Tree, body: Tree, shift_jis: bool) -> bytes:
    code = [("CharacterCodeIdentifier", "1" if shift_jis else "0")]
    lines = [f'<?xml version="1.0" encoding="{"Shift_JIS" if shift_jis else "UTF-8"}" standalone="no"?>', "<XmlMsg>",
             "\t<MessageHeader>", *_lines([*header, *code], "\t\t"), "\t</MessageHeader>",
             "\t<MessageBody>", *_lines(body, "\t\t"), "\t</MessageBody>", "</XmlMsg>", ""]
    text = "\r\n".join(lines)
    return _geta(text) if shift_jis else text.encode()
