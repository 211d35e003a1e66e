#!/usr/bin/python3
"""docs/adapters.md holds what is true: its adapter is examples/adapter/line.c, of at most 60 lines, and compiles and
runs as C and as C++, in the bounded call (the unit test TEST) and at a desk (the console host HOST); it names every
service and every setting of the http adapter: `adapter_doc.py CC TEST HOST [FLAGS]`.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC, TEST, HOST, FLAGS = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
LONGEST = 60
COMPILERS = ([CC, "-std=c99"], [CC, "-std=c11"], ["g++", "-x", "c++", "-std=c++11"], ["g++", "-x", "c++", "-std=c++20"])

page = (ROOT / "docs/adapters.md").read_text(encoding="utf-8")
header = (ROOT / "include/shikaku/adapter.h").read_text(encoding="utf-8")
source = ROOT / "examples/adapter/line.c"


def complain(words):
    sys.exit(f"adapter_page: {words}")


def check_code():
    blocks = re.findall(r"^```c\n(.*?)^```", page, flags=re.M | re.S)
    text = source.read_text(encoding="utf-8")
    if text not in blocks:
        complain("the adapter in docs/adapters.md is not examples/adapter/line.c")
    if text.count("\n") > LONGEST:
        complain(f"examples/adapter/line.c has more than {LONGEST} lines")


def check_names(kind, names):
    missing = [name for name in names if f"`{name}`" not in page]
    if missing or not names:
        complain(f"{kind} missing in docs/adapters.md: {', '.join(missing)}")


def check_tables():
    table = re.search(r"typedef struct shk_services \{(.*?)\} shk_services;", header, flags=re.S).group(1)
    check_names("services", re.findall(r"\(SHK_CALL \*(\w+)\)", table))
    settings = (ROOT / "host-adapters/http_settings.c").read_text(encoding="utf-8")
    names = re.search(r"names\[KEYS\] = \{(.*?)\}", settings, flags=re.S).group(1)
    check_names("settings of http", re.findall(r'"(\w+)"', names))


def run(compiler, folder):
    command = [*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", *FLAGS, "-I", ROOT / "include", "-shared", "-fPIC",
               "-o", folder / "line.so", source]
    built = subprocess.run([str(part) for part in command], text=True, capture_output=True)
    if built.returncode != 0:
        complain(built.stderr)
    ran = subprocess.run([TEST], text=True, capture_output=True, env=os.environ | {"ADAPTER_EXAMPLE": str(folder)})
    if ran.returncode != 0:
        complain(f"{' '.join(compiler)}: {ran.stdout}{ran.stderr}")


def check_at_desk(folder):
    """The demo patient twice: the second time the answer was delivered already."""
    (folder / "settings.lua").write_text(f"""return {{ route = "demo", card = "demo",
  demo = {{ folder = "{ROOT}/tests/data/demo" }}, adapters = {{ folder = "{folder}" }},
  deliveries = {{ {{ pack = "{ROOT}/scripts/generic-csv", adapter = "module:line",
                   options = "path={folder}/rows.txt" }} }} }}\n""")
    for _ in range(2):
        done = subprocess.run([HOST, "check", "--config", folder / "settings.lua", "--pin-fd", "0"], input="1234\n", text=True,
                              capture_output=True, timeout=90)
        if done.returncode != 0:
            complain(f"at the desk: {done.stdout}{done.stderr}")
    rows = (folder / "rows.txt").read_bytes().splitlines()
    if len(rows) != 1 or not re.match(rb"[0-9a-f-]{36} 2026/", rows[0]):
        complain(f"at the desk: {len(rows)} rows")


check_code()
check_tables()
for one in COMPILERS:
    with tempfile.TemporaryDirectory() as made:
        run(one, pathlib.Path(made))
        check_at_desk(pathlib.Path(made))
