#!/usr/bin/python3
"""card_table.py ROUNDS: APDUs, bytes and milliseconds of plans A, B, C and of pkcs11-tool; run by stack.sh.

Every number is the median of the rounds; the rounds of all contestants are shuffled together, so that a busy
machine is busy for each of them. The card and the reader cost next to nothing here; what is compared is what the
program asks of them. On plastic each APDU costs some milliseconds more, so the counts weigh more.
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

from measure import ROOT, paired, row, save

sys.path.insert(0, str(ROOT / "tests/e2e"))
import stack  # noqa: E402

PHASES = ("connect", "select", "certificate", "query", "verify", "sign", "leave")
AROUND = ("connect", "leave")
BYTES = 1500

Cost = collections.namedtuple("Cost", "apdus sent received ms")


class Place:
    """What the parts of the stack want of a test."""

    def __init__(self, folder, exits):
        self.folder, self.out = folder, folder / "out"
        self.out.mkdir()
        self.addCleanup = exits.callback


def must(command, codes=(0,), **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, timeout=120, check=False, **options)
    if done.returncode not in codes:
        sys.exit(f"{command[0]}: {done.stderr.decode()}")
    return done.stdout


def wall_ms(command, **options):
    start = time.monotonic()
    out = must(command, **options)
    return (time.monotonic() - start) * 1000, out


def median(costs):
    return Cost(*(statistics.median(c[i] for c in costs) for i in range(4)))


class Plan:
    """Phases as in a session that lives on at the desk, and whole processes of one card each."""

    def __init__(self, plan):
        self.command = [stack.BUILD / "bin/card_plans", plan, stack.PIN]
        self.seen = {phase: [] for phase in PHASES}
        self.wholes, self.starts = [], []

    def round(self):
        for text in must([*self.command, 3]).decode().splitlines():
            number, phase, apdus, sent, received, micros = text.split()
            if number != "1":
                self.seen[phase].append(Cost(int(apdus), int(sent), int(received), float(micros) / 1000))
        self.wholes.append(wall_ms([*self.command, 1])[0])
        self.starts.append(wall_ms([*self.command, 0])[0])

    def phases(self):
        return {phase: median(costs) for phase, costs in self.seen.items()}

    def total(self, without=()):
        counted = (costs for phase, costs in self.seen.items() if phase not in without)
        return median([Cost(*(sum(c[i] for c in row) for i in range(4))) for row in zip(*counted)])


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


def pkcs11_module():
    found = glob.glob("/usr/lib/*/opensc-pkcs11.so") + glob.glob("/usr/lib/opensc-pkcs11.so")
    return found[0] if found else sys.exit("opensc-pkcs11.so is missing (package opensc-pkcs11)")


class Peer:
    """pkcs11-tool --login --sign. It keeps a cache below HOME; each round starts with an empty one."""

    def __init__(self, folder, card):
        self.folder, self.card = folder, card
        self.costs, self.wholes, self.starts = [], [], []
        self.tool = ["pkcs11-tool", "--module", pkcs11_module()]
        (folder / "data").write_bytes(b"sample data")
        self.label = self.find_label()

    def home(self):
        return {"PATH": os.environ["PATH"], "HOME": tempfile.mkdtemp(dir=self.folder)}

    def find_label(self):
        for _ in range(50):
            listed = subprocess.run([*self.tool, "--list-token-slots"], env=self.home(), capture_output=True,
                                    timeout=60, check=False)
            for said in listed.stdout.decode().splitlines():
                name, _, value = said.partition(":")
                if name.strip() == "token label" and "Authentication" in value:
                    return value.strip()
            time.sleep(0.2)
        sys.exit("no PKCS#11 token for user authentication")

    def round(self):
        before = len(self.card.apdus())
        ms, _ = wall_ms([*self.tool, "--token-label", self.label, "--login", "--pin", stack.PIN, "--sign",
                         "--mechanism", "SHA256-RSA-PKCS", "--input-file", self.folder / "data",
                         "--output-file", self.folder / "signature"], env=self.home())
        self.costs.append(cost_of(self.card.apdus()[before:]))
        self.wholes.append(ms)
        # The module looks at every card when it is loaded; without a service it starts, shows itself and
        # ends with 1, as there is no slot.
        alone = self.home() | {"PCSCLITE_CSOCK_NAME": str(self.folder / "nobody")}
        self.starts.append(wall_ms([*self.tool, "--show-info"], codes=(0, 1), env=alone)[0])

    def total(self):
        return median(self.costs)


def line(name, c):
    print(f"{name:<26}{c.apdus:6.0f}{c.sent:8.0f}{c.received:10.0f}{c.ms:10.2f}")


def whole(contestant):
    return statistics.median(contestant.wholes)


def rest(contestant):
    return whole(contestant) - statistics.median(contestant.starts)


def bytes_of(contestant):
    return contestant.total().sent + contestant.total().received


def table(plans, peer):
    print(f"{'':<26}{'APDUs':>6}{'sent':>8}{'received':>10}{'ms':>10}")
    for name, plan in plans.items():
        for phase, cost in plan.phases().items():
            line(f"{name}  {phase}", cost)
        line(f"{name}  first to last", plan.total(AROUND))
        line(f"{name}  together", plan.total())
    line("pkcs11-tool, first to last", peer.total())
    print(f"\n{'one process for one card':<26}{'whole ms':>12}{'start ms':>12}{'rest ms':>12}")
    for name, one in [*plans.items(), ("pkcs11-tool", peer)]:
        print(f"{name:<26}{whole(one):12.2f}{whole(one) - rest(one):12.2f}{rest(one):12.2f}")
    print(f"\n{'pkcs11-tool as many times':<26}{'APDUs':>12}{'bytes':>12}{'rest ms':>12}{'whole ms':>12}")
    for name, one in plans.items():
        print(f"  as plan {name:<16}{peer.total().apdus / one.total().apdus:12.1f}{bytes_of(peer) / bytes_of(one):12.1f}"
              f"{rest(peer) / rest(one):12.1f}{whole(peer) / whole(one):12.1f}")


def rests(contestant):
    return [whole - start for whole, start in zip(contestant.wholes, contestant.starts)]


def rows(plans, peer):
    """Both from the first command to the last, as that is what is known of the peer. Then, as more of the machine is in
    it only to be shown, one process for one card without its start."""
    for name, plan in plans.items():
        ours, theirs, all_of_it = plan.total(AROUND), peer.total(), plan.total()
        yield row(f"card part, plan {name}", f"{ours.apdus - 1:.0f} + 1 APDUs, {ours.ms:.1f} ms; {all_of_it.ms:.1f} ms with "
                  "connecting and letting go", f"`pkcs11-tool` {theirs.apdus:.0f} APDUs, {theirs.ms:.1f} ms", "time ≤ 1/5",
                  ours.ms / theirs.ms, 0.2)
    for name, plan in plans.items():
        yield row(f"a process for one card, plan {name}", f"{rest(plan):.1f} ms", f"`pkcs11-tool` {rest(peer):.1f} ms",
                  "(shown)", paired(rests(plan), rests(peer)), None)


def main():
    rounds = int(sys.argv[1])
    with contextlib.ExitStack() as exits:
        folder = pathlib.Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="shikaku-bench-")))
        stack.WORK.mkdir(parents=True, exist_ok=True)
        where = stack.profile(1, tag="-bench", certificate_bytes=BYTES)
        # OpenSC reads what belongs to the signing key too; the plans never ask for it.
        card = stack.Card(Place(folder, exits), where, "--allow-signature").place()
        plans = {name: Plan(name) for name in "ABC"}
        peer = Peer(folder, card)
        for _ in range(rounds):
            for contestant in (*plans.values(), peer):
                contestant.round()
    print(f"certificate of {BYTES} bytes, medians of {rounds} rounds")
    table(plans, peer)
    save("card", list(rows(plans, peer)), bytes={name: bytes_of(one) for name, one in [*plans.items(), ("peer", peer)]})


if __name__ == "__main__":
    main()
