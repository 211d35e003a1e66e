#!/usr/bin/python3
"""mapping_table.py ROUNDS: one mapping run with a fresh sandbox (forty columns of CSV), beside the same columns filled
by plain C."""
import sys

from measure import BUILD, ROOT, median, row, said, save

LIMIT = 100


def main():
    count, *lines = said([BUILD / "bin/mapping_speed", ROOT / "tests/bench/forty_columns.lua",
                          ROOT / "tests/data/oqs/all_groups.xml", sys.argv[1]]).splitlines()
    columns = [list(map(float, one)) for one in zip(*(line.split() for line in lines))]
    fresh, batch, state, plain = map(median, columns)
    save("mapping", [row(f"one mapping run with a fresh sandbox, {count} columns", f"{fresh:.0f} µs",
                         f"plain C {plain:.0f} µs; a bare Lua state {state:.0f} µs; one row of many {batch:.0f} µs",
                         f"≤ {LIMIT} µs", fresh, LIMIT)], columns=columns)


if __name__ == "__main__":
    main()
