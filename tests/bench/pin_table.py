#!/usr/bin/python3
"""pin_table.py ROUNDS: from the last digit of the PIN to the delivered document, over real pcscd, the virtual card
and the gateway on loopback, beside the sum of its parts measured alone; run by stack.sh."""
import contextlib
import pathlib
import sys
import tempfile

from measure import ROOT, BUILD, median, row, said, save

sys.path.insert(0, str(ROOT / "tests/e2e"))
import stack  # noqa: E402
from card_table import Place  # noqa: E402

SCRIPT = ROOT / "scripts/uketsuke_csv.lua"
PARTS = ("verify", "sign", "ask", "parse", "map", "write", "keep")


def run(place, folder, url, rounds, kept):
    data, alone = (folder / name for name in ("data", "alone"))
    for one in (data, alone):
        one.mkdir(exist_ok=True)
    config = stack.configuration(place, url, deliveries=[{"script": SCRIPT, "folder": place.out}],
                                 store={"folder": data} if kept else {"kind": "none"})
    return said([BUILD / "bin/pin_to_document", config, place.out, data if kept else "-", url, stack.WORK / "pki", SCRIPT,
                 folder / "alone.csv", alone if kept else "-", stack.PIN, rounds])


def measured(rounds):
    with contextlib.ExitStack() as exits:
        folder = pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-")))
        place = Place(folder, exits)
        stack.WORK.mkdir(parents=True, exist_ok=True)
        stack.make_once()
        gateway = stack.Gateway(place)
        stack.Card(place, stack.profile(1)).place().seen()
        return [run(place, folder, gateway.url, rounds, kept) for kept in (True, False)]


def line(words, text):
    seen = {}
    for said_line in text.splitlines():
        _, name, micros = said_line.split()
        seen.setdefault(name, []).append(float(micros) / 1000)
    sums = [sum(one) for one in zip(*(seen[name] for name in PARTS))]
    ratio = median([whole / total for whole, total in zip(seen["whole"], sums)])
    parts = ", ".join(f"{name} {median(seen[name]):.2f}" for name in PARTS if any(seen[name]))
    return row(words, f"{median(seen['whole']):.1f} ms", f"the parts alone {median(sums):.1f} ms ({parts})",
               "≤ 1.3 × the sum", ratio, 1.3), seen


def main():
    kept, bare = measured(int(sys.argv[1]))
    lines, seen = zip(line("last PIN digit to delivered document", kept),
                      line("the same without a store (`store.kind = \"none\"`)", bare))
    save("pin", list(lines), seen=list(seen))


if __name__ == "__main__":
    main()
