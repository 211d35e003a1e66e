"""A reception desk under Wine: a folder as a clinic has one, the readers of the test winscard.dll, the gateway
simulator, and the programs that run there. From the environment: SHIKAKU_BUILD, the folder of the build for Windows, and
SHIKAKU_MACHINE, x86_64 or i686."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import stack  # noqa: E402

MACHINE = os.environ["SHIKAKU_MACHINE"]
BIN = stack.BUILD / "bin"
DLL = BIN / "shikaku.dll"
READERS = ("Sony FeliCa Port/PaSoRi 4.0 0", "ACS ACR39U ICC Reader 0")
# A processor that has to be imitated takes its time.
SECONDS = 240


def windows(path):
    """As a program for Windows names a file of this machine."""
    return "Z:" + str(path).replace("/", "\\")


class Running:
    """A program under Wine, with its output as it comes."""

    def __init__(self, case, program, *arguments, folder=None, **environment):
        environment = {"SHIKAKU_WINE_SYSTEM32": str(stack.BUILD / "system32"),
                       "SHIKAKU_WINSCARD": windows(case.service)} | environment
        self.process = subprocess.Popen(
            ["sh", str(HERE / "wine.sh"), MACHINE, str(program), *map(str, arguments)], cwd=folder or case.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | environment)
        self.said, self.complaints = b"", b""
        self.readers = [threading.Thread(target=self.read, daemon=True),
                        threading.Thread(target=self.read_complaints, daemon=True)]
        for reader in self.readers:
            reader.start()
        case.addCleanup(self.kill)
        self.case = case

    def read(self):
        while piece := self.process.stdout.read1(65536):
            self.said += piece

    def read_complaints(self):
        self.complaints = self.process.stderr.read()

    def type(self, *lines):
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def until(self, line):
        end = time.monotonic() + SECONDS
        while f"{line}\n".encode() not in self.said:
            self.case.assertTrue(self.process.poll() is None and time.monotonic() < end, self.words(f"no line {line}"))
            time.sleep(0.02)

    def end(self, code=0):
        """What it wrote, once it has ended with this exit code."""
        self.process.stdin.close()
        got = self.process.wait(timeout=SECONDS)
        for reader in self.readers:
            reader.join(timeout=60)
        self.case.assertEqual(got, code, self.words("exit code"))
        return self.said.decode()

    def words(self, why):
        return f"{why}\n{self.said.decode(errors='backslashreplace')}\n{self.complaints.decode(errors='backslashreplace')}"

    def kill(self):
        """With all of its Wine; unshare, which leads it, heeds nothing less."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


class Desk(unittest.TestCase):
    """Everything a program needs lies below a folder of its own in the build folder."""

    @classmethod
    def setUpClass(cls):
        stack.make_once()
        stack.profile(1)
        cls.url = stack.shared_gateway().url

    def setUp(self):
        stack.WORK.mkdir(parents=True, exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="desk-", dir=stack.WORK))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.service = self.folder / "service"
        self.service.mkdir()
        self.plug(*READERS)
        self.out = self.folder / "渡し先"
        self.out.mkdir()
        self.addCleanup(self.nothing_odd)

    def nothing_odd(self):
        """The card was not asked for what must not be asked for, and none was broken."""
        for name in ("forbidden", "service/error"):
            file = self.folder / name
            self.assertFalse(file.exists(), file.read_text() if file.exists() else "")

    def plug(self, *names):
        """All at once: nobody sees half a list."""
        coming = self.service / "readers-coming"
        coming.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        coming.replace(self.service / "readers")

    def card(self, person=1, *lines):
        """A card for `place`, with further lines in its profile and counters of its own."""
        made = stack.profile(person)
        lines = [f"state={windows(self.folder / 'counters')}", f"forbidden_marker={windows(self.folder / 'forbidden')}",
                 *lines]
        text = ""
        for line in made.read_text(encoding="utf-8").splitlines():
            key, _, value = (part.strip() for part in line.partition("="))
            if key.endswith(("_key", "_cert", "_ca")):
                line = f"{key} = Z:{(made.parent / value).resolve()}"
            text += line + "\n"
        card = self.folder / f"card-{time.monotonic_ns()}.profile"
        card.write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
        return card

    def place(self, card, reader=0):
        """All at once: a reader does not see half a card."""
        (self.service / "coming").write_text(f"Z:{card}", encoding="ascii")
        (self.service / "coming").replace(self.service / f"card-{reader}")

    def commands(self):
        """Of all cards: header and lc of each."""
        trace = self.service / "trace"
        lines = trace.read_text().splitlines() if trace.exists() else []
        return [(line.split()[1], line.split()[2]) for line in lines]

    def verifies(self):
        """VERIFY commands that carried a PIN."""
        return [header for header, lc in self.commands() if header.startswith("0020") and lc != "lc=-"]

    def configuration(self, **top):
        """Its path. The file lies in a folder whose name is no ASCII."""
        folder = self.folder / "設定"
        folder.mkdir(exist_ok=True)
        pki = stack.WORK / "pki"
        table = {"route": "gateway", "institution_code": "9919999999", "card_timeout_ms": 30000,
                 "gateway": {"url": self.url, "ca_file": windows(pki / "server-ca.pem"),
                             "client_cert": windows(pki / "device.pem"), "client_key": windows(pki / "device.key"),
                             "timeout_ms": 60000, "connect_ms": 30000},
                 "deliveries": [{"script": windows(stack.ROOT / "scripts/kanja_xml.lua"), "folder": windows(self.out)}],
                 "log": {"file": "shikaku.log", "level": "debug"}} | top
        path = folder / "shikaku.lua"
        path.write_text("return " + stack.lua(table) + "\n", encoding="utf-8")
        return path

    def host(self, verb, *arguments, config=None, program=None, **environment):
        """flow_host.exe; `arguments` as it explains them. A configuration that is a text is named as it stands."""
        config = config or self.configuration()
        return Running(self, program or BIN / "flow_host.exe", verb, windows(DLL),
                       config if isinstance(config, str) else windows(config), *arguments, **environment)

    def delivered(self, folder=None):
        return sorted(p.name for p in (folder or self.out).iterdir() if not p.name.startswith("."))


def values(said):
    """Lines `path value` of flow_host; of several the last counts."""
    return dict(line.split(" ", 1) for line in said.splitlines() if " " in line)
