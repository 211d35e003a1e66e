#!/usr/bin/python3
"""The zip for vendors: `package.py BUILD VERSION PACKER...` makes it twice with the packer and looks inside.

It holds what package.txt says and the DLL that the other tests ran; its checksums are right; nothing in it is
written in another way than Windows people need; and the same tree gives the same bytes.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/contract"))
import links  # noqa: E402

# Described for those who change Shikaku itself.
DOCS_WITHOUT = {"docs/architecture.md", "docs/conventions.md"}
PARTS = ("openssl", "curl", "jansson", "libarchive", "libxml2", "sqlite3", "zlib", "lua", "gcc-mingw-w64-",
         "mingw-w64-")


def tree():
    """Git's files; without git all that is there but what tools leave behind."""
    if (ROOT / ".git").exists():
        said = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                              capture_output=True, check=True).stdout
        return {name for name in said.decode().split("\0") if name and (ROOT / name).is_file()}
    return {p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def expected():
    names = set()
    ours = tree()
    for line in (HERE / "package.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line == "docs/*":
            names |= {n for n in ours if re.fullmatch(r"docs/[^/]+", n)} - DOCS_WITHOUT
        elif line.endswith("/"):
            names |= {n for n in ours if n.startswith(line) and not n.endswith("/.gitignore")}
        elif not line.startswith("examples/") or (ROOT / line).exists():
            names.add(line)
    return names


def list_problems(files):
    yield from (f"{n} is missing" for n in sorted(expected() - set(files)))
    yield from (f"{n} is not in package.txt" for n in sorted(set(files) - expected()))
    if len({n.lower() for n in files}) != len(files):
        yield "two names differ in capitals only"
    yield from (f"{n}: not a name for every zip program" for n in files if not n.isascii())


def content_problems(files, build):
    for name in files:
        here = ROOT / name
        if here.is_file() and files[name] != here.read_bytes():
            yield f"{name} is not as in the tree"
        if name.endswith(".txt") and not here.is_file() and re.search(rb"(?<!\r)\n", files[name]):
            yield f"{name} has line ends of another system"
        if re.search(r"\.(bas|cls|frm|vbp)$", name) and re.search(rb"(?<!\r)\n|[^\0-\x7F]", files[name]):
            yield f"{name}: VB6 reads only ASCII with Windows' line ends in every country"
    for name, built in (("shikaku.dll", "bin"), ("shikaku.exe", "bin"), ("lib/shikaku.dll.a", "lib"), ("lib/shikaku.lib", "lib")):
        if files.get(name) != (build / built / pathlib.Path(name).name).read_bytes():
            yield f"{name} is not the tested one"
        if any(os.fsencode(place) in files[name] for place in (ROOT, build, pathlib.Path.home() / ".cache")):
            yield f"{name} tells where it was built"


def text_problems(files, version):
    note = files["INSTALL.txt"].decode("utf-8-sig")
    if f"Shikaku (資格) {version} " not in note or re.search(r"@\w+@", note):
        yield "INSTALL.txt is not of this version"
    versions = files["versions.txt"].decode("utf-8-sig").splitlines()
    for part in PARTS:
        if not any(re.match(rf"{part}\S* \S+\d", line) for line in versions):
            yield f"versions.txt does not tell the version of {part}"
        if not any(n.startswith(f"licences/{part.split('-')[0]}") for n in files):
            yield f"no licence of {part}"


def sum_problems(folder, files):
    told = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder,
                          capture_output=True, text=True, check=False)
    if told.returncode != 0:
        yield f"SHA256SUMS: {told.stdout}{told.stderr}"
    named = {line.split("  ", 1)[1] for line in files["SHA256SUMS"].decode().splitlines()}
    if named != set(files) - {"SHA256SUMS"}:
        yield f"SHA256SUMS lists other files: {sorted(named ^ set(files))[:5]}"


def problems(folder, build, version, packer):
    machine = "x64" if "x86_64" in packer else "x86"
    top = f"shikaku-{version}-windows-{machine}"
    zips = [folder / one / f"{top}.zip" for one in ("a", "b")]
    for path in zips:
        path.parent.mkdir()
        subprocess.run([*packer, str(path)], check=True)
    if zips[0].read_bytes() != zips[1].read_bytes():
        yield "the same tree gives two packages"
    with zipfile.ZipFile(zips[0]) as package:
        if package.testzip():
            yield "the zip is broken"
        if any(not n.startswith(f"{top}/") for n in package.namelist()):
            yield f"something lies beside the folder {top}"
        package.extractall(folder)
        files = {n.removeprefix(f"{top}/"): package.read(n) for n in package.namelist()}
    yield from list_problems(files)
    yield from content_problems(files, build)
    yield from text_problems(files, version)
    yield from sum_problems(folder / top, files)
    yield from links.broken(folder / top)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        found = list(problems(pathlib.Path(folder), pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
    print("\n".join(found) if found else "the package is as it should be")
    sys.exit(1 if found else 0)


main()
