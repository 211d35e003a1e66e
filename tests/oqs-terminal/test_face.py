"""Face files that the simulator pushes, over a real folder: each one once, none lost."""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import time
import unittest
from pathlib import Path

from harness import SECONDS, WithTerminal, until

NAME = "OQSsiquc01res_face_9919999999{:020x}_20261122101112.xml"


class Readers:
    """Which files of a folder somebody has read and closed."""

    CLOSE_NOWRITE = 0x10

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self.notices = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self.notices, os.fsencode(folder), self.CLOSE_NOWRITE) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self.seen: set[str] = set()

    def had(self, name: str) -> bool:
        try:
            notices = os.read(self.notices, 65536)
        except BlockingIOError:
            notices = b""
        at = 0
        while at < len(notices):
            length = struct.unpack_from("=iIII", notices, at)[3]
            self.seen.add(notices[at + 16:at + 16 + length].rstrip(b"\0").decode())
            at += 16 + length
        return name in self.seen


class Face(WithTerminal):
    def watch(self, **settings: object) -> None:
        self.out = self.base / "out"
        self.out.mkdir()
        self.process = subprocess.Popen(
            # A file that this test is still writing must not look as if it stayed broken.
            self.command("face", out=self.out, **{"stop": 900000, "poll": 200, "stable": 200, **settings}),
            stdout=subprocess.PIPE)
        self.addCleanup(self._kill)
        self.assertEqual(self.process.stdout.readline(), b"OK \n")

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def arrivals(self) -> list[str]:
        paths = sorted((p for p in self.out.iterdir() if not p.name.startswith(".")), key=lambda p: int(p.name))
        return [p.read_bytes().decode("utf-8", "replace") for p in paths]

    def comes(self, count: int) -> list[str]:
        self.assertTrue(until(lambda: len(self.arrivals()) >= count), f"{len(self.arrivals())} of {count}")
        time.sleep(0.4)
        found = self.arrivals()
        self.assertEqual(len(found), count)
        return found

    def face_file(self, number: int) -> Path:
        return self.face / NAME.format(number)

    def push_and_move_away(self, *people: int) -> None:
        """Each one as soon as it was read once."""
        readers = Readers(self.face)
        self.addCleanup(os.close, readers.notices)
        for person in people:
            path = self.face_file(person)
            self.push("--person", person, "--name", path.name)
            self.assertTrue(until(lambda: readers.had(path.name)))
            path.rename(self.base / path.name)

    def document(self, person: int) -> bytes:
        self.push("--person", person, "--name", "aside.xml")
        path = self.face / "aside.xml"
        content = path.read_bytes()
        path.unlink()
        return content


