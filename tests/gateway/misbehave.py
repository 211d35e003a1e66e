"""Switches that make the server fail on purpose, from the command line or from a control file.

A rule is `CALL=WHAT` or `CALL=WHAT*COUNT`. The control file holds one rule per line (`#` begins a comment) and is
looked at again for every request; a counted rule counts down from the moment the file was last written.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from faults import KINDS, by_status

CALLS = ("challenges", "checks", "bulk", "results", "status", "all")
WITH_NUMBER = ("delay-", "ahead-", "behind-")
TRICKS = {
    "drop": "close the connection without doing anything",
    "drop-after": "do the work, remember the answer, then close without sending it",
    "close": "the right answer, then close the connection",
    "truncate": "send half of the body, then close",
    "cut-gzip": "a whole answer whose gzip stream lacks its end",
    "hang": "accept the request and never answer (until the client leaves, at most 60 s)",
    "garbage": "200 application/xml with bytes that are no XML",
    "html": "200 text/html, as a captive portal does",
    "empty": "200 with an empty body",
    "wrong-type": "the right answer as text/plain",
    "foreign": "the right answer, but with another day of birth in the repeated question, and another file's name",
    "bad-number": "the right answer, but its ReceptionNumber leads elsewhere",
    "no-date": "the right answer without a Date header",
    "redirect": "302 to https://elsewhere.invalid/",
    "doctype": "200 XmlMsg with a document type declaration and an entity",
    "deep": "200 XmlMsg nested 10000 deep",
    "huge": "200 XmlMsg of 5 MiB",
    "bomb": "200, gzip, 64 MiB after decompression",
    "many-headers": "the right answer with 80 more headers",
    "endless-headers": "a header block without end",
    "long-headers": "the right answer with 32 KiB of header text",
    "wrong-encoding": "the right answer whose declaration names the other encoding",
}


@dataclass
class Rule:
    call: str
    what: str
    count: int | None  # None: for ever


def number_of(what: str) -> tuple[str, int] | None:
    """("delay", 300) of "delay-300"."""
    name, dash, number = what.partition("-")
    return (name, int(number)) if name + dash in WITH_NUMBER and number.isdigit() else None


def parse_rule(text: str) -> Rule:
    call, equals, what = text.strip().partition("=")
    what, star, count = what.partition("*")
    call = "challenges" if call == "challenge" else "checks" if call == "check" else call
    if not equals or call not in CALLS:
        raise ValueError(f"{text!r}: CALL is one of {', '.join(CALLS)}")
    if star and not count.isdigit():
        raise ValueError(f"{text!r}: COUNT is a number")
    if what.isdigit():
        by_status(int(what), 1)
    elif number_of(what) is not None:
        pass
    elif what not in TRICKS and what not in KINDS:
        raise ValueError(f"{text!r}: WHAT is a status, a problem type, delay-MS, ahead-S, behind-S, or one of {', '.join(TRICKS)}")
    return Rule(call, what, int(count) if star else None)


class Mischief:
    def __init__(self, rules: list[Rule], control: Path | None) -> None:
        self._lock = threading.Lock()
        self._rules = rules
        self._control = control
        self._stamp: tuple[int, int, int] | None = None
        self._controlled: list[Rule] = []

    def _read_control(self) -> None:
        if self._control is None:
            return
        try:
            stat = self._control.stat()
            stamp = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if stamp == self._stamp:
                return
            lines = self._control.read_text(encoding="utf-8").splitlines()
        except OSError:
            self._stamp, self._controlled = None, []
            return
        try:
            rules = [parse_rule(line) for line in (raw.partition("#")[0].strip() for raw in lines) if line]
        except ValueError:
            # Half-written: the next request looks again.
            self._stamp = None
            return
        self._stamp, self._controlled = stamp, rules

    def next_for(self, call: str) -> str:
        """What to do wrong with this request; empty for nothing."""
        with self._lock:
            self._read_control()
            for rule in [*self._controlled, *self._rules]:
                if rule.call not in (call, "all") or rule.count == 0:
                    continue
                if rule.count is not None:
                    rule.count -= 1
                return rule.what
        return ""


def false_body(what: str) -> tuple[bytes, str]:
    """Body and content type of the answers that are wrong from beginning to end."""
    xml = "application/xml; charset=utf-8"
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    if what == "garbage":
        return b"\x00\xff<<not xml", xml
    if what == "html":
        return b"<!doctype html><title>login</title>", "text/html"
    if what == "doctype":
        return head + b'<!DOCTYPE XmlMsg [<!ENTITY a "b">]>\n<XmlMsg><MessageHeader>&a;</MessageHeader></XmlMsg>', xml
    if what == "deep":
        return head + b"<XmlMsg>" + b"<a>" * 10000 + b"</a>" * 10000 + b"</XmlMsg>", xml
    if what == "huge":
        return head + b"<XmlMsg>" + b" " * (5 << 20) + b"</XmlMsg>", xml
    if what == "bomb":
        return head + b"<XmlMsg>" + b" " * (64 << 20) + b"</XmlMsg>", xml
    return b"", xml
