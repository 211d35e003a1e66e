"""Batches through the folders: two steps, a wait between them, results as XML or ZIP of any size."""

from __future__ import annotations

import unittest
import xml.etree.ElementTree as ElementTree

from harness import HANAKO, KIYO, TARO, Said, WithTerminal, japans_day, until

PEOPLE = [TARO, HANAKO, KIYO]
KEY = "4d5f0000-0000-4000-8000-0000000000{:02x}"


class Bulk(WithTerminal):
    def send(self, **settings: object) -> tuple[Said, str]:
        said = self.probe("send", **{"people": PEOPLE, **settings})
        return said, said.body.decode().strip()

    def received(self) -> str:
        said, number = self.send()
        self.assertEqual((said.code, said.where), ("OK", ""))
        return number

    def fetch(self, reception: str, **settings: object) -> tuple[Said, int, int]:
        """What it said, how many bytes were given, how long to wait."""
        self.out = self.base / "out"
        said = self.probe("fetch", reception=reception, out=self.out, **settings)
        given, wait_s = map(int, said.body.split())
        return said, given, wait_s

    def names_of(self, *kinds: str) -> list[str]:
        return [entry["name"] for entry in self.journal("request", "reused") if entry["kind"] in kinds]

    def units(self) -> list[str]:
        return [u.findtext(".//Name") for u in ElementTree.parse(self.out).iter("BulkConfirmUnit")]


class Behaves(Bulk):
    def test_two_steps(self) -> None:
        self.start()
        number = self.received()
        self.assertRegex(number, r"^R\d{17}$")
        said, given, wait_s = self.fetch(number)
        self.assertEqual((said.code, wait_s), ("OK", 0))
        self.assertEqual(given, self.out.stat().st_size)
        self.assertEqual(self.units(), ["見本　太郎", "見本　花子", "見本　キヨ"])
        self.no_personal_value_in(self.log, self.state)

    def test_a_batch_is_sent_once(self) -> None:
        self.start()
        number = self.send(remove=1)[1]
        self.assertEqual(list(self.res.iterdir()), [])
        self.assertEqual(self.received(), number)
        other, _ = self.send(key=KEY.format(11))
        self.assertEqual(other.code, "OK")
        self.assertEqual(len(self.names_of("muquc01")), 2)

    def test_a_batch_killed_while_it_waits_is_not_sent_twice(self) -> None:
        self.fails("muquc01=held*1")
        process = self.begin("send", people=PEOPLE)
        self.assertTrue(until(lambda: self.names_of("muquc01")))
        process.kill()
        process.communicate()
        self.tell()
        self.received()
        self.assertEqual(len(self.names_of("muquc01")), 1)

    def test_still_working_asks_anew_later(self) -> None:
        self.start("--bulk-pending", 2)
        number = self.received()
        for _ in range(2):
            said, given, wait_s = self.fetch(number)
            self.assertEqual((said.code, given), ("ANSWER_PENDING", 0))
            self.assertGreater(wait_s, 0)
        self.assertEqual(self.fetch(number)[0].code, "OK")
        self.assertEqual(len(set(self.names_of("muquc02"))), 3)

    def test_zip(self) -> None:
        self.start("--zip", "bulk", "--encoding", "shift_jis")
        said, _, _ = self.fetch(self.received(), remove=1)
        self.assertEqual(said.code, "OK")
        self.assertIn("見本　キヨ".encode("cp932"), self.out.read_bytes())
        self.assertEqual(list(self.res.glob("*02res*")), [])

    def test_fetched_again(self) -> None:
        self.start()
        number = self.received()
        self.assertEqual(self.fetch(number)[0].code, "OK")
        self.assertEqual(self.fetch(number)[0].code, "OK")
        self.assertEqual(len(self.units()), 3)

    def test_larger_than_memory_should_hold(self) -> None:
        for rule in ("muquc02=many-12000*1",):
            self.fails(rule)
        said, given, _ = self.fetch(self.received(), timeout=60000)
        self.assertEqual(said.code, "OK")
        self.assertGreater(given, 30 << 20)
        self.assertTrue(self.out.read_bytes().endswith(b"</XmlMsg>\r\n"))

    def test_large_zip(self) -> None:
        self.start("--zip", "bulk", "--fail", "muquc02=many-12000*1")
        said, given, _ = self.fetch(self.received(), timeout=60000)
        self.assertEqual(said.code, "OK")
        self.assertGreater(given, 30 << 20)


