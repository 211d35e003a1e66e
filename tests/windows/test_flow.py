"""The whole way for a host on Windows: card, gateway, document."""
import re
import shutil

from desk import BIN, READERS, Desk, Running, stack, values, windows


class Reception(Desk):
    def test_the_sample_host_says_what_every_other_says(self):
        desk = self.folder / "受付"
        shutil.copytree(stack.ROOT / "examples/reception", desk)
        shutil.copytree(stack.WORK / "pki", desk / "pki")
        (desk / "out").mkdir()
        config = desk / "shikaku.lua"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace("https://localhost:8443", self.url), encoding="utf-8")
        host = Running(self, BIN / "reception.exe", windows(config))
        host.until("event WAITING")
        self.place(self.card())
        host.type("0000", stack.PIN)
        self.assertEqual(host.end(), (stack.ROOT / "examples/transcript.txt").read_text(encoding="utf-8"))
        self.assertEqual(len(self.verifies()), 2)
        self.assertEqual(self.delivered(desk / "out"), ["patient.xml"])


class Host(Desk):
    def test_a_freed_library_stays_and_a_cp932_host_reads_its_own_characters(self):
        self.place(self.card(30))
        blank = self.folder / "受付 の PC/受付データ"
        blank.mkdir(parents=True)
        config = self.configuration(text_encoding="cp932", deliveries=[
            {"script": windows(stack.ROOT / "scripts/kanja_xml.lua"), "folder": windows(blank)}])
        said = values(self.host("check", stack.PIN, config=config).end())
        self.assertEqual(said["result"], "1", said)
        self.assertEqual(bytes.fromhex(said["record.name"]).decode("cp932"), "見本　〓子")
        # Once when its length was not known, or once in all: what is counted is what was handed out.
        self.assertGreater(int(said["text.losses"]), 0)
        files = self.delivered(blank)
        self.assertEqual(len(files), 1)
        self.assertEqual(bytes.fromhex(said["delivery[1].file"]).decode("cp932"), windows(blank / files[0]))
        self.assertIn("𠮷子".encode(), (blank / files[0]).read_bytes())
        self.assertEqual((said["close"], said["arithmetic"], said["loaded"], said["abi"]), ("0", "same", "1", "1"))

    def test_a_share_of_the_network_is_a_folder_too(self):
        self.place(self.card())
        share = self.folder / "受付データ"
        share.mkdir()
        unc = "\\\\localhost" + str(share).replace("/", "\\")
        config = self.configuration(deliveries=[{"script": windows(stack.ROOT / "scripts/kanja_xml.lua"), "folder": unc}])
        said = values(self.host("check", stack.PIN, config="\\\\localhost" + windows(config)[2:]).end())
        self.assertEqual(said["result"], "1", said)
        files = self.delivered(share)
        self.assertEqual(len(files), 1)
        self.assertEqual(bytes.fromhex(said["delivery[1].file"]).decode(), f"{unc}\\{files[0]}")

    def test_messages_to_a_window_in_place_of_waiting(self):
        said = self.host("wake").end().splitlines()
        self.assertEqual(said[:3], ["wake 0", "before 0", "start 0"])
        self.assertIn("woken yes", said)
        self.assertEqual(said[said.index("woken yes") - 1], "event 10")
        self.assertEqual(said[-4:], ["wake 0", "start 0", "event 9", "after 0"])


class Card(Desk):
    def test_a_wrong_pin_costs_one_try_and_a_slow_person_keeps_the_card(self):
        """Windows resets a card whose transaction is idle for five seconds."""
        self.place(self.card())
        said = self.host("events", "0000", "@6500", stack.PIN).end()
        self.assertIn("fault.name PIN_WRONG\n", said)
        self.assertEqual(re.findall(r"pin.tries_left (\d)", said), ["3", "2"])
        self.assertIn("outcome 1\n", said)
        self.assertEqual(len(self.verifies()), 2)
        self.assertEqual((self.folder / "counters").read_text().splitlines()[0], "pin 3")

    def test_a_card_that_is_pulled_out_while_it_is_read(self):
        self.place(self.card(1, "remove_at_apdu=5"))
        said = self.host("events", stack.PIN).end()
        self.assertIn("fault.name CARD_REMOVED\n", said)
        self.assertIn("outcome 0\n", said)
        self.assertEqual(self.verifies(), [])

    def test_no_service_is_told_with_the_number_that_windows_gives(self):
        (self.service / "no-service").touch()
        said = self.host("events").end()
        self.assertIn("fault.name NO_SERVICE\n", said)
        self.assertIn(f"fault.native {0x8010001D - 2**32}\n", said)

    def test_a_reader_that_is_plugged_in_while_a_card_is_waited_for(self):
        self.plug(READERS[1])
        host = self.host("events", stack.PIN)
        host.until("event 1")
        self.plug(READERS[1], "日本の IC カード リーダー 0")
        self.place(self.card(), 1)
        said = host.end()
        self.assertIn("card.reader 日本の IC カード リーダー 0\n", said)
        self.assertIn("outcome 1\n", said)
