"""Two reception PCs of one clinic with one store on a PostgreSQL server: they deliver at once into one folder and one
database, one of them is killed, the server goes away and comes back. Every patient arrives exactly once, and both PCs
see one whole history. Run inside tests/postgres/with-postgres.sh and tests/sql/with-odbc.sh postgres."""
import csv
import io
import os
import random
import re
import subprocess
import time
import unittest
import xml.etree.ElementTree as ElementTree

import clinic
from clinic import Pc, app_text
from routes import wait_until

PATIENTS = 60
ROWS = """return {
  contract = 1, id = "rows", format = "csv", header = true, encoding = "cp932", file = "rows.csv",
  fields = { { to = "番号", from = "number" }, { to = "氏名", from = "name" } },
}
"""
PAGES = """return {
  contract = 1, id = "pages", format = "xml", encoding = "utf-8", root = "page",
  file = function(rec) return "page_" .. rec.number .. ".xml" end,
  fields = { { to = "person/number", from = "number" }, { to = "person/name", from = "name" } },
}
"""
SQL = """return {
  contract = 1, id = "visits", format = "sql", encoding = "utf-8", adapter = "sql",
  statements = { "INSERT INTO visits (number, name) VALUES (:number, :name)" },
  fields = { { to = "number", from = "number" }, { to = "name", from = "name" } },
}
"""
KANA = "アイウエオカキクケコ"


def text(n):
    return app_text(番号=str(n), 氏名=f"見本　{n}郎", フリガナ=f"ミホン　{KANA[n % 10]}{KANA[n // 10]}ロウ")


