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
    "libssl.so": ("OpenSSL", "libssl3", "Apache-2.0", "Apache-2.0"),
    "libxml2.so": ("libxml2", "libxml2", "MIT-1", "MIT"),
    "libsqlite3.so": ("SQLite", "libsqlite3-0", "public-domain", "パブリックドメイン / public domain"),
    "libjansson.so": ("Jansson", "libjansson4", None, "MIT (Expat)"),
}
HEAD = """# 使っているソフトウェアとライセンス / Third-party licences

Shikaku's own code is under the MIT licence ([LICENSE](LICENSE)). It uses:

| Software | How | Licence |
|---|---|---|
"""
LINKED = "Linux は動的にリンク、Windows は DLL の中 / linked dynamically (Linux), inside the DLL (Windows)"
LATE = "Linux は使うときに読み込み、Windows は DLL の中 / loaded when it is first needed (Linux), inside the DLL (Windows)"
FIXED = [
    "| Lua 5.4 | 静的に組み込み / static, inside the plugin | MIT |\n",
    "| MinGW-w64 | DLL の中 / inside the DLL (Windows) | ZPL-2.1、パブリックドメインなど / and others |\n",
    "| libgcc | DLL の中 / inside the DLL (Windows) | GPL-3.0 with the GCC Runtime Library Exception |\n",
    "| zlib | DLL の中 / inside the DLL (Windows) | Zlib |\n",
    "| ODBC (unixODBC, Windows) | 実行時に読み込み / loaded at run time, not linked | unixODBC: LGPL-2.1 |\n",
    "| PC/SC (pcsc-lite, WinSCard) | 実行時に読み込み / loaded at run time, not linked | pcsc-lite: BSD-3-Clause |\n",
    "| libpq (PostgreSQL) | 保存先がサーバーのときだけ実行時に読み込み / loaded at run time for a store on a server, not linked "
    "| PostgreSQL |\n",
]
TAIL = """
`shikaku.dll` を配る会社がすること:zip の `licences/` を一緒に渡します。ほかの義務(ソースの公開など)はありません。libgcc の GPL は、
GCC Runtime Library Exception により、それを含む DLL にも、DLL を使うソフトにも及びません。手を加えているのは作り方だけです:要らない機能を
除き、OpenSSL からは読み込まれたときに動く初期化を外しています。

A vendor who ships `shikaku.dll` gives the folder `licences/` of the zip on with it; nothing more is asked, no source either. The GPL of libgcc
reaches neither the DLL that holds it nor the programs that use the DLL: that is what the GCC Runtime Library Exception says. What is inside the
DLL is built without what nobody needs, and OpenSSL without the initialiser that would run while the DLL is loaded.

The C library of the system is not listed. The zip for Windows has the full texts of all that is inside the DLL in
`licences/`, and their versions in `versions.txt`. For tests only, never shipped: pcscd, vsmartcard (vpcd), OpenSC,
cmocka, the PostgreSQL server, Python, python3-cryptography, Wine, tinyproxy, microsocks, dante and nghttpx from Debian; Node.js with the npm
packages fhir (ISC) and hl7v2 (MIT) and what they need (`tests/setup/npm`). The sample hosts of `examples/` run on Mono, Java, Node.js, Python,
Free Pascal and GnuCOBOL. Two of them use a library that a vendor fetches himself: Java JNA (Apache-2.0 or LGPL-2.1 or later, at one's choice),
Node.js the npm package koffi (MIT).
"""
SYSTEM = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "ld-linux", "libasan", "libubsan", "libtsan",
          "libgcc_s", "linux-vdso")


def needed(library):
    out = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"\(NEEDED\).*\[(.+?)\]", out)
    return [n for n in names if not n.startswith(SYSTEM)]


def late(library):
    """Those that it loads when it needs them stand in it as the names that they are loaded by (plugin/late)."""
    names = re.findall(rb"\0(lib[\w-]+\.so\.\d+)(?=\0)", pathlib.Path(library).read_bytes())
    linked = needed(library)
    known = (n.decode() for n in names)
    return {n for n in known if n.split(".so")[0] + ".so" in KNOWN and n not in linked}


def row(name, how):
    key = name.split(".so")[0] + ".so"
    if key not in KNOWN:
        sys.exit(f"{name} is linked and has no row in licences.py")
    title, package, tag, licence = KNOWN[key]
    copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
    if tag and copyright_file.exists() and f"License: {tag}" not in copyright_file.read_text(errors="replace"):
        sys.exit(f"{package} no longer says it is under {tag}")
    return f"| {title} | {how} | {licence} |\n"


def main():
    library = sys.argv[-1]
    rows = {row(n, LINKED) for n in needed(library)} | {row(n, LATE) for n in late(library)}
    made = HEAD + "".join(sorted(rows)) + "".join(FIXED) + TAIL
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != made:
        sys.exit("docs/third-party.md differs from what the library links; run licences.py --write LIBRARY")


main()
