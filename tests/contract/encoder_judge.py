#!/usr/bin/python3
"""Every character up to U+2FFFF in every encoding and repertoire, against Python's codecs.

encoder_judge.py PROGRAM    the program is encoder_said
"""
import subprocess
import sys

UTF8, CP932, EUC_JP, ISO_2022_JP = range(4)
WHOLE, JIS_X_0208, JIS_X_0213, ASCII = range(4)
# Two characters that hosts take for one.
FORMS = [(0xA2, 0xFFE0), (0xA3, 0xFFE1), (0xA5, 0xFFE5), (0xA6, 0xFFE4), (0xAC, 0xFFE2), (0x2014, 0x2015),
         (0x2016, 0x2225), (0x203E, 0xFFE3), (0x2212, 0xFF0D), (0x301C, 0xFF5E)]
WIDE = dict(FORMS)
OTHER = {**WIDE, **{wide: narrow for narrow, wide in FORMS}}
LONE = {b"\x80", b"\xa0", b"\xfd", b"\xfe", b"\xff"}  # private meanings of Windows


def encode(code, codec):
    try:
        return chr(code).encode(codec)
    except UnicodeEncodeError:
        return b""


def read(encoded, codec):
    try:
        return encoded.decode(codec)
    except UnicodeDecodeError:
        return ""


# Where both makers have a character Windows writes the place of IBM, the codec that of NEC.
IBM = {read(bytes([a, b]), "cp932"): bytes([a, b]) for a in range(0xFA, 0xFD) for b in range(0x40, 0xFD)}


def cp932(code):
    form = WIDE.get(code, code)
    made = encode(form, "cp932")
    if made in LONE:
        return b""
    return IBM[chr(form)] if made[:1] in (b"\xed", b"\xee") else made


def jisx0208(code):
    """Two bytes below 80."""
    for form in (code, OTHER.get(code)):
        made = encode(form, "iso2022_jp") if form else b""
        if made.startswith(b"\x1b$B"):
            return made[3:5]
    return b""


def jisx0213():
    cells = {read(bytes([a, b]), "shift_jis_2004")
             for a in [*range(0x81, 0xA0), *range(0xE0, 0xFD)] for b in range(0x40, 0xFD)}
    found = {ord(cell) for cell in cells if len(cell) == 1}
    # The codec reads two cells as ASCII's forms, the other codec of this set as what is printed there.
    return found - {0x5C, 0x7E} | {0xFF3C, 0xFF5E}


def is_half_kana(code):
    return 0xFF61 <= code <= 0xFF9F


def encoded(code, encoding):
    if encoding == UTF8:
        return encode(code, "utf-8")
    if code < 0x80:
        shifts = encoding == ISO_2022_JP and code in (0x0E, 0x0F, 0x1B)
        return b"" if shifts else bytes([code])
    if encoding == CP932:
        return cp932(code)
    if encoding == EUC_JP:
        return encode(code, "euc_jp") if is_half_kana(code) else bytes(b | 0x80 for b in jisx0208(code))
    pair = jisx0208(code)
    return b"\x1b$B" + pair + b"\x1b(B" if pair else b""


def allowed(code, repertoire, cells):
    if repertoire == WHOLE or code < 0x80:
        return True
    if repertoire == JIS_X_0208:
        return is_half_kana(code) or jisx0208(code) != b""
    if repertoire == JIS_X_0213:
        return is_half_kana(code) or code in cells or OTHER.get(code) in cells
    return False


def main():
    cells = jisx0213()
    characters = [c for c in range(0x30000) if not 0xD800 <= c <= 0xDFFF]
    fits = {r: {c for c in characters if allowed(c, r, cells)} for r in (WHOLE, JIS_X_0208, JIS_X_0213, ASCII)}
    for encoding in (UTF8, CP932, EUC_JP, ISO_2022_JP):
        made = {c: encoded(c, encoding) for c in characters}
        for repertoire, chosen in fits.items():
            said = subprocess.run([sys.argv[1], str(encoding), str(repertoire)], capture_output=True, text=True, check=True)
            found = dict(line.split() for line in said.stdout.splitlines())
            expected = {f"{c:X}": made[c].hex() for c in characters if c in chosen and made[c]}
            wrong = sorted(k for k in found.keys() | expected.keys() if found.get(k) != expected.get(k))
            if wrong:
                sys.exit(f"encoding {encoding}, repertoire {repertoire}: {len(wrong)} characters differ: {wrong[:20]}")
            print(encoding, repertoire, len(found))


main()
