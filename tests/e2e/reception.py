"""A reception desk for the tests of cards and readers: a running host, its events as they come, the
card reader service and its readers, and another program at the same reader."""
import contextlib
import json
import os
import pathlib
import queue
import re
import subprocess
import threading
import time

import slots
from stack import BUILD, HOST, LIBRARY, PIN, run

CONTROL = os.environ.get("SHIKAKU_PCSCD_CTL", "")
STACK = pathlib.Path(os.environ.get("SHIKAKU_STACK_DIR", "/nowhere"))
# pcscd looks at a virtual reader about every 0.4 s.
SEEN = 1.5
TICKS = os.sysconf("SC_CLK_TCK")
# A tool that watches the host's memory takes its time.
PATIENCE = 3 if len(HOST) > 1 else 1


def service_log(last=3000):
    """The end of what the card reader service wrote; what it said is gone with the stack."""
    log = pathlib.Path(os.environ.get("SHIKAKU_PCSCD_LOG", "/nowhere"))
    return log.read_text(errors="replace")[-last:] if log.exists() else ""


class Desk:
    """`shikaku watch` (or another command) with --json; the PIN is given when the test says so."""

    def __init__(self, case, config, command="watch", *options):
        self.case, self.seen, self.coming = case, [], queue.Queue()
        self.process = subprocess.Popen(
            [*HOST, command, "--config", str(config), "--pin-fd", "0", "--json", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"SHIKAKU_LIBRARY": str(LIBRARY), "NO_COLOR": "1"})
        self.errors = []
        self.readers = [threading.Thread(target=self.read, args=(stream, take), daemon=True) for stream, take in
                        ((self.process.stdout, self.take), (self.process.stderr, self.errors.append))]
        for reader in self.readers:
            reader.start()
        case.addCleanup(self.end)

    @staticmethod
    def read(stream, take):
        for line in stream:
            take(line)
        take(b"")

    def take(self, line):
        self.coming.put(json.loads(line) if line else None)

    def next(self, seconds):
        """The next event; None when there is none in time or the host has ended."""
        try:
            event = self.coming.get(timeout=max(seconds, 0))
        except queue.Empty:
            return None
        if event is not None:
            self.seen.append(event)
        return event

    def until(self, *wanted, pin=None, seconds=60):
        """The first of the wanted events; the PIN is given whenever it is asked for, if there is one."""
        end = time.monotonic() + seconds * PATIENCE
        while (event := self.next(end - time.monotonic())) is not None:
            if event["event"] == "pin" and pin is not None:
                self.type(pin)
            if event["event"] in wanted:
                return event
        told = [event["fault"] for event in self.seen if "fault" in event]
        self.case.fail(f"no {wanted} after {self.names()} {told}: {b''.join(self.errors).decode()}\n"
                       f"a card in the first reader: {slots.look(0)}; pcscd said last:\n{service_log()}")

    def fault(self, name, **options):
        event = self.until("fault", **options)
        self.case.assertEqual(event["fault"]["name"], name, event)
        return event["fault"]

    def failed(self, name, **options):
        """A check that ends in this fault: told once, and again in what is said of the end."""
        fault = self.fault(name, **options)
        self.case.assertEqual(self.until("done")["fault"]["name"], name)
        return fault

    def done(self, **options):
        """One whole check, the PIN given."""
        event = self.until("done", pin=PIN, **options)
        self.case.assertEqual(event.get("outcome"), "eligible", event)
        return event

    def quiet(self, seconds):
        event = self.next(seconds)
        self.case.assertIsNone(event, f"{event} after {self.names()}")

    def names(self):
        return [event["event"] for event in self.seen]

    def type(self, pin=PIN):
        self.process.stdin.write((pin + "\n").encode())
        self.process.stdin.flush()

    def ticks(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def end(self):
        """The exit code, of a host that was told to end; a host that hangs is a failure."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            self.case.fail("the host did not end")
        # All that it said: a file must not be closed under a thread that reads it.
        for reader in self.readers:
            reader.join(60)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.close()
        text = b"".join(self.errors).decode()
        self.case.assertNotRegex(text, "Sanitizer|runtime error")
        return code


def busy(*desks, seconds=10):
    """Share of one processor that each host takes while nothing happens."""
    before = [desk.ticks() for desk in desks]
    started = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - started
    return [(desk.ticks() - ticks) / TICKS / took for desk, ticks in zip(desks, before)]


def idle(desks, share, seconds=10):
    """Whether each takes less than that share. Measured again where other work on the machine made their steps dear,
    until most measurements say so."""
    good = 0
    for measured in range(1, 8):
        shares = busy(*desks, seconds=seconds)
        print(*(f"  {one:.2%}" for one in shares), flush=True)
        good += max(shares) < share
        if good > measured - good:
            return True
    return False


def service(what, readers=None):
    environment = os.environ if readers is None else os.environ | {"SHIKAKU_STACK_READERS": str(readers)}
    done = run([CONTROL, what], env=environment)
    assert done.returncode == 0, done.stderr.decode()


def plugged(readers):
    """The service anew with the first readers of the stack: Debian's pcscd takes up and drops readers
    that are not on USB at its start only."""
    listed = STACK / "conf/vpcd"
    every = STACK / "every-reader"
    if not every.exists():
        every.write_text(listed.read_text())
    pairs = re.findall(r"(?s)FRIENDLYNAME.*?\n\n", every.read_text())
    service("stop")
    listed.write_text("".join(pairs[:readers // 2]))
    service("start", readers)


@contextlib.contextmanager
def driver(word, pair=0):
    """The readers' driver behaves as wrapped_driver.c says."""
    switch = STACK / f"wrapped-{2 * pair}.so.{word}"
    switch.touch()
    try:
        yield
    finally:
        switch.unlink()


class Other:
    """Another program at the reader (other_program.c). `said` reads its next line."""

    def __init__(self, case, *arguments):
        self.process = subprocess.Popen([str(BUILD / "bin/other_program"), *map(str, arguments)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        case.addCleanup(self.end)

    def said(self):
        return self.process.stdout.readline().split()

    def go(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def let_go(self):
        """Until it has given the card back and ended."""
        self.go()
        self.process.wait(60)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
