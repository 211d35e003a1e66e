#!/usr/bin/python3
"""The C of README.md and docs/host.md compiles, and README's program runs: `doc_code.py CC LIBRARY [FLAGS]`.

README's program is run with the demo card and the demo route, in a folder of its own.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC, FLAGS = sys.argv[1], sys.argv[3:]
LIBRARY = pathlib.Path(sys.argv[2]).resolve()


def blocks(page):
    return re.findall(r"^```c\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)


def compile_c(source, *arguments):
    command = [CC, "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include", *FLAGS, "-x", "c", "-",
               *arguments]
    done = subprocess.run([str(c) for c in command], input=source, text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(done.stderr)


def run_readme(source, folder):
    (folder / "shikaku.lua").write_text(
        f'return {{ route = "demo", card = "demo", demo = {{ folder = "{ROOT}/tests/data/demo" }} }}\n')
    program = folder / "program"
    compile_c(source, "-o", program, "-x", "none", LIBRARY, f"-Wl,-rpath,{LIBRARY.parent}")
    done = subprocess.run([str(program)], cwd=folder, text=True, capture_output=True, timeout=30,
                          env=os.environ | {"LC_ALL": "C.UTF-8"})
    if done.returncode != 0 or "資格あり: 見本　太郎" not in done.stdout:
        sys.exit(f"README's program said {done.returncode} {done.stdout!r} {done.stderr!r}")


def main():
    host, readme = blocks("docs/host.md"), blocks("README.md")
    if len(host) != 1 or len(readme) != 1:
        sys.exit("one C example on each page is expected")
    compile_c(host[0], "-fsyntax-only")
    lines = len([l for l in readme[0].splitlines() if l.strip()])
    if lines > 22:
        sys.exit(f"README promises 20 lines; they are {lines}")
    with tempfile.TemporaryDirectory() as folder:
        run_readme(readme[0], pathlib.Path(folder))


main()
