"""Registering a person by the card: through pcscd, the virtual card, the built library and the console host."""
import csv
import io
import json
import unittest

from stack import ROOT, Card, Folder, configuration, console, make_once, personalise, profile, with_lines, WORK

CODE_B = "54040120350000"  # of the person below
NAME, ADDRESS = "見本　登録子", "見本県見本市見本町９丁目９－９"


def setUpModule():
    make_once()


def card_of(tag="", **extra):
    options = ["--name", NAME, "--address", ADDRESS, "--birth", "19790401", "--sex", 2, "--pin", "7392"]
    return with_lines(personalise(WORK / "card-person", options), tag, extra)


class Person(Folder, unittest.TestCase):
    def settings(self, **top):
        top = {"attributes": "code_b"} | top
        deliveries = [{"script": ROOT / "scripts/uketsuke_csv.lua", "folder": self.out, "when": "found"}]
        return configuration(self, "", deliveries=deliveries, **top)

    def person(self, typed, *options, config=None, descriptor="--code-fd"):
        done = console(self, "person", "--config", config or self.settings(), "--json", descriptor, 0, *options, pin=typed)
        self.assertNotIn(b"AddressSanitizer", done.stderr)
        self.assertNotIn(b"runtime error", done.stderr)
        lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
        return done.returncode, lines

    def nothing_logged(self):
        log = (self.folder / "shikaku.log").read_text(encoding="utf-8")
        for word in (NAME, "見本県", "19790401", "1979-04-01", CODE_B):
            self.assertNotIn(word, log)
        # Four digits may meet those of a longer number.
        self.assertNotRegex(log, r"(?<!\d)7392(?!\d)")

    def test_a_card_becomes_a_line_of_the_usual_script(self):
        card = Card(self, card_of()).place()
        code, said = self.person(CODE_B)
        self.assertEqual(code, 0, said)
        asked = next(one for one in said if one["event"] == "pin")
        self.assertEqual((asked["kind_name"], asked["digits"], asked["tries_left"]), ("code_b", 14, 10))
        last = said[-1]
        self.assertEqual((last["outcome"], len(last["records"])), ("unstated", 1), last)
        record = {k: v for k, v in last["records"][0].items() if not k.startswith("derived.")}
        self.assertRegex(record.pop("processed_at"), r"^20\d\d-\d\d-\d\dT")
        self.assertEqual(record, {"name": NAME, "sex": "female", "sex_label": "女", "birth_date": "1979-04-01",
                                  "address": ADDRESS})
        self.assertEqual(len(self.delivered()), 1)
        table = next(self.out.glob("*.csv")).read_bytes().decode("cp932")
        rows = list(csv.reader(io.StringIO(table, newline="")))
        row = dict(zip(rows[0], rows[1]))
        self.assertEqual((row["氏名"], row["性別"]), (NAME, "2"), row)
        self.assertEqual((row["保険者番号"], row["資格確認日"], row["住所"]), ("", "", ADDRESS))
        self.assertEqual(card.commands(),
                         ["00A4040C", "00A4020C", "00200080", "00200080", "00A4020C", "00B00000"])
        self.assertEqual(len(card.verifies()), 1)
        self.nothing_logged()

    def test_the_screen_shows_four_values(self):
        Card(self, card_of()).place()
        done = console(self, "person", "--config", self.settings(), "--code-fd", 0, pin=CODE_B)
        shown = done.stdout.decode()
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        for word in (NAME, ADDRESS, "昭和54年4月1日", "女", "資格は確認していません"):
            self.assertIn(word, shown)
        self.assertNotIn(CODE_B, shown + done.stderr.decode())

    def test_a_long_address_is_read_whole(self):
        address = "見本県見本市見本町" + "見本マンション" * 30
        card = Card(self, card_of("-long", address=address)).place()
        code, said = self.person(CODE_B)
        self.assertEqual((code, said[-1]["records"][0]["address"]), (0, address), said)
        self.assertEqual(len([a for a in card.apdus() if a["header"].startswith("00B0")]), 3)

    def test_the_pin_opens_it_where_that_is_configured(self):
        card = Card(self, card_of()).place()
        config = self.settings(attributes="pin")
        code, said = self.person("7392", config=config, descriptor="--pin-fd")
        self.assertEqual(code, 0, said)
        self.assertEqual(next(one for one in said if one["event"] == "pin")["kind_name"], "text")
        self.assertEqual(said[-1]["records"][0]["name"], NAME)
        self.assertEqual(len(card.verifies()), 1)

    def test_a_wrong_code_is_sent_once(self):
        card = Card(self, card_of()).place()
        code, said = self.person("54040120350001")
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "CODE_WRONG"), said)
        self.assertEqual(len(card.verifies()), 1)
        self.assertEqual(self.delivered(), [])
        card.remove()
        Card(self, WORK / "card-person/card.profile").place()
        code, said = self.person(CODE_B)
        self.assertEqual(code, 0, said)
        self.assertEqual(next(one for one in said if one["event"] == "pin")["tries_left"], 9)

    def test_the_last_try_is_not_spent_without_a_word(self):
        card = Card(self, card_of("-last", code_b_tries=1)).place()
        code, said = self.person("54040120350001")
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "PIN_LAST_TRY"), said)
        self.assertEqual(next(one for one in said if one["event"] == "pin")["last_try"], 1)
        self.assertEqual(card.verifies(), [])
        code, said = self.person("54040120350001", "--last-try")
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "CODE_BLOCKED"), said)
        self.assertEqual(len(card.verifies()), 1)

    def test_a_blocked_code_is_told_before_any_is_asked_for(self):
        card = Card(self, card_of("-blocked", code_b_tries=0)).place()
        code, said = self.person(CODE_B)
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "CODE_BLOCKED"), said)
        self.assertNotIn("pin", [one["event"] for one in said])
        self.assertEqual(card.verifies(), [])

    def test_twelve_digits_are_never_sent(self):
        card = Card(self, card_of()).place()
        for typed in ("123456789012", "7392", "54130120350000"):
            code, said = self.person(typed)
            self.assertEqual((code, said[-1]["fault"]["name"]), (3, "CODE_FORMAT"), said)
            self.assertNotIn(typed, json.dumps(said))
        config = self.settings(attributes="pin")
        code, said = self.person("123456789012", config=config, descriptor="--pin-fd")
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "PIN_FORMAT"), said)
        self.assertEqual(card.verifies(), [])

    def test_it_is_off_until_it_is_configured(self):
        card = Card(self, card_of()).place()
        code, said = self.person(CODE_B, config=self.settings(attributes="no"))
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "CONFIG_VALUE"), said)
        self.assertIn("attributes", said[-1]["fault"]["where"])
        self.assertEqual(card.apdus(), [])

    def test_a_card_removed_at_every_command_says_nothing(self):
        for at in range(1, 7):
            card = Card(self, card_of(), "--remove-at", at).place()
            code, said = self.person(CODE_B, "--timeout", 20)
            self.assertEqual(code, 3, said)
            self.assertIn(said[-1]["fault"]["name"], ("CARD_REMOVED", "READER"), said)
            self.assertEqual(said[-1]["records"], [])
            card.remove()
        self.assertEqual(self.delivered(), [])
        self.nothing_logged()

    def test_a_phone_has_no_such_application(self):
        Card(self, profile(1, tag="-phone", android="yes")).place()
        code, said = self.person(CODE_B)
        self.assertEqual((code, said[-1]["fault"]["name"]), (3, "NOT_MYNUMBER"), said)


if __name__ == "__main__":
    unittest.main()
