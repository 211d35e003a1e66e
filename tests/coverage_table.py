#!/usr/bin/python3
"""What coverage.sh prints: the lines of plugin/ and host-adapters/ that ran, and every block that did not.

coverage_table.py BUILD [--write]

BUILD holds all.profdata and lib/libshikaku.so, whose objects all tests share. Writes BUILD/table.txt and
BUILD/uncovered.txt; with --write also the table in docs/evidence.md. Ends with 1 when less than 90 % of the lines ran
or when a block did not run and tests/coverage_known.txt does not say why.
"""
import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
AIM = 90.0
LINE = re.compile(r"^\s*(\d+)\|\s*([0-9.]+[kMGT]?)?\|(.*)$")
FUNCTION = re.compile(r"^[A-Za-z_].*?\*?([A-Za-z0-9_]+)\(.*[^;]$")

Block = collections.namedtuple("Block", "path function first lines")


def counted(build):
    """Yields (path, number, count or None, text) of every line of the library's own sources."""
    shown = subprocess.run(
        ["llvm-cov-14", "show", "-use-color=0", f"-instr-profile={build / 'all.profdata'}",
         str(build / "lib" / "libshikaku.so")], capture_output=True, text=True, check=True)
    path = None
    for line in shown.stdout.splitlines():
        found = LINE.match(line)
        if found and path:
            yield path, int(found[1]), found[2], found[3]
        elif line.endswith(":") and line.startswith("/"):
            name = pathlib.Path(line[:-1])
            path = name.relative_to(ROOT).as_posix() if name.is_relative_to(ROOT) else None
            path = path if path and path.startswith(("plugin/", "host-adapters/")) else None


def measure(build):
    """Lines and lines that ran of each file, and the blocks that did not run."""
    files, blocks = {}, []
    open_block, function, at = None, "-", None
    for path, number, count, text in counted(build):
        if path != at:
            at, open_block, function = path, None, "-"
        if text and not text[0].isspace() and (named := FUNCTION.match(text)):
            function = named[1]
        ran, lines = files.get(path, (0, 0))
        if count is None:
            open_block = None
            continue
        files[path] = (ran + (count != "0"), lines + 1)
        if count != "0":
            open_block = None
        elif open_block is None:
            open_block = Block(path, function, number, [text])
            blocks.append(open_block)
        else:
            open_block.lines.append(text)
    return files, blocks


def folder_of(path):
    return path.rsplit("/", 1)[0]


def percent(ran, lines):
    return 100.0 * ran / lines if lines else 100.0


def table(files):
    folders = collections.defaultdict(lambda: [0, 0])
    for path, (ran, lines) in files.items():
        for key in (folder_of(path), "whole"):
            folders[key][0] += ran
            folders[key][1] += lines
    yield "| Folder | Lines | Ran | % |"
    yield "|---|---:|---:|---:|"
    for key in sorted(folders, key=lambda k: (k == "whole", k)):
        ran, lines = folders[key]
        yield f"| {key if key == 'whole' else f'`{key}`'} | {lines} | {ran} | {percent(ran, lines):.1f} |"


def known():
    """(path, function) -> why a block there does not run."""
    reasons = {}
    for line in (ROOT / "tests" / "coverage_known.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            path, function, why = line.split(None, 2)
            reasons[path, function] = why
    return reasons


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    files, blocks = measure(build)
    reasons = known()
    lines = list(table(files))
    (build / "table.txt").write_text("\n".join(lines) + "\n\n" + "".join(
        f"{percent(*files[p]):6.1f} % of {files[p][1]:4} {p}\n" for p in sorted(files, key=lambda p: percent(*files[p]))))
    with (build / "uncovered.txt").open("w") as out:
        for b in blocks:
            out.write(f"{b.path}:{b.first} {b.function}: {reasons.get((b.path, b.function), 'NOT EXPLAINED')}\n")
            out.writelines(f"    {text}\n" for text in b.lines)
    print("\n".join(lines))
    unknown = [b for b in blocks if (b.path, b.function) not in reasons]
    print(f"{len(blocks)} blocks did not run, {len(unknown)} of them without an explanation ({build / 'uncovered.txt'})")
    if "--write" in sys.argv:
        page = ROOT / "docs" / "evidence.md"
        text = page.read_text()
        page.write_text(re.sub(r"(<!-- coverage: begin -->\n).*?(<!-- coverage: end -->)",
                               lambda m: m[1] + "\n".join(lines) + "\n" + m[2], text, flags=re.S))
    ran, whole = (sum(x) for x in zip(*files.values()))
    return 1 if unknown or percent(ran, whole) < AIM else 0


if __name__ == "__main__":
    sys.exit(main())
