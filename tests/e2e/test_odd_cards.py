"""Cards that answer as no card should: each ends right or in a fault with a name, in time, and none costs
a try of the PIN."""
import time
import unittest

from reception import SEEN, driver
from slots import await_card
from stack import Card, Folder, check, configuration, make_once, profile, shared_gateway

NAMED = {"CARD_ANSWER", "CARD_MUTE", "CARD_REMOVED", "CERTIFICATE", "SIGNATURE", "READER", "NOT_MYNUMBER",
         "NO_CERTIFICATE"}


def setUpModule():
    make_once()


class Odd(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.gateway = shared_gateway()

    def look(self, tag, expected, seconds=60, settings=None, **kind):
        """One check; expected: None for an answer, else the names of the faults that will do."""
        card = Card(self, profile(1, tag=f"-odd-{tag}", **kind)).place().seen()
        started = time.monotonic()
        code, said = check(self, configuration(self, self.gateway.url, card_timeout_ms=4000, **(settings or {})))
        took = time.monotonic() - started
        card.remove()
        name = (said.get("fault") or {}).get("name")
        self.assertIn(name, {None} if expected is None else expected, f"{tag}: {said}")
        self.assertEqual(code, 0 if expected is None else 3)
        self.assertLess(took, seconds, tag)
        self.assertLessEqual(len(card.verifies()), 1, tag)
        return card, said

    def all(self, cases):
        for tag, (expected, kind) in cases.items():
            with self.subTest(tag):
                self.look(tag, expected, **kind)

    def test_a_first_command_that_fails_is_repeated(self):
        self.look("6f00", None, first_command_6f00="yes")

    def test_answers_in_pieces(self):
        self.all({
            "pieces": (None, {"chaining_61xx": 100}),
            "endless": ({"CARD_ANSWER"}, {"answer_to": "B0:00x100,6110", "answer_at": "5:00x16,6110*"}),
            "empty-pieces": ({"CARD_ANSWER"}, {"answer_at": "2:6110*"}),
        })

    def test_lengths_that_are_wrong(self):
        self.all({
            "wrong-le": (NAMED, {"answer_to": "B0:6C10*"}),
            "short-with-9000": ({"CARD_ANSWER", "CERTIFICATE"}, {"answer_to": "B0:3082,9000*"}),
            "nothing-with-9000": ({"CARD_ANSWER", "CERTIFICATE", "NO_CERTIFICATE"}, {"answer_to": "B0:9000*"}),
            "half-a-status": ({"CARD_ANSWER", "READER", "CARD_REMOVED"}, {"answer_to": "B0:90*"}),
            "longer-than-asked": (NAMED | {None}, {"answer_to": "B0:30x600,9000*"}),
            "signature-cut": ({"SIGNATURE", "CARD_ANSWER"}, {"answer_to": "2A:00x64,9000"}),
            "signature-wrong": ({"SIGNATURE"}, {"answer_to": "2A:00x256,9000"}),
        })

    def test_answers_to_reset_of_odd_lengths(self):
        """What becomes of them is pcscd's to say: a card that is not powered, or one that works."""
        for tag, atr, works in (("none", "none", False), ("one", "3B", False),
                                ("32", "3BFE" + "1800008031FE45" + "00" * 23, None),
                                ("33", "3BFE" + "1800008031FE45" + "00" * 24, None)):
            with self.subTest(tag):
                card = Card(self, profile(1, tag=f"-atr-{tag}", atr=atr)).place()
                await_card(0, True, SEEN)
                code, said = check(self, configuration(self, self.gateway.url, card_timeout_ms=2000))
                card.remove()
                name = (said.get("fault") or {}).get("name")
                print(f"  ATR {tag}: {name or said['outcome']}", flush=True)
                self.assertIn(name, {None, "CARD_MUTE", "NO_CARD", "READER"} - ({None} if works is False else set()),
                              said)

    def test_extended_length_that_is_refused_is_done_without(self):
        always = {"apdu": {"extended": "always"}}
        self.look("refused", None, settings=always, no_extended="yes")
        with driver("no-extended"):
            card, said = self.look("driver", None, settings=always)
        self.assertGreaterEqual(len(card.apdus()), 10)

    def test_a_reader_that_says_it_can_is_asked_in_one_piece(self):
        with driver("says-extended"):
            card, _ = self.look("told", None)
        self.assertEqual(len(card.commands()), 5, card.apdus())
        with driver("says-extended"), driver("no-extended"):
            card, _ = self.look("told-wrongly", None)
        self.assertEqual(len(card.verifies()), 1)

    def test_a_card_that_takes_a_second_for_each_command(self):
        card, said = self.look("slow", None, seconds=90, delay_ms=1000)
        self.assertGreaterEqual(said["timing"]["card_ms"], 5000)


if __name__ == "__main__":
    unittest.main()
