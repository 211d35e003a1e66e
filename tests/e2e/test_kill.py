"""Killed at random instants, with a disk that fills up, a folder that cannot be written, a locked database and a
clock that jumps: afterwards every patient is delivered exactly once, and no file is half written.

A desk imports 200 texts, is killed in the middle, comes back at once or five minutes later, begins again a few
patients before the one where it stopped, and is killed again. When a kill comes is measured against how long a start
takes on this machine just now, so that a round has some tens of kills on any."""
import collections
import contextlib
import csv
import io
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree

import stack

PATIENTS = 200
KILLS = int(os.environ.get("SHIKAKU_KILLS", "1000"))  # ctest runs two halves side by side
SEED = int(os.environ.get("SHIKAKU_SEED", "0")) or random.randrange(1, 1 << 30)
STEP = 5  # patients that a run should come on before it is killed
OVERLAP = 3  # patients that were delivered already and are read once more
LEASE_S = 300

TEXT = """照会番号\t{n:06d}
資格情報(医療保険)
確認日 : \t令和7年6月2日
保険者番号\t01990019
保険者名\t見本協会
記号\t9900001
番号\t{n}
枝番\t00
フリガナ\tミホン　{kana}
氏名\t見本　{n}郎
生年月日\t昭和29年1月5日
性別\t男
証区分\t被保険者証（一般）
有効開始日\t令和4年4月1日
有効終了日\t
資格取得年月日\t令和4年4月1日
本人・家族の別\t本人
被保険者氏名\t見本　{n}郎
"""
ROWS = """return {
  contract = 1, id = "rows", format = "csv", header = true, encoding = "cp932", file = "rows.csv",
  fields = { { to = "番号", from = "reference_number" }, { to = "氏名", from = "name" } },
}
"""
PAGES = """return {
  contract = 1, id = "pages", format = "xml", encoding = "utf-8", root = "page",
  file = function(rec) return "page_" .. rec.reference_number .. ".xml" end,
  fields = { { to = "person/number", from = "reference_number" }, { to = "person/name", from = "name" } },
}
"""
CONFIG = """return {{
  store = {{ busy_ms = 400 }},
  outbox = {{ lease_s = {lease} }},
  deliveries = {{
    {{ script = "rows.lua", folder = "rows", when = "found" }},
    {{ script = "pages.lua", folder = "pages", when = "found" }},
  }},
}}
"""
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
EVERYBODY = range(1, PATIENTS + 1)


