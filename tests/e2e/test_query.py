"""`shikaku query` and `register`: by the data of an insurance card, through the gateway and the folders."""
import subprocess
import unittest

import routes
import stack
from routes import Terminal, folder_settings, query


def setUpModule():
    stack.make_once()


class Gateway(stack.Folder, unittest.TestCase):
    def test_a_person_is_found_and_delivered(self):
        gateway = stack.Gateway(self)
        code, said = query(self, stack.configuration(self, gateway.url))
        self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
        self.assertEqual(said["records"][0]["name"], routes.PERSON_NAME)
        self.assertEqual(len(self.delivered()), 2)
        self.assertFalse(any("/v1/challenges" in c for c in gateway.calls()), "no card, no challenge")
        routes.log_is_silent(self, routes.PERSON_NAME, "990010", "0006", "19540105", "1954")

    def test_a_padded_number_and_full_width_digits_mean_the_same(self):
        config = stack.configuration(self, stack.Gateway(self).url, deliveries=[])
        for changed in ({"insurer_number": "  990010"}, {"insurer_number": "９９００１０"}, {"symbol": "見6"},
                        {"birth_date": "1954-01-05"}, {"birth_date": "S29.1.5"}):
            code, said = query(self, config, **changed)
            self.assertEqual((code, said["outcome"]), (0, "eligible"), (changed, said))

    def test_nobody_found_is_an_answer(self):
        config = stack.configuration(self, stack.Gateway(self).url)
        code, said = query(self, config, number="9999")
        self.assertEqual((code, said["outcome"]), (1, "not_eligible"), said)
        self.assertEqual(self.delivered(), [])

    def test_a_wrong_check_digit_is_not_asked(self):
        gateway = stack.Gateway(self)
        config = stack.configuration(self, gateway.url, deliveries=[])
        code, said = query(self, config, insurer_number="990011")
        self.assertEqual((code, said["fault"]["name"]), (2, "CHECK_DIGIT"), said)
        self.assertEqual(gateway.calls(), [])
        ignored = stack.configuration(self, gateway.url, deliveries=[], query={"check_digit": "ignore"})
        self.assertEqual(query(self, ignored, insurer_number="990011")[0], 1)

    def test_data_that_is_missing_or_impossible_is_named_and_not_asked(self):
        gateway = stack.Gateway(self)
        config = stack.configuration(self, gateway.url, deliveries=[])
        for changed, where in (({"birth_date": "昭和65年1月1日"}, "query.birth_date"), ({"number": ""}, "query.number"),
                               ({"insurer_number": "12"}, "insurer_number"), ({"branch_number": "x"}, "branch_number")):
            code, said = query(self, config, **changed)
            self.assertEqual((code, said["fault"]["name"]), (2, "INPUT"), (changed, said))
            self.assertIn(where, said["fault"]["where"])
        self.assertEqual(query(self, config, given=b"colour=red\n")[0], 2)
        self.assertEqual(gateway.calls(), [])

    def test_a_clock_that_is_a_day_off_asks_nothing(self):
        gateway = stack.Gateway(self, "--fail", "status=ahead-86400")
        code, said = query(self, stack.configuration(self, gateway.url))
        self.assertEqual((code, said["fault"]["name"], said["records"]), (3, "CLOCK", []), said)
        self.assertFalse(any("/v1/checks" in c for c in gateway.calls()), "asked with a wrong day")

    def test_an_answer_about_another_person_is_not_taken(self):
        gateway = stack.Gateway(self, "--fail", "checks=foreign")
        code, said = query(self, stack.configuration(self, gateway.url))
        self.assertEqual((code, said["fault"]["name"]), (3, "ANSWER_FOREIGN"), said)
        self.assertEqual((said["records"], self.delivered()), ([], []))

    def test_an_encrypted_device_key_asks_for_its_passphrase(self):
        key = self.folder / "device.key"
        made = stack.run(["openssl", "pkey", "-in", stack.WORK / "pki/device.key", "-aes256", "-passout",
                          "pass:見本の合言葉", "-out", key])
        self.assertEqual(made.returncode, 0, made.stderr)
        config = stack.configuration(self, stack.Gateway(self).url, deliveries=[], pki={"client_key": key})
        for word, code, fault in (("見本の合言葉", 0, None), ("違う合言葉", 3, "PASSPHRASE")):
            done = subprocess.run([*stack.HOST, "query", "--config", str(config), "--secret-fd", "0", "--json",
                                   *self.as_options()], input=(word + "\n").encode(), capture_output=True, timeout=60,
                                  env=routes.ENVIRONMENT)
            self.assertEqual(done.returncode, code, (done.stdout, done.stderr))
            self.assertIn(b'"secret"', done.stdout)
            if fault:
                self.assertIn(fault, done.stdout.decode())
        self.assertNotIn("合言葉", (self.folder / "shikaku.log").read_text())

    def as_options(self):
        names = {"insurer_number": "--insurer", "symbol": "--symbol", "number": "--number",
                 "branch_number": "--branch", "birth_date": "--birth"}
        return [word for key, value in routes.PERSON.items() for word in (names[key], value)]


