#!/usr/bin/python3
"""docs/third-party.md lists the libraries that the plugin links, with their licences.

`licences.py --write LIBRARY` makes it from the built library and the copyright files of the machine's
packages; `licences.py LIBRARY` compares what the library needs with what the page lists.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/third-party.md"
# What a needed library is called for people, its package, and the licence its own code is under.
KNOWN = {
    "libarchive.so": ("libarchive", "libarchive13", "BSD-2-clause", "BSD-2-Clause"),
    "libcurl.so": ("libcurl", "libcurl4", "curl", "MIT/X 系 (curl)"),
    "libcrypto.so": ("OpenSSL", "libssl3", "Apache-2.0", "Apache-2.0"),
    "libxml2.so": ("libxml2", "libxml2", "MIT-1", "MIT"),
    "libsqlite3.so": ("SQLite", "libsqlite3-0", "public-domain", "パブリックドメイン / public domain"),
    "libjansson.so": ("Jansson", "libjansson4", None, "MIT (Expat)"),
}
HEAD = """# 使っているソフトウェアとライセンス / Third-party licences

Shikaku's own code is under the MIT licence ([LICENSE](LICENSE)). It uses, and does not change:

| Software | How | Licence |
|---|---|---|
"""
FIXED = [
    "| Lua 5.4 | 静的に組み込み / static, inside the plugin | MIT |\n",
    "| ODBC (unixODBC, Windows) | 実行時に読み込み / loaded at run time, not linked | unixODBC: LGPL-2.1 |\n",
    "| PC/SC (pcsc-lite, WinSCard) | 実行時に読み込み / loaded at run time, not linked | pcsc-lite: BSD-3-Clause |\n",
    "| libpq (PostgreSQL) | 保存先がサーバーのときだけ実行時に読み込み / loaded at run time for a store on a server, not linked "
    "| PostgreSQL |\n",
]
TAIL = """
The C library of the system is not listed. For tests only, never shipped: pcscd, vsmartcard (vpcd), OpenSC,
cmocka, the PostgreSQL server, Python, python3-cryptography, Wine, tinyproxy, microsocks, dante and nghttpx from Debian; Node.js with the npm
packages fhir (ISC) and hl7v2 (MIT) and what they need (`tests/setup/npm`).
"""
SYSTEM = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "ld-linux", "libasan", "libubsan", "libtsan",
          "libgcc_s", "linux-vdso")


def needed(library):
    out = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"\(NEEDED\).*\[(.+?)\]", out)
    return [n for n in names if not n.startswith(SYSTEM)]


def row(name):
    key = name.split(".so")[0] + ".so"
    if key not in KNOWN:
        sys.exit(f"{name} is linked and has no row in licences.py")
    title, package, tag, licence = KNOWN[key]
    copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
    if tag and copyright_file.exists() and f"License: {tag}" not in copyright_file.read_text(errors="replace"):
        sys.exit(f"{package} no longer says it is under {tag}")
    return f"| {title} | 動的にリンク / linked dynamically (Linux) | {licence} |\n"


def main():
    library = sys.argv[-1]
    made = HEAD + "".join(sorted(row(n) for n in needed(library))) + "".join(FIXED) + TAIL
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != made:
        sys.exit("docs/third-party.md differs from what the library links; run licences.py --write LIBRARY")


main()
