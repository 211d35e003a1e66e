"""Readers that come, go and differ: none, several with cards in all of them, a preferred one."""
import subprocess
import time
import unittest

from reception import SEEN, Desk, driver, idle, plugged
from stack import BUILD, PIN, Card, Folder, check, configuration, make_once, profile, shared_gateway

FIRST, SECOND = "Virtual PCD 00 00", "Virtual PCD 00 01"
THIRD = "Virtual PCD 2 00 00"


def setUpModule():
    make_once()
    profile(1)
    profile(2)


class Changing(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(plugged, 4)
        self.gateway = shared_gateway()

    def desk(self, **settings):
        return Desk(self, configuration(self, self.gateway.url, **settings))

    def test_no_reader_is_told_once_and_the_first_one_is_taken(self):
        plugged(0)
        desk = self.desk()
        desk.fault("NO_READER")
        desk.quiet(3)
        plugged(2)
        desk.until("waiting")
        Card(self, profile(1)).place()
        desk.done()
        self.assertLessEqual(desk.names().count("readers"), 2, desk.names())

    def test_a_reader_that_is_added_takes_the_next_card(self):
        plugged(2)
        desk = self.desk()
        desk.until("waiting")
        plugged(4)
        desk.until("readers")
        Card(self, profile(1), reader=2).place()
        self.assertEqual(desk.done()["card"]["reader"], THIRD)

    def test_a_reader_that_is_removed_leaves_the_others_at_work(self):
        desk = self.desk()
        desk.until("waiting")
        plugged(2)
        desk.until("readers")
        Card(self, profile(1)).place()
        self.assertEqual(desk.done()["card"]["reader"], FIRST)

    def test_a_reader_that_loses_its_device_is_no_obstacle_for_another_one(self):
        desk = self.desk()
        desk.until("waiting")
        with driver("unplugged", pair=1):
            time.sleep(SEEN)
            Card(self, profile(1)).place()
            self.assertEqual(desk.done()["card"]["reader"], FIRST)
            self.assertTrue(idle([desk], 0.02, seconds=4), "never idle")
        desk.next(SEEN)
        Card(self, profile(2), reader=2).place()
        self.assertEqual(desk.done()["card"]["reader"], THIRD)

    def test_a_preferred_reader_that_is_not_there_is_told_and_awaited(self):
        plugged(2)
        desk = self.desk(reader=THIRD)
        self.assertEqual(desk.fault("NO_READER")["where"], "reader")
        Card(self, profile(1)).place()
        desk.quiet(3)
        plugged(4)
        desk.until("waiting")
        Card(self, profile(2), reader=2).place()
        self.assertEqual(desk.done()["card"]["reader"], THIRD)


class Several(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.gateway = shared_gateway()
        self.config = configuration(self, self.gateway.url)

    def test_cards_in_both_have_a_check_each(self):
        cards = [Card(self, profile(1)).place(), Card(self, profile(2), reader=1).place()]
        for card in cards:
            card.seen()
        desk = Desk(self, self.config)
        said = [desk.done(), desk.done()]
        self.assertEqual([one["card"]["reader"] for one in said], [FIRST, SECOND])
        self.assertEqual([one["records"][0]["name"] for one in said], ["見本　太郎", "見本　花子"])
        desk.quiet(2)
        self.assertEqual([len(card.verifies()) for card in cards], [1, 1])

    def blocking(self, **settings):
        """What shk_check comes to."""
        config = configuration(self, self.gateway.url, **settings)
        done = subprocess.run([str(BUILD / "bin/check_race"), str(config)], input=f"{PIN}\n0\n", text=True,
                              stdout=subprocess.PIPE, timeout=180, check=True)
        return int(done.stdout.split()[-1])

    def test_a_pin_given_before_its_card_is_sent_to_none_of_two(self):
        cards = [Card(self, profile(1)).place().seen(), Card(self, profile(2), reader=1).place().seen()]
        self.assertEqual(self.blocking(), -1115)
        self.assertEqual([len(card.verifies()) for card in cards], [0, 0])
        self.assertEqual(self.blocking(reader=SECOND), 1)
        self.assertEqual([len(card.verifies()) for card in cards], [0, 1])
        cards[1].remove()
        Card(self, profile(2, tag="-foreign", no_jpki="yes"), reader=1).place().seen()
        self.assertEqual(self.blocking(), 1)
        self.assertEqual(len(cards[0].verifies()), 1)

    def test_the_preferred_reader_is_the_only_one_that_is_looked_at(self):
        other = Card(self, profile(1)).place()
        Card(self, profile(2), reader=1).place().seen()
        other.seen()
        code, said = check(self, configuration(self, self.gateway.url, reader=SECOND))
        self.assertEqual((code, said["card"]["reader"]), (0, SECOND), said)
        self.assertEqual(other.apdus(), [])

    def test_another_kind_of_card_is_named_once_and_hides_nobody(self):
        other = Card(self, profile(2, tag="-foreign", no_jpki="yes")).place().seen()
        desk = Desk(self, self.config)
        desk.failed("NOT_MYNUMBER")
        desk.quiet(2)
        Card(self, profile(1), reader=1).place()
        self.assertEqual(desk.done()["card"]["reader"], SECOND)
        self.assertLessEqual(len(other.apdus()), 1, "one SELECT tells that it is another kind")
        self.assertEqual(desk.names().count("fault"), 1)

    def test_a_felica_card_is_named_without_being_asked_anything(self):
        # PC/SC part 3: RID A000000306, standard 11 (FeliCa), name 003B.
        other = Card(self, profile(2, tag="-felica", no_jpki="yes",
                                   atr="3B8F8001804F0CA0000003061100 3B0000000042".replace(" ", ""))).place()
        code, said = check(self, self.config)
        self.assertEqual((code, said["fault"]["name"]), (3, "NOT_MYNUMBER"), said)
        self.assertEqual(other.apdus(), [])

    def test_a_security_key_and_a_bank_card_are_refused_by_name(self):
        """The one is known for sure by its answer to reset, the other may be something else until it is asked."""
        for tag, name, asked, atr in (
                ("fido", "セキュリティキー(FIDO)", 0, "3BFD1300008131FE158073C021C057597562694B657940"),
                ("bank", "キャッシュカードかクレジットカード", 1, "3B6E000080318066B0840C016E0183009000")):
            with self.subTest(tag):
                other = Card(self, profile(2, tag="-" + tag, no_jpki="yes", atr=atr)).place()
                time.sleep(SEEN)
                code, said = check(self, self.config)
                other.remove()
                self.assertEqual((code, said["fault"]["name"]), (3, "NOT_MYNUMBER"), said)
                self.assertEqual(said["card"]["name"], name)
                self.assertEqual([a["header"][:4] for a in other.apdus()], ["00A4"] * asked)


if __name__ == "__main__":
    unittest.main()
