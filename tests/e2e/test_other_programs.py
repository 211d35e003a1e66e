"""Other programs at the same card: who holds it, who resets it, who wants to sign with our PIN."""
import os
import signal
import subprocess
import time
import unittest

from reception import Desk, Other
from stack import BUILD, PIN, Card, Folder, check, configuration, make_once, profile, purposeful, shared_gateway

WRONG = "0000"
# Seconds that another program may keep a card.
WAITED_FOR = 2
SELECT = "00A4040C0AD392F000260100000001"
DIGEST_INFO = "3031300D060960864801650304020105000420" + "11" * 32
SIGN = "802A0080" + "33" + DIGEST_INFO + "00"
SIGN_SHORT = "802A0097" + "33" + DIGEST_INFO + "00"
KEY, PIN_FILE = "00A4020C020017", "00A4020C020018"
COUNTER = "00200080"


def setUpModule():
    make_once()
    profile(1)


class Held(Folder, unittest.TestCase):
    """Another program has the card: it is waited for, though not for long."""

    def setUp(self):
        super().setUp()
        self.config = configuration(self, shared_gateway().url)
        self.card = Card(self, profile(1)).place().seen()

    def other(self, mode):
        other = Other(self, 0, mode)
        self.assertEqual(other.said(), ["held"])
        return other

    def busy(self, mode):
        other = self.other(mode)
        started = time.monotonic()
        code, said = check(self, self.config)
        self.assertEqual((code, said["fault"]["name"]), (3, "CARD_BUSY"), said)
        self.assertLess(said["timing"]["card_ms"], 6000)
        self.assertLess(time.monotonic() - started, 30)
        self.assertIn("ほかのソフト", said["fault"]["message"])
        self.assertEqual(self.card.apdus(), [])
        other.let_go()
        self.assertEqual(check(self, self.config)[0], 0)

    def test_a_card_held_for_itself_alone_is_told(self):
        self.busy("exclusive")

    def test_a_card_held_in_a_long_transaction_is_told(self):
        self.busy("transaction")

    def free_in_time(self, mode):
        for _ in range(10):
            other = self.other(mode)
            started = time.monotonic()
            desk = Desk(self, self.config)
            desk.until("card")
            time.sleep(0.4)
            other.let_go()
            took = time.monotonic() - started
            said = desk.until("done", pin=PIN)
            if said.get("outcome") == "eligible":
                return
            # On a busy machine it may have been let go later than it is waited for: not in time, so again.
            self.assertEqual(said["fault"]["name"], "CARD_BUSY", said)
            self.assertGreater(took, WAITED_FOR, said)
            desk.end()
        self.fail("never let go in time")

    def test_a_card_that_is_let_go_in_time_is_checked(self):
        self.free_in_time("exclusive")

    def test_a_transaction_that_ends_in_time_is_waited_for(self):
        self.free_in_time("transaction")

    def test_a_desk_tells_it_once_and_takes_the_card_when_it_comes_again(self):
        other = self.other("exclusive")
        desk = Desk(self, self.config)
        desk.failed("CARD_BUSY")
        other.let_go()
        self.card.remove()
        desk.until("removed")
        Card(self, profile(1)).place()
        desk.done()
        self.assertEqual(desk.names().count("fault"), 1)


