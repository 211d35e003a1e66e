#!/usr/bin/python3
"""The terminal's side of the folders req, res and face, with invented persons: it behaves, or misbehaves when told to.

It is written from the facts about the interface and remembers everything in memory; it is no service for real patients.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Callable

from message import Rejected, Request, read
from misbehave import KINDS, TRICKS, Mischief, Rule, parse_rule, spoil, zipped
from service import FACILITY, Service, japan_now

EXIT_SETTINGS = 2
EXIT_FOLDER = 3
PIECES = 8


def put(path: Path, content: bytes) -> None:
    """Whole or not there. The first name is one that no reader looks at."""
    aside = path.with_name(f".{secrets.token_hex(8)}.part")
    aside.write_bytes(content)
    aside.replace(path)


class Terminal:
    def __init__(self, options: argparse.Namespace) -> None:
        self.root: Path = options.root
        self.service = Service(options.persons, options.encoding == "shift_jis", options.bulk_pending)
        self.mischief = Mischief([parse_rule(rule) for rule in options.fail], options.control)
        self.zip = options.zip
        self.take_s, self.answer_s = options.take_ms / 1000, options.answer_ms / 1000
        self.journal: Path | None = options.journal
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = itertools.count()
        self._first_seen: dict[str, float] = {}
        self._ignored: set[str] = set()
        self._used: set[str] = set()
        self._held: list[Callable[[], None]] = []
        self._until_told: list[Callable[[], None]] = []

    def note(self, event: str, **more: object) -> None:
        if self.journal is not None:
            with self.journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"event": event, **more}) + "\n")

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._turn), action))

    def step(self) -> None:
        """One look at the folder and everything that is due."""
        if self._until_told and self.root.with_name("go").exists():
            for action in self._until_told:
                self.later(0, action)
            self._until_told = []
        while self._due and self._due[0][0] <= time.monotonic():
            try:
                heapq.heappop(self._due)[2]()
            except OSError as error:
                self.note("fault", error=type(error).__name__)
        try:
            names = sorted(os.listdir(self.root / "req"))
        except OSError:
            return
        for name in names:
            seen = self._first_seen.setdefault(name, time.monotonic())
            if (name.lower().startswith("oqs") and name not in self._ignored
                    and time.monotonic() - seen >= self.take_s):
                self._take(name)

    def _take(self, name: str) -> None:
        path = self.root / "req" / name
        try:
            raw = path.read_bytes()
        except OSError:
            return
        try:
            request = read(name, raw)
        except Rejected as error:
            path.unlink()
            self.note("rejected", name=name, why=str(error))
            self._reject(name, raw)
            return
        rule = self.mischief.for_request(request.kind)
        if rule is not None and rule.trick == "ignore":
            self._ignored.add(name)
            self.note("ignored", name=name)
            return
        path.unlink()
        self._first_seen.pop(name, None)
        self.note("reused" if name in self._used else "request", name=name, kind=request.kind,
                  people=len(request.people), reception=request.reception)
        self._used.add(name)
        self._respond(request, rule or Rule("all", "", 0, -1))

    def _reject(self, name: str, raw: bytes) -> None:
        put(self.root / "res" / name, raw)
        put(self.root / "res" / (name.rsplit(".", 1)[0] + ".err"), "（見本）理由".encode("cp932"))

    def _respond(self, request: Request, rule: Rule) -> None:
        trick = rule.trick
        if trick == "silent":
            return
        if trick in ("vanish", "gone"):
            self._vanish(rule.amount / 1000 if trick == "vanish" else None)
        held, self._held = self._held, []
        answer = self.service.refuse(request) if trick == "refused" else self.service.answer(request)
        document = spoil(answer, trick, rule.amount)
        delay = self.answer_s + (rule.amount / 1000 if trick in ("slow", "vanish") else 0)

        def lay() -> None:
            self._lay(request, document, rule)

        if trick == "order":
            self._held.append(lay)
        elif trick in ("held", "gone"):
            self._until_told.append(lay)
        else:
            self.later(delay, lay)
        for other in held:
            self.later(delay + 0.05, other)

    def _vanish(self, seconds: float | None) -> None:
        """None: until told."""
        gone = self.root.with_name(self.root.name + ".gone")

        def back() -> None:
            gone.rename(self.root)

        self.root.rename(gone)
        if seconds is None:
            self._until_told.append(back)
        else:
            self.later(seconds, back)

    def _lay(self, request: Request, document: bytes, rule: Rule) -> None:
        res = self.root / "res"
        path = res / request.result()
        trick = rule.trick
        self.note("answer", name=path.name, trick=trick)
        if trick == "err":
            self._reject(request.name, request.raw)
        elif trick == "err-res":
            put(res / request.result(".err"), "（見本）理由".encode("cp932"))
        elif trick in ("echo", "echo-first"):
            put(path, request.raw)
            if trick == "echo-first":
                self.later(0.2, lambda: put(path, document))
        elif trick == "torn":
            self._lay_in_pieces(path, document, rule.amount / 1000)
        elif trick == "hollow":
            self._fill(path, document, rule.amount / 1000)
        elif trick == "case":
            put(res / (path.stem.lower() + ".XML"), document)
        elif trick == "duplicate":
            put(path, document)
            self.later(0.1, lambda: put(path, document))
            self.later(0.2, lambda: put(path, document))
            self.later(0.2, lambda: put(path.with_suffix(".zip"), zipped(path.name, document)))
        elif trick.startswith("zip") or self._zips(request):
            self._lay_zip(path, document, rule)
        else:
            put(path, document)

    def _zips(self, request: Request) -> bool:
        return self.zip == "all" or (self.zip == "bulk" and request.kind in ("muquc02", "muimm02"))

    def _lay_zip(self, path: Path, document: bytes, rule: Rule) -> None:
        archive = zipped(path.name, *[document] * (2 if rule.trick == "zip-two" else 1))
        path = path.with_suffix(".zip")
        if rule.trick == "zip-broken":
            middle = len(archive) // 2
            archive = archive[:middle - 20] + bytes(40) + archive[middle + 20:]
        if rule.trick == "zip-torn":
            self._lay_in_pieces(path, archive, rule.amount / 1000)
        else:
            put(path, archive)

    def _lay_in_pieces(self, path: Path, content: bytes, seconds: float) -> None:
        def piece(number: int) -> None:
            begin, end = (len(content) * n // PIECES for n in (number, number + 1))
            with path.open("ab") as file:
                file.write(content[begin:end])

        path.write_bytes(b"")
        for number in range(PIECES):
            self.later(seconds * (number + 1) / PIECES, lambda n=number: piece(n))

    def _fill(self, path: Path, content: bytes, seconds: float) -> None:
        """As a copy program does that claims the room first and sets the time of the original."""
        then = time.time() - 60

        def piece(number: int) -> None:
            begin, end = (len(content) * n // PIECES for n in (number, number + 1))
            with path.open("r+b") as file:
                file.seek(begin)
                file.write(content[begin:end])
            os.utime(path, (then, then))

        aside = path.with_name(f".{secrets.token_hex(8)}.part")
        aside.write_bytes(bytes(len(content)))
        os.utime(aside, (then, then))
        aside.rename(path)
        for number in range(PIECES):
            self.later(seconds * (number + 1) / PIECES, lambda n=number: piece(n))


def _run(options: argparse.Namespace) -> int:
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: stopping.append(got))
    try:
        if options.make:
            for name in ("req", "res", "face"):
                (options.root / name).mkdir(parents=True, exist_ok=True)
        terminal = Terminal(options)
    except (OSError, ValueError, KeyError) as error:
        print(f"設定に誤りがあります: {error}\nWrong settings: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    missing = [name for name in ("req", "res", "face") if not (options.root / name).is_dir()]
    if missing:
        print(f"フォルダーがありません: {' '.join(missing)}（--make で作れます）\n"
              f"Missing folders: {' '.join(missing)} (--make makes them)", file=sys.stderr)
        return EXIT_FOLDER
    print("ready", flush=True)
    while not stopping:
        terminal.step()
        time.sleep(options.look_ms / 1000)
    return 0


def _push(options: argparse.Namespace) -> int:
    try:
        document = Service(options.persons, options.encoding == "shift_jis").face(options.person)
    except StopIteration:
        print(f"その番号の方はいません: {options.person}\nNobody has this number: {options.person}", file=sys.stderr)
        return EXIT_SETTINGS
    except (OSError, ValueError, KeyError) as error:
        print(f"設定に誤りがあります: {error}\nWrong settings: {error}", file=sys.stderr)
        return EXIT_SETTINGS
    name = options.name or (f"OQSsiquc01res_face_{FACILITY}{secrets.token_hex(10)}_"
                            f"{japan_now().strftime('%Y%m%d%H%M%S')}.xml")
    path = options.root / "face" / name
    try:
        if options.torn_ms:
            path.write_bytes(b"")
            for number in range(PIECES):
                begin, end = (len(document) * n // PIECES for n in (number, number + 1))
                time.sleep(options.torn_ms / PIECES / 1000)
                with path.open("ab") as file:
                    file.write(document[begin:end])
        else:
            put(path, spoil(document, options.spoil, 0))
        if options.gone_ms is not None:
            trash = options.root / "trash"
            trash.mkdir(exist_ok=True)
            time.sleep(options.gone_ms / 1000)
            path.rename(trash / name)
    except OSError as error:
        print(f"face に書けません: {error}\nCannot write into face: {error}", file=sys.stderr)
        return EXIT_FOLDER
    print(name)
    return 0


def _arguments() -> argparse.ArgumentParser:
    tricks = "\n".join(f"  {name:<20} {text}" for name, text in TRICKS.items())
    parser = argparse.ArgumentParser(
        prog="terminal.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"""--fail and the lines of the control file: KIND=TRICK[*COUNT]
