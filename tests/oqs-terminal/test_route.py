"""The folder route asks the simulator about one person, over real folders. Every misbehaviour has its case."""

from __future__ import annotations

import os
import shutil
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import HANAKO, KIYO, NOBODY, SECONDS, TARO, Said, WithTerminal, japans_day, until

# After it the simulator has taken the request, unless it stood still all the time.
TAKEN_MS = 3000


class Asking(WithTerminal):
    def good(self, said: Said, name: str = "見本　太郎") -> None:
        self.assertEqual((said.code, said.where), ("OK", ""))
        self.assertIn(f"<Name>{name}</Name>", said.text)


class Behaves(Asking):
    def test_answer_comes_and_the_request_is_whole(self) -> None:
        self.start()
        self.good(self.ask())
        self.assertEqual(self.journal("rejected"), [])
        self.assertEqual(list(self.req.iterdir()), [])
        self.no_personal_value_in(self.log, self.state)
        self.assertEqual(self.state.stat().st_mode & 0o777, 0o600)

    def test_everyone_gets_his_own(self) -> None:
        self.start()
        self.good(self.ask(HANAKO), "見本　花子")
        self.good(self.ask(KIYO), "見本　キヨ")
        nobody = self.ask(NOBODY)
        self.assertEqual(nobody.code, "OK")
        self.assertIn("<QualificationValidity>4<", nobody.text)

    def test_shift_jis_both_ways(self) -> None:
        self.start("--encoding", "shift_jis")
        self.good(self.ask(HANAKO, sjis=1), "見本　花子")
        self.assertEqual(self.journal("rejected"), [])

    def test_names_count_up_and_are_of_japans_day(self) -> None:
        self.start()
        day = japans_day()
        self.good(self.ask())
        self.good(self.ask())
        (self.res / f"OQSmuquc02res_{day}0041.xml").write_bytes(b"of another program")
        self.good(self.ask())
        self.assertEqual(self.names(), [f"OQSsiquc01req_{day}{n}.xml" for n in ("0001", "0002", "0042")])

    def test_an_answer_that_could_not_be_used_stays_for_a_person_to_look_at(self) -> None:
        self.start()
        self.good(self.ask(remove=1, unread=1))
        self.assertEqual(len(list(self.res.iterdir())), 1)

    def test_a_number_is_not_used_again_after_its_files_are_gone(self) -> None:
        self.start()
        self.good(self.ask(remove=1))
        self.assertEqual(list(self.res.iterdir()), [])
        self.good(self.ask(remove=1))
        self.assertEqual(len(set(self.names())), 2)
        self.assertEqual(self.journal("reused"), [])

    def test_the_days_numbers_are_used_up(self) -> None:
        self.start()
        day = japans_day()
        (self.res / f"OQSsiquc01res_{day}9999.xml").write_bytes(b"")
        self.assertEqual(vars(self.ask()) | {"seconds": 0},
                         {"code": "TERMINAL_FOLDER", "where": "number 9999", "body": b"", "seconds": 0})
        self.good(self.ask(long=1))

    def test_long_names(self) -> None:
        self.start()
        self.good(self.ask(long=1))
        self.assertRegex(self.names()[0], r"^OQSsiquc01req_\d{20}\.xml$")

    def test_results_stay_unless_told_otherwise(self) -> None:
        self.start()
        self.good(self.ask())
        self.assertEqual(len(list(self.res.iterdir())), 1)

    def test_without_a_state_file(self) -> None:
        self.start()
        self.good(self.ask(state=""))
        self.assertFalse(self.state.exists())

    def test_a_terminal_that_lost_the_request_is_asked_anew(self) -> None:
        self.fails("siquc01=silent*1")
        self.assertEqual(self.ask(timeout=300).code, "TERMINAL_TIMEOUT")
        self.assertTrue(until(self.names))
        self.assertEqual(self.ask(timeout=300).code, "TERMINAL_TIMEOUT")
        self.assertEqual(len(self.names()), 1)
        lines = self.state.read_text(encoding="utf-8").splitlines()
        aged = [w if i != 3 else str(int(w) - 31 * 60) for i, w in enumerate(lines[-1].split(" "))]
        self.state.write_text("\n".join([*lines[:-1], " ".join(aged)]) + "\n", encoding="utf-8")
        self.good(self.ask())
        self.assertEqual(len(set(self.names())), 2)

    def test_a_broken_state_file_stops_nobody(self) -> None:
        self.start()
        self.state.write_bytes(b"\xff\x00ask ask\nnumber 2026\nask 1 2 3 4 5 6\nsalt zz\n" + b"x" * 5000)
        self.good(self.ask())

    def test_zip(self) -> None:
        self.fails("siquc01=zip")
        self.good(self.ask(remove=1))
        self.assertEqual(list(self.res.iterdir()), [])


