"""`shikaku bulk`: a table of patients through the gateway and the folders, killed and gone on with."""
import csv
import json
import os
import pty
import signal
import subprocess
import time
import unittest
import unittest.mock

import routes
import stack
from routes import Terminal, folder_settings

COLUMNS = """return {
  format = "csv", encoding = "utf-8", header = true, id = "患者番号",
  columns = { insurer_number = "保険者番号", symbol = "記号", number = "番号", branch_number = "枝番",
    birth_date = "生年月日", name = "氏名" },
  reference_number = "患者番号",
}
"""
HEADING = ["患者番号", "保険者番号", "記号", "番号", "枝番", "生年月日", "氏名"]
# Persons of tests/gateway/persons.json and what becomes of them.
ROWS = [
    (["101", "06990014", "見本７７", "1001", "01", "昭和60年3月12日", "見本　太郎"], "unchanged"),
    (["102", "990010", "見６", "0006", "01", "1954-01-05", "見本　良子"], "changed"),
    (["103", "39990015", "", "01230003", "", "1940/11/3", "見本　キヨ"], "unchanged"),
    (["104", "06990014", "見本７７", "1015", "01", "S55.6.15", "見本　無効"], "lost"),
    (["105", "06990014", "見本７７", "9999", "01", "S55.6.15", "見本　無名"], "not_found"),
    (["106", "990011", "見６", "0006", "01", "1954-01-05", "見本　和子"], "fault"),
    (["107", "990010", "見６", "0006", "01", "1954-02-30", "見本　和子"], "fault"),
]


def setUpModule():
    stack.make_once()


def unique(pairs):
    """No key of an object stands twice."""
    assert len({key for key, _ in pairs}) == len(pairs), pairs
    return dict(pairs)


class Case(stack.Folder, unittest.TestCase):
    def table(self, rows, repeat=1):
        path = self.folder / "patients.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADING)
            for n in range(repeat):
                writer.writerows([f"{r[0]}-{n}", *r[1:]] for r in rows)
        (self.folder / "columns.lua").write_text(COLUMNS, encoding="utf-8")
        return path

    def command(self, config, table, out, *more):
        return [*stack.HOST, "bulk", "--config", str(config), "--columns", str(self.folder / "columns.lua"), "--out",
                str(out), str(table), "--json", *map(str, more)]

    def bulk(self, config, table, out, *more):
        done = subprocess.run(self.command(config, table, out, *more), capture_output=True, timeout=300,
                              stdin=subprocess.DEVNULL, env=routes.ENVIRONMENT)
        self.assertNotIn(b"AddressSanitizer", done.stderr)
        self.assertNotIn(b"runtime error", done.stderr)
        events = [json.loads(line, object_pairs_hook=unique) for line in done.stdout.decode().splitlines()]
        self.assertTrue(events, done.stderr.decode())
        return done.returncode, events

    def results(self, out):
        return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]

    def timeless(self, out):
        """The results without the service's time of processing, which differs between two runs."""
        results = self.results(out)
        for record in (r for result in results for r in result.get("records", [])):
            record.pop("processed_at", None)
        return results

    def judge(self, out, repeat=1):
        results = self.results(out)
        self.assertEqual([r["difference"] for r in results], [kind for _, kind in ROWS] * repeat)
        self.assertEqual([r["id"] for r in results], [f"{r[0]}-{n}" for n in range(repeat) for r, _ in ROWS])
        changed = results[1]
        self.assertEqual(changed["changed"], ["name"])
        self.assertEqual(changed["records"][0]["name"], routes.PERSON_NAME)
        self.assertEqual(results[5]["fault"]["name"], "CHECK_DIGIT")
        text = (out / "differences.csv").read_bytes()
        self.assertTrue(text.startswith(b"\xef\xbb\xbf"))
        self.assertIn("資格", text.decode("utf-8-sig"))
        for path in out.iterdir():
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)