def kana(n):
    return KANA[n % len(KANA)] + KANA[n // len(KANA) % len(KANA)] + "ロウ"


def staged_digits(delivery):
    """How the folder adapter names what it has staged for a delivery (FNV-1a)."""
    digest = 14695981039346656037
    for byte in delivery.encode():
        digest = (digest ^ byte) * 1099511628211 % (1 << 64)
    return f"{digest:016x}"


class Host(threading.Thread):
    """Takes finished pages away now and then, as a program that imports them does."""

    def __init__(self, folder, taken):
        super().__init__(daemon=True)
        self.folder, self.taken, self.ended, self.broken = folder, taken, threading.Event(), []

    def run(self):
        while not self.ended.wait(random.uniform(0.005, 0.03)):
            pages = sorted(self.folder.glob("page_*.xml"))
            for page in random.sample(pages, k=min(3, len(pages))):
                self.take(page)

    def take(self, page):
        content = page.read_bytes()
        try:
            ElementTree.fromstring(content)
        except ElementTree.ParseError:
            self.broken.append(page.name)
        (self.taken / f"{page.name}.{time.monotonic_ns()}").write_bytes(content)
        page.unlink()


class Kill(stack.Folder, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shim = pathlib.Path(os.environ["SHIKAKU_BUILD"]) / "bin/libdisturb.so"

    def setUp(self):
        super().setUp()
        random.seed(SEED)
        self.kills = self.rounds_done = self.runs = 0
        self.hits = collections.Counter()
        self.finishing = False
        self.turn = threading.Lock()  # with finishing: the program that locks the database has let go of it
        self.start_s = self.reach_s = 0
        self.reset()

    def prepared(self, name):
        place = pathlib.Path(self.folder) / name
        for inside in ("rows", "pages", "taken"):
            (place / inside).mkdir(parents=True)
        (place / "rows.lua").write_text(ROWS, encoding="utf-8")
        (place / "pages.lua").write_text(PAGES, encoding="utf-8")
        (place / "shikaku.lua").write_text(CONFIG.format(lease=LEASE_S), encoding="utf-8")
        return place

    def reset(self):
        self.place = self.prepared(f"round-{self.rounds_done}")
        self.later_s = 0

    def texts(self, numbers):
        path = self.place / "texts.txt"
        path.write_text("".join(TEXT.format(n=n, kana=kana(n)) for n in numbers), encoding="utf-8")
        return path

    def start(self, *arguments, clock=0, **disturb):
        more = {f"DISTURB_{key.upper()}": str(value) for key, value in disturb.items()}
        env = os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1", "LD_PRELOAD": str(self.shim),
                            "DISTURB_CLOCK": str(self.later_s + clock)} | more
        return subprocess.Popen([*stack.HOST, "--config", str(self.place / "shikaku.lua"), *map(str, arguments)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)

    def run_to_end(self, *arguments):
        run = self.start(*arguments)
        told, said = run.communicate(timeout=300)
        return run.returncode, told.decode(), said.decode()

    # --- when to kill ---------------------------------------------------------------------------------------------
    def time_of(self, *arguments):
        began = time.monotonic()
        self.run_to_end(*arguments)
        return time.monotonic() - began

    def measure(self):
        """A start alone, and the first time also ten patients, in a folder that nobody judges."""
        place, first = self.place, self.start_s == 0
        self.place = self.prepared("measured") if first else pathlib.Path(self.folder) / "measured"
        whole = self.time_of("import", self.texts(range(1, 11))) if first else 0
        self.start_s = statistics.median(self.time_of("outbox", "list") for _ in range(3))
        if first:
            self.reach_s = max(whole - self.start_s, self.start_s / 10) / 10 * STEP * 2
        self.place = place

    def aim(self):
        """One in eight while it starts still; the rest spread over what comes after."""
        if random.randrange(8) == 0:
            return random.uniform(0, self.start_s)
        return self.start_s * 0.7 + random.uniform(0, self.reach_s)

    def heed(self, came_on):
        """The load of the machine changes: reach further when the runs come on too little."""
        self.reach_s *= 1.15 if came_on < STEP / 2 else 0.87 if came_on > STEP * 2 else 1.0
        self.reach_s = min(max(self.reach_s, self.start_s * 0.2), self.start_s * 100)

    # --- runs -----------------------------------------------------------------------------------------------------
    def rows_of(self):
        path = self.place / "rows/rows.csv"
        content = path.read_bytes().decode("cp932") if path.exists() else ""
        return list(csv.reader(io.StringIO(content)))

    def remaining(self):
        """Who is not in the table yet, and a few before them."""
        there = {int(row[0]) for row in self.rows_of()[1:]}
        missing = [n for n in EVERYBODY if n not in there]
        return sorted(random.sample(sorted(there), k=min(OVERLAP, len(there)))) + missing

    def work(self, **disturb):
        """One run over the rest of the input, killed after a while. True when it came to its end first."""
        if self.runs % 40 == 0:
            self.measure()
        self.runs += 1
        self.later_s += random.choice((0, 0, LEASE_S + 1))
        before = len(self.rows_of())
        run = self.start("import", self.texts(self.remaining()), **disturb)
        try:
            run.communicate(timeout=self.aim())
            return True
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
        self.kills += 1
        self.hits[self.hit()] += 1
        self.heed(len(self.rows_of()) - before)
        return False

    def hit(self):
        """What the kill left, from a copy: opening the database itself would already mend it."""
        kept = self.place / "shikaku-data"
        copy = pathlib.Path(self.folder) / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        # Either may be missing: not made yet, or another program that closed the database last has taken the -wal away.
        # Not read by this process: the system gives up all locks of a process on a file that it closes, and here may be
        # the program that holds the database.
        subprocess.run(["cp", *(str(kept / f"shikaku.db{ending}") for ending in ("", "-wal")), str(copy)],
                       stderr=subprocess.DEVNULL, check=False)
        try:
            database = sqlite3.connect(copy / "shikaku.db")
            rows = database.execute("SELECT id, state, note IS NOT NULL FROM delivery"
                                    " WHERE state <= 3 AND changed_s = (SELECT MAX(changed_s) FROM delivery)"
                                    " AND lease_until <> 0 ORDER BY came DESC").fetchall()
            waits = database.execute("SELECT COUNT(*) FROM delivery WHERE state <= 3").fetchone()[0]
            database.close()
        except sqlite3.Error:
            return "before there is a store"
        for delivery, state, noted in rows:
            if noted:
                return self.hit_noted(delivery)
            return "document kept" if state == 2 else "delivery begun"
        return "answer kept" if waits > 0 else "between two patients, or at the start"

    def hit_noted(self, delivery):
        name = f".shikaku-stage-{staged_digits(delivery)}-*"
        staged = any(any((self.place / folder).glob(name)) for folder in ("rows", "pages"))
        return "noted, not published" if staged else "published, not acknowledged"

    def finish(self):
        """Everybody once more, and what still waits."""
        everybody = self.texts(EVERYBODY)
        for _ in range(4):
            self.later_s += LEASE_S + 1
            code, _, said = self.run_to_end("import", everybody)
            again, _, said_too = self.run_to_end("outbox", "deliver")
            if (code, again) == (0, 0):
                return
        self.fail(f"seed {SEED}: it does not come to its end: {said}{said_too}")

    # --- what came of it ------------------------------------------------------------------------------------------
    def delivered_rows(self):
        content = (self.place / "rows/rows.csv").read_bytes().decode("cp932")
        self.assertTrue(content.endswith("\r\n"))
        rows = self.rows_of()
        self.assertEqual(rows[0], ["番号", "氏名"])
        self.assertTrue(all(len(row) == 2 for row in rows))
        return sorted(row[0] for row in rows[1:])

    def delivered_pages(self):
        pages = [*(self.place / "pages").glob("page_*"), *(self.place / "taken").iterdir()]
        return sorted(ElementTree.parse(page).getroot().findtext("person/number") for page in pages)

    def judge(self):
        expected = [f"{n:06d}" for n in EVERYBODY]
        self.assertEqual(self.delivered_rows(), expected, f"seed {SEED}")
        self.assertEqual(self.delivered_pages(), expected, f"seed {SEED}")
        code, _, said = self.run_to_end("history", "verify")
        self.assertEqual(code, 0, f"seed {SEED}: {said}")
        left = [p.name for p in (self.place / "pages").iterdir() if not p.name.startswith(("page_", "."))]
        left += [p.name for p in (self.place / "rows").iterdir() if not p.name.startswith(("rows.csv", "."))]
        self.assertEqual(left, [])
        self.judge_store()

    def judge_store(self):
        database = sqlite3.connect(self.place / "shikaku-data/shikaku.db")
        counts = [database.execute(f"SELECT COUNT(*) FROM {what}").fetchone()[0] for what in (
            "delivery WHERE state <= 3", "answer", "history WHERE kind = 2")]
        database.close()
        self.assertEqual(counts, [0, 0, 2 * PATIENTS], "waiting, answers kept, deliveries in the history")

    def spend(self, disturbance):
        """Runs until everybody is in the table, or it was tried often enough: a run that is disturbed may come to its
        end and leave much waiting."""
        for _ in range(100):
            if self.work(**disturbance()) and len(self.rows_of()) > PATIENTS:
                return

    def rounds(self, kills, disturbance):
        """Rounds of 200 patients until it was killed so often."""
        began = time.monotonic()
        while self.kills < kills or self.rounds_done == 0:
            if self.rounds_done:
                shutil.rmtree(self.place)
                self.reset()
            host = Host(self.place / "pages", self.place / "taken")
            host.start()
            try:
                self.finishing = False
                self.spend(disturbance)
                with self.turn:
                    self.finishing = True
                self.finish()
            finally:
                host.ended.set()
                host.join()
            self.assertEqual(host.broken, [], f"seed {SEED}")
            self.judge()
            self.rounds_done += 1
        print(f"{self.kills} kills in {self.rounds_done} rounds of {PATIENTS} patients, {time.monotonic() - began:.0f} s,"
              f" seed {SEED}; they left: " + ", ".join(f"{what} {n}" for what, n in self.hits.most_common()), flush=True)

    def test_killed_at_random_instants(self):
        self.rounds(KILLS, dict)
        if self.kills >= 200:
            self.assertGreaterEqual(len(self.hits), 6, "the kills do not spread over all steps")

    def test_killed_while_the_disk_fills_up(self):
        self.rounds(KILLS // 20, lambda: {"full": random.choice((5, 20, 100)), "root": self.place})

    def test_killed_while_the_folders_cannot_be_written(self):
        self.rounds(KILLS // 20, lambda: random.choice(({"readonly": 1, "root": self.place / "rows"}, {}, {},
                                                        {"readonly": 1, "root": self.place / "pages"},
                                                        {"readonly": 1, "root": self.place})))

    def test_killed_while_the_clock_jumps(self):
        self.rounds(KILLS // 20, lambda: {"clock": random.choice((0, -864000, 86400 * 400, 86400 * 3650, -86400 * 3650))})

    def test_killed_while_another_program_locks_the_database(self):
        ended = threading.Event()

        def hold(path):
            if self.finishing or not path.exists():
                return
            try:
                with contextlib.closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as held:
                    held.execute("BEGIN IMMEDIATE")
                    time.sleep(random.choice((0.05, 0.1, 0.7)))
                    held.execute("ROLLBACK")
            except sqlite3.Error:
                pass

        def lock():
            while not ended.wait(random.uniform(0.05, 0.5)):
                with self.turn:
                    hold(self.place / "shikaku-data/shikaku.db")

        other = threading.Thread(target=lock, daemon=True)
        other.start()
        try:
            self.rounds(KILLS // 40, dict)
        finally:
            ended.set()
            other.join()


if __name__ == "__main__":
    unittest.main()
