"""The one-minute verdict on each reader, through the real pcscd: two readers, each card in its turn."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

from stack import Card, Folder, console, make_once, profile, run

FELICA = "3B8F8001804F0CA00000030611003B0000000042"
# Another program that lets nobody else at the card until its input ends.
HOLDER = """
import ctypes, sys
pcsc = ctypes.CDLL("libpcsclite.so.1")
context, card, protocol = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
assert pcsc.SCardEstablishContext(2, None, None, ctypes.byref(context)) == 0
code = pcsc.SCardConnect(context, sys.argv[1].encode(), 1, 3, ctypes.byref(card), ctypes.byref(protocol))
print(code, flush=True)
sys.stdin.read()
pcsc.SCardDisconnect(card, 0)
"""


def setUpModule():
    make_once()
    profile(1)


class Verdict(Folder, unittest.TestCase):
    def readers(self, *options, code=0):
        """The readers event, and the end."""
        done = console(self, "readers", "--json", *options)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        events = [json.loads(line) for line in done.stdout.decode().splitlines()]
        return next(e for e in events if e["event"] == "readers"), events[-1]

    def place(self, *options, tag="", reader=0, **extra):
        return Card(self, profile(1, tag=tag, **extra), *options, reader=reader).place().seen()

    def test_a_card_that_works_makes_its_reader_usable_and_the_empty_one_is_open(self):
        card = self.place()
        found, end = self.readers()
        one, two = found["readers"]
        self.assertEqual(one["verdict_name"], "USABLE", one)
        self.assertEqual((one["usable"], one["extended"], one["short_ids"]), (True, "yes", "yes"))
        self.assertEqual((one["kind"], one["kind_name"]), (1, "mynumber"))
        self.assertGreaterEqual(one["apdu_us"], 0)
        self.assertEqual(two["verdict_name"], "NO_CARD", two)
        self.assertNotIn("usable", two)
        self.assertEqual((found["service"], found["session"], found["bits"]), ("running", "local", 64))
        self.assertRegex(found["list_date"], r"^20\d\d-\d\d-\d\d$")
        self.assertNotIn("fault", end)
        headers = {a["header"][:4] for a in card.apdus()}
        self.assertLessEqual(headers, {"00A4", "00B0"}, "nothing but SELECT and READ")

    def test_a_quick_list_sends_nothing(self):
        card = self.place()
        self.readers("--quick")
        self.assertEqual(card.apdus(), [])

    def test_a_card_without_extended_length_is_usable_and_the_official_app_is_doubted(self):
        self.place(tag="-short", no_extended="yes")
        found, _ = self.readers()
        one = found["readers"][0]
        self.assertIn(one["verdict_name"], ("SHORT_CARD", "SHORT_READER"))
        self.assertTrue(one["usable"])
        self.assertIn("公式の確認アプリは拡張 Lc/Le に対応したリーダーを求めて", one["verdict"])

    def test_a_foreign_card_gets_one_command_and_one_known_by_its_atr_none(self):
        foreign = self.place(tag="-foreign", no_jpki="yes")
        felica = self.place(tag="-felica", reader=1, no_jpki="yes", atr=FELICA)
        found, _ = self.readers(code=1)
        one, two = found["readers"]
        self.assertEqual(one["verdict_name"], "UNKNOWN_CARD", one)
        self.assertEqual([a["header"] for a in foreign.apdus()], ["00A4040C"])
        self.assertEqual((two["verdict_name"], two["kind_name"]), ("OTHER_CARD", "felica"), two)
        self.assertIn("交通系ICカード", two["verdict"])
        self.assertEqual(felica.apdus(), [])

    def test_one_card_of_two_is_enough(self):
        self.place(tag="-foreign", no_jpki="yes")
        self.place(reader=1)
        found, _ = self.readers()
        self.assertEqual([r["usable"] for r in found["readers"]], [False, True])

    def test_a_card_that_another_program_holds_is_left_to_it_and_the_program_named(self):
        card = self.place()
        name = self.readers("--quick")[0]["readers"][0]["name"]
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(holder.wait, 60)
        self.addCleanup(holder.stdin.close)
        self.addCleanup(holder.stdout.close)
        self.assertEqual(holder.stdout.readline().strip(), b"0")
        found, _ = self.readers(code=1)
        one = found["readers"][0]
        self.assertEqual(one["verdict_name"], "HELD", one)
        self.assertIn("python", one["holder"])
        self.assertIn(one["holder"], one["verdict"])
        self.assertEqual(card.apdus(), [])
        holder.stdin.close()
        holder.wait(60)
        found, _ = self.readers()
        self.assertEqual(found["readers"][0]["verdict_name"], "USABLE")

    def test_a_card_taken_away_in_the_middle_is_told_and_nothing_hangs(self):
        self.place("--remove-at", 3)
        found, _ = self.readers(code=1)
        self.assertIn(found["readers"][0]["verdict_name"], ("REMOVED", "DRIVER"), found)

    def test_a_stopped_service_is_told_with_what_to_do(self):
        control = os.environ["SHIKAKU_PCSCD_CTL"]
        self.addCleanup(run, [control, "start"])
        self.assertEqual(run([control, "stop"]).returncode, 0)
        found, end = self.readers(code=3)
        self.assertEqual((found["service"], found["readers"]), ("stopped", []))
        self.assertIn("pcscd", found["verdict"])
        self.assertEqual(end["fault"]["name"], "NO_SERVICE")
        self.assertEqual(run([control, "start"]).returncode, 0)
        self.assertEqual(self.readers("--quick")[0]["service"], "running")

    def test_the_screen_says_it_in_japanese_and_in_english(self):
        self.place()
        done = console(self, "readers")
        said = done.stdout.decode()
        self.assertEqual(done.returncode, 0, said)
        for words in ("カードのサービス: 動いています", "このリーダーは使えます。", "カード: マイナンバーカード",
                      "拡張 Lc/Le: 通る", "ミリ秒", "カードがないので、まだわかりません。"):
            self.assertIn(words, said)
        said = console(self, "readers", "--lang", "en").stdout.decode()
        self.assertIn("This reader can be used.", said)
        self.assertNotRegex(said, "[ぁ-ん]")

    def test_a_list_of_ones_own_is_used(self):
        path = pathlib.Path(self.folder) / "own.lua"
        path.write_text('return { date = "2027-01-31", readers = { { model = "仮想", names = { "virtual pcd 00 01" },\n'
                        '  usable = "no", note = "使えません。", note_en = "No.", source = "us", sure = "tried" } } }\n')
        self.place()
        found, _ = self.readers("--set", f"reader_list={path}")
        self.assertEqual(found["list_date"], "2027-01-31")
        two = found["readers"][1]
        self.assertEqual((two["verdict_name"], two["listed"], two["usable"]), ("LISTED_BAD", "仮想", False), two)
        path.write_text('return { date = "2027-01-31",\n  nobody = 1 }\n')
        done = console(self, "readers", "--json", "--set", f"reader_list={path}")
        self.assertEqual(done.returncode, 3, done.stdout)
        fault = json.loads(done.stdout.decode().splitlines()[-1])["fault"]
        self.assertEqual((fault["name"], fault["where"]), ("CONFIG_VALUE", "own.lua:2 nobody"))


if __name__ == "__main__":
    unittest.main()
