"""shk_close takes less than two seconds in every state, and costs the patient nothing."""
import os
import subprocess
import time
import unittest

from routes import wait_until
from stack import BUILD, PIN, Card, Folder, Gateway, configuration, make_once, profile

LIMIT_MS = 2000
# A driver that does not give a command back, seen from the plugin.
HANG_MS = 2500
# So long that the test has its time to see that the card signs.
SIGN_MS = 6000
SETTLE = 0.3


def setUpModule():
    make_once()
    profile(1)


class Close(Folder, unittest.TestCase):
    def close_once(self, state, url, linger_ms, settle):
        """The milliseconds of one close."""
        program = subprocess.Popen(
            [str(BUILD / "bin/close_states"), str(configuration(self, url)), state, str(linger_ms)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
        self.addCleanup(program.kill)
        program.stdin.write((PIN + "\n").encode())
        program.stdin.flush()
        there = program.stdout.readline()
        if there:
            settle()
        said, errors = program.communicate(b"\n" if there else None, timeout=180)
        self.assertEqual((there, program.returncode, errors), (b"there\n", 0, b""), errors.decode())
        print(f"  {state}: {said.decode().strip()} ms", flush=True)
        return int(said)

    def close_in(self, state, url, linger_ms=0, settle=lambda closes: time.sleep(SETTLE)):
        """How often it was closed: once, and where the machine took the time and not the close, until most were soon."""
        soon = 0
        for closes in range(1, 8):
            soon += self.close_once(state, url, linger_ms, lambda: settle(closes)) < LIMIT_MS
            if soon > closes - soon:
                return closes
        self.fail("most took two seconds and more")

    def test_while_a_card_is_awaited(self):
        self.close_in("waiting", Gateway(self).url)

    def test_while_the_pin_is_awaited(self):
        card = Card(self, profile(1)).place()
        self.close_in("pin", Gateway(self).url)
        self.assertEqual(card.verifies(), [])

    def test_while_the_challenge_does_not_come(self):
        card = Card(self, profile(1)).place()
        self.close_in("signing", Gateway(self, "--fail", "challenges=hang").url)
        self.assertEqual(card.verifies(), [])

    def test_while_the_gateway_does_not_answer(self):
        Card(self, profile(1)).place()
        self.close_in("asking", Gateway(self, "--fail", "checks=hang").url)

    def test_while_a_card_command_hangs(self):
        Card(self, profile(1, tag="-mute", delay_ms=HANG_MS)).place()
        self.close_in("command", Gateway(self).url)

    def test_while_the_card_signs_and_comes_back(self):
        gateway = Gateway(self)
        card = Card(self, profile(1, tag="-slow", sign_delay_ms=SIGN_MS)).place()

        def signs(closes):
            """The PIN has been sent, and what follows it at once is the signature."""
            wait_until(self, lambda: len(card.verifies()) == closes)
            time.sleep(SETTLE)
        closes = self.close_in("signing", gateway.url, linger_ms=SIGN_MS + 1000, settle=signs)
        self.assertEqual([a["sw"] for a in card.verifies()], ["9000"] * closes)
        self.assertFalse(any("/v1/checks" in call for call in gateway.calls()))


if __name__ == "__main__":
    unittest.main()
