"""shk_close takes less than two seconds in every state, and costs the patient nothing."""
import unittest

from stack import BUILD, PIN, Card, Folder, Gateway, configuration, make_once, profile, run

# A driver that does not give a command back, seen from the plugin.
HANG_MS = 2500


def setUpModule():
    make_once()
    profile(1)


class Close(Folder, unittest.TestCase):
    def close_in(self, state, url, linger_ms=0):
        done = run([BUILD / "bin/close_states", configuration(self, url), state, linger_ms],
                   input=(PIN + "\n").encode())
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stderr.decode())
        print(f"  {state}: {done.stdout.decode().strip()} ms", flush=True)
        self.assertLess(int(done.stdout), 2000)

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
        card = Card(self, profile(1, tag="-slow", sign_delay_ms=HANG_MS)).place()
        self.close_in("signing", gateway.url, linger_ms=HANG_MS + 1000)
        self.assertEqual([a["sw"] for a in card.verifies()], ["9000"])
        self.assertFalse(any("/v1/checks" in call for call in gateway.calls()))


if __name__ == "__main__":
    unittest.main()
