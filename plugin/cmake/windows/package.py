#!/usr/bin/python3
"""Makes the zip that a vendor ships, from a build of the preset win64 or win32: what CMake's target `package` calls.

The same tree gives the same bytes. Files of the tree go in as they are; the texts that are made here have
Windows' line ends.
"""
import argparse
import hashlib
import pathlib
import re
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent
# Whole folders of the tree, as far as they are there.
FOLDERS = ("include", "scripts", "examples/c", "examples/cpp", "examples/csharp", "examples/vb6", "examples/pascal",
           "examples/cobol", "examples/python", "examples/java", "examples/node", "examples/reception", "examples/config",
           "examples/adapter")
FILES = ("examples/README.md", "examples/hello.c", "examples/transcript.txt")
# For those who change Shikaku itself, or for Linux.
DOCS_WITHOUT = {"architecture.md", "conventions.md"}
LEFT_BEHIND = {"__pycache__", "node_modules", "build", "target", "bin", "obj", ".gitignore", "CMakeLists.txt"}


def windows_text(text):
    """UTF-8 with its mark, for every editor of Windows."""
    return b"\xef\xbb\xbf" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def tree(folder):
    for path in sorted((ROOT / folder).rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not LEFT_BEHIND.intersection(parts):
            yield "/".join(parts), path.read_bytes()


def tree_files():
    for folder in FOLDERS:
        yield from tree(folder)
    for name in FILES:
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_bytes()
    for path in sorted((ROOT / "docs").iterdir()):
        if path.is_file() and path.name not in DOCS_WITHOUT:
            yield f"docs/{path.name}", path.read_bytes()


def built_files(build):
    for name in ("shikaku.dll", "shikaku.exe"):
        yield name, (build / "bin" / name).read_bytes()
    for name in ("shikaku.dll.a", "shikaku.lib"):
        yield f"lib/{name}", (build / "lib" / name).read_bytes()
    yield "lib/shikaku.def", (ROOT / "plugin/shikaku.def").read_bytes()


def licences(parts, lua):
    """Of ours, of the parts, and of what the compiler puts into every DLL."""
    sources = {"shikaku/LICENSE": ROOT / "docs/LICENSE",
               "mingw-w64/debian-copyright": pathlib.Path("/usr/share/doc/mingw-w64-common/copyright"),
               "gcc/debian-copyright": pathlib.Path("/usr/share/doc/gcc-mingw-w64-base/copyright"),
               "gcc/GPL-3": pathlib.Path("/usr/share/common-licenses/GPL-3")}
    for name in ("readme.html", "copyright"):
        if (lua / name).is_file():
            sources[f"lua/{name}"] = lua / name
    if not any(name.startswith("lua/") for name in sources):
        sys.exit(f"{lua} holds no licence of Lua (readme.html)")
    for path in sorted((parts / "licences").rglob("*")):
        if path.is_file():
            name = path.relative_to(parts / "licences").as_posix()
            # Windows takes two names that differ in capitals for one.
            sources[name.replace("/copyright.txt", "/debian-copyright")] = path
    for name, path in sorted(sources.items()):
        if path.suffix == ".html":
            yield f"licences/{name}", path.read_bytes()
        else:
            text = path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
            yield f"licences/{name.removesuffix('.txt').removesuffix('.md')}.txt", windows_text(text)


def versions(parts, lua, machine):
    """Debian's source packages, and those of the compiler, which puts its run-time into the DLL."""
    release = dict(re.findall(r'#define LUA_VERSION_(MAJOR|MINOR|RELEASE)\s+"(\d+)"', (lua / "lua.h").read_text()))
    lines = (parts / "versions").read_text().split("\n")[:-1]
    lines.append(f"lua {release['MAJOR']}.{release['MINOR']}.{release['RELEASE']}")
    package = machine.replace("_", "-")
    for name in (f"gcc-mingw-w64-{package}-win32", f"mingw-w64-{package}-dev"):
        asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True,
                               check=True)
        lines.append(f"{name} {asked.stdout}")
    return "".join(f"{line}\n" for line in sorted(lines))


def install_note(version, machine):
    text = (HERE / "INSTALL.txt.in").read_text(encoding="utf-8")
    values = {"VERSION": version, "ARCH": {"x86_64": "x64", "i686": "x86"}[machine],
              "BITS": {"x86_64": "64", "i686": "32"}[machine]}
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def sums(files):
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def write(out, top, files):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{top}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            entry.external_attr = 0x20
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, data)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("machine", "version", "build", "parts", "lua", "out"):
        options.add_argument(f"--{name}", required=True, type=str if name in ("machine", "version") else pathlib.Path)
    o = options.parse_args()
    files = {**dict(tree_files()), **dict(built_files(o.build)), **dict(licences(o.parts, o.lua)),
             "versions.txt": windows_text(versions(o.parts, o.lua, o.machine)),
             "INSTALL.txt": windows_text(install_note(o.version, o.machine))}
    files["SHA256SUMS"] = sums(files)
    write(o.out, o.out.name.removesuffix(".zip"), files)


main()
