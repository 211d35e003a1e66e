"""What the tests of the routes without a card share: hosts, the terminal's simulator, settings."""
import json
import os
import signal
import subprocess
import time

import stack

ENVIRONMENT = os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"}
# Person 6 of tests/gateway/persons.json.
PERSON = {"insurer_number": "990010", "symbol": "見６", "number": "0006", "branch_number": "01",
          "birth_date": "昭和29年1月5日"}
PERSON_NAME = "見本　和子"


class Terminal:
    """The simulator of an eligibility terminal over a folder of its own."""

    def __init__(self, case, *options, name="oqs"):
        self.root = case.folder / name
        self.journal = case.folder / f"terminal-{time.monotonic_ns()}.jsonl"
        self.process = subprocess.Popen(
            [str(c) for c in ("/usr/bin/python3", "-B", stack.ROOT / "tests/oqs-terminal/terminal.py", "run", "--root",
                              self.root, "--make", "--look-ms", 30, "--journal", self.journal, *options)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        case.addCleanup(self.stop)
        wait_until(case, lambda: (self.root / "face").is_dir())

    def push(self, *options):
        done = stack.run(["/usr/bin/python3", "-B", stack.ROOT / "tests/oqs-terminal/terminal.py", "push", "--root",
                          self.root, *options])
        assert done.returncode == 0, done.stderr

    def requests(self):
        return whole_lines(self.journal) if self.journal.exists() else []

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
        self.process.stderr.close()


class Host:
    """A running `shikaku … --json`, its events read as they come."""

    def __init__(self, case, *arguments, **options):
        self.errors = case.folder / f"errors-{time.monotonic_ns()}"
        self.output = case.folder / f"output-{time.monotonic_ns()}"
        with open(self.errors, "wb") as errors, open(self.output, "wb") as output:
            self.process = subprocess.Popen([*stack.HOST, *map(str, arguments), "--json"], stdout=output, stderr=errors,
                                            stdin=subprocess.DEVNULL, env=ENVIRONMENT, **options)
        case.addCleanup(self.end)

    def events(self):
        return whole_lines(self.output)

    def done(self):
        return [e for e in self.events() if e["event"] == "done"]

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=120)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=60)


def whole_lines(path):
    """What is written there so far, in JSON: the last line may end in the middle of a character."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


def wait_until(case, true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        case.assertLess(time.monotonic(), end, "waited too long")
        time.sleep(0.03)


def settings(case, name="shikaku.lua", **top):
    path = case.folder / name
    path.write_text("return " + stack.lua(top) + "\n", encoding="utf-8")
    return path


def folder_settings(case, terminal, deliveries=(), **folder):
    return settings(case, route="folder", institution_code="9919999999", deliveries=list(deliveries),
                    folder={"root": terminal.root, "poll_ms": 200, "stable_ms": 50, "timeout_ms": 60000,
                            "state": case.folder / "requests.state"} | folder,
                    log={"file": case.folder / "shikaku.log", "level": "debug"})


def person_lines(**changed):
    return "".join(f"{k}={v}\n" for k, v in (PERSON | changed).items() if v).encode()


def query(case, config, command="query", given=None, **changed):
    """`shikaku query -`: exit code and the final object."""
    done = subprocess.run([*stack.HOST, command, "--config", str(config), "--json", "-"],
                          input=person_lines(**changed) if given is None else given, capture_output=True, timeout=300,
                          env=ENVIRONMENT)
    case.assertNotIn(b"AddressSanitizer", done.stderr)
    case.assertNotIn(b"runtime error", done.stderr)
    lines = done.stdout.decode().splitlines()
    case.assertTrue(lines, done.stderr.decode())
    return done.returncode, json.loads(lines[-1])


def log_is_silent(case, *words):
    """Nothing of a person stands in the log."""
    text = (case.folder / "shikaku.log").read_text()
    case.assertTrue(text)
    for word in words:
        case.assertNotIn(word, text)
