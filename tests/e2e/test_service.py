"""The card reader service starts, stops and comes back while a desk is open; and nobody is there."""
import time
import unittest

from reception import SEEN, Desk, plugged, service
from stack import Card, Folder, Gateway, check, configuration, make_once, profile

BUSY = 0.01


def setUpModule():
    make_once()
    profile(1)
    profile(2)


class Service(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(service, "start")
        self.gateway = Gateway(self)
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
        self.assertLess(time.monotonic() - started, 5)

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
        self.assertEqual(desk.process.wait(10), 3)
        self.assertEqual(card.verifies(), [])

    def test_a_service_that_is_restarted_at_once_loses_no_patient(self):
        desk = Desk(self, self.config)
        desk.until("waiting")
        service("restart")
        Card(self, profile(1)).place()
        desk.done()


class Idle(Folder, unittest.TestCase):
    """A desk that has nothing to do takes next to nothing of the processor."""

    def setUp(self):
        super().setUp()
        self.addCleanup(plugged, 2)
        self.desk = Desk(self, configuration(self, Gateway(self).url))

    def lazy(self):
        self.desk.next(SEEN)
        share = self.desk.cpu()
        print(f"  {share:.2%}", flush=True)
        self.assertLess(share, BUSY)

    def test_without_a_card(self):
        self.desk.until("waiting")
        self.lazy()

    def test_with_a_card_that_had_its_check(self):
        self.desk.until("waiting")
        Card(self, profile(1)).place()
        self.desk.done()
        self.lazy()

    def test_without_a_service(self):
        self.desk.until("waiting")
        service("stop")
        self.desk.fault("NO_SERVICE")
        self.lazy()

    def test_without_a_reader(self):
        self.desk.until("waiting")
        plugged(0)
        self.desk.until("fault")
        self.lazy()


if __name__ == "__main__":
    unittest.main()
