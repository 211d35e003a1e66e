#!/usr/bin/python3
"""plugin/base/jisx0213.def is made from Python's codec of EUC-JIS-2004: `--write` makes it, else it is compared.

The codec reads JIS X 0212 too, in rows of the second plane that JIS X 0213 leaves empty; those are not asked.
"""
import pathlib
import sys

TABLE = pathlib.Path(__file__).resolve().parents[2] / "plugin/base/jisx0213.def"
SECOND_PLANE = [1, 3, 4, 5, 8, *range(12, 16), *range(78, 95)]
CELLS = 11233  # of the standard, 25 of them two code points
HEAD = """/* JIS X 0213:2004, the cells that are one code point: pages of 256 code points, a bit for each.
 * Made by tests/contract/jisx0213.py --write. */
"""


def read(encoded):
    try:
        return encoded.decode("euc_jis_2004")
    except UnicodeDecodeError:
        return None


def cells():
    cell = [bytes([b]) for b in range(0xA1, 0xFF)]
    first = {read(row + one) for row in cell for one in cell}
    second = {read(bytes([0x8F, 0xA0 + row]) + one) for row in SECOND_PLANE for one in cell}
    found = (first | second) - {None}
    if len(found) != CELLS:
        sys.exit(f"the codec has {len(found)} cells, the standard {CELLS}")
    return {ord(text) for text in found if len(text) == 1}


def table():
    pages = {}
    for code in cells():
        pages[code >> 8] = pages.get(code >> 8, 0) | 1 << (code & 255)
    lines = []
    for number, bits in sorted(pages.items()):
        words = (f"0x{bits >> 32 * i & 0xFFFFFFFF:X}" for i in range(8))
        lines.append(f"PAGE(0x{number:X}, {', '.join(words)})\n")
    return HEAD + "".join(lines)


def main():
    if "--write" in sys.argv:
        TABLE.write_text(table(), encoding="utf-8")
    elif TABLE.read_text(encoding="utf-8") != table():
        sys.exit("jisx0213.def differs from the codec; run tests/contract/jisx0213.py --write")


main()
