"""Killed at random instants, with a disk that fills up, a folder that cannot be written, a locked database and a
clock that jumps: afterwards every patient is delivered exactly once, and no file is half written."""
import csv
import io
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree

import stack

PATIENTS = 200
KILLS = int(os.environ.get("SHIKAKU_KILLS", "1000"))
SEED = int(os.environ.get("SHIKAKU_SEED", "0")) or random.randrange(1, 1 << 30)

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
  contract = 1, id = "rows", format = "csv", encoding = "cp932", file = "rows.csv",
  fields = { { to = "番号", from = "reference_number" }, { to = "氏名", from = "name" } },
}
"""
PAGES = """return {
  contract = 1, id = "pages", format = "xml", encoding = "utf-8",
  file = function(rec) return "page_" .. rec.reference_number .. ".xml" end,
  fields = { { to = "person/number", from = "reference_number" }, { to = "person/name", from = "name" } },
}
"""
CONFIG = """return {{
  store = {{ busy_ms = 400 }},
  deliveries = {{
    {{ script = "rows.lua", folder = "rows", when = "found" }},
    {{ script = "pages.lua", folder = "pages", when = "found"{more} }},
  }},
}}
"""
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"


def kana(n):
    return KANA[n % len(KANA)] + KANA[n // len(KANA) % len(KANA)] + "ロウ"


class Host(threading.Thread):
    """Takes finished pages away now and then, as a program that imports them does."""

    def __init__(self, folder, taken):
        super().__init__(daemon=True)
        self.folder, self.taken, self.ended = folder, taken, threading.Event()

    def run(self):
        while not self.ended.wait(random.uniform(0.005, 0.03)):
            self.take(random.sample(sorted(self.folder.glob("page_*.xml")), k=min(3, len(list(self.folder.glob("page_*.xml"))))))

    def take(self, pages):
        for page in pages:
            try:
                content = page.read_bytes()
                ElementTree.fromstring(content)
                with open(self.taken / f"{page.name}.{time.monotonic_ns()}", "wb") as out:
                    out.write(content)
                page.unlink()
            except FileNotFoundError:
                pass


class Kill(stack.Folder, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shim = pathlib.Path(os.environ["SHIKAKU_BUILD"]) / "bin/libdisturb.so"

    def setUp(self):
        super().setUp()
        random.seed(SEED)
        self.kills = 0
        self.reset()

    def reset(self):
        self.place = pathlib.Path(self.folder) / f"round-{self.kills}"
        for name in ("rows", "pages", "taken"):
            (self.place / name).mkdir(parents=True)
        (self.place / "rows.lua").write_text(ROWS, encoding="utf-8")
        (self.place / "pages.lua").write_text(PAGES, encoding="utf-8")
        (self.place / "shikaku.lua").write_text(CONFIG.format(more=""), encoding="utf-8")
        (self.place / "texts.txt").write_text("".join(TEXT.format(n=n, kana=kana(n)) for n in range(1, PATIENTS + 1)),
                                              encoding="utf-8")

    def start(self, *arguments, **disturb):
        more = {f"DISTURB_{key.upper()}": str(value) for key, value in disturb.items()}
        env = os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"}
        if more:
            env |= more | {"LD_PRELOAD": str(self.shim)}
        return subprocess.Popen([*stack.HOST, "--config", str(self.place / "shikaku.lua"), *arguments],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)

    def work(self, seconds, **disturb):
        """One run of the whole input, killed after so long. True when it came to its end first."""
        run = self.start("import", str(self.place / "texts.txt"), **disturb)
        try:
            run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
            self.kills += 1
            return False
        return run.returncode in (0, 1)

    def finish(self):
        """What still waits, and the rest of the input."""
        for _ in range(5):
            run = self.start("import", str(self.place / "texts.txt"))
            _, said = run.communicate(timeout=300)
            again = self.start("outbox", "deliver")
            again.communicate(timeout=300)
            if run.returncode == 0 and again.returncode == 0:
                return
        self.fail(f"it does not come to its end: {said.decode()}")

    def delivered_rows(self):
        content = (self.place / "rows/rows.csv").read_bytes().decode("cp932")
        self.assertTrue(content.endswith("\r\n"))
        rows = list(csv.reader(io.StringIO(content)))
        self.assertEqual(rows[0], ["番号", "氏名"])
        self.assertTrue(all(len(row) == 2 for row in rows))
        return sorted(row[0] for row in rows[1:])

    def delivered_pages(self):
        numbers = []
        for page in [*(self.place / "pages").glob("page_*"), *(self.place / "taken").iterdir()]:
            tree = ElementTree.parse(page).getroot()
            numbers.append(tree.findtext("number"))
        return sorted(numbers)

    def judge(self):
        expected = [f"{n:06d}" for n in range(1, PATIENTS + 1)]
        self.assertEqual(self.delivered_rows(), expected, f"seed {SEED}")
        self.assertEqual(self.delivered_pages(), expected, f"seed {SEED}")
        verify = self.start("history", "verify")
        _, said = verify.communicate(timeout=120)
        self.assertEqual(verify.returncode, 0, said.decode())
        left = [p.name for p in (self.place / "pages").iterdir() if not p.name.startswith(("page_", "."))]
        self.assertEqual(left, [])

    def rounds(self, kills, disturbance):
        """Rounds of 200 patients until it was killed so often."""
        done = 0
        while done < kills:
            self.reset() if done else None
            host = Host(self.place / "pages", self.place / "taken")
            host.start()
            before = self.kills
            while not self.work(random.uniform(0.01, 0.16), **disturbance()):
                pass
            self.finish()
            host.ended.set()
            host.join()
            self.judge()
            done += max(self.kills - before, 1)
        print(f"{done} kills, seed {SEED}")

    def test_killed_at_a_thousand_random_instants(self):
        self.rounds(KILLS, dict)

    def test_killed_while_the_disk_fills_up(self):
        self.rounds(KILLS // 20, lambda: {"full": random.choice((5, 20, 100)), "root": self.place})

    def test_killed_while_the_folders_cannot_be_written(self):
        self.rounds(KILLS // 20, lambda: random.choice(({"readonly": 1, "root": self.place / "rows"}, {},
                                                        {"readonly": 1, "root": self.place / "pages"},
                                                        {"readonly": 1, "root": self.place})))

    def test_killed_while_the_clock_jumps(self):
        self.rounds(KILLS // 20, lambda: {"clock": random.choice((0, -864000, 86400 * 400, 86400 * 3650, -86400 * 3650))})

    def test_killed_while_another_program_locks_the_database(self):
        ended = threading.Event()

        def lock():
            while not ended.wait(0.05):
                path = self.place / "shikaku-data/shikaku.db"
                if not path.exists():
                    continue
                try:
                    held = sqlite3.connect(path, timeout=1, isolation_level=None)
                    held.execute("BEGIN IMMEDIATE")
                    time.sleep(random.choice((0.05, 0.3, 0.7)))
                    held.execute("ROLLBACK")
                    held.close()
                except sqlite3.Error:
                    pass

        other = threading.Thread(target=lock, daemon=True)
        other.start()
        try:
            self.rounds(KILLS // 40, dict)
        finally:
            ended.set()
            other.join()


if __name__ == "__main__":
    unittest.main()
