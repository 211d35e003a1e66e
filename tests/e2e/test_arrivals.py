"""`shikaku watch` and `check` with the routes that read no card: face pushes and copied texts."""
import os
import pathlib
import subprocess
import time
import unittest

import routes
import stack
from routes import Host, Terminal, folder_settings, settings, wait_until
from test_import import SECOND, TEXT

CSV = stack.ROOT / "scripts/uketsuke_csv.lua"


class Face(stack.Folder, unittest.TestCase):
    def watch(self, terminal, command="watch", **folder):
        config = folder_settings(self, terminal, deliveries=[{"script": CSV, "folder": self.out}], **folder)
        host = Host(self, command, "--config", config)
        wait_until(self, lambda: any(e["event"] == "waiting" for e in host.events()))
        return host

    def rows(self):
        files = list(self.out.glob("*.csv"))
        return files[0].read_bytes().decode("cp932").splitlines()[1:] if files else []

    def test_each_push_is_delivered_once(self):
        terminal = Terminal(self)
        terminal.push("--person", 1)
        host = self.watch(terminal)
        for n, person in enumerate((2, 6, 3), 1):
            terminal.push("--person", person)
            wait_until(self, lambda: len(host.done()) == n)
        self.assertEqual([d["outcome"] for d in host.done()], ["eligible"] * 3)
        self.assertEqual(host.interrupt(), 0)
        self.assertEqual(len(self.rows()), 3, "the one from before the watch is not taken")
        self.assertIn("見本　キヨ", self.rows()[2])
        routes.log_is_silent(self, "見本", "990010")

    def test_a_push_that_is_moved_away_at_once_or_torn_is_not_lost(self):
        terminal = Terminal(self)
        # Gone before it has lain still for long enough, and before the next look that no notice brings about.
        host = self.watch(terminal, stable_ms=4000, poll_ms=20000)
        terminal.push("--person", 6, "--gone-ms", 2500)
        wait_until(self, lambda: len(host.done()) == 1)
        terminal.push("--person", 3, "--torn-ms", 900)
        wait_until(self, lambda: len(host.done()) == 2)
        self.assertEqual(host.interrupt(), 0)
        self.assertEqual(len(self.rows()), 2)

    def test_a_bad_push_is_told_and_the_watch_goes_on(self):
        terminal = Terminal(self)
        host = self.watch(terminal)
        terminal.push("--person", 6, "--spoil", "encoding")
        wait_until(self, lambda: any(e["event"] == "fault" for e in host.events()))
        terminal.push("--person", 6)
        wait_until(self, lambda: any(d["outcome"] == "eligible" for d in host.done()))
        self.assertEqual(host.interrupt(), 0)
        self.assertEqual(len(self.rows()), 1)

    def test_a_check_takes_one_and_ends(self):
        terminal = Terminal(self)
        host = self.watch(terminal, "check")
        terminal.push("--person", 6)
        self.assertEqual(host.process.wait(timeout=120), 0)
        self.assertEqual(host.done()[0]["records"][0]["name"], routes.PERSON_NAME)


@unittest.skipIf(os.name == "nt", "Windows has a clipboard that can be read")
class NoClipboard(stack.Folder, unittest.TestCase):
    def test_a_job_that_would_wait_for_one_is_refused(self):
        config = settings(self, route="app")
        for command in ("watch", "check"):
            done = stack.console(self, command, "--config", config)
            self.assertEqual((done.returncode, done.stdout), (3, b""))
            for words in ("該当箇所: app.source", "Windows だけ", 'source = "file"', "CONFIG_VALUE"):
                self.assertIn(words, done.stderr.decode())


class NoFile(stack.Folder, unittest.TestCase):
    def watch(self, file, *arguments):
        config = settings(self, route="app", app={"source": "file", "file": file})
        return stack.console(self, "watch", "--config", config, "--timeout", 4, *arguments)

    def test_the_prompt_names_the_file_to_be_saved(self):
        file = self.folder / "copied.txt"
        done = self.watch(file)
        self.assertIn(f"次のファイルに保存してください\n{file}\n", done.stdout.decode())
        self.assertIn(f"save it in this file\n{file}\n", self.watch(file, "--lang", "en").stdout.decode())

    def test_a_folder_that_is_not_there_is_told_once_with_the_file(self):
        file = self.folder / "none/copied.txt"
        told = self.watch(file).stderr.decode()
        self.assertEqual(told.count("ファイルを読めません"), 1, told)
        self.assertIn(f"該当箇所: app.file ({file})\n", told)


class NoFolder(stack.Folder, unittest.TestCase):
    def test_the_screen_names_the_folder_that_is_missing(self):
        config = settings(self, route="folder", folder={"root": self.folder / "none"})
        done = stack.console(self, "watch", "--config", config, "--timeout", 4)
        self.assertIn("該当箇所: face\n", done.stderr.decode())


