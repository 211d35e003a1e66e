"""When a card comes, goes, or is another one all of a sudden."""
import unittest

from reception import Desk
from slots import await_card
from stack import PIN, Card, Folder, configuration, make_once, profile, shared_gateway

# How each plan is brought about on a reader that says nothing of itself.
PLANS = {"A": {"short_ids": "never", "short_sign": "never"}, "B": {}, "C": {"extended": "always"}}


def setUpModule():
    make_once()
    profile(1)
    profile(2)


class Moments(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.config = configuration(self, shared_gateway().url)

    def test_a_card_that_lay_there_before_the_start(self):
        Card(self, profile(1)).place().seen()
        Desk(self, self.config).done()

    def test_a_card_that_comes_goes_and_comes_again_is_another_visit(self):
        desk = Desk(self, self.config)
        for _ in range(2):
            desk.until("waiting")
            card = Card(self, profile(1)).place()
            desk.done()
            desk.quiet(1)
            card.remove()
            desk.until("removed")

    def swap(self, noticed, *names):
        """Another person's card on the same reader, between the certificate and the PIN."""
        desk = Desk(self, self.config)
        desk.until("waiting")
        first = Card(self, profile(1)).place()
        desk.until("pin")
        process = first.process
        process.terminate()
        process.wait(60)
        if noticed:
            self.assertTrue(await_card(0, False, 60))
        second = Card(self, profile(2)).place()
        desk.type(PIN)
        said = desk.until("done")
        self.assertIn(said["fault"]["name"], ("CARD_REMOVED", "CARD_RESET", *names), said)
        self.assertEqual(first.verifies(), [])
        self.assertEqual(self.delivered(), [])
        return desk, second

    def test_another_persons_card_gets_neither_the_pin_nor_the_name(self):
        desk, second = self.swap(True)
        self.assertEqual(second.verifies(), [])
        self.assertEqual(desk.until("pin")["tries_left"], 3)
        desk.type(PIN)
        said = desk.until("done")
        self.assertEqual(said["records"][0]["name"], "見本　花子")
        self.assertEqual(len(second.verifies()), 1)

    def test_a_card_swapped_faster_than_the_reader_looks_is_not_read_on(self):
        """The reader itself has noticed nothing: it is the new card that knows no application yet."""
        _, second = self.swap(False, "READER")
        self.assertEqual([a["sw"] for a in second.verifies() if a["sw"] == "9000" or a["sw"].startswith("63")], [])


class Removed(Folder, unittest.TestCase):
    """Taken away at every single command, one by one; the next try finds everything as it was."""

    def commands(self, desk, expected):
        """What one check sends, without what a slow machine sends meanwhile, lest the card be reset."""
        desk.until("waiting")
        card = Card(self, profile(1)).place()
        desk.done()
        sent = card.commands()
        card.remove()
        self.assertEqual(len(sent), expected, sent)
        return sent

    def taken_at(self, desk, at, commands):
        """Taken away at this command; again when another one came in between."""
        for _ in range(20):
            desk.until("waiting")
            card = Card(self, profile(1), "--remove-at", at).place()
            said = desk.until("done", pin=PIN)
            sent = [a["header"] for a in card.apdus()][:at - 1]
            self.assertEqual(said.get("fault", {}).get("name"), "CARD_REMOVED", f"at {at} of {commands}: {sent}, {said}")
            self.assertLessEqual(len(card.verifies()), 1)
            card.remove()
            if sent == commands[:at - 1]:
                return
        self.fail(f"before {at}: {sent}, not {commands}")

    def left_alone(self, desk, at, commands):
        """Taken away behind the last command; again when that came earlier, by another one in between."""
        for _ in range(20):
            desk.until("waiting")
            card = Card(self, profile(1), "--remove-at", at).place()
            said = desk.until("done", pin=PIN)
            if said.get("outcome") == "eligible":
                return
            sent = [a["header"] for a in card.apdus()]
            self.assertEqual(said.get("fault", {}).get("name"), "CARD_REMOVED", said)
            self.assertNotEqual(sent[:at - 1], commands, "taken away for nothing")
            card.remove()
        self.fail(f"never {commands} alone")

    def through(self, plan, expected):
        desk = Desk(self, configuration(self, shared_gateway().url, apdu=PLANS[plan]))
        commands = self.commands(desk, expected)
        signature = max(i for i, header in enumerate(commands, 1) if header.startswith("802A"))
        for at in range(1, signature + 1):
            self.taken_at(desk, at, commands)
        self.left_alone(desk, signature + 1, commands)
        self.assertEqual({event["tries_left"] for event in desk.seen if event["event"] == "pin"}, {3})

    def test_at_every_command_of_plan_a(self):
        self.through("A", 13)

    def test_at_every_command_of_plan_b(self):
        self.through("B", 10)

    def test_at_every_command_of_plan_c(self):
        self.through("C", 5)


if __name__ == "__main__":
    unittest.main()