class Misbehaves(Asking):
    def after(self, *rules: str, person: str = TARO, **settings: object) -> Said:
        self.fails(*rules)
        return self.ask(person, **settings)

    def refused(self, said: Said, code: str, where: str = "res") -> None:
        self.assertEqual((said.code, said.where, said.body), (code, where, b""))

    def test_slow(self) -> None:
        said = self.after("siquc01=slow-1200")
        self.good(said)
        self.assertGreater(said.seconds, 1.2)

    def test_torn(self) -> None:
        said = self.after("siquc01=torn-2400", stable=200)
        self.good(said)
        self.assertGreater(said.seconds, 2.4)

    def test_a_copy_that_has_its_size_at_once(self) -> None:
        self.good(self.after("siquc01=hollow-2400", stable=200))

    def test_zip_torn(self) -> None:
        self.good(self.after("siquc01=zip-torn-2400", stable=200))

    def test_half_for_ever_is_a_fault_and_the_next_question_is_a_new_one(self) -> None:
        self.refused(self.after("siquc01=half*1"), "XML")
        self.good(self.ask())
        self.assertEqual(len(set(self.names())), 2)

    def test_wrong_encoding(self) -> None:
        self.refused(self.after("siquc01=encoding*1"), "XML_ENCODING")
        self.good(self.ask())

    def test_out_of_order(self) -> None:
        self.fails("siquc01=order*1")
        first = self.begin("ask", people=[TARO])
        self.assertTrue(until(self.names))
        self.good(self.ask(HANAKO), "見本　花子")
        self.good(self.finish(first))

    def test_duplicates(self) -> None:
        self.fails("siquc01=duplicate*1")
        self.good(self.ask(remove=1))
        # The last of them is a ZIP.
        self.assertTrue(until(lambda: list(self.res.glob("*.zip"))))
        self.good(self.ask(HANAKO), "見本　花子")
        self.assertEqual(self.journal("reused"), [])

    def test_answers_for_someone_else_are_never_taken(self) -> None:
        tricks = ("foreign", "foreign-echo", "foreign-institution", "identifier", "bare")
        self.fails(*(f"siquc01={trick}*1" for trick in tricks))
        for count, trick in enumerate(tricks, 1):
            with self.subTest(trick=trick):
                self.refused(self.ask(remove=1), "ANSWER_FOREIGN")
                self.assertEqual(len(list(self.res.iterdir())), count)
        self.good(self.ask())

    def test_without_an_identifier_of_its_own_the_question_must_come_back(self) -> None:
        self.fails("siquc01=bare*1", "siquc01=foreign-echo*1")
        self.refused(self.ask(file=""), "ANSWER_FOREIGN")
        self.refused(self.ask(file=""), "ANSWER_FOREIGN")
        self.good(self.ask(file=""))

    def test_abnormal_end_is_an_answer(self) -> None:
        said = self.after("siquc01=refused")
        self.assertEqual(said.code, "OK")
        self.assertIn("<SegmentOfResult>9<", said.text)

    def test_rejected_beside_the_request(self) -> None:
        said = self.after("siquc01=err*1", timeout=2 * SECONDS * 1000)
        self.refused(said, "TERMINAL_REFUSED")
        self.assertLess(said.seconds, SECONDS)
        self.assertNotIn("理由", self.log.read_text(encoding="utf-8"))
        self.assertRegex(self.log.read_text(encoding="utf-8"), r"folder\.refused bytes=12\b")
        self.good(self.ask())

    def test_rejected_under_the_results_name(self) -> None:
        self.refused(self.after("siquc01=err-res"), "TERMINAL_REFUSED")

    def test_the_request_that_comes_back_is_no_answer(self) -> None:
        self.refused(self.after("siquc01=echo"), "TERMINAL_REFUSED")

    def test_the_answer_after_the_request_came_back(self) -> None:
        self.good(self.after("siquc01=echo-first", stable=300))

    def test_name_in_another_case(self) -> None:
        self.good(self.after("siquc01=case", remove=1))
        self.assertEqual(list(self.res.iterdir()), [])

    def test_damaged_zip(self) -> None:
        self.refused(self.after("siquc01=zip-broken"), "ARCHIVE")

    def test_zip_with_two_documents(self) -> None:
        self.refused(self.after("siquc01=zip-two"), "ARCHIVE")

    def test_too_large(self) -> None:
        self.refused(self.after("siquc01=large"), "ANSWER_TOO_LARGE")

    def test_the_folders_vanish_and_return(self) -> None:
        self.good(self.after("siquc01=vanish-1000"))

    def test_the_folders_vanish_for_too_long(self) -> None:
        self.fails("siquc01=gone*1")
        self.refused(self.ask(timeout=TAKEN_MS), "TERMINAL_FOLDER")
        self.tell()
        self.assertTrue(until(self.res.is_dir))
        self.good(self.ask())
        self.assertEqual(len(self.names()), 1)

    def test_folders_that_are_not_there(self) -> None:
        self.refused(self.ask(req=self.base / "none"), "TERMINAL_FOLDER", "req")
        self.refused(self.ask(res=self.base / "none"), "TERMINAL_FOLDER", "res")
        self.refused(self.ask(state=self.base / "none" / "state"), "TERMINAL_FOLDER", "state")
        self.assertEqual(list(self.req.iterdir()), [])

    def test_never_answered_goes_on_with_the_same_request(self) -> None:
        self.fails("siquc01=held*1")
        self.refused(self.ask(timeout=TAKEN_MS), "TERMINAL_TIMEOUT")
        self.refused(self.ask(timeout=500), "TERMINAL_TIMEOUT")
        self.tell()
        self.good(self.ask(file="another-identifier"))
        self.assertEqual(len(self.names()), 1)
        self.good(self.ask())
        self.assertEqual(len(self.names()), 2)

    def test_another_person_meanwhile_is_another_request(self) -> None:
        self.fails("siquc01=silent*1")
        self.refused(self.ask(timeout=TAKEN_MS), "TERMINAL_TIMEOUT")
        self.good(self.ask(HANAKO), "見本　花子")
        self.good(self.ask(TARO.replace("000123", "000999")))
        self.assertEqual(len(self.names()), 3)

    def test_nobody_takes_the_request(self) -> None:
        self.refused(self.ask(timeout=600), "TERMINAL_TIMEOUT", "req")
        self.assertEqual(len(list(self.req.iterdir())), 1)
        self.start()
        self.good(self.ask())
        self.assertEqual(len(self.names()), 1)

    def test_cancelled_before_anything_else_happens(self) -> None:
        said = self.after("siquc01=held*1", stop=2000, timeout=4 * SECONDS * 1000, poll=2 * SECONDS * 1000)
        self.assertEqual(said.code, "CANCELLED")
        self.assertLess(said.seconds, SECONDS)
        self.assertTrue(until(self.names))
        self.tell()
        self.good(self.ask())
        self.assertEqual(len(self.names()), 1)

    def test_killed_while_it_waits(self) -> None:
        self.fails("siquc01=held*1")
        process = self.begin("ask", people=[TARO])
        self.assertTrue(until(self.names))
        process.kill()
        process.communicate()
        self.tell()
        self.good(self.ask())
        self.assertEqual(len(self.names()), 1)


