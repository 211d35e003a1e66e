#!/usr/bin/python3
"""readers_table.py ROUNDS: time until the readers are listed, and memory of an idle watch, against the number of
readers beside this process's pcscd; run by stack.sh. A card lies in the first reader, but for the watch. Adds a line to readers.json."""
import contextlib
import json
import os
import pathlib
import sys
import tempfile

from measure import BUILD, RESULTS, ROOT, in_turn, median, said

sys.path.insert(0, str(ROOT / "tests/e2e"))
import stack  # noqa: E402
from card_table import Place, pkcs11_module  # noqa: E402
from load_table import loaded, of  # noqa: E402


def measured(rounds):
    with contextlib.ExitStack() as exits:
        place = Place(pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-"))), exits)
        stack.WORK.mkdir(parents=True, exist_ok=True)
        stack.make_once()
        lying = stack.Card(place, stack.profile(1), "--allow-signature").place().seen()
        config = stack.configuration(place, "https://localhost:9")
        seen = in_turn({"list": lambda: loaded("readers", stack.LIBRARY, config),
                        "peer": lambda: loaded("pkcs11", pkcs11_module())}, rounds)
        card = said([BUILD / "bin/card_plans", "C", stack.PIN, rounds + 1]).splitlines()
        lying.remove()
        seen |= in_turn({"watch": lambda: loaded("watch", stack.LIBRARY, config)}, rounds)
    rounds_of = {}
    for line in card:
        number, _, _, _, _, micros = line.split()
        rounds_of[number] = rounds_of.get(number, 0) + float(micros) / 1000
    rounds_of.pop("1", None)
    return {"readers": int(os.environ["SHIKAKU_STACK_READERS"]), "list_ms": median(of(seen, "list", "ms")),
            "peer_ms": median(of(seen, "peer", "ms")), "watch_ms": median(of(seen, "watch", "ms")),
            "card_ms": median(rounds_of.values()), "idle_kib": max(of(seen, "watch", "idle")),
            "own_kib": max(of(seen, "watch", "anonymous"))}


def main():
    path = RESULTS / "readers.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": [], "growth": []}
    one = measured(int(sys.argv[1]))
    lines = [line for line in kept["growth"] if line["readers"] != one["readers"]]
    RESULTS.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"rows": [], "growth": sorted([*lines, one], key=lambda line: line["readers"])}) + "\n",
                    encoding="utf-8")
    print(one, flush=True)


if __name__ == "__main__":
    main()
