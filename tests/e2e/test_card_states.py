"""What is said of each kind and state of a card, before a PIN is asked for and behind it."""
import datetime
import unittest

from reception import Desk
from stack import PIN, Card, Folder, check, configuration, make_once, profile, shared_gateway

WRONG = "0000"


def setUpModule():
    make_once()


def made(tag, **kind):
    return profile(1, tag=f"-{tag}", **kind)


def day(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y%m%d000000Z")


class States(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.gateway = shared_gateway()
        self.config = configuration(self, self.gateway.url)

    def look(self, where, *options, pin=PIN):
        """One check: the card, the events, the last of them."""
        card = Card(self, where).place()
        desk = Desk(self, self.config, "check", *options)
        said = desk.until("done", pin=pin)
        card.remove()
        return card, desk, said

    def refused(self, where, name, *options, pin=PIN, verifies=0):
        card, desk, said = self.look(where, *options, pin=pin)
        self.assertEqual(said["fault"]["name"], name, said)
        self.assertEqual(len(card.verifies()), verifies)
        self.assertEqual(self.delivered(), [])
        if verifies == 0 and name not in ("PIN_LAST_TRY",):
            self.assertNotIn("pin", desk.names(), "nobody is asked for a PIN that would not be sent")
        return said["fault"]


class Tries(States):
    def test_the_tries_that_are_left_are_told_at_each_question(self):
        where = profile(1)
        tries = []
        for options in ((), (), ("--last-try",)):
            card, desk, said = self.look(where, *options, pin=WRONG)
            tries.append(next(event["tries_left"] for event in desk.seen if event["event"] == "pin"))
            self.assertEqual(len(card.verifies()), 1)
            if options == ():
                self.assertEqual(said["fault"]["name"], "PIN_WRONG")
        self.assertEqual(tries, [3, 2, 1])
        self.assertEqual(said["fault"]["name"], "PIN_BLOCKED")
        self.assertIn("市区町村", said["fault"]["message"])
        self.assertIn("市区町村", self.refused(where, "PIN_BLOCKED")["message"])

    def test_the_last_try_needs_a_word(self):
        where = profile(1, tag="-last", pin_tries=1)
        self.refused(where, "PIN_LAST_TRY")
        card, _, said = self.look(where, "--last-try")
        self.assertEqual(said["outcome"], "eligible")
        self.assertEqual(len(card.verifies()), 1)

    def test_what_is_not_four_digits_never_reaches_the_card(self):
        for pin in ("", "123", "12345", "12a4"):
            with self.subTest(length=len(pin)):
                card = Card(self, profile(1)).place()
                code, said = check(self, self.config, pin=pin)
                card.remove()
                self.assertEqual((code, said["fault"]["name"]), (3, "PIN_FORMAT"), said)
                self.assertEqual(card.verifies(), [])


class Validity(States):
    def test_a_certificate_that_has_expired_or_is_to_come(self):
        self.refused(made("old", not_before=day(-900), not_after=day(-2)), "CERTIFICATE_EXPIRED")
        self.refused(made("early", not_before=day(2), not_after=day(900)), "CERTIFICATE_NOT_YET")

    def test_a_certificate_that_ends_soon_is_told_before_the_pin(self):
        last = day(60)[:8]
        where = made("soon", not_before=day(-900), not_after=last + "145959Z")
        _, desk, said = self.look(where)
        self.assertEqual(said["outcome"], "eligible")
        names = desk.names()
        self.assertLess(names.index("card"), names.index("notice"))
        self.assertLess(names.index("notice"), names.index("pin"))
        ends = datetime.datetime.strptime(last, "%Y%m%d").strftime("%Y-%m-%d")
        self.assertEqual(said["records"][0]["card.expires_on"], ends)

    def test_a_certificate_that_ends_late_is_no_news(self):
        _, desk, said = self.look(profile(1))
        self.assertEqual(said["outcome"], "eligible")
        self.assertNotIn("notice", desk.names())


class Kinds(States):
    def test_an_android_phone_shows_its_certificate_behind_the_pin(self):
        card, _, said = self.look(made("android", android="yes"))
        self.assertEqual(said["outcome"], "eligible", said)
        self.assertEqual(len(card.verifies()), 1)
        commands = [a["header"] for a in card.apdus()]
        verify = next(i for i, a in enumerate(card.apdus()) if a["header"].startswith("0020") and a["lc"] != "-")
        self.assertIn(True, [header.startswith("00B0") for header in commands[verify:]])

    def test_a_phone_that_is_switched_off_is_refused(self):
        self.config = configuration(self, self.gateway.url, token={"phone": "no"})
        self.refused(made("android", android="yes"), "PHONE_REFUSED")

    def test_an_iphone_is_refused_unless_it_is_wanted(self):
        self.refused(made("iphone", iphone="yes"), "PHONE_REFUSED")

    def test_the_old_card_is_refused_by_name(self):
        self.assertIn("住民基本台帳カード", self.refused(
            made("juki", old_juki="yes", not_before="20120101000000Z", not_after="20150101000000Z"), "JUKI_CARD")["message"])

    def test_a_childs_card_works(self):
        self.assertEqual(self.look(made("child", child="yes"))[2]["outcome"], "eligible")

    def test_a_card_without_the_application_or_the_certificate(self):
        self.refused(made("bare", no_jpki="yes"), "NOT_MYNUMBER")
        self.refused(made("empty", no_certificate="yes"), "NO_CERTIFICATE")

    def test_a_card_without_a_pin_is_told(self):
        self.assertIn("顔認証", self.refused(made("face", no_pin_key="yes"), "PIN_NONE")["message"])

    def test_the_coming_card_signs_with_p384(self):
        for form in ("raw", "der"):
            with self.subTest(form):
                card, _, said = self.look(made(f"p384-{form}", algorithm="p384", ecdsa_form=form))
                self.assertEqual(said["outcome"], "eligible", said)
                self.assertEqual(len(card.verifies()), 1)

    def test_the_coming_card_can_be_switched_off(self):
        self.config = configuration(self, self.gateway.url, token={"p384": "no"})
        self.refused(made("p384-raw", algorithm="p384", ecdsa_form="raw"), "CERTIFICATE")


if __name__ == "__main__":
    unittest.main()