class Hello(stack.Folder, unittest.TestCase):
    """examples/hello.c: its words and exit codes for an answer that states no validity, and for one that lapsed."""

    def hello(self, text):
        file = self.folder / "copied.txt"
        config = settings(self, route="app", app={"source": "file", "file": file})
        process = subprocess.Popen([str(stack.BUILD / "bin/shikaku-hello"), str(stack.LIBRARY), str(config)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(b"\n")
        process.stdin.close()
        wait_until(self, lambda: self.watches(process) or process.poll() is not None)
        time.sleep(1)  # the file is looked at right behind that: what lies there already is not taken
        aside = self.folder / "aside"
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, file)
        told = process.stdout.read().decode()
        process.stdout.close()
        return process.wait(timeout=120), told

    @staticmethod
    def watches(process):
        """It has begun to wait: it has asked the system for notices of the folder."""
        try:
            opened = [os.readlink(path) for path in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
        except OSError:  # one was closed meanwhile, or it has ended
            return False
        return "anon_inode:inotify" in opened

    def test_a_copied_text_is_not_taken_for_not_eligible(self):
        code, told = self.hello(TEXT)
        self.assertEqual(code, 0, told)
        self.assertIn("有効・無効の記載なし", told)
        self.assertNotIn("資格なし", told)

    def test_a_lapsed_one_ends_with_one(self):
        code, told = self.hello(TEXT.replace("有効終了日\t\n", "有効終了日\t令和7年3月31日\n", 1))
        self.assertEqual(code, 1, told)
        self.assertIn("資格なし", told)


class CopiedFile(stack.Folder, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "copied.txt"
        config = settings(self, route="app", app={"source": "file", "file": self.file},
                          deliveries=[{"script": CSV, "folder": self.out, "when": "found"}],
                          log={"file": self.folder / "shikaku.log", "level": "debug"})
        self.host = Host(self, "watch", "--config", config)
        wait_until(self, lambda: any(e["event"] == "waiting" for e in self.host.events()))

    def put(self, content):
        aside = self.folder / "aside"
        aside.write_bytes(content)
        os.replace(aside, self.file)

    def test_each_copied_text_is_delivered_and_other_texts_are_left_alone(self):
        self.put(TEXT.encode())
        wait_until(self, lambda: len(self.host.done()) == 1)
        self.put("買い物の一覧\n牛乳\n".encode())
        self.put(SECOND.replace("\n", "\r\n").encode("cp932"))
        wait_until(self, lambda: len(self.host.done()) == 2)
        self.assertEqual(self.host.interrupt(), 0)
        self.assertNotIn("not_due", self.host.done()[0])
        self.assertEqual([d["records"][0]["name"] for d in self.host.done()], ["見本　一郎", "見本　二郎"])
        self.assertFalse(any(e["event"] == "fault" for e in self.host.events()))
        routes.log_is_silent(self, "見本", "牛乳")

    def test_a_document_that_is_not_due_is_counted(self):
        self.put(TEXT.replace("有効終了日\t\n", "有効終了日\t令和7年3月31日\n", 1).encode())
        wait_until(self, lambda: len(self.host.done()) == 1)
        self.assertEqual((self.host.done()[0]["deliveries"], self.host.done()[0]["not_due"]), ([], 1))

    def test_each_person_of_one_text_is_told(self):
        drift = TEXT.replace("性別\t男\n", "性別\t男\n新項目\tひみつ\n")
        self.put((drift + SECOND.replace("昭和29年1月5日", "昭和65年1月5日") + SECOND).encode())
        wait_until(self, lambda: len(self.host.done()) == 1)
        self.assertEqual(self.host.interrupt(), 0)
        first, unread = [e for e in self.host.events() if e["event"] == "next"]
        self.assertEqual((first["outcome"], first["records"][0]["name"]), ("unstated", "見本　一郎"))
        self.assertEqual((first["drift"], len(first["deliveries"])), (["資格情報/新項目"], 1))
        self.assertNotIn("fault", first)
        self.assertEqual((unread["outcome"], unread["records"], unread["fault"]["name"]), ("none", [], "APP_VALUE"))
        last = self.host.done()[0]
        self.assertEqual((last["outcome"], last["records"][0]["number"]), ("unstated", "13"))
        self.assertEqual(last["fault"]["name"], "APP_VALUE")

    def test_a_text_with_an_impossible_date_is_a_fault_and_the_watch_goes_on(self):
        self.put(TEXT.replace("昭和29年1月5日", "昭和65年1月5日").encode())
        wait_until(self, lambda: any(e["event"] == "fault" for e in self.host.events()))
        self.put(TEXT.encode())
        wait_until(self, lambda: any(d["outcome"] == "unstated" for d in self.host.done()))
        self.assertEqual(self.host.interrupt(), 0)


if __name__ == "__main__":
    unittest.main()
