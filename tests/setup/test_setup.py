#!/usr/bin/python3
"""What the scripts of this folder leave behind when a run fails, is killed, or is not alone.

In a tree of its own whose path has a blank, with stand-ins for the programs that would fetch and compile."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 120


def alive(pid):
    try:
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter when it ends between the open and the read
        return False


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="shikaku setup ", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        (self.top / "bin").mkdir()
        self.environment = os.environ | {"PATH": f"{self.top / 'bin'}:{os.environ['PATH']}",
                                         "XDG_CACHE_HOME": str(self.top / "cache"), "TOP": str(self.top)}

    def copy(self, *names):
        for name in names:
            (self.top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.top / name)

    def stand_in(self, name, *lines):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(("#!/bin/sh", *lines, "")))
        path.chmod(0o755)

    def start(self, *command):
        process = subprocess.Popen([str(c) for c in command], env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def until(self, what, condition):
        end = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)


class Run(Setup):
    """tests/run.sh with what it prepares in the background."""

    def setUp(self):
        super().setUp()
        self.copy("tests/run.sh", "tests/setup/windows.sh")
        self.stand_in("tests/setup/packages.sh", "exit 0")
        self.stand_in("tests/fuzz/short.sh", "exit 0")
        self.stand_in("bin/ctest", "mkdir -p build/asan", 'echo "100% tests passed" >build/asan/run.log')
        self.stand_in("bin/cmake", "exit 0")

    def long_preparation(self):
        """Each has a child that a signal to itself would not reach; Wine's does not heed TERM."""
        self.stand_in("tests/windows/wine.sh", "trap '' TERM", 'sleep 300 & echo $! >"$TOP/wine.new"',
                      'mv "$TOP/wine.new" "$TOP/wine"', "wait")
        self.stand_in("plugin/cmake/windows/parts-once.sh", 'sleep 300 & echo $! >"$TOP/parts.new"',
                      'mv "$TOP/parts.new" "$TOP/parts"', "wait")
        self.stand_in("bin/cmake", 'while [ ! -e "$TOP/go" ]; do sleep 0.1; done', "exit 1")
        run = self.start("sh", self.top / "tests/run.sh")
        self.until("the preparation does not begin", lambda: all((self.top / n).exists() for n in ("wine", "parts")))
        return run, [int((self.top / name).read_text()) for name in ("wine", "parts")]

    def test_a_stage_that_fails_ends_the_preparation(self):
        run, workers = self.long_preparation()
        (self.top / "go").touch()
        self.assertNotEqual(run.wait(SECONDS), 0)
        self.until("the preparation goes on", lambda: not any(map(alive, workers)))

    def test_a_run_that_is_killed_ends_the_preparation(self):
        run, workers = self.long_preparation()
        run.send_signal(signal.SIGKILL)
        run.wait(SECONDS)
        (self.top / "go").touch()
        self.until("the preparation goes on", lambda: not any(map(alive, workers)))

    def test_a_preparation_that_fails_fails_the_run_and_says_why(self):
        for broken in ("tests/windows/wine.sh", "plugin/cmake/windows/parts-once.sh"):
            self.stand_in("tests/windows/wine.sh", "exit 0")
            self.stand_in("plugin/cmake/windows/parts-once.sh", "exit 0")
            self.assertEqual(self.start("sh", self.top / "tests/run.sh").wait(SECONDS), 0)
            self.stand_in(broken, "echo no such mirror", "exit 1")
            run = self.start("sh", self.top / "tests/run.sh")
            said = run.communicate(timeout=SECONDS)[0]
            self.assertNotEqual(run.returncode, 0, broken)
            self.assertIn("no such mirror", said)

    def test_a_search_that_finds_something_fails_the_run_after_the_other_stages(self):
        self.stand_in("tests/windows/wine.sh", "exit 0")
        self.stand_in("plugin/cmake/windows/parts-once.sh", "exit 0")
        self.stand_in("tests/fuzz/short.sh", "exit 1")
        run = self.start("sh", self.top / "tests/run.sh")
        said = run.communicate(timeout=SECONDS)[0]
        self.assertEqual(run.returncode, 8, said)
        self.assertIn("== Windows, 32 bits", said)
        self.assertTrue(said.rstrip().endswith("== tests failed in: random search =="), said)


class Fetched(Setup):
    """What is fetched once and kept."""

    def test_two_who_ask_at_once_for_npm_packages_get_the_same(self):
        self.stand_in("bin/npm", 'echo x >>"$TOP/called"', "sleep 1", "mkdir node_modules")
        self.copy("tests/setup/npm.sh", "tests/setup/npm/package.json", "tests/setup/npm/package-lock.json")
        both = [self.start("sh", self.top / "tests/setup/npm.sh", self.top / "tests/setup/npm") for _ in range(3)]
        said = {one.communicate(timeout=SECONDS)[0] for one in both}
        self.assertEqual([one.returncode for one in both], [0, 0, 0], said)
        self.assertEqual(len(said), 1)
        self.assertTrue(pathlib.Path(said.pop().rstrip("\n")).is_dir())
        self.assertEqual((self.top / "called").read_text(), "x\n")

    def test_a_debian_that_was_not_finished_is_not_kept(self):
        self.copy("tests/setup/debian-root.sh")
        # debootstrap SWITCH... RELEASE FOLDER MIRROR
        made = 'shift $(($# - 2))', 'mkdir -p "$1/usr"'
        self.stand_in("bin/apt-get", "echo https://mirror.invalid/debian bookworm")
        self.stand_in("bin/unshare", "shift 3", 'exec "$@"')
        self.stand_in("bin/debootstrap", *made, "exit 1")
        command = "sh", self.top / "tests/setup/debian-root.sh", "amd64", "python3"
        self.assertNotEqual(self.start(*command).wait(SECONDS), 0)
        self.stand_in("bin/debootstrap", *made)
        again = self.start(*command)
        said = again.communicate(timeout=SECONDS)[0]
        self.assertEqual(again.returncode, 0, said)
        self.assertTrue((pathlib.Path(said.rstrip("\n")) / "usr").is_dir(), said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