class Gateway(Case):
    def config(self, gateway, batch=3):
        return stack.configuration(self, gateway.url, deliveries=[], bulk={"batch": batch})

    def test_every_kind_of_difference_is_told(self):
        gateway = stack.Gateway(self, "--bulk-pending", 1, "--bulk-seconds", 0)
        code, events = self.bulk(self.config(gateway), self.table([r for r, _ in ROWS]), self.out)
        self.assertEqual(code, 3)
        self.judge(self.out)
        end = events[-1]
        self.assertEqual({k: end[k] for k in ("event", "done", "total", "unchanged", "changed", "lost", "not_found",
                                              "faults")},
                         {"event": "done", "done": 7, "total": 7, "unchanged": 2, "changed": 1, "lost": 1,
                          "not_found": 1, "faults": 2})
        self.assertTrue(any(e["event"] == "progress" for e in events))
        routes.log_is_silent(self, "見本", "06990014", "1940")

    def test_the_folder_is_made_and_a_foreign_one_refused(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0)
        table = self.table([ROWS[0][0]])
        self.assertEqual(self.bulk(self.config(gateway), table, self.folder / "new")[0], 0)
        self.assertEqual((self.folder / "new").stat().st_mode & 0o777, 0o700)
        code, events = self.bulk(self.config(gateway), table, self.folder / "nowhere/new")
        self.assertEqual((code, events[-1]["fault"]["name"]), (3, "BULK_FOLDER"))
        (self.out / "differences.csv").write_text("somebody's")
        code, events = self.bulk(self.config(gateway), table, self.out)
        self.assertEqual((code, events[-1]["fault"]["name"]), (3, "RESUME"))
        self.assertEqual((self.out / "differences.csv").read_text(), "somebody's")

    def test_a_terminal_shows_how_far_it_is_and_what_came_of_it(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0, "--delay-ms", 150)
        command = self.command(self.config(gateway, batch=7), self.table([r for r, _ in ROWS], 8), self.out)
        command.remove("--json")
        ours, theirs = pty.openpty()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
                                   env=routes.ENVIRONMENT)
        os.close(theirs)
        said, _ = process.communicate(timeout=300)
        screen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            screen += piece
        os.close(ours)
        text = screen.decode()
        self.assertIn("\r", text)
        self.assertRegex(text, r"\d+/56人 \(\d+%\)、残り約\d+秒")
        self.assertIn("56/56人 (100%)", text)
        self.assertIn("変更なし: 16", said.decode())
        self.assertIn("differences.csv", said.decode())

    def test_exit_codes_follow_what_was_found(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0)
        for kinds, expected in ((("unchanged", "changed"), 0), (("unchanged", "lost"), 1), (("not_found",), 1)):
            out = self.folder / "-".join(kinds)
            table = self.table([r for r, kind in ROWS if kind in kinds])
            self.assertEqual(self.bulk(self.config(gateway), table, out)[0], expected)

    def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(self):
        repeat = 12
        gateway = stack.Gateway(self, "--delay-ms", 40, "--bulk-seconds", 0)
        config = self.config(gateway, batch=5)
        table = self.table([r for r, _ in ROWS], repeat)
        self.bulk(config, table, self.folder / "whole")
        kills = 0
        for attempt in range(60):
            process = subprocess.Popen(self.command(config, table, self.out), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=routes.ENVIRONMENT)
            time.sleep(0.15 + 0.037 * (attempt % 11))
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        code, _ = self.bulk(config, table, self.out)
        self.assertEqual(code, 3)
        self.assertGreater(kills, 3)
        self.judge(self.out, repeat)
        self.assertEqual(self.timeless(self.out), self.timeless(self.folder / "whole"))
        self.assertEqual((self.out / "differences.csv").read_bytes(),
                         (self.folder / "whole/differences.csv").read_bytes())

    def test_a_finished_run_is_not_asked_again_and_another_table_is_refused(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0)
        rows = [r for r, _ in ROWS]
        self.bulk(self.config(gateway), self.table(rows), self.out)
        calls, before = gateway.calls(), (self.out / "results.jsonl").read_bytes()
        code, events = self.bulk(self.config(gateway), self.table(rows), self.out)
        self.assertEqual((code, len(events[-1]["finished_on"])), (3, len("2026-11-22")))
        self.assertEqual((gateway.calls(), (self.out / "results.jsonl").read_bytes()), (calls, before))
        code, events = self.bulk(self.config(gateway), self.table(rows[:3]), self.out)
        self.assertEqual((code, events[-1]["fault"]["name"]), (3, "RESUME"))
        self.assertEqual((self.out / "results.jsonl").read_bytes(), before)

    def test_a_clock_that_is_a_day_off_asks_nothing(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0, "--fail", "status=behind-86400")
        code, events = self.bulk(self.config(gateway), self.table([ROWS[0][0]]), self.out)
        self.assertEqual((code, events[-1]["fault"]["name"]), (3, "CLOCK"))
        self.assertFalse(any("/v1/bulk" in c for c in gateway.calls()), "asked with a wrong day")

    def test_a_result_that_breaks_off_is_fetched_again(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0, "--fail", "results=truncate*1")
        code, _ = self.bulk(self.config(gateway, batch=100), self.table([r for r, _ in ROWS]), self.out)
        if not (self.out / "results.jsonl").exists() or len(self.results(self.out)) < len(ROWS):
            code, _ = self.bulk(self.config(gateway, batch=100), self.table([r for r, _ in ROWS]), self.out)
        self.assertEqual(code, 3)
        self.judge(self.out)

    def test_a_redirect_and_a_page_end_it_soon(self):
        for trick in ("bulk=redirect", "bulk=bad-number", "results=html"):
            gateway = stack.Gateway(self, "--bulk-seconds", 0, "--fail", trick)
            out = self.folder / trick.replace("=", "-")
            started = time.monotonic()
            code, events = self.bulk(self.config(gateway, batch=100), self.table([r for r, _ in ROWS]), out)
            self.assertEqual((code, events[-1]["fault"]["name"]), (3, "GATEWAY_ANSWER"), trick)
            self.assertLess(time.monotonic() - started, 60, trick)

    def test_a_run_that_stops_says_how_many_results_are_written(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0, "--fail", "results=foreign")
        command = self.command(self.config(gateway), self.table([ROWS[0][0]], 6), self.out)
        command.remove("--json")
        done = subprocess.run(command, capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
                              env=routes.ENVIRONMENT)
        self.assertEqual(done.returncode, 3)
        self.assertIn("結果を書き終えたのは 0/6人です", done.stderr.decode())
        self.assertEqual((self.out / "results.jsonl").read_bytes(), b"")

    def test_a_result_of_another_question_is_not_used(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 0, "--fail", "results=foreign*1")
        self.assertEqual(self.bulk(self.config(gateway, batch=100), self.table([r for r, _ in ROWS]), self.out)[0], 3)
        self.judge(self.out)
        self.assertEqual(len([c for c in gateway.calls() if "/v1/bulk/" in c]), 2)

    def test_control_c_stops_it_and_the_table_s_mistakes_are_named(self):
        gateway = stack.Gateway(self, "--bulk-seconds", 30)
        host = routes.Host(self, *self.command(self.config(gateway), self.table([r for r, _ in ROWS]), self.out)[
            len(stack.HOST):])
        routes.wait_until(self, lambda: any("/v1/bulk/" in c for c in gateway.calls()))
        self.assertEqual(host.interrupt(), 130)
        table = self.folder / "other.csv"
        table.write_text("患者番号,氏名\n1,見本\n", encoding="utf-8")
        code, events = self.bulk(self.config(gateway), table, self.folder / "other")
        self.assertEqual((code, events[-1]["fault"]["name"]), (3, "TABLE"))
        self.assertIn("保険者番号", events[-1]["fault"]["where"])


