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
PARTS = ("verify", "sign", "ask", "parse", "map", "store")


def measured(rounds):
    with contextlib.ExitStack() as exits:
        folder = pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-")))
        place = Place(folder, exits)
        stack.WORK.mkdir(parents=True, exist_ok=True)
        stack.make_once()
        card = stack.profile(1)
        gateway = stack.Gateway(place)
        stack.Card(place, card).place().seen()
        config = stack.configuration(place, gateway.url,
                                     deliveries=[{"script": SCRIPT, "folder": place.out}])
        return said([BUILD / "bin/pin_to_document", config, place.out, gateway.url, stack.WORK / "pki", SCRIPT,
                     folder / "alone.csv", stack.PIN, rounds])


def main():
    rounds = int(sys.argv[1])
    seen = {}
    for line in measured(rounds).splitlines():
        _, name, micros = line.split()
        seen.setdefault(name, []).append(float(micros) / 1000)
    sums = [sum(one) for one in zip(*(seen[name] for name in PARTS))]
    ratio = median([whole / total for whole, total in zip(seen["whole"], sums)])
    words = ", ".join(f"{name} {median(seen[name]):.2f}" for name in PARTS)
    save("pin", [row("last PIN digit to delivered document", f"{median(seen['whole']):.1f} ms",
                     f"the parts alone {median(sums):.1f} ms ({words})", "≤ 1.3 × the sum", ratio, 1.3)], seen=seen)


if __name__ == "__main__":
    main()
