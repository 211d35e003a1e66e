"""How a judge of packs runs: KIND and the folders of packs; every document of that kind is looked at."""
import copy
import pathlib
import re
import sys

import source

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
ROOTS = {"hc08": b"ClinicalDocument", "cc08": b"(?:checkupClaim|subjectPerson)"}


class Document:
    """An expected output of a sample, with the person that its source speaks of and all persons of that source."""

    def __init__(self, path):
        self.path = path
        self.raw = path.read_bytes()
        name, record = re.fullmatch(r"(.+?)(?:\.([2-9]))?\.expected", path.name).groups()
        sources = [path.with_name(name + ending) for ending in (".xml", ".txt")]
        found = [s for s in sources if s.is_file()]
        self.source = found[0] if found else None
        self.persons = source.read(self.source) if found else []
        self.person = self.persons[int(record or 1) - 1] if self.persons else None


def as_one(document):
    """For what an answer makes as a whole: the persons that are entitled, the first of them standing for it."""
    if document.person is not document.persons[0]:
        return document
    taken = copy.copy(document)
    taken.persons = source.entitled(document.persons)
    taken.person = taken.persons[0]
    return taken


def is_kind(kind, raw):
    """Some packs make documents of two kinds."""
    if kind == "fhir-json":
        return raw.lstrip().startswith(b"{")
    if kind == "fhir-xml":
        return raw.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
    if kind == "jsy96":
        return raw.lstrip(b'"').startswith(b"ProcessExecutionTime")
    if kind in ROOTS:
        return bool(re.search(rb"<(?:\w+:)?" + ROOTS[kind] + rb"[\s>]", raw))
    return True


def documents(kind, folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("samples/*.expected")):
            if is_kind(kind, path.read_bytes()):
                yield Document(path)


def problems_of(document, judge):
    if document.person is None:
        yield "has no source document"
        return
    try:
        yield from judge(document)
    except (ValueError, SyntaxError, LookupError, AttributeError, TypeError) as problem:  # a part that is not there
        yield f"cannot be read: {type(problem).__name__}: {problem}"


def run(judges, arguments, usage):
    """judges: kind to a function that yields what is wrong with a Document. No document is a failure."""
    if len(arguments) < 2 or arguments[0] not in judges:
        sys.exit(f"{usage}\nkinds: {' '.join(sorted(judges))}")
    kind, folders = arguments[0], arguments[1:]
    count, told = 0, []
    for document in documents(kind, folders):
        count += 1
        pack = document.path.parents[1].name
        told += [f"{pack}/{document.path.name}: {p}" for p in problems_of(document, judges[kind])]
    if not count:
        told.append(f"no document of the kind {kind} in {' '.join(folders)}")
    print("\n".join(told) if told else f"{kind}: {count} documents are as they should be")
    sys.exit(1 if told else 0)