class Folder(Case):
    def test_the_two_steps_of_the_folders_with_waiting_and_zip(self):
        terminal = Terminal(self, "--bulk-pending", 2, "--zip", "bulk")
        config = folder_settings(self, terminal)
        config.write_text(config.read_text().replace("route =", "bulk = { batch = 100 },\n  route ="))
        code, _ = self.bulk(config, self.table([r for r, _ in ROWS]), self.out)
        self.assertEqual(code, 3)
        self.judge(self.out)

    def test_a_missing_libarchive_is_told_and_nobody_is_lost(self):
        place = self.folder / "libraries"
        place.mkdir()
        (place / "libarchive.so.13").write_bytes(b"")
        config = folder_settings(self, Terminal(self, "--zip", "bulk"))
        table = self.table([r for r, _ in ROWS])
        with unittest.mock.patch.dict(routes.ENVIRONMENT, LD_LIBRARY_PATH=str(place)):
            code, events = self.bulk(config, table, self.out)
        fault = events[-1]["fault"]
        self.assertEqual((code, fault["name"], fault["where"]), (3, "LIBRARY", "libarchive.so.13"))
        self.assertEqual(self.bulk(config, table, self.out)[0], 3)
        self.judge(self.out)

    def test_reference_numbers_are_registered_for_a_whole_table(self):
        terminal = Terminal(self)
        table = self.table([r for r, _ in ROWS[:4]])
        code, events = self.bulk(folder_settings(self, terminal), table, self.out, "--kind", "register")
        self.assertEqual(code, 0, events[-1])
        self.assertEqual(len(self.results(self.out)), 4)

    def test_a_batch_of_one_is_registered_as_a_batch(self):
        terminal = Terminal(self, "--bulk-pending", 1)
        table = self.table([ROWS[0][0]])
        code, events = self.bulk(folder_settings(self, terminal), table, self.out, "--kind", "register")
        self.assertEqual(code, 0, events[-1])
        self.assertEqual(len(list(self.folder.rglob("OQSmuimm01res_*"))), 1)
        self.assertEqual(list(self.folder.rglob("OQSsiimm01*")), [])


if __name__ == "__main__":
    unittest.main()
