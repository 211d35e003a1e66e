"""The person that a sample speaks of, read from its source document without the plugin's code."""
import re
import unicodedata
import xml.etree.ElementTree as ET

ELEMENTS = {
    "insurer": "InsurerNumber", "symbol": "InsuredCardSymbol", "number": "InsuredIdentificationNumber",
    "branch": "InsuredBranchNumber", "relation": "PersonalFamilyClassification", "name": "Name", "kana": "NameKana",
    "birth": "Birthdate", "postal": "PostNumber", "address": "Address", "start": "InsuredCardValidDate",
    "end": "InsuredCardExpirationDate", "ratio": "InsuredPartialContributionRatio",
    "since": "QualificationDate", "lost": "DisqualificationDate", "preschool": "PreschoolClassification",
    "insurer_name": "InsurerName", "insured": "InsuredName"}
APP_KEYS = {"保険者番号": "insurer", "記号": "symbol", "番号": "number", "枝番": "branch", "氏名": "name", "フリガナ": "kana",
            "保険者名": "insurer_name", "被保険者氏名": "insured"}
APP_DATES = {"生年月日": "birth", "有効開始日": "start", "有効終了日": "end", "資格取得年月日": "since"}
APP_CODES = {"本人・家族の別": ("relation", {"本人": "1", "家族": "2"}), "性別": ("sex", {"男": "1", "女": "2"})}
FIRST_YEARS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}


class Person(dict):
    """Texts by the keys above and sex and elderly_ratio; what the document does not say is the empty text."""

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
        """What the answer itself says about the patient's share; none when it does not."""
        said = self["ratio"] or self["elderly_ratio"]
        return int(said) if said else None


def read(path):
    """The persons of a document, one for each of its results."""
    raw = path.read_bytes()
    return from_xml(raw) if path.suffix == ".xml" else [from_text(raw.decode("utf-8-sig"))]


def from_xml(raw):
    if b'encoding="Shift_JIS"' in raw[:100]:
        raw = raw.decode("cp932").split("?>", 1)[1].strip().encode("utf-8")
    return [from_item(item) for item in ET.fromstring(raw).iter("ResultOfQualificationConfirmation")]


def from_item(item):
    person = Person({key: (item.findtext(tag) or "").strip() for key, tag in ELEMENTS.items()})
    front, back = item.findtext("Sex1") or "", item.findtext("Sex2") or ""
    person["sex"] = back if front == "3" and back else front
    person["elderly_ratio"] = item.findtext("ElderlyRecipientCertificateInfo/ElderlyRecipientContributionRatio") or ""
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
        elif section.startswith("資格情報"):
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
