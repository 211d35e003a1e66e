"""The parts of an end-to-end test: cards, readers, the gateway, the console host.

Runs beside a private pcscd (tests/stack/with-pcscd.sh). The folders come from the environment:
SHIKAKU_BUILD (the build folder) and SHIKAKU_VPCD_PORT, SHIKAKU_PCSCD_CTL (set by the stack).
"""
import atexit
import contextlib
import fcntl
import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import types

import slots

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["SHIKAKU_BUILD"])
CONSOLE = BUILD / "bin/shikaku"
# How the console host is started: as it is, or under a tool that watches its memory.
HOST = [*os.environ.get("SHIKAKU_RUN_UNDER", "").split(), str(CONSOLE)]
LIBRARY = BUILD / "lib/libshikaku.so"
CARD = BUILD / "bin/virtual-card"
WORK = BUILD / "e2e"
# The cards' retry counters: of this run alone, since files of tests run side by side with the same cards.
COUNTERS = pathlib.Path(tempfile.mkdtemp(prefix="shikaku-counters-"))
atexit.register(shutil.rmtree, COUNTERS, True)
PIN = "7392"
# Options of personalise.sh; every other key of profile() is a line of the profile.
PERSONAL = ("algorithm", "certificate_bytes", "cn", "name", "address", "birth", "sex", "sign_password",
            "expiry_year", "security_code", "not_before", "not_after")
PORT = int(os.environ.get("SHIKAKU_VPCD_PORT", "35963"))


def run(command, **options):
    return subprocess.run([str(c) for c in command], capture_output=True, timeout=120, **options)


def make_once():
    """Certificates of servers and devices, and the card CA; kept between runs."""
    with alone("pki"):
        done = run(["sh", ROOT / "tests/pki/make-pki.sh", WORK / "pki"])
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def alone(name):
    WORK.mkdir(parents=True, exist_ok=True)
    with open(WORK / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def profile(person=1, *, tag="", pin=PIN, **extra):
    """A personalised card; its keys are made once, its counters are fresh for each call.

    `extra` are lines of the profile (a list is several lines of one key) and these of personalise.sh:
    algorithm ("p384"), certificate_bytes, not_before, not_after, name, address, birth, sex ...
    Cards that differ in lines of the profile alone share their keys.
    """
    options = [f for key in PERSONAL if key in extra for f in ("--" + key.replace("_", "-"), extra[key])]
    own = tag if options or pin != PIN else ""
    card = personalise(WORK / f"card-{person}{own}", ["--person", person, "--pin", pin, *options])
    return with_lines(card, tag, {key: value for key, value in extra.items() if key not in PERSONAL})


def with_lines(card, tag, lines):
    """The same card with further lines in its profile."""
    if not lines:
        return card
    whole = card.read_text(encoding="utf-8")
    for key, value in lines.items():
        whole += "".join(f"{key}={one}\n" for one in (value if isinstance(value, (list, tuple)) else [value]))
    path = card.with_name(f"with{tag}.profile")
    with alone(card.parent.name):
        if not path.exists() or path.read_text(encoding="utf-8") != whole:
            path.write_text(whole, encoding="utf-8")
    return fresh(path)


def personalise(folder, options):
    stamp = folder / "options"
    wanted = repr([str(o) for o in options])
    with alone(folder.name):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            done = run(["sh", ROOT / "tests/virtual-card/personalise.sh", folder, "--ca", WORK / "card-ca",
                        *options])
            assert done.returncode == 0, done.stderr
            stamp.write_text(wanted)
    return fresh(folder / "card.profile")


def counters(card):
    return COUNTERS / f"{card.parent.name}-{card.stem}.state"


def fresh(card):
    counters(card).unlink(missing_ok=True)
    return card


class Card:
    """A card in a virtual reader, from `place` until `remove`."""

    # pcscd looks for itself about every 0.4 s, but who powers a card down that is just leaving says at once that it is
    # gone. A card that comes between the two, as no hand can bring it, is never seen.
    UNSEEN = 0.6
    gone = {}  # when the last card left a reader

    def __init__(self, case, profile_path, *options, reader=0):
        self.trace = case.folder / f"trace-{reader}-{time.monotonic_ns()}"
        self.marker = case.folder / "forbidden"
        self.reader = reader
        self.command = [str(c) for c in (
            CARD, "--profile", profile_path, "--state", counters(profile_path), "--port", PORT + reader,
            "--trace", self.trace, "--forbidden-marker", self.marker, "--wait", 5, *options)]
        self.process = None
        case.addCleanup(self.remove)

    def place(self):
        time.sleep(max(0, self.gone.get(self.reader, 0) + self.UNSEEN - time.monotonic()))
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def seen(self):
        """Until pcscd, which looks about every 0.4 s, has found it."""
        assert slots.await_card(self.reader, True, 120), "the card was not seen"
        return self

    def remove(self):
        """Until pcscd has found it gone: the next card, and the next test, starts with an empty reader."""
        if self.process is not None:
            process, self.process = self.process, None
            process.terminate()
            process.communicate(timeout=60)
            self.gone[self.reader] = time.monotonic()
            slots.await_card(self.reader, False, 60)

    def apdus(self):
        """One dictionary for each command: header, lc, le, sw, len, us."""
        lines = self.trace.read_text().splitlines() if self.trace.exists() else []
        return [{"header": line.split()[1], **dict(part.split("=") for part in line.split()[2:])}
                for line in lines if line]

    def commands(self):
        """The headers of what was sent for its own sake."""
        return purposeful(self.apdus())

    def verifies(self):
        """VERIFY commands that carried a PIN; without data they only ask for the counter."""
        return [a for a in self.apdus() if a["header"].startswith("0020") and a["lc"] != "-"]


def purposeful(apdus):
    """Their headers, without what only keeps the card while something else takes longer than two seconds: the counter
    asked for again, and behind a signature the key selected again."""
    sent, asked, signed = [], False, False
    for one in apdus:
        query = one["header"].startswith("0020") and one["lc"] == "-"
        touch = signed and one["header"] == "00A4020C"
        if not touch and not (query and asked):
            sent.append(one["header"])
        asked, signed = query, touch or one["header"].startswith("802A")
    return sent


class Gateway:
    """The gateway simulator on a free port."""

    def __init__(self, case, *options):
        self.port_file = case.folder / f"port-{time.monotonic_ns()}"
        self.log = case.folder / "gateway.log"
        cards = WORK / "card-ca/auth-ca.pem"
        if cards.exists():
            options = ("--card-ca", cards, *options)
        self.process = subprocess.Popen(
            [str(c) for c in ("/usr/bin/python3", "-B", ROOT / "tests/gateway/gateway.py", "--pki", WORK / "pki",
                              "--port", 0, "--port-file", self.port_file, "--log", self.log, *options)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        case.addCleanup(self.stop)
        for _ in range(2400):
            if self.port_file.exists():
                break
            assert self.process.poll() is None, self.process.stderr.read().decode()
            time.sleep(0.05)
        self.url = f"https://localhost:{self.port_file.read_text().strip()}"

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)
        self.process.stderr.close()

    def calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []


@functools.cache
def shared_gateway():
    """One for every test of this run that wants nothing of it but its usual answers."""
    if not (WORK / "card-ca/auth-ca.pem").exists():
        profile(1)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="shikaku-gateway-"))
    atexit.register(shutil.rmtree, folder, True)
    return Gateway(types.SimpleNamespace(folder=folder, addCleanup=atexit.register))


