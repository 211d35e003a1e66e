"""What the tests of `map` and `pack` share: small packs of their own, answers, and the host on a terminal."""
import json
import os
import pty
import select
import subprocess
import time

import stack
from test_import import BULK, PERSON

ENVIRONMENT = os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"}
DATA = stack.ROOT / "tests/data/oqs"

PACK = """return {
  pack = 1, id = "mihon-e2e", version = "1.0.0", name = "見本パック", name_en = "Sample pack",
  vendor = "見本ソフト", host = "見本レセコン", host_versions = { "5.0", "5.1" },
  contract = 1, format = "csv", encoding = "cp932", adapter = "folder",
  uses = { "insurer_number", "name", "name_kana", "elderly" },
}
"""
MAPPING = """return {
  contract = 1, id = "mihon-e2e", format = "csv", encoding = "cp932", header = true, file = "mihon.csv",
  unmappable = "geta", substitute = { ["𠮷"] = "吉" },
  fields = {
    { to = "氏名", from = "name", required = true, max_bytes = 20 },
    { to = "カナ", from = "name_kana", as = "kana_half" },
    { to = "保険者番号", from = "insurer_number" },
    { to = "区分", value = "1" },
    { to = "長さ", with = function(_, rec) return #rec.name end },
  },
}
"""
HEADING = "氏名,カナ,保険者番号,区分,長さ\r\n".encode("cp932")
XML = """return {
  contract = 1, id = "mihon-xml", format = "xml", encoding = "utf-8", root = "Patient", file = "kanja.xml",
  fields = { { to = "Name", from = "name", required = true }, { to = "Insurer", from = "insurer_number" } },
}
"""
JIRO = "見本　次郎,ﾐﾎﾝ ｼﾞﾛｳ,{},1,15\r\n"


def row(insurer="06990014"):
    return JIRO.format(insurer).encode("cp932")


def person(name="見本　次郎", kana="ミホン　ジロウ", **more):
    """One person of a bulk result; a name of "" is a person who cannot be mapped."""
    return (PERSON.format(n=more.get("n", 1), validity=1).replace("見本　次郎", name)
            .replace("</Name>", f"</Name><NameKana>{kana}</NameKana>")
            .replace("06990014", more.get("insurer", "06990014")))


class Case(stack.Folder):
    def run_host(self, *arguments, given=b"", **options):
        done = subprocess.run([*stack.HOST, *map(str, arguments)], input=given, capture_output=True, timeout=120,
                              env=ENVIRONMENT, **options)
        self.assertNotIn(b"AddressSanitizer", done.stderr)
        self.assertNotIn(b"runtime error", done.stderr)
        return done

    def told(self, *arguments, **options):
        """Exit code and the one object of --json."""
        done = self.run_host(*arguments, "--json", **options)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(len(lines), 1, (done.stdout, done.stderr))
        return done.returncode, json.loads(lines[0])

    def write(self, name, text, encoding="utf-8"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    def pack(self, name="packs/mihon-e2e", pack=PACK, mapping=MAPPING):
        self.write(f"{name}/pack.lua", pack)
        self.write(f"{name}/mapping.lua", mapping)
        self.sample(name, "jiro", person(), HEADING + row())
        return self.folder / name

    def sample(self, pack, name, people, expected):
        self.write(f"{pack}/samples/{name}.xml", BULK.format(people))
        self.write(f"{pack}/samples/{name}.expected", expected)

    def bulk(self, *people, name="bulk.xml"):
        return self.write(name, BULK.format("".join(people)))

    def on_a_terminal(self, arguments, both=False, environment=()):
        """Exit code, what a terminal shows of the errors (or, if both, of all), and the standard output."""
        terminal, inner = pty.openpty()
        variables = {k: v for k, v in ENVIRONMENT.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | dict(environment)
        process = subprocess.Popen([*stack.HOST, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=inner,
                                   stdout=inner if both else subprocess.PIPE, env=variables)
        os.close(inner)
        self.addCleanup(os.close, terminal)
        shown = read_terminal(terminal)
        output = b"" if both else process.stdout.read()
        if not both:
            process.stdout.close()
        return process.wait(timeout=60), shown.decode(), output


def read_terminal(terminal, seconds=60):
    shown, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # nobody holds the other end any more
            break
        if not piece:
            break
        shown += piece
    return shown