class Clinic(clinic.Case, unittest.TestCase):
    DOWN_MS = 20000

    def setUp(self):
        super().setUp()
        self.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE visits (number TEXT, name TEXT)")
        self.addCleanup(self.ctl, "start")
        self.share = self.folder / "share"
        self.share.mkdir()
        self.one, self.two = self.pc("one"), self.pc("two")
        self.share_key()

    def pc(self, name):
        pc = Pc(self, name)
        into = {"folder": self.share, "when": "found"}
        database = {"adapter": "sql", "when": "found", "connection": os.environ["SQL_CONNECTION"],
                    "user": os.environ["SQL_USER"], "password": os.environ["SQL_PASSWORD"]}
        pc.config(store={"kind": "postgres", "connection": os.environ["SHIKAKU_PG_CONNECTION"], "machine": name,
                         "down_ms": self.DOWN_MS},
                  outbox={"lease_s": 30},
                  deliveries=[into | {"script": pc.file("rows.lua", ROWS)}, into | {"script": pc.file("pages.lua", PAGES)},
                              database | {"script": pc.file("sql.lua", SQL)}])
        return pc

    def share_key(self):
        self.assertEqual(self.one.run("store", "show").code, 0)
        copy = self.folder / "key-copy"
        self.assertEqual(self.one.run("store", "export-key", copy).code, 0)
        done = self.two.run("store", "import-key", copy)
        self.assertEqual(done.code, 0, done.err)

    @staticmethod
    def ctl(*words):
        subprocess.run([os.environ["SHIKAKU_PG_CTL"], *words], check=True, timeout=300)

    @staticmethod
    def sql(statement):
        done = subprocess.run([f"{os.environ['SHIKAKU_PG_BIN']}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-c", statement,
                               os.environ["SHIKAKU_PG_LOCAL"]], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().splitlines()

    def start(self, pc, numbers):
        return pc.start("import", pc.file("texts.txt", "".join(text(n) for n in numbers)))

    def rows(self):
        path = self.share / "rows.csv"
        return list(csv.reader(io.StringIO(path.read_bytes().decode("cp932"))))[1:] if path.exists() else []

    def wait_for_rows(self, n):
        wait_until(self, lambda: len(self.rows()) >= n, seconds=120)

    def assert_words(self, done, *names):
        """It ended well, or says in Japanese and English what is the matter."""
        self.assertIn(done.code, (0, 3), done.err)
        told = set(re.findall(r"\(-\d+ ([A-Z_]+)", done.err))
        self.assertLessEqual(told, set(names), done.err)
        if done.code == 3:
            self.assertTrue(told, done.err)
            self.assertRegex(done.err, "[ぁ-ん]")

    def deliver_rest(self, seconds, *pcs):
        """What still waits, until nothing does."""
        end = time.monotonic() + seconds
        while int(self.sql("SELECT COUNT(*) FROM delivery WHERE state <= 3")[0]) > 0:
            self.assertLess(time.monotonic(), end, "it waits too long")
            for pc in pcs:
                pc.run("outbox", "deliver")

    def judge(self, numbers=range(1, PATIENTS + 1)):
        expected = sorted(str(n) for n in numbers)
        self.assertEqual(sorted(row[0] for row in self.rows()), expected)
        pages = [ElementTree.parse(p).getroot() for p in self.share.glob("page_*")]
        self.assertEqual(sorted(p.findtext("person/number") for p in pages), expected)
        self.assertEqual(sorted(self.sql("SELECT number FROM visits")), expected)
        self.assertEqual(self.sql("SELECT COUNT(*) FROM answer"), ["0"])
        self.assertEqual([p.name for p in self.share.iterdir() if not p.name.startswith(("page_", "rows.csv", "."))], [])
        first, second = self.one.verify(), self.two.verify()
        self.assertEqual(first, second)
        self.assertEqual(self.sql("SELECT COUNT(*) FROM history WHERE kind = 2"), [str(3 * len(expected))])
        machines = {e.get("machine") for pc in (self.one, self.two)
                    for e in pc.run("history", "list", "--json", "--limit", 2000).last()["history"]}
        return machines


class Together(Clinic):
    def test_both_at_once_deliver_everybody_once(self):
        runs = [(self.one, self.start(self.one, range(1, 46))), (self.two, self.start(self.two, range(16, PATIENTS + 1)))]
        for pc, run in runs:
            self.assert_words(pc.wait(run), "DELIVERY_TAKEN")
        self.deliver_rest(30, self.one, self.two)
        self.judge()
        for pc in (self.one, self.two):
            self.assertEqual(pc.wait(self.start(pc, range(1, PATIENTS + 1))).code, 0, "everything is known")
        self.judge()

    def test_both_deliver_the_same_outbox_at_once(self):
        away = self.share.rename(self.folder / "away")
        done = self.one.wait(self.start(self.one, range(1, 21)))
        self.assert_words(done, "FOLDER_MISSING")
        away.rename(self.share)
        runs = [(pc, pc.start("outbox", "deliver")) for pc in (self.one, self.two, self.one, self.two)]
        for pc, run in runs:
            self.assert_words(pc.wait(run), "DELIVERY_TAKEN")
        self.deliver_rest(30, self.two)
        self.judge(range(1, 21))

    def test_a_pc_without_the_key_is_told_so_and_leaves_everything_alone(self):
        third = self.pc("three")
        done = third.wait(self.start(third, range(1, 3)))
        self.assertEqual(done.code, 3)
        self.assert_words(done, "STORE_KEY")
        self.assertEqual((self.rows(), self.sql("SELECT COUNT(*) FROM delivery")), ([], ["0"]))


class Killed(Clinic):
    def test_the_other_pc_takes_over_after_the_lease(self):
        """Killed three times in the middle; the other one goes on, waits for the lease and delivers the rest."""
        for part in (1, 2, 3):
            run = self.start(self.one, range(1, PATIENTS + 1))
            self.wait_for_rows(part * 8)
            time.sleep(random.uniform(0, 0.1))
            run.kill()
            run.communicate()
        killed = time.monotonic()
        self.assert_words(self.two.wait(self.start(self.two, range(1, PATIENTS + 1))), "DELIVERY_TAKEN")
        held = self.sql("SELECT COUNT(*) FROM delivery WHERE state <= 3 AND lease_until > EXTRACT(EPOCH FROM now())")
        self.deliver_rest(180, self.two)
        print(f"{held[0]} were held by the dead PC, {time.monotonic() - killed:.0f} s until all were delivered")
        self.judge()

    def test_both_are_killed_again_and_again(self):
        """Random instants; the leases end by themselves only, so the clock of the database is not waited for until all
        kills are over."""
        for _ in range(8):
            runs = [self.start(self.one, range(1, 46)), self.start(self.two, range(16, PATIENTS + 1))]
            time.sleep(random.uniform(0.2, 1.5))
            for run in runs:
                run.kill()
                run.communicate()
        runs = [(pc, self.start(pc, range(1, PATIENTS + 1))) for pc in (self.one, self.two)]
        for pc, run in runs:
            self.assert_words(pc.wait(run), "DELIVERY_TAKEN", "STORE_LOCKED")
        self.deliver_rest(180, self.one, self.two)
        self.judge()


class ServerAway(Clinic):
    # FOLDER_LOCKED: a PC that writes into the shared file waits for the server while it holds that file, for up to
    # DOWN_MS; the other one waits for the file for 5 s.
    FAULTS = ("DELIVERY_TAKEN", "STORE_DOWN", "HOST_UNREACHABLE", "DELIVERY_UNSURE", "HOST_REFUSED", "STORE_LOCKED",
              "FOLDER_LOCKED")

    def around(self, *steps):
        """Both import everybody while the server goes through this."""
        runs = [(pc, self.start(pc, range(1, PATIENTS + 1))) for pc in (self.one, self.two)]
        self.wait_for_rows(5)
        for step in steps:
            self.ctl(*step) if isinstance(step, tuple) else time.sleep(step)
        for pc, run in runs:
            self.assert_words(pc.wait(run, timeout=300), *self.FAULTS)
        for pc in (self.one, self.two):
            self.assert_words(pc.wait(self.start(pc, range(1, PATIENTS + 1))), *self.FAULTS)
        self.deliver_rest(240, self.one, self.two)
        self.judge()

    def test_it_crashes_and_is_there_again(self):
        self.around(("restart",), 1, ("restart",), 1, ("restart",))

    def test_it_is_stopped_for_a_while(self):
        self.around(("stop", "fast"), 3, ("start",))

    def test_it_freezes_for_a_while(self):
        self.around(("freeze",), 3, ("thaw",), 1, ("freeze",), 2, ("thaw",))


class ServerGone(Clinic):
    DOWN_MS = 500

    def test_nothing_is_delivered_that_is_not_kept_first(self):
        self.ctl("stop", "fast")
        done = self.one.wait(self.start(self.one, range(1, 4)))
        self.assertEqual((done.code, self.rows(), list(self.share.glob("page_*"))), (3, [], []))
        self.assert_words(done, "STORE_DOWN")
        self.ctl("start")
        self.assertEqual(self.one.wait(self.start(self.one, range(1, 4))).code, 0)
        self.judge(range(1, 4))


if __name__ == "__main__":
    unittest.main()
