#!/usr/bin/python3
"""bulk_table.py PEOPLE ROUNDS [MOST]: a bulk result to CP932 CSV through a script, beside what others need for it,
and how it grows with the number of persons (MOST at most)."""
import filecmp
import pathlib
import sys
import tempfile

from measure import BUILD, ROOT, Run, in_turn, median, paired, row, save, said

BENCH = ROOT / "tests/bench"
# xsltproc holds the whole document in memory; it is one reference among three and run as seldom as may be.
SELDOM = 2


def answer(folder, people):
    path = folder / f"bulk-{people}.xml"
    said(["/usr/bin/python3", BENCH / "bulk_answer.py", people, path])
    return path


def ours(source, out, script="bulk_csv.lua"):
    return Run([BUILD / "bin/shikaku", "map", "--quiet", "--script", BENCH / script, source, "--out", out, "--force"])


def alone(source):
    """Seconds of reading and mapping in one thread, without a session and a host."""
    for line in said([BUILD / "bin/mapping_bulk", BENCH / "bulk_csv.lua", source]).splitlines():
        if line.startswith("bulk answer"):
            people = int(line.split()[2])
        elif line.startswith("reading and mapping"):
            return float(line.split()[3]) * people / 1e6
    sys.exit("mapping_bulk said nothing")


def floor(source):
    return Run(["xmllint", "--stream", "--noout", source])


def same(out, peer, name):
    if not filecmp.cmp(out, peer, shallow=False):
        sys.exit(f"{name} wrote another table")


def peers(folder, source, rounds):
    out = {name: folder / name for name in ("ours", "forty", "lxml", "xsltproc")}
    seen = in_turn({
        "floor": lambda: floor(source),
        "ours": lambda: ours(source, out["ours"]),
        "forty": lambda: ours(source, out["forty"], "forty_columns.lua"),
        "alone": lambda: alone(source),
        "lxml": lambda: Run(["/usr/bin/python3", BENCH / "bulk_peer.py", source, out["lxml"]]),
    }, rounds)
    seen |= in_turn({"xsltproc": lambda: Run(["xsltproc", "--huge", BENCH / "bulk_peer.xsl", source],
                                             keep=out["xsltproc"])}, min(rounds, SELDOM))
    same(out["ours"], out["lxml"], "lxml")
    same(out["ours"], out["xsltproc"], "xsltproc")
    return seen


def growth(folder, most, rounds):
    lines = []
    people = 1
    while people <= most:
        source = answer(folder, people)
        seen = in_turn({"floor": lambda: floor(source), "ours": lambda: ours(source, folder / "out")},
                       rounds if people <= 1000 else 1)
        lines.append({"people": people, "bytes": source.stat().st_size,
                      **{f"{name}_{what}": median([getattr(r, what) for r in runs])
                         for name, runs in seen.items() for what in ("wall", "peak")}})
        source.unlink()
        people *= 10
    return lines


def table(people, size, seen):
    inside = seen.pop("alone")
    wall = {name: median([r.wall for r in runs]) for name, runs in seen.items()}
    peak = {name: max(r.peak for r in runs) / 1000 for name, runs in seen.items()}
    ratio = paired([r.wall for r in seen["ours"]], [r.wall for r in seen["floor"]])
    wide = paired([r.wall for r in seen["forty"]], [r.wall for r in seen["floor"]])
    words = ", ".join(f"{name} {wall[name]:.2f} s and {peak[name]:.0f} MB" for name in ("xsltproc", "lxml"))
    title = f"bulk result of {people:,} persons ({size / 1e6:.0f} MB) to CSV"
    return [
        row(f"{title}, 12 columns", f"{wall['ours']:.2f} s",
            f"`xmllint --stream` {wall['floor']:.2f} s; {words}", "≤ 2 × the floor", ratio, 2),
        row(f"{title}, 40 columns", f"{wall['forty']:.2f} s", f"`xmllint --stream` {wall['floor']:.2f} s",
            "(shown)", wide, None),
        row(f"{title}, 12 columns, without a session and a host", f"{median(inside):.2f} s",
            f"`xmllint --stream` {wall['floor']:.2f} s", "(shown)", paired(inside, [r.wall for r in seen["floor"]]), None),
        row(f"{title}: memory", f"{peak['ours']:.1f} MB", f"`xmllint --stream` {peak['floor']:.1f} MB", "≤ 32 MB",
            peak["ours"], 32)]


def main():
    people, rounds = int(sys.argv[1]), int(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else people
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-") as name:
        folder = pathlib.Path(name)
        source = answer(folder, people)
        size = source.stat().st_size
        seen = peers(folder, source, rounds)
        source.unlink()
        lines = growth(folder, most, rounds)
    save("bulk", table(people, size, seen), growth=lines,
         runs={name: [vars(r) | {"errors": ""} for r in runs] for name, runs in seen.items()})


if __name__ == "__main__":
    main()
