#!/usr/bin/python3
"""load_table.py ROUNDS: a host loads the plugin and has its first event, beside OpenSC's module and its list of slots;
one card lies in a reader, but for the watch that is idle; run by stack.sh."""
import contextlib
import pathlib
import sys
import tempfile

from measure import BUILD, ROOT, in_turn, median, paired, row, said, save

sys.path.insert(0, str(ROOT / "tests/e2e"))
import stack  # noqa: E402
from card_table import Place, pkcs11_module  # noqa: E402

PROGRAM = BUILD / "bin/load_plugin"


def loaded(*arguments):
    micros, dlopen, bare, idle, anonymous = map(float, said([PROGRAM, *arguments]).split())
    return {"ms": micros / 1000, "dlopen": dlopen / 1000, "bare": bare, "idle": idle, "anonymous": anonymous}


def measured(rounds):
    with contextlib.ExitStack() as exits:
        folder = pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-")))
        stack.WORK.mkdir(parents=True, exist_ok=True)
        place = Place(folder, exits)
        stack.make_once()
        card = stack.Card(place, stack.profile(1), "--allow-signature").place().seen()
        config = stack.configuration(place, "https://localhost:9")
        seen = in_turn({"ours": lambda: loaded("readers", stack.LIBRARY, config),
                        "used": lambda: loaded("watch", stack.LIBRARY, config),
                        "peer": lambda: loaded("pkcs11", pkcs11_module())}, rounds)
        card.remove()
        return seen | in_turn({"watch": lambda: loaded("watch", stack.LIBRARY, config)}, rounds)


def of(seen, name, what):
    return [one[what] for one in seen[name]]


def main():
    seen = measured(int(sys.argv[1]))
    ms, loading = ({name: median(of(seen, name, what)) for name in seen} for what in ("ms", "dlopen"))
    idle, own = ({name: max(of(seen, name, what)) / 1000 for name in seen} for what in ("idle", "anonymous"))
    ratio = paired(of(seen, "ours", "ms"), of(seen, "peer", "ms"))
    save("load", [
        row("load, open a session, first event (the readers)", f"{ms['ours']:.1f} ms, {loading['ours']:.1f} of them in `dlopen`",
            f"`opensc-pkcs11.so` until its slots are listed: {ms['peer']:.1f} ms, {loading['peer']:.1f} in `dlopen`",
            "faster", ratio, 1),
        row("resident when idle, the whole host in a watch",
            f"{idle['watch']:.1f} MB, {own['watch']:.1f} MB of them its own; once a card has come {idle['used']:.1f} MB",
            f"with `opensc-pkcs11.so` {idle['peer']:.1f} MB, {own['peer']:.1f} MB its own", "≤ 6 MB", idle["watch"], 6)],
        seen=seen)


if __name__ == "__main__":
    main()
