"""One check through the real parts: pcscd, vpcd, the virtual card, a TLS server, the built library."""
import csv
import io
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest
import xml.etree.ElementTree as ET

from stack import (BUILD, CONSOLE, HOST, LIBRARY, PIN, ROOT, Card, Folder, Gateway, check, configuration,
                   console, make_once, personalise, profile, purposeful, run, WORK)

PERSONS = {p["number"]: p for p in json.loads((ROOT / "tests/gateway/persons.json").read_text())["persons"]}


def setUpModule():
    make_once()
    profile(1)


def connections(gateway):
    """The number of the connection of each call."""
    return [re.search(r"connection=(\d+)", c).group(1) for c in gateway.calls() if "/v1/" in c]


class Answered(Folder, unittest.TestCase):
    def test_a_card_becomes_a_csv_line_and_an_xml_document(self):
        gateway = Gateway(self)
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
        self.assertEqual(said["records"][0]["name"], "見本　太郎")
        self.assertEqual(len(self.delivered()), 2, self.delivered())
        table = next(self.out.glob("*.csv")).read_bytes()
        rows = list(csv.reader(io.StringIO(table.decode("cp932"), newline="")))
        self.assertEqual(len(rows), 2)
        row = dict(zip(rows[0], rows[1]))
        self.assertEqual(row["氏名"], "見本　太郎")
        self.assertEqual(row["保険者番号"], said["records"][0]["insurer_number"])
        document = next(self.out.glob("*.xml")).read_bytes()
        self.assertIn("見本　太郎", "".join(ET.fromstring(document).itertext()))
        for path in self.out.iterdir():
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(len(card.verifies()), 1)

    def test_two_commands_follow_the_last_digit(self):
        gateway = Gateway(self)
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual(code, 0, said)
        commands = card.apdus()
        first = next(i for i, a in enumerate(commands)
                     if a["header"].startswith("0020") and a["lc"] != "-")
        self.assertEqual(purposeful(commands[first:]), ["00200098", "802A0097"])

    def test_the_retry_counter_is_asked_before_the_pin(self):
        gateway = Gateway(self)
        card = Card(self, profile(1)).place()
        check(self, configuration(self, gateway.url))
        asked = [i for i, a in enumerate(card.apdus()) if a["header"] == "00200098" and a["lc"] == "-"]
        given = [i for i, a in enumerate(card.apdus()) if a["header"] == "00200098" and a["lc"] != "-"]
        self.assertTrue(asked and given and asked[0] < given[0], card.apdus())

    def test_tls_is_open_and_the_challenge_there_before_the_pin(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        host = subprocess.Popen([str(CONSOLE), "check", "--config",
                                 str(configuration(self, gateway.url)), "--pin-fd", "0", "--json"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=os.environ | {"SHIKAKU_LIBRARY": str(LIBRARY)})
        for _ in range(600):
            if any("/v1/challenges" in call for call in gateway.calls()):
                break
            time.sleep(0.1)
        self.assertTrue(any("/v1/challenges" in call for call in gateway.calls()), "no challenge yet")
        self.assertFalse(any("/v1/checks" in call for call in gateway.calls()))
        out, errors = host.communicate((PIN + "\n").encode(), timeout=120)
        self.assertEqual(host.returncode, 0, (out, errors))
        self.assertEqual(connections(gateway), ["1", "1"], "the check goes over the open connection")

    def test_shift_jis_answers_are_read_the_same(self):
        records = []
        for encoding in ("utf-8", "shift_jis"):
            gateway = Gateway(self, "--encoding", encoding)
            card = Card(self, profile(1)).place()
            code, said = check(self, configuration(self, gateway.url))
            self.assertEqual(code, 0, said)
            record = said["records"][0]
            records.append({k: v for k, v in record.items()
                            if not k.startswith(("processed_at", "character_code", "file_identifier"))})
            card.remove()
            gateway.stop()
        self.assertEqual(records[0], records[1])

    def test_a_second_patient_is_added_below_the_first(self):
        gateway = Gateway(self)
        config = configuration(self, gateway.url)
        for person in (1, 2):
            card = Card(self, profile(person)).place()
            self.assertEqual(check(self, config)[0], 0)
            card.remove()
        text = next(self.out.glob("*.csv")).read_bytes().decode("cp932")
        self.assertEqual(len(text.splitlines()), 3)
        self.assertEqual(len(list(self.out.glob("*.xml"))), 2)

    def test_the_same_patient_of_the_same_day_is_not_delivered_twice(self):
        gateway = Gateway(self)
        config = configuration(self, gateway.url)
        for repeated in (False, True):
            card = Card(self, profile(1)).place()
            code, said = check(self, config)
            self.assertEqual(code, 0, said)
            self.assertEqual([bool(one.get("repeated")) for one in said["deliveries"]], [repeated, repeated], said)
            card.remove()
        text = next(self.out.glob("*.csv")).read_bytes().decode("cp932")
        self.assertEqual(len(text.splitlines()), 2)
        self.assertEqual(len(list(self.out.glob("*.xml"))), 1)

    def test_not_insured_is_an_answer(self):
        number = 17  # 該当資格なし
        gateway = Gateway(self)
        Card(self, profile(number)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["outcome"]), (1, "not_eligible"), said)
        self.assertNotIn("fault", {k: v for k, v in said.items() if v})
        self.assertEqual(self.delivered(), [])

    def test_the_demo_route_needs_no_card_and_no_server(self):
        config = configuration(self, "", route="demo", card="demo",
                               demo={"folder": ROOT / "tests/data/demo"})
        code, said = check(self, config, pin="1234")
        self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
        self.assertEqual(len(self.delivered()), 2)

    def test_a_strangers_program_needs_only_the_header(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        program = self.folder / "hello"
        built = run(["cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror",
                     "-I", ROOT / "include", ROOT / "examples/hello.c", "-o", program, "-ldl",
                     *os.environ.get("SHIKAKU_SANITIZER_FLAGS", "").split()])
        self.assertEqual(built.returncode, 0, built.stderr.decode())
        done = run([program, LIBRARY, configuration(self, gateway.url)], input=(PIN + "\n").encode())
        self.assertEqual(done.returncode, 0, done.stderr.decode() + done.stdout.decode())
        self.assertIn("見本　太郎", done.stdout.decode())


class Readers(Folder, unittest.TestCase):
    def test_readers_and_the_card_on_one_of_them_are_listed(self):
        Card(self, profile(1), reader=1).place().seen()
        done = console(self, "readers", "--quick", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        events = [json.loads(line) for line in done.stdout.decode().splitlines()]
        readers = next(e["readers"] for e in events if e["event"] == "readers")
        self.assertEqual([bool(r["card"]) for r in readers], [False, True], readers)
        self.assertTrue(all(r["name"].startswith("Virtual PCD") for r in readers), readers)


class Persons(Folder, unittest.TestCase):
    """Every made-up person of the gateway goes through mapping and delivery, or says why not."""

    def test_every_person_ends_in_an_answer_or_a_named_fault(self):
        gateway = Gateway(self)
        config = configuration(self, gateway.url)
        chosen = sorted(PERSONS)[:: max(1, len(PERSONS) // 10)]
        for number in chosen:
            with self.subTest(person=number):
                card = Card(self, profile(number)).place()
                code, said = check(self, config)
                card.remove()
                if code == 3:
                    self.assertTrue(said["fault"]["message"].endswith("。"), said)
                    self.assertRegex(said["fault"]["name"], "^[A-Z_]+$")


class Again(Folder, unittest.TestCase):
    """What a challenge or a clock that has gone wrong costs: never a second PIN."""

    def test_an_expired_challenge_is_signed_again_without_a_second_pin(self):
        gateway = Gateway(self, "--fail", "checks=challenge-expired*1")
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["outcome"]), (0, "eligible"), said)
        self.assertEqual(len(card.verifies()), 1)
        self.assertEqual(sum(a["header"].startswith("802A") for a in card.apdus()), 2)
        self.assertEqual(len([c for c in gateway.calls() if "/v1/challenges" in c]), 2)
        self.assertEqual(len(self.delivered()), 2)

    def test_one_that_expires_again_is_a_fault(self):
        gateway = Gateway(self, "--fail", "checks=challenge-expired")
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["fault"]["name"]), (3, "CHALLENGE_EXPIRED"), said)
        self.assertEqual(len(card.verifies()), 1)

    def test_a_wrong_clock_is_named_before_the_pin(self):
        gateway = Gateway(self, "--fail", "challenges=ahead-3600")
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual((code, said["fault"]["name"]), (3, "CLOCK"), said)
        self.assertEqual(card.verifies(), [])


class Refused(Folder, unittest.TestCase):
    def fault(self, code, said, name, stage=None):
        self.assertEqual(code, 3, said)
        self.assertEqual(said["fault"]["name"], name, said["fault"])
        self.assertTrue(said["fault"]["message"].endswith("。"))
        self.assertTrue(said["fault"]["message_en"].endswith("."))
        self.assertEqual(self.delivered(), [])

    def test_a_wrong_pin_is_sent_once_and_the_tries_are_told(self):
        gateway = Gateway(self)
        card = Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url), pin="0000")
        self.fault(code, said, "PIN_WRONG")
        self.assertEqual(len(card.verifies()), 1)
        self.assertFalse(any("/v1/checks" in call for call in gateway.calls()))

    def test_the_last_try_is_not_spent_without_a_word(self):
        gateway = Gateway(self)
        where = profile(1)
        for _ in range(2):
            card = Card(self, where).place()
            self.fault(*check(self, configuration(self, gateway.url), pin="0000"), "PIN_WRONG")
            card.remove()
        card = Card(self, where).place()
        code, said = check(self, configuration(self, gateway.url))
        self.fault(code, said, "PIN_LAST_TRY")
        self.assertEqual(card.verifies(), [])
        card.remove()
        card = Card(self, where).place()
        code, said = check(self, configuration(self, gateway.url), "--last-try")
        self.assertEqual(code, 0, said)

    def test_a_blocked_pin_is_told_before_any_is_asked_for(self):
        gateway = Gateway(self)
        where = profile(1)
        for options in ((), (), ("--last-try",)):
            card = Card(self, where).place()
            check(self, configuration(self, gateway.url), *options, pin="0000")
            card.remove()
        card = Card(self, where).place()
        code, said = check(self, configuration(self, gateway.url))
        self.fault(code, said, "PIN_BLOCKED")
        self.assertEqual(card.verifies(), [])

    def test_no_card_ends_with_its_time(self):
        gateway = Gateway(self)
        started = time.monotonic()
        code, said = check(self, configuration(self, gateway.url, card_timeout_ms=1500))
        self.fault(code, said, "NO_CARD")
        self.assertLess(time.monotonic() - started, 30, "half the time that others wait for a card")

    def remove_at(self, gateway, at):
        card = Card(self, profile(1), "--remove-at", at).place()
        code, said = check(self, configuration(self, gateway.url))
        card.remove()
        self.fault(code, said, "CARD_REMOVED")
        self.assertLessEqual(len(card.verifies()), 1)

    def test_a_card_removed_while_it_is_read_is_told(self):
        self.remove_at(Gateway(self), 6)

    def test_a_card_removed_at_any_command_is_told(self):
        gateway = Gateway(self)
        for at in (1, 2, 8, 9, 10):
            with self.subTest(command=at):
                self.remove_at(gateway, at)

    def test_another_kind_of_card_is_refused_by_name(self):
        gateway = Gateway(self)
        card = Card(self, profile(2, tag="-foreign", no_jpki="yes")).place()
        self.fault(*check(self, configuration(self, gateway.url)), "NOT_MYNUMBER")
        self.assertEqual(card.verifies(), [])

    def test_another_kind_of_card_does_not_hide_the_right_one(self):
        gateway = Gateway(self)
        Card(self, profile(2, tag="-foreign", no_jpki="yes")).place().seen()
        Card(self, profile(1), reader=1).place().seen()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual(code, 0, said)

    def test_an_expired_certificate_is_told_before_the_pin(self):
        gateway = Gateway(self)
        folder = WORK / "card-expired"
        where = personalise(folder, ["--person", 1, "--pin", PIN, "--not-before", "20200101000000Z",
                                     "--not-after", "20210101000000Z"])
        card = Card(self, where).place()
        self.fault(*check(self, configuration(self, gateway.url)), "CERTIFICATE_EXPIRED")
        self.assertEqual(card.verifies(), [])

    def test_a_gateway_that_is_down_costs_no_pin(self):
        card = Card(self, profile(1)).place()
        self.fault(*check(self, configuration(self, "https://localhost:1")), "GATEWAY_UNREACHABLE")
        self.assertEqual(card.verifies(), [])

    def test_a_server_that_is_not_trusted_costs_no_pin(self):
        gateway = Gateway(self, "--server-cert", WORK / "pki/rogue-server.pem", "--server-key",
                          WORK / "pki/rogue-server.key")
        card = Card(self, profile(1)).place()
        self.fault(*check(self, configuration(self, gateway.url)), "GATEWAY_UNTRUSTED")
        self.assertEqual(card.verifies(), [])

    def test_a_device_that_is_not_known_is_refused(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        config = configuration(self, gateway.url, pki={"client_cert": WORK / "pki/stranger.pem",
                                                       "client_key": WORK / "pki/stranger.key"})
        self.fault(*check(self, config), "DEVICE_REFUSED")

    def test_a_script_error_names_script_line_and_field(self):
        script = self.folder / "broken.lua"
        script.write_text('return {\n  contract = 1, id = "broken", format = "csv", encoding = "utf-8", file = "x.csv",\n'
                          '  fields = {\n    { to = "NAME", from = "name",\n'
                          '      with = function(v) return v + nil end },\n  },\n}\n')
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        config = configuration(self, gateway.url, deliveries=[{"script": script, "folder": self.out}])
        code, said = check(self, config)
        self.fault(code, said, "SCRIPT_RUN")
        self.assertRegex(said["fault"]["where"], r"^broken\.lua:5 NAME")
        self.assertEqual(said["outcome"], "eligible")

    def test_a_missing_folder_is_named_and_nothing_is_half_written(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        config = configuration(self, gateway.url, deliveries=[
            {"script": ROOT / "scripts/uketsuke_csv.lua", "folder": self.folder / "nowhere"}])
        self.fault(*check(self, config), "FOLDER_MISSING")

    def test_a_service_that_stopped_is_told_apart_from_a_reader_that_is_missing(self):
        control = os.environ["SHIKAKU_PCSCD_CTL"]
        gateway = Gateway(self)
        self.assertEqual(run([control, "stop"]).returncode, 0)
        try:
            self.fault(*check(self, configuration(self, gateway.url)), "NO_SERVICE")
        finally:
            self.assertEqual(run([control, "start"]).returncode, 0)

    def test_an_unknown_key_is_named_with_its_line(self):
        config = configuration(self, "https://localhost:1")
        text = config.read_text().replace("card_timeout_ms", "card_time_out")
        config.write_text(text)
        line = next(i for i, l in enumerate(text.splitlines(), 1) if "card_time_out" in l)
        done = console(self, "check", "--config", config, "--pin-fd", 0, "--json")
        self.assertEqual(done.returncode, 3)
        fault = json.loads(done.stdout.decode().splitlines()[-1])["fault"]
        self.assertEqual(fault["name"], "CONFIG_KEY")
        self.assertEqual(fault["where"], f"shikaku.lua:{line} card_time_out")


class Private(Folder, unittest.TestCase):
    def test_no_log_line_holds_a_pin_a_name_or_a_number(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        code, said = check(self, configuration(self, gateway.url))
        self.assertEqual(code, 0, said)
        text = (self.folder / "shikaku.log").read_text()
        self.assertGreater(len(text.splitlines()), 5)
        self.assertEqual((self.folder / "shikaku.log").stat().st_mode & 0o777, 0o600)
        certificate = profile(1).with_name("auth.pem").read_text().splitlines()[1:-1]
        secrets = [PIN, PERSONS[1]["cn"], certificate[0][:16], certificate[5][:16]]
        record = said["records"][0]
        secrets += [str(record[k]) for k in ("name", "name_kana", "insurer_number", "number", "birth_date",
                                             "address", "symbol") if len(str(record.get(k, ""))) > 2]
        secrets.append(record["birth_date"].replace("-", ""))
        self.assertGreater(len(secrets), 8)
        for secret in secrets:
            # A number may meet digits of a time stamp; as a word it may not.
            self.assertIsNone(re.search(rf"(?<![\d.:]){re.escape(secret)}(?![\d.:])", text), secret[:2])

    def test_no_pin_stays_in_the_process(self):
        gateway = Gateway(self)
        Card(self, profile(1)).place()
        done = run([BUILD / "bin/pin_scan", LIBRARY, configuration(self, gateway.url)],
                   input=bytes(ord(c) ^ 0x55 for c in PIN))
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())


class Watch(Folder, unittest.TestCase):
    """Card after card, as `shikaku watch` does it all day."""

    def start(self, config):
        self.host = subprocess.Popen(
            [*HOST, "watch", "--config", str(config), "--pin-fd", "0", "--json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"SHIKAKU_LIBRARY": str(LIBRARY)})
        self.seen = []
        # An event that never comes ends the host, and so the reading, in some minutes: Valgrind takes its time.
        self.guard = threading.Timer(240, self.host.kill)
        self.guard.start()
        self.addCleanup(self.finish)

    def finish(self):
        self.guard.cancel()
        if self.host.poll() is None:
            self.host.kill()
        self.host.communicate()

    def until(self, *wanted):
        """Reads events up to the first wanted one; a PIN is given whenever it is asked for."""
        for line in self.host.stdout:
            event = json.loads(line)
            self.seen.append(event["event"])
            if event["event"] == "pin":
                self.host.stdin.write((PIN + "\n").encode())
                self.host.stdin.flush()
            if event["event"] in wanted:
                return event
        self.fail(f"no {wanted} after {self.seen}: {self.host.stderr.read().decode()}")

    def test_card_after_card_until_control_c(self):
        gateway = Gateway(self)
        self.start(configuration(self, gateway.url))
        names = []
        for number in (1, 2):
            self.until("waiting")
            card = Card(self, profile(number)).place()
            said = self.until("done")
            names.append(said["records"][0]["name"])
            card.remove()
            self.until("removed")
            self.assertEqual(len(card.verifies()), 1)
            self.assertEqual(len(list(self.out.glob("*.xml"))), number)
        self.assertEqual(len(set(names)), 2, "each patient has values of their own")
        self.assertEqual(connections(gateway), ["1"] * 4, "the second patient comes over the open connection")
        started = time.monotonic()
        self.host.send_signal(signal.SIGINT)
        # A watch that does not heed it would never end; looking for leaks at the end takes its time.
        self.host.communicate(timeout=120)
        self.assertLess(time.monotonic() - started, 30)
        self.assertEqual(self.host.returncode, 0)

    def test_a_service_that_stops_is_told_once_and_the_watch_goes_on(self):
        control = os.environ["SHIKAKU_PCSCD_CTL"]
        gateway = Gateway(self)
        self.start(configuration(self, gateway.url))
        self.until("waiting")
        self.assertEqual(run([control, "stop"]).returncode, 0)
        try:
            self.assertEqual(self.until("fault")["fault"]["name"], "NO_SERVICE")
        finally:
            self.assertEqual(run([control, "start"]).returncode, 0)
        self.until("waiting")
        Card(self, profile(1)).place()
        self.assertEqual(self.until("done")["outcome"], "eligible")


if __name__ == "__main__":
    unittest.main()