class Misbehaves(Bulk):
    def refused(self, answer: tuple[Said, int, int], code: str) -> None:
        said, given, _ = answer
        self.assertEqual((said.code, given), (code, 0))

    def test_torn_result(self) -> None:
        self.fails("muquc02=torn-2400")
        self.assertEqual(self.fetch(self.received(), stable=200)[0].code, "OK")
        self.assertEqual(len(self.units()), 3)

    def test_a_copy_that_has_its_size_at_once(self) -> None:
        self.fails("muquc02=hollow-2500")
        self.assertEqual(self.fetch(self.received(), stable=200)[0].code, "OK")
        self.assertEqual(len(self.units()), 3)

    def test_torn_zip(self) -> None:
        self.fails("muquc02=zip-torn-2400")
        self.assertEqual(self.fetch(self.received(), stable=200)[0].code, "OK")
        self.assertEqual(len(self.units()), 3)

    def test_broken_results(self) -> None:
        self.fails("muquc02=half*1", "muquc02=zip-broken*1", "muquc02=zip-two*1", "muquc02=echo*1", "muquc02=err*1",
                   "muquc02=foreign-institution*1")
        number = self.received()
        for code in ("XML", "ARCHIVE", "ARCHIVE", "TERMINAL_REFUSED", "TERMINAL_REFUSED", "ANSWER_FOREIGN"):
            self.refused(self.fetch(number), code)
        self.assertEqual(self.fetch(number)[0].code, "OK")

    def test_the_result_of_another_batch(self) -> None:
        # The second result is laid by this test, and by nobody else before or after it.
        self.fails("muquc02=slow-0*1", "muquc02=silent*1")
        japans_day()
        number = self.received()
        self.fetch(number)
        old = next(self.res.glob("OQSmuquc02res_*"))
        second = self.send(key=KEY.format(12))[1]
        content = old.read_bytes()
        self.assertNotEqual(number, second)
        next_name = f"{old.stem[:-4]}{int(old.stem[-4:]) + 2:04d}.xml"
        process = self.begin("fetch", reception=second, people=[])
        self.assertTrue(until(lambda: len(self.names_of("muquc02")) == 2))
        (self.res / ".aside").write_bytes(content)
        (self.res / ".aside").rename(self.res / next_name)
        self.assertEqual(self.finish(process).code, "ANSWER_FOREIGN")

    def test_never_answered_goes_on_with_the_same_request(self) -> None:
        self.fails("muquc01=held*1", "muquc02=held*1")
        said, number = self.send(timeout=3000)
        self.assertEqual((said.code, said.where, number), ("TERMINAL_TIMEOUT", "res", ""))
        self.tell()
        number = self.received()
        (self.base / "go").unlink()
        self.refused(self.fetch(number, timeout=500), "TERMINAL_TIMEOUT")
        self.tell()
        self.assertEqual(self.fetch(number)[0].code, "OK")
        self.assertEqual((len(self.names_of("muquc01")), len(self.names_of("muquc02"))), (1, 1))

    def test_a_batch_that_is_refused_may_be_sent_again(self) -> None:
        self.fails("muquc01=refused*1", "muquc01=err*1")
        self.assertEqual(self.send()[0].code, "ANSWER_REFUSED")
        self.assertEqual(self.send()[0].code, "TERMINAL_REFUSED")
        self.received()

    def test_a_reception_number_nobody_knows(self) -> None:
        self.start()
        said, given, _ = self.fetch("R00000000000000099")
        self.assertEqual(said.code, "OK")
        self.assertGreater(given, 0)
        self.assertIn(b"<SegmentOfResult>9<", self.out.read_bytes())

    def test_a_reception_number_that_cannot_be_one(self) -> None:
        self.start()
        self.refused(self.fetch("R1 R2"), "ARGUMENT")


class Registers(Bulk):
    def test_one(self) -> None:
        self.start()
        said = self.probe("register", people=[TARO])
        self.assertEqual(said.code, "OK")
        self.assertIn("<ReferenceNumber>C-1<", said.text)
        self.assertEqual(len(self.names_of("siimm01")), 1)
        self.assertEqual(self.journal("rejected"), [])

    def test_one_again_after_a_timeout_takes_the_late_answer(self) -> None:
        self.fails("siimm01=held*1")
        self.assertEqual(self.probe("register", people=[TARO], key=KEY.format(21), timeout=500).code, "TERMINAL_TIMEOUT")
        self.tell()
        said = self.probe("register", people=[TARO], key=KEY.format(22))
        self.assertEqual(said.code, "OK")
        self.assertEqual(len(self.names_of("siimm01")), 1)

    def test_several(self) -> None:
        self.start()
        said = self.probe("register", people=PEOPLE)
        self.assertEqual((said.code, said.text.count("<BulkRegistrationUnit>")), ("OK", 3))
        self.assertEqual(self.journal("rejected"), [])

    def test_several_still_worked_on(self) -> None:
        self.start("--bulk-pending", 1)
        self.assertEqual(self.probe("register", people=PEOPLE, timeout=700).code, "TERMINAL_TIMEOUT")
        said = self.probe("register", people=PEOPLE)
        self.assertEqual((said.code, said.text.count("<BulkRegistrationUnit>")), ("OK", 3))
        self.assertEqual(len(self.names_of("muimm01")), 1)

    def test_waits_for_the_end(self) -> None:
        self.start("--bulk-pending", 1)
        said = self.probe("register", people=PEOPLE, timeout=60000)
        self.assertEqual((said.code, said.text.count("<BulkRegistrationUnit>")), ("OK", 3))
        self.assertGreater(said.seconds, 2)


if __name__ == "__main__":
    unittest.main()
