"""Facts about numbers, letters and dates that several judges need. Independent of the plugin's own code."""
import calendar
import re
import unicodedata

ERAS = {"1": (1868, "18680101"), "2": (1912, "19120730"), "3": (1926, "19261225"), "4": (1989, "19890108"),
        "5": (2019, "20190501")}
HYPHENS = str.maketrans({c: "-" for c in "‐‑‒–—―−－ー-"})
JIS_X_0208_LEADS = {*range(0x81, 0x85), *range(0x88, 0xA0), *range(0xE0, 0xEB)}


def check_digit_fits(number):
    """The last digit of 保険者番号, 公費負担者番号 and 公費受給者番号."""
    total = 0
    for place, digit in enumerate(reversed(number[:-1])):
        total += sum(map(int, str(int(digit) * (2 if place % 2 == 0 else 1))))
    return (10 - total % 10) % 10 == int(number[-1])


def is_number(text, *lengths):
    """ASCII digits of one of these lengths that end in their check digit."""
    return bool(re.fullmatch("[0-9]+", text)) and len(text) in lengths and check_digit_fits(text)


def is_day(text):
    """A day of the calendar as yyyyMMdd."""
    if not re.fullmatch("[0-9]{8}", text):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return year >= 1868 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def is_dashed_day(text):
    return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and is_day(text.replace("-", ""))


def era_to_day(text):
    """GYYMMDD as yyyyMMdd; nothing when that day is not of that era."""
    if not re.fullmatch("[1-5][0-9]{6}", text) or text[1:3] == "00":
        return None
    first_year, first_day = ERAS[text[0]]
    day = f"{first_year + int(text[1:3]) - 1:04}{text[3:]}"
    next_day = ERAS[str(int(text[0]) + 1)][1] if text[0] != "5" else "99999999"
    return day if is_day(day) and first_day <= day < next_day else None


def cp932_bytes(text):
    """How long the text is in code page 932; what is not in it counts as two."""
    return len(text.encode("cp932", "replace")) + sum(1 for c in text if not in_cp932(c))


def in_cp932(character):
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def is_wide_letter(character):
    if in_cp932(character):
        return len(character.encode("cp932")) == 2
    return unicodedata.east_asian_width(character) in "WFA"


def is_wide(text):
    """Full width only; the ideographic space counts as such."""
    return all(map(is_wide_letter, text))


def is_katakana(text):
    """Full-width katakana, with spaces between the parts."""
    return bool(re.fullmatch("[ァ-ヺー・ヽヾ゛゜　]+", text)) and bool(text.strip("　"))


def is_half_kana(text):
    """Half-width katakana, with spaces between the parts."""
    return bool(re.fullmatch("[ｦ-ﾟ･ ]+", text)) and bool(text.strip())


def is_one_mode(text):
    """The rule of the electronic claim: single-byte letters without kana, or two-byte letters, never both."""
    return bool(re.fullmatch("[!-~ ]*", text)) or is_wide(text)


def is_jis_x_0208(raw):
    """Bytes of Shift_JIS without the rows that code page 932 adds."""
    at = 0
    while at < len(raw):
        byte = raw[at]
        if byte < 0x80 or 0xA1 <= byte <= 0xDF:
            at += 1
        elif byte in JIS_X_0208_LEADS and at + 1 < len(raw):
            at += 2
        else:
            return False
    return True


def is_postal_code(text):
    return bool(re.fullmatch("[0-9]{3}-[0-9]{4}", text))


def fold(text):
    """The form in which two spellings of a name or number are compared: one width, no spaces, one hyphen."""
    folded = unicodedata.normalize("NFKC", text).translate(HYPHENS)
    return "".join(c for c in folded if not c.isspace())


def same(one, other):
    return fold(one or "") == fold(other or "")
