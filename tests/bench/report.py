#!/usr/bin/python3
"""report.py [--write]: the table of all results in build/bench/results; with --write also between the marks of
docs/performance.md, and docs/performance.svg beside it."""
import datetime
import json
import platform
import os
import sys

from measure import RESULTS, ROOT
from plot import drawing

ORDER = ("card", "pin", "app", "bulk", "load", "mapping")
PAGE, PICTURE = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
MARK = "<!-- measured: {} -->"


def results(name):
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": [], "growth": []}


def verdict(one):
    if one["limit"] is None:
        return "–"
    return "met" if one["ratio"] <= one["limit"] else f"**missed**, {one['ratio'] / one['limit']:.1f} ×"


def shown(one):
    if one["ratio"] is None:
        return "–"
    return f"{one['ratio']:.3g}"


def table(rows):
    yield "| Work | libshikaku | Beside it | Aim | Measured | |"
    yield "|---|---|---|---|---|---|"
    for one in rows:
        yield f"| {one['work']} | {one['ours']} | {one['peer']} | {one['aim']} | {shown(one)} | {verdict(one)} |"


def people(lines):
    yield "| Persons | Bytes | Seconds | MB | `xmllint --stream` seconds | MB |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for one in lines:
        yield (f"| {one['people']:,} | {one['bytes']:,} | {one['ours_wall']:.3f} | {one['ours_peak'] / 1000:.1f} "
               f"| {one['floor_wall']:.3f} | {one['floor_peak'] / 1000:.1f} |")


def readers(lines):
    yield "| Readers | Readers listed, ms | OpenSC's slots listed, ms | One card, ms | Idle watch, MB | MB its own |"
    yield "|---:|---:|---:|---:|---:|---:|"
    for one in lines:
        yield (f"| {one['readers']} | {one['list_ms']:.1f} | {one['peer_ms']:.1f} | {one['card_ms']:.1f} "
               f"| {one['idle_kib'] / 1000:.1f} | {one['own_kib'] / 1000:.1f} |")


def machine():
    words = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{datetime.date.today()}, {os.cpu_count()} virtual cores, {words}, {platform.machine()}"


def text():
    rows = [one for name in ORDER for one in results(name)["rows"]]
    parts = [[machine() + "."], table(rows), people(results("bulk")["growth"]), readers(results("readers")["growth"])]
    return "\n\n".join("\n".join(part) for part in parts)


def write():
    page = PAGE.read_text(encoding="utf-8")
    begin, end = MARK.format("begin"), MARK.format("end")
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    PAGE.write_text(f"{head}{begin}\n{text()}\n{end}{tail}", encoding="utf-8")
    PICTURE.write_text(drawing([one for name in ORDER for one in results(name)["rows"]],
                               results("bulk")["growth"], results("readers")["growth"]), encoding="utf-8")


def main():
    print(text())
    if "--write" in sys.argv[1:]:
        write()


if __name__ == "__main__":
    main()
