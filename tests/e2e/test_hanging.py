"""A card that never answers: the driver keeps the call, and pcscd with it, for ever."""
import time
import unittest

from reception import Desk
from routes import wait_until
from stack import Card, Folder, check, configuration, make_once, profile, shared_gateway

LIMIT_MS = 3000
# What the limit would be if nobody set one.
USUAL_MS = 10000
# Of a driver that would hang for ever.
SOON = 30


def setUpModule():
    make_once()
    profile(1)


class Hanging(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.gateway = shared_gateway()
        self.config = configuration(self, self.gateway.url, apdu={"timeout_ms": LIMIT_MS})

    def place(self, at):
        return Card(self, profile(1, tag=f"-hangs-{at}", hang_at_apdu=at)).place()

    def test_the_check_ends_within_its_limit_and_so_does_the_program(self):
        for at in (1, 3, 5):
            with self.subTest(command=at):
                card = self.place(at).seen()
                started = time.monotonic()
                code, said = check(self, self.config)
                self.assertEqual((code, said["fault"]["name"]), (3, "CARD_HANGS"), said)
                self.assertLess(said["timing"]["card_ms"], USUAL_MS, "its own limit, by its own clock")
                self.assertLess(time.monotonic() - started, SOON)
                card.remove()

    def test_a_pin_whose_answer_never_comes_is_sent_once(self):
        card = Card(self, profile(1, tag="-hangs-pin", answer_to="00200098:hang")).place()
        code, said = check(self, self.config)
        self.assertEqual((code, said["fault"]["name"]), (3, "CARD_HANGS"), said)
        card.remove()
        self.assertLessEqual(len(card.verifies()), 1)
        Card(self, profile(1)).place()
        self.assertEqual(check(self, self.config)[0], 0)

    def test_the_desk_goes_on_at_another_reader(self):
        desk = Desk(self, self.config)
        desk.until("waiting")
        card = self.place(3)
        desk.failed("CARD_HANGS")
        desk.quiet(2)
        other = Card(self, profile(1), reader=1).place()
        self.assertEqual(desk.done()["card"]["reader"], "Virtual PCD 00 01")
        other.remove()
        desk.until("removed")
        card.remove()
        Card(self, profile(1)).place()
        desk.done()

    def test_the_desk_closes_while_the_driver_hangs(self):
        desk = Desk(self, configuration(self, self.gateway.url, apdu={"timeout_ms": 1500}))
        desk.until("waiting")
        card = self.place(3)
        desk.until("card")
        wait_until(self, lambda: len(card.apdus()) >= 2)
        time.sleep(0.5)
        started = time.monotonic()
        desk.end()
        self.assertLess(time.monotonic() - started, SOON)


if __name__ == "__main__":
    unittest.main()