class Many(Asking):
    def ask_at_once(self, state: list, **settings: object) -> None:
        people = [TARO, HANAKO, KIYO] * (len(state) // 3)
        names = ["見本　太郎", "見本　花子", "見本　キヨ"] * (len(state) // 3)
        with ThreadPoolExecutor(len(people)) as pool:
            said = list(pool.map(
                lambda job: self.probe("ask", people=[job[0].replace("0001", f"1{job[1]:03d}")], timeout=60000,
                                       state=state[job[1]], log=self.base / f"log{job[1]}", **settings),
                zip(people, range(len(people)))))
        for answer, name in zip(said, names):
            self.good(answer, name)
        self.assertEqual(len(set(self.names())), len(people))
        self.assertEqual(self.journal("reused", "rejected"), [])

    def test_programs_that_share_the_state_never_use_a_name_twice(self) -> None:
        self.start("--answer-ms", 200, "--take-ms", 0)
        self.ask_at_once([self.state] * 12)

    def test_machines_with_long_names_need_to_share_nothing(self) -> None:
        self.start("--answer-ms", 200, "--take-ms", 0)
        self.ask_at_once([self.base / f"state{n}" for n in range(12)], long=1)

    def test_two_machines_while_the_requests_lie_there(self) -> None:
        said = [self.begin("ask", people=[p], state=self.base / f"state{n}", timeout=60000)
                for n, p in enumerate([TARO, HANAKO, KIYO])]
        self.assertTrue(until(lambda: len(list(self.req.glob("OQS*"))) == 3))
        self.start()
        for process, name in zip(said, ["見本　太郎", "見本　花子", "見本　キヨ"]):
            self.good(self.finish(process), name)

    def test_machines_that_share_nothing_never_take_the_others_answer(self) -> None:
        self.start("--answer-ms", 300, "--take-ms", 0)
        said = [self.begin("ask", people=[p], state=self.base / f"state{n}", timeout=60000)
                for n, p in enumerate([TARO, HANAKO] * 3)]
        for process, name in zip(said, ["見本　太郎", "見本　花子"] * 3):
            answer = self.finish(process)
            self.assertIn(answer.code, ("OK", "ANSWER_FOREIGN"))
            if answer.code == "OK":
                self.assertIn(name, answer.text)


class Rights(Asking):
    @unittest.skipIf(os.geteuid() != 0, "needs to become an ordinary user")
    def test_folders_that_may_not_be_written(self) -> None:
        shutil.rmtree(self.req)
        self.req.mkdir(0o555)
        os.chmod(self.base, 0o777)
        os.chmod(self.root, 0o755)
        command = self.command("ask", people=[TARO], log="")
        # The build may lie where an ordinary user cannot go.
        command[0] = shutil.copy(command[0], self.base / "probe")
        done = subprocess.run(command, stdout=subprocess.PIPE, user=65534, group=65534, check=False, timeout=SECONDS)
        self.assertEqual(done.stdout, b"TERMINAL_FOLDER req\n")


if __name__ == "__main__":
    unittest.main()
