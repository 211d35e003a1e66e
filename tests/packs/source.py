"""The person that a sample speaks of, read from its source document without the plugin's code."""
import datetime
import re
import unicodedata
import xml.etree.ElementTree as ET

ELEMENTS = {
    "class": "InsuredCardClassification", "insurer": "InsurerNumber", "symbol": "InsuredCardSymbol",
    "number": "InsuredIdentificationNumber", "branch": "InsuredBranchNumber", "relation": "PersonalFamilyClassification",
    "name": "Name", "kana": "NameKana", "birth": "Birthdate", "postal": "PostNumber", "address": "Address",
    "start": "InsuredCardValidDate", "end": "InsuredCardExpirationDate", "ratio": "InsuredPartialContributionRatio",
    "since": "QualificationDate", "lost": "DisqualificationDate", "preschool": "PreschoolClassification",
    "insurer_name": "InsurerName", "insured": "InsuredName"}
ELDERLY = {"elderly_start": "ElderlyRecipientValidStartDate", "elderly_end": "ElderlyRecipientValidEndDate",
           "elderly_ratio": "ElderlyRecipientContributionRatio"}
APP_KEYS = {"保険者番号": "insurer", "記号": "symbol", "番号": "number", "枝番": "branch", "氏名": "name", "フリガナ": "kana",
            "保険者名": "insurer_name", "被保険者氏名": "insured"}
APP_DATES = {"生年月日": "birth", "有効開始日": "start", "有効終了日": "end", "資格取得年月日": "since"}
APP_ELDERLY = {"有効開始日": "elderly_start", "有効終了日": "elderly_end"}
APP_CODES = {"本人・家族の別": ("relation", {"本人": "1", "家族": "2"}), "性別": ("sex", {"男": "1", "女": "2"})}
FIRST_YEARS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}


class Person(dict):
    """Texts by the keys above, sex, and the day that the answer speaks of; what the document does not say is empty."""

    def __missing__(self, key):
        return ""

    @property
    def is_late_elderly(self):
        return len(self["insurer"]) == 8 and self["insurer"].startswith("39")

    @property
    def is_aid(self):
        return len(self["insurer"]) == 8 and self["insurer"].startswith("12")

    @property
    def is_kokuho(self):
        return len(self["insurer"]) == 6

    @property
    def relation(self):
        """本人・家族; the schemes that know no family leave it out."""
        return self["relation"] or ("1" if self.is_late_elderly or self.is_aid else "")

    @property
    def percent(self):
        """What the answer itself says about the patient's share; none when it does not. 000 is no share."""
        shares = [int(said) for said in (self["ratio"], self["elderly_ratio"]) if said in ("010", "020", "030")]
        return shares[0] if shares else None

    @property
    def card(self):
        """The person as hosts hold it: 後期高齢者 have no 記号 and no 枝番, and are insured themselves."""
        return Person(self, symbol="", branch="", relation="1") if self.is_late_elderly else self

    @property
    def last_day(self):
        """The last day with cover: the day before the loss, or the end of validity, whichever is earlier."""
        days = [self["end"]] if self["end"] else []
        if self["lost"]:
            lost = datetime.datetime.strptime(self["lost"], "%Y%m%d") - datetime.timedelta(days=1)
            days.append(lost.strftime("%Y%m%d"))
        return min(days, default="")

    @property
    def is_over(self):
        """No cover any more on the day that the answer speaks of; a loss without such a day counts."""
        return bool(self.last_day) and (self.last_day < self["day"] if self["day"] else bool(self["lost"]))

    @property
    def covers(self):
        """Whether the entitlement reaches the day that the answer speaks of, as far as its dates say."""
        day = self["day"]
        return not day or not (self["lost"] and self["lost"] <= day or self["end"] and self["end"] < day
                               or max(self["start"], self["since"]) > day)


def read(path):
    """The persons of a document, one for each of its results."""
    raw = path.read_bytes()
    return from_xml(raw) if path.suffix == ".xml" else [from_text(raw.decode("utf-8-sig"))]


def entitled(persons):
    """The persons whose entitlement covers the day, insurances first; all of them where none does."""
    return sorted([p for p in persons if p.covers] or persons, key=lambda p: p.is_aid)


def from_xml(raw):
    if b'encoding="Shift_JIS"' in raw[:100]:
        raw = raw.decode("cp932").split("?>", 1)[1].strip().encode("utf-8")
    root = ET.fromstring(raw)
    day = root.findtext("MessageHeader/QualificationConfirmationDate") or ""
    return [from_item(item, day) for item in root.iter("ResultOfQualificationConfirmation")]


def from_item(item, day):
    person = Person({key: (item.findtext(tag) or "").strip() for key, tag in ELEMENTS.items()}, day=day)
    front, back = item.findtext("Sex1") or "", item.findtext("Sex2") or ""
    person["sex"] = back if front == "3" and back else front
    for key, tag in ELDERLY.items():
        person[key] = item.findtext(f"ElderlyRecipientCertificateInfo/{tag}") or ""
    return person


def from_text(text):
    """The first section of a copied text, and the ratio of its section 高齢受給者証."""
    person, section = Person(), ""
    for line in text.splitlines():
        key, tab, value = line.partition("\t")
        value = value.strip()
        if not tab:
            section = key
        elif section.startswith("高齢受給者証") and key == "負担割合" and value:
            person["elderly_ratio"] = f"0{unicodedata.normalize('NFKC', value)[0]}0"
        elif section.startswith("高齢受給者証") and key in APP_ELDERLY:
            person[APP_ELDERLY[key]] = western(value)
        elif section.startswith("資格情報"):
            if key.startswith("確認日"):
                person["day"] = western(value)
            if key in APP_KEYS:
                person[APP_KEYS[key]] = value
            elif key in APP_DATES:
                person[APP_DATES[key]] = western(value)
            elif key in APP_CODES:
                name, codes = APP_CODES[key]
                person[name] = codes.get(value, "")
    return person


def western(value):
    found = re.fullmatch("(明治|大正|昭和|平成|令和)(元|[0-9]+)年([0-9]+)月([0-9]+)日", value)
    if not found:
        return ""
    era, year, month, day = found.groups()
    return f"{FIRST_YEARS[era] + (1 if year == '元' else int(year)) - 1:04}{int(month):02}{int(day):02}"