def lua(value, depth=1):
    if isinstance(value, dict):
        body = "".join(f"{'  ' * depth}{k} = {lua(v, depth + 1)},\n" for k, v in value.items())
        return "{\n" + body + "  " * (depth - 1) + "}"
    if isinstance(value, (list, tuple)):
        return "{ " + ", ".join(lua(v, depth + 1) for v in value) + " }"
    return str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "\\\\") + '"'


def configuration(case, url, *, deliveries=None, pki=None, **top):
    """A configuration file for the gateway route; returns its path. Documents go to case.out.

    The limits of time leave a busy machine its time; a test that is about one of them sets its own.
    """
    folder = WORK / "pki"
    gateway = {"url": url, "ca_file": folder / "server-ca.pem", "client_cert": folder / "device.pem",
               "client_key": folder / "device.key", "connect_ms": 30000, "timeout_ms": 60000} | (pki or {})
    if deliveries is None:
        deliveries = [{"script": ROOT / "scripts/uketsuke_csv.lua", "folder": case.out},
                      {"script": ROOT / "scripts/kanja_xml.lua", "folder": case.out}]
    table = {"route": "gateway", "institution_code": "9919999999", "gateway": gateway,
             "card_timeout_ms": 60000, "deliveries": deliveries, "script": {"wall_ms": 60000},
             "log": {"file": case.folder / "shikaku.log", "level": "debug"}} | top
    path = case.folder / "shikaku.lua"
    path.write_text("return " + lua(table) + "\n", encoding="utf-8")
    return path


def console(case, *arguments, pin=PIN, timeout=180):
    """Runs the console host with the PIN on descriptor 0; returns the finished process."""
    return subprocess.run([*HOST, *map(str, arguments)], input=(pin + "\n").encode(),
                          capture_output=True, timeout=timeout,
                          env=os.environ | {"SHIKAKU_LIBRARY": str(LIBRARY), "NO_COLOR": "1"})


def check(case, config, *arguments, pin=PIN, timeout=180):
    """`shikaku check --json`: exit code and the final object."""
    done = console(case, "check", "--config", config, "--pin-fd", 0, "--json", *arguments, pin=pin,
                   timeout=timeout)
    case.assertIn(done.returncode, (0, 1, 3), done.stderr.decode())
    case.assertNotIn(b"AddressSanitizer", done.stderr)
    case.assertNotIn(b"runtime error", done.stderr)
    lines = done.stdout.decode().splitlines()
    case.assertTrue(lines, done.stderr.decode())
    return done.returncode, json.loads(lines[-1])


def avoid_midnight(seconds=120):
    """Files and deliveries are named by the day of Japan: one that ends in the middle of a test makes two of one."""
    left = 86400 - (time.time() + 9 * 3600) % 86400
    if left < seconds:
        time.sleep(left + 1)


class Folder:
    """Mixin: a fresh folder for each test, and the promise that nothing forbidden was touched."""

    def setUp(self):
        avoid_midnight()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="shikaku-e2e-"))
        self.out = self.folder / "out"
        self.out.mkdir()
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.addCleanup(self.nothing_forbidden)

    def nothing_forbidden(self):
        self.assertFalse((self.folder / "forbidden").exists(),
                         "the card was asked for the individual number or the signing objects")

    def delivered(self):
        return sorted(p.name for p in self.out.iterdir() if not p.name.startswith("."))