class Arrives(Face):
    def test_each_once(self) -> None:
        self.watch()
        self.push("--person", 1)
        self.assertIn("見本　太郎", self.comes(1)[0])
        self.push("--person", 3)
        self.assertIn("見本　キヨ", self.comes(2)[1])
        self.assertEqual(len(list(self.face.iterdir())), 2)
        self.no_personal_value_in(self.log)

    def test_moved_away_a_moment_later(self) -> None:
        self.watch(stable=400)
        self.push_and_move_away(1, 2, 3, 4, 5)
        self.comes(5)

    def test_moved_away_while_the_desk_is_busy(self) -> None:
        self.watch(busy=2500)
        self.push("--person", 1)
        self.assertTrue(until(self.arrivals))
        self.push_and_move_away(3)
        self.assertIn("見本　キヨ", self.comes(2)[1])

    def test_torn(self) -> None:
        self.watch(stable=200)
        self.push("--person", 1, "--torn-ms", 900)
        self.assertTrue(self.comes(1)[0].endswith("</XmlMsg>\r\n"))

    def test_what_lies_there_already(self) -> None:
        self.push("--person", 1)
        self.watch()
        time.sleep(0.5)
        self.push("--person", 3)
        self.assertIn("見本　キヨ", self.comes(1)[0])

    def test_what_lies_there_already_is_wanted(self) -> None:
        self.push("--person", 1)
        self.push("--person", 3)
        self.watch(existing=1)
        self.comes(2)

    def test_a_hundred_that_lie_there_already(self) -> None:
        document = self.document(1)
        for number in range(150):
            self.face_file(number).write_bytes(document)
        self.watch(existing=1)
        self.comes(150)

    def test_a_name_used_again(self) -> None:
        self.watch()
        first, second = self.document(1), self.document(3)
        self.face_file(1).write_bytes(first)
        self.comes(1)
        self.face_file(1).write_bytes(second)
        self.assertIn("見本　キヨ", self.comes(2)[1])
        self.face_file(1).write_bytes(second)
        self.comes(2)

    def test_a_name_used_again_within_the_second_and_of_the_same_length(self) -> None:
        self.watch()
        first = self.document(1)
        self.face_file(1).write_bytes(first)
        self.comes(1)
        self.face_file(1).write_bytes(first.replace("見本　太郎".encode(), "見本　次郎".encode()))
        self.assertIn("見本　次郎", self.comes(2)[1])

    def test_other_files_are_not_touched(self) -> None:
        self.watch(delete=1)
        document = self.document(1)
        for name in ("note.xml", "OQSsiquc01res_202611220001.xml", NAME.format(1) + ".tmp", "OQSsiquc01res_face_.xml"):
            (self.face / name).write_bytes(document)
        (self.face / NAME.format(2).replace(".xml", ".XML").lower()).write_bytes(document)
        self.comes(1)
        self.assertEqual(len(list(self.face.iterdir())), 4)

    def test_deleted_after_use(self) -> None:
        self.watch(delete=1)
        self.push("--person", 1)
        self.comes(1)
        self.assertTrue(until(lambda: not list(self.face.iterdir())))

    def test_not_deleted_when_it_was_not_used(self) -> None:
        self.watch(delete=1, good=0)
        self.push("--person", 1)
        self.comes(1)
        self.assertEqual(len(list(self.face.iterdir())), 1)

    def test_only_the_very_file_is_deleted(self) -> None:
        # Longer than this test needs for what it does before the desk has done with the first, or the second.
        self.watch(delete=1, busy=5000)
        first, second = self.document(1), self.document(3)
        self.face_file(1).write_bytes(first)
        self.assertTrue(until(self.arrivals))
        self.face_file(1).write_bytes(second)
        self.assertTrue(until(lambda: len(self.arrivals()) == 2))
        self.assertEqual(self.face_file(1).read_bytes(), second)
        self.assertIn("見本　キヨ", self.comes(2)[1])

    def test_broken_for_ever_is_told_once(self) -> None:
        self.watch(stable=30)
        self.push("--person", 1, "--spoil", "half")
        self.assertFalse(self.comes(1)[0].endswith("</XmlMsg>\r\n"))
        self.push("--person", 3, "--spoil", "encoding")
        self.comes(2)

    def test_the_folder_vanishes_and_returns(self) -> None:
        self.watch()
        gone = self.root.with_name("gone")
        self.root.rename(gone)
        self.assertEqual(self.process.stdout.readline(), b"TERMINAL_FOLDER face\n")
        time.sleep(1.2)
        gone.rename(self.root)
        self.push("--person", 1)
        self.comes(1)
        self.process.kill()
        self.assertEqual(self.process.communicate()[0], b"", "told more than once")

    def test_no_folder(self) -> None:
        done = subprocess.run(self.command("face", face=self.base / "none"), stdout=subprocess.PIPE, check=False,
                              timeout=SECONDS)
        self.assertEqual(done.stdout, b"TERMINAL_FOLDER face\n")

    def test_ends_at_once_when_told(self) -> None:
        begun = time.monotonic()
        self.watch(stop=500, poll=2 * SECONDS * 1000)
        self.assertEqual(self.process.wait(SECONDS), 0)
        self.assertLess(time.monotonic() - begun, SECONDS)


if __name__ == "__main__":
    unittest.main()
