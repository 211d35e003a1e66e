"""Reading and writing `XmlMsg`, without any help from the plugin's code.

A tree is a list of (element name, value) pairs; a value is text or again such a list. Order is kept, because the
layout order is part of what the tests look at.
"""

from __future__ import annotations

import random
import xml.parsers.expat
from typing import Union
from xml.sax.saxutils import escape

from faults import Fault

Value = Union[str, "Tree"]
Tree = list[tuple[str, Value]]

MAX_DEPTH = 32
GETA = "●"


class _Reader:
    """Builds the tree; refuses what the paper refuses before expat can expand anything."""

    def __init__(self) -> None:
        self.root: Tree = []
        self.stack: list[Tree] = [self.root]
        self.text: list[list[str]] = [[]]

    def doctype(self, *_: object) -> None:
        raise Fault("request-invalid", element="DOCTYPE")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
            raise Fault("request-invalid", element="XmlMsg")

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise Fault("request-invalid", element="XmlMsg")
        self.stack.append([])
        self.text.append([])

    def end(self, name: str) -> None:
        children = self.stack.pop()
        text = "".join(self.text.pop())
        self.stack[-1].append((name, children if children else text))

    def data(self, text: str) -> None:
        self.text[-1].append(text)


def parse(body: bytes) -> Tree:
    """The children of XmlMsg."""
    reader = _Reader()
    parser = xml.parsers.expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.XmlDeclHandler = reader.declaration
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(body, True)
    except xml.parsers.expat.ExpatError:
        raise Fault("request-invalid", element="XmlMsg") from None
    if len(reader.root) != 1 or reader.root[0][0] != "XmlMsg":
        raise Fault("request-invalid", element="XmlMsg")
    return group_value(reader.root[0][1])


def group_value(value: Value) -> Tree:
    return value if isinstance(value, list) else []


def has(tree: Tree, name: str) -> bool:
    return any(child == name for child, _ in tree)


def _one(tree: Tree, name: str) -> Value | None:
    found = [value for child, value in tree if child == name]
    if len(found) > 1:
        raise Fault("request-invalid", element=name)
    return found[0] if found else None


def group(tree: Tree, name: str) -> Tree:
    value = _one(tree, name)
    if value is None:
        raise Fault("request-invalid", element=name)
    return group_value(value)


def text(tree: Tree, name: str, required: bool = True) -> str:
    value = _one(tree, name)
    if isinstance(value, list) or (required and not (value or "").strip()):
        raise Fault("request-invalid", element=name)
    return value or ""


def _lines(tree: Tree, indent: str, shuffle: random.Random | None) -> list[str]:
    if shuffle is not None:
        # sorted() is stable, so items of one name keep their order among themselves.
        rank = {name: shuffle.random() for name, _ in tree}
        tree = sorted(tree, key=lambda pair: rank[pair[0]])
    lines: list[str] = []
    for name, value in tree:
        if isinstance(value, list):
            lines += [f"{indent}<{name}>", *_lines(value, indent + "  ", shuffle), f"{indent}</{name}>"]
        else:
            lines.append(f"{indent}<{name}>{escape(value)}</{name}>")
    return lines


def _to_cp932(document: str) -> bytes:
    """What the code page lacks becomes the geta mark, never a character reference."""
    try:
        return document.encode("cp932")
    except UnicodeEncodeError:
        return "".join(c if _fits(c) else GETA for c in document).encode("cp932")


def _fits(character: str) -> bool:
    try:
        character.encode("cp932")
        return True
    except UnicodeEncodeError:
        return False


def write(header: Tree, body: Tree, encoding: str, unordered: bool = False) -> bytes:
    """One XmlMsg as it goes over the wire. CharacterCodeIdentifier is added here: it belongs to the encoding."""
    head, parts, tail = write_parts(header, [body], encoding, unordered)
    return head + parts[0] + tail


def write_parts(header: Tree, bodies: list[Tree], encoding: str, unordered: bool = False
                ) -> tuple[bytes, list[bytes], bytes]:
    """The same in parts, each of which may stand in the document any number of times."""
    sjis = encoding == "shift_jis"
    header = [*header, ("CharacterCodeIdentifier", "1" if sjis else "0")]
    # Seeded: an unordered answer is as repeatable as an ordered one.
    shuffle = random.Random(7) if unordered else None
    to_bytes = _to_cp932 if sjis else str.encode
    lines = [
        f'<?xml version="1.0" encoding="{"Shift_JIS" if sjis else "UTF-8"}" standalone="no"?>',
        "<XmlMsg>",
        "  <MessageHeader>", *_lines(header, "    ", shuffle), "  </MessageHeader>",
        "  <MessageBody>", ""]
    parts = ["".join(line + "\n" for line in _lines(body, "    ", shuffle)) for body in bodies]
    return to_bytes("\n".join(lines)), [to_bytes(part) for part in parts], b"  </MessageBody>\n</XmlMsg>\n"
