"""The sample hosts of examples/ at work: each is built, checks one card, and says what examples/transcript.txt says.

    python3 tests/callers/callers.py LANGUAGE... [options]

What is built is built first; then it starts itself again beside a private pcscd, where there is no network but that of the
machine itself, unless it is beside one already. The environment and the options are in README.md beside this file.
"""
import argparse
import contextlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WITH_PCSCD = "SHIKAKU_STACK_DIR" in os.environ
if WITH_PCSCD:
    sys.path.insert(0, str(HERE.parent / "e2e"))
    from stack import WORK, Card, Gateway, make_once, profile

WRONG, PIN = "0000", "7392"
TRANSCRIPT = ROOT / "examples/transcript.txt"
SECONDS = 120
# The prompts that a host may write to standard error: they name the thing in both languages.
PROMPT = re.compile("(?=.*暗証番号)(?=.*PIN)")


class Differs(Exception):
    """What a host did otherwise than it should, line by line."""


def expect(condition, *words):
    if not condition:
        raise Differs(*words)


class Host:
    """OUT/run, with its output as it comes."""

    def __init__(self, command, environment, show):
        self.show = show
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment)
        self.said = {"out": b"", "err": b""}
        self.readers = [threading.Thread(target=self.read, args=(name, stream), daemon=True)
                        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))]
        for reader in self.readers:
            reader.start()

    def read(self, name, stream):
        while piece := stream.read1(65536):
            self.said[name] += piece
            if self.show:
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()

    def type(self, line):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()

    def until(self, line):
        end = time.monotonic() + SECONDS
        while line.encode() + b"\n" not in self.said["out"]:
            expect(self.process.poll() is None and time.monotonic() < end,
                   f"no line “{line}”; is standard output flushed after each event?", *self.words())
            time.sleep(0.02)

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            code = self.process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Differs("the host did not end", *self.words()) from None
        for reader in self.readers:
            reader.join(timeout=SECONDS)
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def words(self):
        return [f"--- {name} ---\n{said.decode(errors='backslashreplace')}" for name, said in self.said.items()]


class Desk:
    """A folder as a clinic has one, and the host that works in it."""

    def __init__(self, case, options, out):
        # The path of the configuration has characters of its own to come through every language's strings.
        self.folder = case.folder / "受付"
        self.config = self.folder / "shikaku.lua"
        self.show = options.show
        self.command = [*shlex.split(options.under), str(out / "run")]
        self.environment = os.environ | {"LC_ALL": "C.UTF-8"}
        if library := os.environ.get("SHIKAKU_LIB"):
            self.environment["LD_LIBRARY_PATH"] = library
        self.case = case

    def furnish(self, url):
        shutil.copytree(ROOT / "examples/reception", self.folder)
        shutil.copytree(WORK / "pki", self.folder / "pki")
        (self.folder / "out").mkdir()
        text = self.config.read_text(encoding="utf-8")
        expect("https://localhost:8443" in text, "examples/reception/shikaku.lua names another gateway")
        # Every host says what it speaks: the file may be there for another program, too.
        text = text.replace("https://localhost:8443", url).replace("return {", 'return {\n  text_encoding = "cp932",', 1)
        self.config.write_text(text, encoding="utf-8")

    def start(self, *arguments):
        host = Host([*self.command, *map(str, arguments)], self.environment, self.show)
        self.case.addCleanup(host.kill)
        return host


def said_as(host, expected, code):
    """The host's whole output and its exit code; standard error has prompts alone."""
    got = host.end()
    out = host.said["out"]
    if out != expected:
        lines = zip([*out.splitlines(True), b"(end)"], [*expected.splitlines(True), b"(end)"])
        at, pair = next((n, p) for n, p in enumerate(lines, 1) if p[0] != p[1])
        raise Differs(f"line {at} is {pair[0]!r}", f"     and not {pair[1]!r}", *host.words())
    expect(got == code, f"exit code {got} and not {code}", *host.words())
    for line in host.said["err"].decode().splitlines():
        expect(not line.strip() or PROMPT.match(line), f"on standard error: {line}")
        expect(WRONG not in line and PIN not in line, "a PIN is on standard error")


