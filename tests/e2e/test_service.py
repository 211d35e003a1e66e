"""The card reader service starts, stops and comes back while a desk is open; and nobody is there."""
import time
import unittest

from reception import SEEN, Desk, idle, plugged, service
from slots import reader_name
from stack import Card, Folder, check, configuration, make_once, profile, shared_gateway

BUSY = 0.01


def setUpModule():
    make_once()
    profile(1)
    profile(2)


class Service(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(service, "start")
        self.gateway = shared_gateway()
        self.config = configuration(self, self.gateway.url)

    def back(self, desk):
        """One event says that the service is back, and the next patient has nothing to notice."""
        service("start")
        desk.until("readers")
        desk.until("waiting")
        card = Card(self, profile(2)).place()
        self.assertEqual(desk.done()["records"][0]["name"], "見本　花子")
        card.remove()
        desk.until("removed")

    def test_a_check_without_a_service_says_so_at_once(self):
        service("stop")
        started = time.monotonic()
        code, said = check(self, self.config)
        self.assertEqual((code, said["fault"]["name"]), (3, "NO_SERVICE"), said)
        self.assertLess(time.monotonic() - started, 30, "half the time that it waits for a card")

    def test_a_service_that_starts_later_is_found(self):
        service("stop")
        desk = Desk(self, self.config)
        desk.fault("NO_SERVICE")
        desk.quiet(3)
        self.back(desk)

    def test_a_service_that_stops_and_comes_back_is_told_once_each_time(self):
        desk = Desk(self, self.config)
        desk.until("waiting")
        for _ in range(2):
            service("stop")
            desk.fault("NO_SERVICE")
            desk.quiet(2)
            self.back(desk)
            desk.until("waiting")
        self.assertEqual(desk.names().count("fault"), 2)
        self.assertEqual(desk.names().count("readers"), 2)

    def test_a_service_that_stops_while_the_pin_is_awaited_spends_no_pin(self):
        desk = Desk(self, self.config)
        desk.until("waiting")
        card = Card(self, profile(1)).place()
        desk.until("pin")
        service("stop")
        desk.fault("NO_SERVICE")
        card.remove()
        self.back(desk)
        self.assertEqual(card.verifies(), [])
        self.assertEqual([event["fault"]["name"] for event in desk.seen if event["event"] == "fault"], ["NO_SERVICE"])

    def test_a_check_ends_when_the_service_stops_under_it(self):
        desk = Desk(self, self.config, "check")
        desk.until("waiting")
        card = Card(self, profile(1)).place()
        desk.until("pin")
        service("stop")
        self.assertEqual(desk.until("done")["fault"]["name"], "NO_SERVICE")
        self.assertEqual(desk.process.wait(60), 3)
        self.assertEqual(card.verifies(), [])

    def test_a_service_that_is_restarted_at_once_loses_no_patient(self):
        desk = Desk(self, self.config)
        desk.until("waiting")
        service("restart")
        Card(self, profile(1)).place()
        desk.done()


class Idle(Folder, unittest.TestCase):
    """A desk that has nothing to do takes next to nothing of the processor."""

    def desk(self, **settings):
        desk = Desk(self, configuration(self, shared_gateway().url, **settings))
        desk.until("waiting")
        return desk

    def lazy(self, *desks):
        """They are measured at the same time."""
        for desk in desks:
            desk.next(SEEN)
        self.assertTrue(idle(desks, BUSY), "never idle")

    def test_without_a_card_and_with_one_that_had_its_check(self):
        empty, full = self.desk(reader=reader_name(0)), self.desk(reader=reader_name(1))
        Card(self, profile(1), reader=1).place()
        full.done()
        self.lazy(empty, full)
        self.assertEqual(empty.names()[-1], "waiting")

    def test_without_a_service_or_a_reader(self):
        self.addCleanup(plugged, 2)
        desk = self.desk()
        service("stop")
        desk.fault("NO_SERVICE")
        self.lazy(desk)
        plugged(0)
        desk.until("readers", "fault")
        self.lazy(desk)


if __name__ == "__main__":
    unittest.main()
