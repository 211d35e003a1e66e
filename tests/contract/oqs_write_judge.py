#!/usr/bin/python3
"""Judges the OQS XML that we write: oqs_write_judge.py PROGRAM. PROGRAM writes documents into a folder;
Python's own decoder and expat read them, and the order of elements is that of the lists below."""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

DATA = pathlib.Path(__file__).resolve().parents[1] / "data/oqs"
NAMES = {"utf8": ("UTF-8", "utf-8", "0"), "cp932": ("Shift_JIS", "cp932", "1")}
HEAD = ["QualificationConfirmationDate", "MedicalInstitutionCode", "ArbitraryFileIdentifier"]
CARD = ["InsurerNumber", "InsuredCardSymbol", "InsuredIdentificationNumber", "InsuredBranchNumber"]
SEARCH = [*CARD, "Birthdate", "LimitApplicationCertificateRelatedConsFlg", "ArbitraryIdentifier"]
PUSHED_HEAD = ["ProcessExecutionTime", "CharacterCodeIdentifier", "SegmentOfResult", "QualificationConfirmationDate",
               "ReferenceClassification", "ArbitraryFileIdentifier", "MedicalInstitutionCode"]
PUSHED_BODY = ["ResultList", "ProcessingResultStatus", "ProcessingResultCode", "ProcessingResultMessage",
               "QualificationValidity"]
FIRST = ["  990010", "見・１２<&>", "３４５", "02", "19540105", "1", "000123_1"]
SECOND = ["39990015", "01234567", "19260304", "0"]
REGISTERED = [["000123", *FIRST[:4]], ["見本－２", *SECOND[:2]]]
PEOPLE = {"question": [FIRST], "question_elderly": [SECOND], "bulk_question": [FIRST, SECOND],
          "registration": REGISTERED}


class Wrong(Exception):
    pass


def need(good, what):
    if not good:
        raise Wrong(what)


def parse(raw, kind):
    declared, codec, _ = NAMES[kind]
    text = raw.decode(codec)  # strict
    line = f'<?xml version="1.0" encoding="{declared}" standalone="no"?>\r\n'
    need(text.startswith(line), "declaration")
    need(text.endswith("</XmlMsg>\r\n"), "end")
    need(text.count("\n") == text.count("\r\n") == text.count("\r"), "line ends")
    need("&#" not in text, "a numeric character reference")
    need(not re.search(r"<[A-Za-z]+[ /]", text), "an attribute or a short tag")
    root = ET.fromstring(text[len(line):])
    need(root.tag == "XmlMsg" and [c.tag for c in root] == ["MessageHeader", "MessageBody"], "root")
    return root


def in_order(element, order, rest=False):
    """The known children stand in that order and at most once; others only behind when `rest`."""
    places = [order.index(c.tag) if c.tag in order else len(order) for c in element]
    need(places == sorted(places), f"order in {element.tag}")
    known = [p for p in places if p < len(order)]
    need(len(known) == len(set(known)) and (rest or len(known) == len(places)), f"elements in {element.tag}")


def judge_question(name, root):
    header, body = root
    in_order(header, HEAD)
    if name == "bulk_fetch":
        need([c.tag for c in header] == ["MedicalInstitutionCode"], "header of a fetch")
        need([(c.tag, c.text) for c in body] == [("ReceptionNumber", "R00000000000000001")], "reception number")
        return
    need([c.text for c in header] == ["20250602", "9919999999", "T-000123"], "header")
    register = name == "registration"
    group = "ReferenceNumberRegistrationInfo" if register else "QualificationConfirmSearchInfo"
    need({c.tag for c in body} == {group}, "body")
    for person in body:
        in_order(person, ["ReferenceNumber", *CARD] if register else SEARCH)
    need([[c.text for c in person] for person in body] == PEOPLE[name], "values")


def leaves(element, path=""):
    """Every value with its path, entries of lists counted."""
    counts = {}
    for child in element:
        n = counts[child.tag] = counts.get(child.tag, 0) + 1
        below = f"{path}/{child.tag}[{n}]"
        if len(child):
            yield from leaves(child, below)
        elif (child.text or "").strip() or not child.tag.endswith(("List", "Body")):
            yield below, child.text or ""


def judge_face(name, kind, root):
    header, body = root
    in_order(header, PUSHED_HEAD, rest=True)
    in_order(body, PUSHED_BODY, rest=True)
    source = (DATA / f"{name.removeprefix('face_')}.xml").read_bytes()
    codec = "cp932" if b'encoding="Shift_JIS"' in source[:100] else "utf-8"
    original = ET.fromstring(source.decode(codec).split("?>", 1)[1].strip())
    code = "/MessageHeader[1]/CharacterCodeIdentifier[1]"
    want = {**dict(leaves(original)), code: NAMES[kind][2]}
    have = list(leaves(root))
    need(len(have) == len(dict(have)), "an element twice")
    for path in want.keys() | dict(have).keys():
        need(dict(have).get(path) == want.get(path), f"{path}")


def judge(path):
    name, kind = path.name.split(".")[:2]
    root = parse(path.read_bytes(), kind)
    if name.startswith("face_"):
        judge_face(name, kind, root)
    else:
        judge_question(name, root)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    problems, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        for path in sorted(pathlib.Path(folder).iterdir()):
            count += 1
            try:
                judge(path)
            except (Wrong, ET.ParseError, UnicodeDecodeError) as problem:
                problems.append(f"{path.name}: {problem}")
    if count != 22:
        problems.append(f"{count} documents, not 22")
    print("\n".join(problems) if problems else f"{count} documents are as they should be")
    sys.exit(1 if problems else 0)


main()
