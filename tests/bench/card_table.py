#!/usr/bin/python3
"""card_table.py ROUNDS: APDUs, bytes and milliseconds of plans A, B, C and of pkcs11-tool; run by card.sh.

Every number is the median of the rounds. The card and the reader cost next to nothing here; what is compared is
what the program asks of them. On plastic each APDU costs some milliseconds more, so the counts weigh more.
"""
import collections
import contextlib
import glob
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import stack  # noqa: E402

PHASES = ("select", "certificate", "query", "verify", "sign", "leave")
BYTES = 1500

Cost = collections.namedtuple("Cost", "apdus sent received ms")


class Place:
    """What stack.Card wants of a test."""

    def __init__(self, folder, exits):
        self.folder = folder
        self.addCleanup = exits.callback


def must(command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, timeout=120, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr.decode()}")
    return done.stdout


def wall_ms(command, **options):
    start = time.monotonic()
    out = must(command, **options)
    return (time.monotonic() - start) * 1000, out


def median(costs):
    return Cost(*(statistics.median(c[i] for c in costs) for i in range(4)))


def of_plan(plan, rounds):
    """Phases in one process, as a session at the desk lives on; then whole processes of one card each."""
    program = stack.BUILD / "bin/card_plans"
    seen = {phase: [] for phase in PHASES}
    for line in must([program, plan, stack.PIN, rounds]).decode().splitlines():
        _, phase, apdus, sent, received, micros = line.split()
        seen[phase].append(Cost(int(apdus), int(sent), int(received), float(micros) / 1000))
    phases = {phase: median(costs) for phase, costs in seen.items()}
    totals = [Cost(*(sum(c[i] for c in row) for i in range(4))) for row in zip(*seen.values())]
    whole = statistics.median(wall_ms([program, plan, stack.PIN, 1])[0] for _ in range(rounds))
    start = statistics.median(wall_ms([program, plan, stack.PIN, 0])[0] for _ in range(rounds))
    return phases, median(totals), whole, start


def cost_of(apdus):
    """Bytes of the commands as they were sent, from a trace that knows lengths only."""
    sent = received = 0
    for a in apdus:
        lc, le = (int(a[k]) if a[k] != "-" else -1 for k in ("lc", "le"))
        extended = lc > 255 or le > 256
        sent += 4 + (lc if lc > 0 else 0) + (extended or lc >= 0 or le >= 0)
        sent += (2 if lc >= 0 else 0) + (2 if le >= 0 else 0) if extended else (lc >= 0 and le >= 0)
        received += int(a["len"]) + 2
    span = (int(apdus[-1]["at"]) - int(apdus[0]["at"]) + int(apdus[0]["us"])) / 1000
    return Cost(len(apdus), sent, received, span)


class Peer:
    """pkcs11-tool --login --sign. It keeps a cache below HOME; each round starts with an empty one."""

    def __init__(self, folder, card):
        self.folder, self.card = folder, card
        found = glob.glob("/usr/lib/*/opensc-pkcs11.so") + glob.glob("/usr/lib/opensc-pkcs11.so")
        if not found:
            sys.exit("opensc-pkcs11.so is missing (package opensc-pkcs11)")
        self.tool = ["pkcs11-tool", "--module", found[0]]
        (folder / "data").write_bytes(b"sample data")
        self.label = self.find_label()

    def home(self):
        return {"PATH": os.environ["PATH"], "HOME": tempfile.mkdtemp(dir=self.folder)}

    def find_label(self):
        for _ in range(50):
            out = must([*self.tool, "--list-token-slots"], env=self.home()).decode()
            for line in out.splitlines():
                name, _, value = line.partition(":")
                if name.strip() == "token label" and "Authentication" in value:
                    return value.strip()
            time.sleep(0.2)
        sys.exit("no PKCS#11 token for user authentication")

    def round(self):
        before = len(self.card.apdus())
        ms, _ = wall_ms([*self.tool, "--token-label", self.label, "--login", "--pin", stack.PIN, "--sign",
                         "--mechanism", "SHA256-RSA-PKCS", "--input-file", self.folder / "data",
                         "--output-file", self.folder / "signature"], env=self.home())
        return ms, cost_of(self.card.apdus()[before:])

    def measure(self, rounds):
        runs = [self.round() for _ in range(rounds)]
        start = statistics.median(wall_ms([*self.tool, "--show-info"], env=self.home())[0] for _ in range(rounds))
        return median([cost for _, cost in runs]), statistics.median(ms for ms, _ in runs), start


def line(name, c, note=""):
    print(f"{name:<26}{c.apdus:6.0f}{c.sent:8.0f}{c.received:10.0f}{c.ms:10.2f}  {note}".rstrip())


def table(plans, peer):
    print(f"{'':<26}{'APDUs':>6}{'sent':>8}{'received':>10}{'ms':>10}")
    for plan, (phases, total, _, _) in plans.items():
        for phase in PHASES:
            line(f"{plan}  {phase}", phases[phase])
        line(f"{plan}  together", total)
    line("pkcs11-tool, first to last", peer[0])
    print()
    print(f"{'one process for one card':<32}{'whole ms':>10}{'start ms':>10}{'rest ms':>10}")
    for plan, (_, _, whole, start) in plans.items():
        print(f"{plan:<32}{whole:10.2f}{start:10.2f}{whole - start:10.2f}")
    print(f"{'pkcs11-tool':<32}{peer[1]:10.2f}{peer[2]:10.2f}{peer[1] - peer[2]:10.2f}")
    print()
    print(f"{'pkcs11-tool costs as many times':<32}{'APDUs':>10}{'bytes':>10}{'rest':>10}{'whole':>10}")
    bytes_of = lambda c: c.sent + c.received  # noqa: E731
    for plan, (_, total, whole, start) in plans.items():
        print(f"  as plan {plan:<22}{peer[0].apdus / total.apdus:10.1f}{bytes_of(peer[0]) / bytes_of(total):10.1f}"
              f"{(peer[1] - peer[2]) / (whole - start):10.1f}{peer[1] / whole:10.1f}")


def main():
    rounds = int(sys.argv[1])
    with contextlib.ExitStack() as exits:
        folder = pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-")))
        stack.WORK.mkdir(parents=True, exist_ok=True)
        where = stack.profile(1, tag="-bench", certificate_bytes=BYTES)
        # OpenSC reads what belongs to the signing key too; the plans never ask for it.
        card = stack.Card(Place(folder, exits), where, "--allow-signature").place()
        print(f"certificate of {BYTES} bytes, medians of {rounds} rounds")
        plans = {plan: of_plan(plan, rounds) for plan in "ABC"}
        table(plans, Peer(folder, card).measure(rounds))


if __name__ == "__main__":
    main()