KIND: {', '.join(KINDS)}
{tricks}

exit: 0 ended by SIGTERM or SIGINT, or pushed; {EXIT_SETTINGS} wrong settings; {EXIT_FOLDER} a folder is missing""")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="take requests and answer them until ended by a signal")
    push = commands.add_parser("push", help="push one face file and end")
    for command in (run, push):
        command.add_argument("--root", type=Path, required=True, help="folder with req, res and face in it")
        command.add_argument("--persons", type=Path,
                             default=Path(__file__).resolve().parent.parent / "gateway" / "persons.json")
        command.add_argument("--encoding", choices=("utf-8", "shift_jis"), default="utf-8", help="of what it writes")
    add = run.add_argument
    add("--make", action="store_true", help="make the folders")
    add("--take-ms", type=int, default=10, help="how long a request lies there before it is taken")
    add("--answer-ms", type=int, default=20, help="how long an answer takes")
    add("--look-ms", type=int, default=5, help="between two looks")
    add("--bulk-pending", type=int, default=0, metavar="N", help="'still working' N times before a bulk result")
    add("--zip", choices=("none", "bulk", "all"), default="none", help="which answers come as a ZIP")
    add("--fail", action="append", default=[], metavar="KIND=TRICK[*COUNT]")
    add("--control", type=Path, metavar="FILE", help="rules instead of --fail, looked at for every request")
    add("--journal", type=Path, metavar="FILE", help="one JSON line for each thing that happened; appended to")
    add = push.add_argument
    add("--person", type=int, default=1, help="number in the persons' table: 3 is one of the late elderly, 17 has no entitlement")
    add("--name", help="file name; made up otherwise")
    add("--gone-ms", type=int, help="moved into trash after so long, as another program would")
    add("--torn-ms", type=int, default=0, help="written in pieces over so long")
    add("--spoil", default="", choices=("", "half", "encoding"), help="what is wrong with it")
    return parser


def main() -> int:
    options = _arguments().parse_args()
    return _run(options) if options.command == "run" else _push(options)


if __name__ == "__main__":
    sys.exit(main())