class Folder(stack.Folder, unittest.TestCase):
    def test_a_person_is_found_in_either_encoding_and_delivered(self):
        terminal = Terminal(self)
        for encoding in ("utf-8", "shift_jis"):
            config = folder_settings(self, terminal, encoding=encoding, deliveries=[
                {"script": stack.ROOT / "scripts/uketsuke_csv.lua", "folder": self.out, "file": f"{encoding}.csv"}])
            code, said = query(self, config)
            self.assertEqual((code, said["outcome"], said["records"][0]["name"]),
                             (0, "eligible", routes.PERSON_NAME), said)
        self.assertEqual(self.delivered(), ["shift_jis.csv", "utf-8.csv"])
        routes.log_is_silent(self, routes.PERSON_NAME, "990010", "0006", "1954")

    def test_a_late_answer_is_awaited_again_and_the_request_not_repeated(self):
        terminal = Terminal(self, "--answer-ms", 2500)
        config = folder_settings(self, terminal, timeout_ms=1000, state="")
        code, said = query(self, config)
        self.assertEqual((code, said["fault"]["name"]), (3, "TERMINAL_TIMEOUT"), said)
        config = folder_settings(self, terminal, state="")
        self.assertEqual(query(self, config)[0], 0)
        state = terminal.root / "shikaku-requests.state"
        self.assertEqual(state.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("990010", state.read_text())
        self.assertEqual(len({p.name for p in (terminal.root / "res").iterdir()}), 1)

    def test_what_a_terminal_does_wrong_never_becomes_an_answer(self):
        for trick, fault in (("foreign", "ANSWER_FOREIGN"), ("foreign-echo", "ANSWER_FOREIGN"),
                             ("foreign-institution", "ANSWER_FOREIGN"), ("err", "TERMINAL_REFUSED"),
                             ("half", "XML_ENCODING"), ("silent", "TERMINAL_TIMEOUT"),
                             ("refused", "ANSWER_REFUSED"), ("zip-broken", "ARCHIVE")):
            with self.subTest(trick):
                terminal = Terminal(self, "--fail", f"siquc01={trick}", name=trick)
                # Only where no answer comes is its time what is waited for.
                code, said = query(self, folder_settings(self, terminal, state=self.folder / f"{trick}.state",
                                                         timeout_ms=1500 if trick == "silent" else 60000))
                self.assertEqual((code, said["fault"]["name"]), (3, fault), said)
                terminal.stop()

    def test_slow_torn_and_zipped_answers_are_taken_whole(self):
        # Each of the eight pieces lies there for four times as long as it has to; one that does so for twenty times is
        # broken.
        for trick in ("slow-600", "torn-3200", "zip", "zip-torn-3200", "duplicate", "case", "echo-first"):
            with self.subTest(trick):
                terminal = Terminal(self, "--fail", f"siquc01={trick}", name=trick)
                code, said = query(self, folder_settings(self, terminal, stable_ms=100,
                                                         state=self.folder / f"{trick}.state"))
                self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
                terminal.stop()

    def test_a_reference_number_is_registered(self):
        terminal = Terminal(self)
        code, said = query(self, folder_settings(self, terminal), command="register", reference_number="T-000123")
        self.assertEqual(code, 0, said)
        routes.log_is_silent(self, "T-000123", "990010")

    def test_a_registration_that_was_not_answered_in_time_is_not_sent_again(self):
        terminal = Terminal(self, "--fail", "siimm01=slow-1800*1")
        given = {"command": "register", "reference_number": "T-000123"}
        code, said = query(self, folder_settings(self, terminal, timeout_ms=1000), **given)
        self.assertEqual((code, said["fault"]["name"]), (3, "TERMINAL_TIMEOUT"), said)
        self.assertEqual(query(self, folder_settings(self, terminal), **given)[0], 0)
        self.assertEqual(len(list(self.folder.rglob("OQSsiimm01res_*"))), 1)

    def test_without_folders_the_fault_says_so(self):
        terminal = Terminal(self)
        terminal.stop()
        config = folder_settings(self, terminal, root=self.folder / "nowhere")
        code, said = query(self, config)
        self.assertEqual((code, said["fault"]["name"]), (3, "TERMINAL_FOLDER"), said)


class Samples(stack.Folder, unittest.TestCase):
    """The configurations that are shipped as examples say what is still missing, never a wrong key."""

    def test_each_sample_configuration_is_read(self):
        missing = {"app.lua": "ROUTE_CANNOT", "folder.lua": "TERMINAL_FOLDER", "gateway.lua": "DEVICE_KEY"}
        samples = stack.ROOT / "examples/config"
        self.assertEqual({p.name for p in samples.glob("*.lua")}, set(missing))
        for name, fault in missing.items():
            copy = self.folder / name
            copy.write_bytes((samples / name).read_bytes().replace(b"../../scripts", bytes(stack.ROOT / "scripts"))
                             .replace(b'folder = "out"', b'folder = "%s"' % bytes(self.out)))
            done = subprocess.run([*stack.HOST, "query", "--config", str(copy), "-"], input=routes.person_lines(),
                                  capture_output=True, timeout=60, env=routes.ENVIRONMENT)
            self.assertIn(fault, done.stderr.decode(), name)


if __name__ == "__main__":
    unittest.main()