def one_reception(desk, card):
    """A wrong PIN, then the right one. The card comes when the host says that it waits."""
    host = desk.start(desk.config)
    host.until("event WAITING")
    card.place()
    for pin in (WRONG, PIN):
        host.type(pin)
    said_as(host, TRANSCRIPT.read_bytes(), 0)
    asked = [a for a in card.verifies() if a["header"] == "00200098"]
    expect(len(card.verifies()) == len(asked) == 2, f"{len(card.verifies())} VERIFY with digits and not 2")
    lies = [p.name for p in (desk.folder / "out").iterdir() if not p.name.startswith(".")]
    expect(lies == ["patient.xml"], f"delivered: {lies}")


def last_try(desk, card):
    """The try that could block the card is left to a person's word, which the sample hosts do not ask for."""
    host = desk.start(desk.config)
    host.until("event WAITING")
    card.place()
    host.type(PIN)
    code = host.end()
    expect(b"event PIN tries_left 1\n" in host.said["out"], "the last try is not told", *host.words())
    expect(not card.verifies(), "the last try was spent")
    expect(code == 3 and b"event FAULT CANCELLED -1020\n" in host.said["out"] and host.said["err"],
           f"exit code {code} after the last try; a word on standard error, a cancel and 3 are due", *host.words())


def no_configuration(desk):
    """A fault of the open itself has its words, too."""
    host = desk.start(desk.folder / "no-such.lua")
    code, lines = host.end(), host.said["out"].decode().splitlines()
    expect(code == 3, f"exit code {code} and not 3 without a configuration", *host.words())
    expect(lines[:2] == ["abi 1", "fault CONFIG_FILE -1010"] and len(lines) == 4, "a failed open", *host.words())
    expect(lines[2].startswith("  ") and lines[2].endswith("。"), "no Japanese sentence", *host.words())
    expect(lines[3].startswith("  ") and lines[3].endswith("."), "no English sentence", *host.words())


def no_arguments(desk):
    host = desk.start()
    code = host.end()
    expect(code == 2 and host.said["out"] == b"" and host.said["err"], f"exit code {code} without arguments and not 2",
           *host.words())


def build(language, out):
    made = subprocess.run(["sh", str(HERE / f"build-{language}.sh"), str(out)], capture_output=True, text=True, check=False)
    expect(made.returncode == 0, f"examples/{language} was not built", made.stdout, made.stderr)


def try_language(language, options):
    with contextlib.ExitStack() as stack:
        base = stack.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-caller-", dir=options.work))
        case = types.SimpleNamespace(folder=pathlib.Path(base), addCleanup=stack.callback)
        make_once()
        card, tired = Card(case, profile(1)), Card(case, profile(1, tag="-last-try", pin_tries=1))
        gateway = Gateway(case)
        desk = Desk(case, options, options.out / language)
        desk.furnish(gateway.url)
        one_reception(desk, card)
        if options.show:
            return
        no_arguments(desk)
        no_configuration(desk)
        card.remove()
        last_try(desk, tired)
        expect(not card.marker.exists(), "the card was asked for what must not be asked for")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("languages", nargs="+")
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path(os.environ["SHIKAKU_BUILD"]) / "callers",
                           help="folder for what is built, one folder a language (callers in SHIKAKU_BUILD)")
    arguments.add_argument("--work", type=pathlib.Path, help="folder for the clinic's folders, such as one that a root sees")
    arguments.add_argument("--under", default="", help="words before OUT/run")
    arguments.add_argument("--show", action="store_true", help="one reception alone, seen as it goes")
    arguments.add_argument("--no-build", action="store_true", help="OUT/LANGUAGE/run is there already")
    options = arguments.parse_args()
    failed = False
    for language in options.languages:
        try:
            if not options.no_build:
                build(language, options.out / language)
            if WITH_PCSCD:
                try_language(language, options)
                print(f"{language}: as in {TRANSCRIPT.name}")
        except Differs as why:
            failed = True
            print(f"{language}:", *why.args, sep="\n  ")
    if not WITH_PCSCD and not failed:
        stack = ["sh", str(HERE.parent / "stack/with-pcscd.sh"), "--"]
        os.execvp("sh", [*stack, sys.executable, "-B", *sys.argv, "--no-build"])
    sys.exit(failed)


main()
