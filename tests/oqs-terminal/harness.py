"""Starts the real simulator over real folders and the probe that works with them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
PROBE = os.environ.get("FOLDER_PROBE", "")
# insurer|symbol|number|branch|birth|identifier|reference, as in tests/gateway/persons.json
TARO = "06990014|見本７７|1001|01|19850312|000123|C-1"
HANAKO = "990010|見・１２|３４５|02|19900520|000124|C-2"
KIYO = "39990015||01230003||19401103|000125|C-3"
NOBODY = "06990014|見本７７|4040|01|19850312|000126|C-4"
# The longest that anything may take on a machine that is busy with other tests.
SECONDS = 60


def japans_day() -> str:
    """Today, which goes on for a minute at least: file names begin anew with each day."""
    while True:
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9)))
        if (now.hour, now.minute) < (23, 59):
            return now.strftime("%Y%m%d")
        time.sleep(1)


def until(true: Callable[[], object], seconds: float = SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


@dataclass
class Said:
    code: str
    where: str
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("cp932" if b"Shift_JIS" in self.body[:100] else "utf-8")


class WithTerminal(unittest.TestCase):
    """A root of its own for each case; the simulator runs when a case starts it."""

    def setUp(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="oqs-")
        self.addCleanup(self._temporary.cleanup)
        self.base = Path(self._temporary.name)
        self.root = self.base / "OQS"
        self.req, self.res, self.face = (self.root / name for name in ("req", "res", "face"))
        for folder in (self.req, self.res, self.face):
            folder.mkdir(parents=True)
        self.journal_file = self.base / "journal"
        self.state = self.base / "state"
        self.log = self.base / "log"

    def start(self, *options: object) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-B", HERE / "terminal.py", "run", "--root", self.root, "--journal", self.journal_file,
             *map(str, options)], stdout=subprocess.PIPE, text=True)
        self.addCleanup(self._end, process)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    @staticmethod
    def _end(process: subprocess.Popen) -> None:
        process.terminate()
        process.wait(SECONDS)
        process.stdout.close()

    def fails(self, *rules: str, **options: object) -> subprocess.Popen:
        more = [item for name, value in options.items() for item in (f"--{name.replace('_', '-')}", value)]
        return self.start(*(item for rule in rules for item in ("--fail", rule)), *more)

    def push(self, *options: object, wait: bool = True) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-B", HERE / "terminal.py", "push", "--root", self.root, *map(str, options)],
            stdout=subprocess.DEVNULL)
        self.addCleanup(process.wait, SECONDS)
        if wait:
            self.assertEqual(process.wait(SECONDS), 0)
        return process

    def tell(self) -> None:
        """To the simulator, that what is held back until then may come."""
        (self.base / "go").touch()

    def journal(self, *events: str) -> list[dict]:
        text = self.journal_file.read_text(encoding="utf-8") if self.journal_file.exists() else ""
        found = [json.loads(line) for line in text.splitlines()]
        return [entry for entry in found if not events or entry["event"] in events]

    def names(self) -> list[str]:
        return [entry["name"] for entry in self.journal("request", "reused", "ignored")]

    def command(self, command: str, **settings: object) -> list[str]:
        given = {"req": self.req, "res": self.res, "face": self.face, "state": self.state, "log": self.log, **settings}
        people = given.pop("people", [])
        return [PROBE, command, *(f"{key}={value}" for key, value in given.items()), *(f"person={p}" for p in people)]

    def begin(self, command: str, **settings: object) -> subprocess.Popen:
        return subprocess.Popen(self.command(command, **settings), stdout=subprocess.PIPE)

    def finish(self, process: subprocess.Popen, begun: float | None = None) -> Said:
        out, _ = process.communicate(timeout=2 * SECONDS)
        self.assertIn(process.returncode, (0, 1), out)
        first, _, body = out.partition(b"\n")
        code, _, where = first.decode().partition(" ")
        return Said(code, where, body, time.monotonic() - (begun or time.monotonic()))

    def probe(self, command: str, **settings: object) -> Said:
        begun = time.monotonic()
        return self.finish(self.begin(command, **settings), begun)

    def ask(self, person: str = TARO, **settings: object) -> Said:
        return self.probe("ask", people=[person], **settings)

    def no_personal_value_in(self, *files: Path) -> None:
        for file in files:
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            for value in ("見本", "06990014", "19850312", "000123", "1001 "):
                self.assertNotIn(value, text, file.name)
