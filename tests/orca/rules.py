"""What ORCA accepts in a field, after the public item lists: mandatory ones, widths, lengths, shapes. Every
refusal is a Refused with the result code of the call."""
import datetime
import re
import unicodedata

OPEN_END = "9999-12-31"
SCHEMES = {"01": "009", "39": "039"}


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def widen(text):
    """W2: half width becomes full width; half-width kana with its marks, too."""
    kana = "".join(c if "\uff61" <= c <= "\uff9f" else f"\0{c}" for c in text)
    parts = re.split("(\0.)", kana, flags=re.S)
    joined = "".join(p[1] if p.startswith("\0") else unicodedata.normalize("NFKC", p) for p in parts)
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in joined)


def is_wide(text):
    return all(unicodedata.east_asian_width(c) in "WFA" for c in text)


def is_date(text):
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and (text == OPEN_END or bool(datetime.date.fromisoformat(text)))
    except ValueError:
        return False


def age(birth, today):
    b, t = datetime.date.fromisoformat(birth), datetime.date.fromisoformat(today)
    return t.year - b.year - ((t.month, t.day) < (b.month, b.day))


def person(given, today):
    """name, kana, birth and sex of a new patient."""
    for code, key in (("02", "WholeName"), ("03", "WholeName_inKana"), ("04", "BirthDate"), ("05", "Sex")):
        if not given.get(key):
            raise Refused(code)
    name = given["WholeName"].replace(" ", "\u3000")  # W1
    kana = widen(given["WholeName_inKana"])
    if not is_wide(name) or len(name) > 25:
        raise Refused("14")
    if not re.fullmatch("[ァ-ヶー・ヽヾ゛゜\u3000]+", kana) or len(kana) > 25:
        raise Refused("15")
    if given["Sex"] not in "12":
        raise Refused("16")
    if not is_date(given["BirthDate"]):
        raise Refused("17")
    if given["BirthDate"] > today:
        raise Refused("P1")
    return {"WholeName": name, "WholeName_inKana": kana, "BirthDate": given["BirthDate"], "Sex": given["Sex"]}


WIDE_ERRORS = {"HouseHolder_WholeName": "P1", "Relationship": "P1", "Occupation": "28"}  # H!
NARROW_ERRORS = {"CellularNumber": "25", "FaxNumber": "26", "EmailAddress": "27"}  # F!
WIDENED = [f"{n}{i}" for n in ("Contraindication", "Allergy", "Infection", "Comment") for i in (1, 2)]


def further(given):
    """What may follow the sex in a request, to the comments."""
    out = {}
    for key, code in WIDE_ERRORS.items():
        out[key] = given.get(key, "").replace(" ", "\u3000")
        if not is_wide(out[key]):
            raise Refused(code)
    for key, code in NARROW_ERRORS.items():
        out[key] = given.get(key, "")
        if not out[key].isascii():
            raise Refused(code)
    for key in WIDENED:
        out[key] = widen(given.get(key, ""))
    return out


def address(given):
    zip_code = given.get("Address_ZipCode", "")
    if zip_code and not re.fullmatch(r"\d{7}", zip_code, flags=re.A):
        raise Refused("20")
    for n, code in ((1, "22"), (2, "23")):
        if not given.get(f"PhoneNumber{n}", "").isascii():
            raise Refused(code)
    wide = {key: widen(given.get(key, "")) for key in ("WholeAddress1", "WholeAddress2")}
    return {"Address_ZipCode": zip_code, **wide, **{f"PhoneNumber{n}": given.get(f"PhoneNumber{n}", "") for n in (1, 2)}}


def scheme(number):
    """The kind of an insurance by its insurer number."""
    if not re.fullmatch(r"\d{4}|\d{6}|\d{8}", number, flags=re.A):
        raise Refused("H1")
    if len(number) == 6:
        return "060"
    return SCHEMES.get(number[:2], "0" + number[:2]) if len(number) == 8 else "009"


def marks(given, kind):
    """記号, 番号, 枝番, 本人家族."""
    out = {}
    for key, code in (("HealthInsuredPerson_Symbol", "32"), ("HealthInsuredPerson_Number", "33")):
        out[key] = widen(given.get(key, ""))
        if not is_wide(out[key]) or len(out[key]) > 20:
            raise Refused(code)
    branch = given.get("HealthInsuredPerson_Branch_Number", "")
    relation = given.get("RelationToInsuredPerson", "")
    late = kind in ("039", "040")
    if not re.fullmatch(r"\d{0,2}", branch, flags=re.A) or relation not in ("", "1", "2"):
        raise Refused("H1")
    if late and (out["HealthInsuredPerson_Symbol"] or branch):
        raise Refused("H1")
    out["HealthInsuredPerson_Branch_Number"] = branch
    out["RelationToInsuredPerson"] = "1" if late else relation or "1"
    return out


def period(given, first, last, today):
    start, end = given.get(first) or today, given.get(last) or OPEN_END
    if not is_date(start) or not is_date(end) or start > end:
        raise Refused("P2")
    return {first: start, last: end}


def insurance(given, birth, today):
    """One insurance and whether its kind was changed."""
    number, kind = given.get("InsuranceProvider_Number", ""), given.get("InsuranceProvider_Class", "")
    if kind in ("971", "973"):
        raise Refused("39")
    if not number and not kind:
        raise Refused("H1")
    right = scheme(number) if number else kind
    if number and age(birth, today) >= 75 and right != "039":
        raise Refused("H1")
    insured = given.get("HealthInsuredPerson_WholeName", "").replace(" ", "\u3000")
    if len(insured) > 25:
        raise Refused("H1")
    got = given.get("Certificate_GetDate", "")
    if got and not is_date(got):
        raise Refused("H1")
    card = {"InsuranceProvider_Class": right, "InsuranceProvider_Number": number, **marks(given, right),
            "HealthInsuredPerson_WholeName": insured, "Certificate_GetDate": got,
            **period(given, "Certificate_StartDate", "Certificate_ExpiredDate", today)}
    card["HealthInsuredPerson_Assistance"] = given.get("HealthInsuredPerson_Assistance") or "3"
    card["Certificate_CheckDate"] = given.get("Certificate_CheckDate") or today
    return card, bool(kind) and kind != right


def public(given, today):
    number, recipient = given.get("PublicInsurer_Number", ""), given.get("PublicInsuredPerson_Number", "")
    kind = given.get("PublicInsurance_Class", "")
    if not number and not kind:
        raise Refused("H1")
    if number and (not re.fullmatch(r"\d{8}", number, flags=re.A) or not re.fullmatch(r"\d{7}", recipient, flags=re.A)):
        raise Refused("H1")
    return {"PublicInsurance_Class": "0" + number[:2] if number else kind, "PublicInsurer_Number": number,
            "PublicInsuredPerson_Number": recipient, "Certificate_CheckDate": given.get("Certificate_CheckDate") or today,
            **period(given, "Certificate_IssuedDate", "Certificate_ExpiredDate", today)}


CARD_KEY = ("InsuranceProvider_Number", "RelationToInsuredPerson", "HealthInsuredPerson_Assistance",
            "HealthInsuredPerson_Symbol", "HealthInsuredPerson_Number", "HealthInsuredPerson_WholeName")


def same_card(a, b):
    return all(a.get(key, "") == b.get(key, "") for key in CARD_KEY)


def overlap(a, b, first="Certificate_StartDate"):
    last = "Certificate_ExpiredDate"
    return a[first] <= b[last] and b[first] <= a[last]
