"""Face files that the simulator pushes, over a real folder: each one once, none lost."""

from __future__ import annotations

import subprocess
import time
import unittest
from pathlib import Path

from harness import WithTerminal, until

NAME = "OQSsiquc01res_face_9919999999{:020x}_20261122101112.xml"


class Face(WithTerminal):
    def watch(self, **settings: object) -> None:
        self.out = self.base / "out"
        self.out.mkdir()
        self.process = subprocess.Popen(
            self.command("face", out=self.out, **{"stop": 60000, "poll": 200, **settings}), stdout=subprocess.PIPE)
        self.addCleanup(self._kill)
        self.assertEqual(self.process.stdout.readline(), b"OK \n")

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def arrivals(self) -> list[str]:
        paths = sorted((p for p in self.out.iterdir() if not p.name.startswith(".")), key=lambda p: int(p.name))
        return [p.read_bytes().decode("utf-8", "replace") for p in paths]

    def comes(self, count: int, seconds: float = 8) -> list[str]:
        self.assertTrue(until(lambda: len(self.arrivals()) >= count, seconds), f"{len(self.arrivals())} of {count}")
        time.sleep(0.4)
        found = self.arrivals()
        self.assertEqual(len(found), count)
        return found

    def face_file(self, number: int) -> Path:
        return self.face / NAME.format(number)

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
        for number in range(5):
            self.push("--person", 1 + number, "--gone-ms", 60)
        self.comes(5)

    def test_moved_away_while_the_desk_is_busy(self) -> None:
        self.watch(busy=2500)
        self.push("--person", 1)
        self.assertTrue(until(self.arrivals))
        self.push("--person", 3, "--gone-ms", 80)
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
        self.watch(delete=1, busy=1200)
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
                              timeout=20)
        self.assertEqual(done.stdout, b"TERMINAL_FOLDER face\n")

    def test_ends_at_once_when_told(self) -> None:
        begun = time.monotonic()
        self.watch(stop=500, poll=10000)
        self.assertEqual(self.process.wait(10), 0)
        self.assertLess(time.monotonic() - begun, 2.5)


if __name__ == "__main__":
    unittest.main()