class Disturbed(Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.config = configuration(self, shared_gateway().url)
        self.card = Card(self, profile(1)).place().seen()

    def test_nobody_resets_the_card_inside_our_transaction(self):
        other = Other(self, 0, "reset")
        self.assertEqual(other.said(), ["ready"])
        desk = Desk(self, self.config, "check")
        desk.until("pin")
        other.go()
        time.sleep(0.5)
        desk.type(PIN)
        self.assertEqual(desk.until("done")["outcome"], "eligible")
        self.assertEqual(other.said(), ["reset"], "after our transaction it may")
        self.assertEqual([a["sw"] for a in self.card.verifies()], ["9000"])

    def test_resets_before_and_between_cost_no_try(self):
        other = Other(self, 0, "hammer")
        self.assertEqual(other.said(), ["ready"])
        for _ in range(4):
            code, said = check(self, self.config)
            if code != 0:
                self.assertIn(said["fault"]["name"], ("CARD_RESET", "CARD_BUSY"), said)
        other.end()
        self.assertEqual({a["sw"] for a in self.card.verifies()} - {"9000"}, set())
        self.assertEqual(check(self, self.config)[0], 0)


class Thief(Folder, unittest.TestCase):
    """A program that waits for the end of our transaction gets nothing out of the PIN we proved."""

    def steal(self, tag="", **kind):
        card = Card(self, profile(1, tag=tag, **kind)).place().seen()
        commands = [SIGN, SIGN_SHORT, SELECT, SIGN_SHORT, KEY, SIGN, PIN_FILE, COUNTER]
        other = Other(self, 0, "thief", ",".join(commands))
        self.assertEqual(other.said(), ["ready"])
        desk = Desk(self, configuration(self, shared_gateway().url), "check")
        desk.until("pin")
        other.go()
        time.sleep(0.5)
        before = len(card.apdus())
        desk.type(PIN)
        self.assertEqual(desk.until("done")["outcome"], "eligible")
        said = [line for command in commands for line in other.said()]
        for command, sw in zip(commands, said):
            if command.startswith("802A"):
                self.assertNotEqual(sw, "9000", said)
        self.assertEqual(said[5], "6982", "with the application and the key selected: the PIN is missing")
        self.assertEqual(said[7], "63C3", "and the counter shows that none is verified")
        ours = purposeful(card.apdus()[before:-len(commands)])
        self.assertTrue(ours and ours[-1].startswith("802A"), "it came after the signature, not between")

    def test_after_the_transaction_the_pin_is_not_verified_any_more(self):
        self.steal()

    def test_nor_on_a_card_that_tells_a_verified_pin_by_9000(self):
        self.steal("-told", verified_query_9000="yes")


class Race(Folder, unittest.TestCase):
    def test_two_programs_with_the_same_wrong_pin_spend_one_try(self):
        config = configuration(self, shared_gateway().url)
        results = []
        for number in range(60):
            card = Card(self, profile(1, tag="-race", delay_ms=80)).place().seen()
            calls = [self.call(config), self.call(config)]
            at = int(time.monotonic() * 1000) + 200
            for call in calls:
                call.start(at)
            for call in calls:
                call.result()
            card.remove()
            # On a busy machine the second call may begin when the first has sent its PIN: no race, and a try of its
            # own. The card takes longer than this for what comes before the PIN.
            if abs(calls[0].began - calls[1].began) < 150:
                self.assertEqual(len(card.verifies()), 1, f"round {number}: {calls}")
                results += [c.code for c in calls]
            if len(results) == 20:
                break
        self.assertEqual(len(results), 20, "the calls met too seldom")
        self.assertEqual(set(results), {-1201, -1106}, "wrong for the one, busy for the other")

    def test_a_call_that_comes_to_the_card_after_the_other_s_mistake_sends_nothing(self):
        # The time limit of a call to the card reader service goes on while the program is stopped.
        config = configuration(self, shared_gateway().url, apdu={"timeout_ms": 60000})
        first, late = (self.call(config).start(0) for _ in range(2))
        for call in (first, late):
            call.begin().within()
        late.process.send_signal(signal.SIGSTOP)
        card = Card(self, profile(1, tag="-race", delay_ms=80)).place().seen()
        self.assertEqual(first.result().code, -1201)
        late.process.send_signal(signal.SIGCONT)
        self.assertEqual(late.result().code, -1106)
        self.assertEqual(len(card.verifies()), 1)
        # Asked anew, a person may try.
        self.assertEqual(self.call(config).start(0).result().code, -1201)
        self.assertEqual(len(card.verifies()), 2)

    def call(self, config):
        return Call(self, config)


class Call:
    """A blocking check with a wrong PIN in a program of its own, which is ready for it."""

    def __init__(self, case, config):
        self.began = self.code = None
        self.process = subprocess.Popen([str(BUILD / "bin/check_race"), str(config)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        case.addCleanup(self.end)
        self.tell(WRONG)
        case.assertEqual(self.process.stdout.readline().strip(), "ready")

    def tell(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def start(self, at):
        """At that moment of the monotonic clock, in milliseconds; 0: at once."""
        self.tell(at)
        return self

    def end(self):
        self.process.kill()
        self.process.communicate()

    def begin(self):
        if self.began is None:
            self.began = int(self.process.stdout.readline())
        return self

    def within(self):
        """Not only about to call: the call has its moment before it gives the work to a thread."""
        until = time.monotonic() + 60
        while len(os.listdir(f"/proc/{self.process.pid}/task")) < 2:
            assert time.monotonic() < until, "the call has not begun"
            time.sleep(0.01)
        return self

    def result(self):
        self.begin()
        self.code = int(self.process.stdout.readline())
        self.process.wait(60)
        return self

    def __repr__(self):
        return f"{self.code} (from {self.began})"


if __name__ == "__main__":
    unittest.main()
