"""Answers that are lost and processes that are killed: nothing is written twice, nothing is forgotten."""
import unittest

from harness import HANAKO_CARD, WithOrca, document

OTHER = {**HANAKO_CARD, "InsuranceProvider_Number": "990010", "HealthInsuredPerson_Symbol": "見・１", "HealthInsuredPerson_Number": "77",
         "Certificate_StartDate": "2026-04-01"}
LOST_AFTER = ("close-after", "cut", "garbage", "huge", "500-after", "slow-after")
LOST_BEFORE = ("close-before", "500")
UNSURE = -1621


class Crash(WithOrca):
    def setUp(self):
        super().setUp()
        self.settings.update(new_patient="register")

    def settle(self, text, patient=""):
        """Attempts until one succeeds, as the outbox makes them."""
        for _ in range(3):
            said = self.deliver(text, patient)
            if said.rc == 0:
                return said
            self.desk.locks.clear()  # what the staff does with a lock of a killed process
        return said

    def start_over(self, insured):
        self.desk.patients.clear()
        self.desk.locks.clear()
        self.orca.troubles, self.orca.asked = [], []
        self.note.unlink(missing_ok=True)
        if insured is not None:
            patient = self.hanako(insured)
            for card in patient.cards:
                card["Certificate_ExpiredDate"] = "2026-03-31"

    def cases(self):
        """(name, document, patient, insured before, cards afterwards)"""
        yield "new", document(), "", None, 1
        yield "first", document(), "1", False, 1
        yield "another", document(card=OTHER), "1", True, 2

    def is_right(self, said, cards):
        self.assertEqual((said.rc, len(self.desk.patients)), (0, 1), said.text)
        patient = self.desk.patients["00001"]
        self.assertEqual(len(patient.cards), cards)
        self.assertEqual(said.patient, "00001")

    def test_killed_at_every_request(self):
        for name, text, patient, insured, cards in self.cases():
            self.start_over(insured)
            self.assertEqual(self.deliver(text, patient).rc, 0)
            steps = len(self.asked())
            for how, n in [("kill", n) for n in range(1, steps + 1)] + [("kill_before", steps)]:
                with self.subTest(case=name, how=how, n=n):
                    self.start_over(insured)
                    self.deliver(text, patient, killed=True, **{how: n})
                    self.is_right(self.settle(text, patient), cards)

    def test_a_lost_answer_is_found_out_at_once(self):
        where = {"new": "modv2?class=01", "first": "class=04", "another": "v32 03"}
        for name, text, patient, insured, cards in self.cases():
            for kind in LOST_AFTER:
                with self.subTest(case=name, kind=kind):
                    self.start_over(insured)
                    self.orca.trouble(where[name], kind)
                    # The adapter's limit ends what is never answered, and nothing else.
                    self.settings["timeout_ms"] = "3000" if kind == "slow-after" else "20000"
                    self.is_right(self.deliver(text, patient), cards)
                    self.assertEqual(sum(where[name] in a for a in self.asked()), 1)
                    self.assertEqual(self.desk.locks, {})

    def test_what_did_not_arrive_is_unsure_and_then_done(self):
        where = {"new": "modv2?class=01", "first": "class=04", "another": "v32 03"}
        for name, text, patient, insured, cards in self.cases():
            for kind in LOST_BEFORE:
                with self.subTest(case=name, kind=kind):
                    self.start_over(insured)
                    self.orca.trouble(where[name], kind)
                    said = self.deliver(text, patient)
                    self.assertEqual((said.rc, self.desk.locks), (UNSURE, {}), said.text)
                    self.is_quiet(said)
                    self.is_right(self.deliver(text, patient), cards)

    def test_nothing_can_be_read_back_for_a_while(self):
        for name, text, patient, insured, cards in self.cases():
            with self.subTest(case=name):
                self.start_over(insured)
                write = {"new": "modv2?class=01", "first": "class=04", "another": "v32 03"}[name]
                self.orca.trouble(write, "close-after")
                self.break_reads_after(write)
                said = self.deliver(text, patient)
                self.assertEqual(said.rc, UNSURE, said.text)
                del self.orca.work
                self.desk.locks.clear()
                self.is_right(self.deliver(text, patient), cards)

    def break_reads_after(self, write):
        """From that write on ORCA answers nothing to anybody who reads."""
        seen = []
        work = type(self.orca).work.__get__(self.orca)

        def broken(method, target, body):
            name = self.orca.name_of(target, body)
            if seen and name.startswith(("patientgetv2", "patientlst3v2")):
                return b"gone"
            if write in name:
                seen.append(name)
            return work(method, target, body)
        self.orca.work = broken

    def test_lost_steps_that_write_nothing_are_tried_again(self):
        for step in ("patientgetv2", "v32 01", "v32 02"):
            for kind in ("close-before", "close-after", "500"):
                with self.subTest(step=step, kind=kind):
                    self.start_over(True)
                    self.orca.trouble(step, kind)
                    said = self.deliver(document(card=OTHER), "1")
                    self.assertEqual(said.rc, -1612, said.text)
                    self.assertEqual(len(self.desk.patients["00001"].cards), 1)
                    self.desk.locks.clear()
                    self.is_right(self.deliver(document(card=OTHER), "1"), 2)

    def test_a_lost_unlock_is_no_fault_of_the_delivery(self):
        self.start_over(True)
        self.orca.trouble("v32 02", "E50")
        self.orca.trouble("v32 99", "close-before")
        said = self.deliver(document(card=OTHER), "1")
        self.assertEqual((said.rc, said.where), (-1613, "patientmodv32 02 E50"))
        self.assertIn("log 2", said.text)

    def test_two_at_once_register_once(self):
        """The second PC comes while the first has just registered."""
        self.start_over(None)
        self.assertEqual(self.deliver(document()).rc, 0)
        self.note.unlink()
        self.is_right(self.deliver(document()), 1)

    def test_the_note_is_written_before_the_request(self):
        self.start_over(None)
        self.orca.trouble("modv2?class=01", "close-before")
        self.deliver(document())
        self.assertEqual(self.note.read_text(), "patientmodv2 class=01\n")

    def test_without_a_note_nothing_is_sent(self):
        self.start_over(False)
        self.note = self.folder / "missing" / "note"
        self.assertEqual(self.deliver(document(), "1").rc, -1713)
        self.assertEqual(self.desk.patients["00001"].cards, [])
        self.assertFalse(any("class=04" in a for a in self.asked()))


if __name__ == "__main__":
    unittest.main()
