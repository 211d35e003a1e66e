#!/usr/bin/python3
"""What virtual-card does on the wire of a reader: removal, return, a lost way, silence.

usage: test_reader.py VIRTUAL_CARD PROFILE
"""
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SELECT = bytes.fromhex("00A4040C0AD392F000260100000001")
LABEL = bytes.fromhex("00B0860000")
OK = b"\x90\x00"


class Reader(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(60)
        self.addCleanup(self.server.close)

    def place(self, *lines, options=()):
        folder = pathlib.Path(tempfile.mkdtemp(dir=PROFILE.parent))
        self.addCleanup(lambda: [p.unlink() for p in folder.iterdir()] and folder.rmdir())
        profile = folder / "card.profile"
        text = PROFILE.read_text().replace("= auth", "= ../auth").replace("= sign.", "= ../sign.")
        text = text.replace("= text.", "= ../text.").replace("= ca/", "= ../ca/")
        profile.write_text("\n".join([text, "state = none", *lines, ""]))
        self.process = subprocess.Popen(
            [CARD, "--profile", profile, "--port", str(self.server.getsockname()[1]), "--wait", "60", *options])
        self.addCleanup(self.end)
        self.accept()

    def end(self):
        self.process.kill()
        self.process.wait()

    def accept(self):
        self.card, _ = self.server.accept()
        self.card.settimeout(60)
        self.addCleanup(self.card.close)
        self.card.sendall(b"\x00\x01\x01")

    def send(self, command):
        self.card.sendall(len(command).to_bytes(2, "big") + command)

    def receive(self, n):
        data = b""
        while len(data) < n:
            piece = self.card.recv(n - len(data))
            if not piece:
                return None
            data += piece
        return data

    def answer(self):
        head = self.receive(2)
        return head and self.receive(int.from_bytes(head, "big"))

    def ask(self, command):
        self.send(command)
        return self.answer()

    def stops(self):
        self.process.terminate()
        self.assertEqual(self.process.wait(60), 0)

    def test_card_leaves_for_good(self):
        self.place(options=("--remove-at", "2"))
        self.assertEqual(self.ask(SELECT), OK)
        self.assertIsNone(self.ask(LABEL))
        self.assertEqual(self.process.wait(60), 0)

    def test_card_leaves_and_comes_back(self):
        self.place(options=("--remove-at", "2", "--reinsert-after", "300"))
        self.assertEqual(self.ask(SELECT), OK)
        left = time.monotonic()
        self.assertIsNone(self.ask(LABEL))
        self.accept()
        self.assertGreater(time.monotonic() - left, 0.2)
        self.assertNotEqual(self.ask(LABEL)[-2:], OK)
        self.assertEqual(self.ask(SELECT), OK)
        self.stops()

    def test_card_that_is_to_come_back_can_be_stopped_meanwhile(self):
        self.place(options=("--remove-at", "1", "--reinsert-after", "60000"))
        self.assertIsNone(self.ask(SELECT))
        self.stops()

    def test_extended_command_loses_the_way(self):
        self.place("extended_drops = yes")
        self.assertEqual(self.ask(SELECT), OK)
        self.assertIsNone(self.ask(bytes.fromhex("00B08A00000000")))
        self.accept()
        self.assertEqual(self.ask(SELECT), OK)
        self.assertEqual(len(self.ask(LABEL)), 162)
        self.stops()

    def test_silent_card_stays_and_can_be_stopped(self):
        self.place("hang_at_apdu = 2")
        self.assertEqual(self.ask(SELECT), OK)
        self.send(LABEL)
        self.send(b"\x04")
        self.card.settimeout(0.7)
        with self.assertRaises(TimeoutError):
            self.card.recv(1)
        self.assertIsNone(self.process.poll())
        before = self.used()
        time.sleep(0.5)
        self.assertLess(self.used() - before, 0.2)  # it waits, and does not spin
        self.stops()

    def used(self):
        """Processor time of the card in seconds."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_silent_card_comes_back_when_the_reader_lets_go(self):
        self.place("hang_at_apdu = 1")
        self.send(SELECT)
        time.sleep(0.3)
        self.card.close()
        self.accept()
        self.assertEqual(self.ask(SELECT), OK)
        self.stops()

    def test_torn_status_word_arrives_torn(self):
        self.place("answer_at = 1:90")
        self.assertEqual(self.ask(SELECT), b"\x90")
        self.assertEqual(self.ask(SELECT), OK)
        self.stops()


if __name__ == "__main__":
    CARD, PROFILE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
