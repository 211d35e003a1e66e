"""ORCA's desk: patients and insurances in memory, and the calls on them. Written from the public item lists, not
from any client."""
import re
import uuid

import rules
from rules import Refused

CARDS, AIDS = 40, 60  # members of the lists of patientmodv32, filled up with empty ones
PERSON = ("Patient_ID", "WholeName", "WholeName_inKana", "BirthDate", "Sex")
HOME = "Home_Address_Information"
WORK = "WorkPlace_Information"


class Patient:
    def __init__(self, number, person, **more):
        self.base = {"Patient_ID": number, **person}
        self.more = more.get("more", {})  # texts up to the comments
        self.home = more.get("home", {})
        self.work = more.get("work", {})
        self.cards, self.aids, self.maiden = [], [], []

    def key(self):
        return tuple(self.base[k] for k in ("WholeName", "Sex", "BirthDate"))

    def insured(self):
        return any(c["InsuranceProvider_Class"] != "980" for c in self.cards)


def combinations(patient):
    """Each insurance alone and with the 公費 of its days."""
    out = []
    for card in patient.cards or [{}]:
        aids = [a for a in patient.aids if not card or (
            a["Certificate_IssuedDate"] <= card["Certificate_ExpiredDate"] and
            card["Certificate_StartDate"] <= a["Certificate_ExpiredDate"])]
        if card:
            out.append({**listed(card), "PublicInsurance_Information": []})
        if aids:
            out.append({**listed(card), "PublicInsurance_Information": [listed(a) for a in aids[:4]]})
    for n, one in enumerate(out, 1):
        one["Insurance_Combination_Number"] = f"{n:04}"
    return out


def listed(row):
    return {k: v for k, v in row.items() if v and not k.endswith("_Id")}


class Desk:
    def __init__(self, today="2026-06-02"):
        self.today = today
        self.patients = {}
        self.locks = {}  # number: (Karte_Uid, Orca_Uid, rows that were checked)
        self.numbering = True
        self.questions = []  # codes that 03 asks
        self.next_id = 0

    # --- what tests look at -------------------------------------------------------------------------------------
    def add(self, name, kana, birth, sex, number=None, **more):
        number = number or f"{len(self.patients) + 1:05}"
        patient = Patient(number, {"WholeName": name, "WholeName_inKana": kana, "BirthDate": birth, "Sex": sex}, **more)
        self.patients[number] = patient
        return patient

    def insure(self, patient, **given):
        card, _ = rules.insurance(given, patient.base["BirthDate"], self.today)
        return self.keep(patient.cards, "InsuranceProvider_Id", card)

    def support(self, patient, **given):
        return self.keep(patient.aids, "PublicInsurance_Id", rules.public(given, self.today))

    def keep(self, rows, key, row):
        self.next_id += 1
        rows.append({**row, key: f"{self.next_id:010}"})
        return rows[-1]

    # --- numbers ------------------------------------------------------------------------------------------------
    def find(self, number):
        if not number:
            raise Refused("01")
        if number.isdigit():
            number = number.zfill(5)
        if number not in self.patients:
            raise Refused("10")
        return self.patients[number]

    def new_number(self, asked):
        if asked == "*":
            if not self.numbering:
                raise Refused("11")
            taken = [int(n) for n in self.patients if n.isdigit()]
            return f"{max(taken, default=0) + 1:05}"
        if not re.fullmatch(r"[0-9A-Za-z-]{1,20}", asked):
            raise Refused("12")
        number = asked.zfill(5) if asked.isdigit() else asked
        if number in self.patients:
            raise Refused("13")
        return number

    def check_free(self, number):
        if number in self.locks:
            raise Refused("90")

    # --- patientgetv2, patientlst3v2 ----------------------------------------------------------------------------
    def get(self, number):
        return self.whole(self.find(number))

    def whole(self, p):
        return {**p.base, **{k: v for k, v in p.more.items() if v}, HOME: listed(p.home), WORK: listed(p.work),
                "HealthInsurance_Information": combinations(p)}

    def search(self, asked):
        name, birth_from, birth_to = (asked.get(k, "").strip() for k in ("WholeName", "Birth_StartDate", "Birth_EndDate"))
        if not name:
            raise Refused("17")
        if re.search("[\ue000-\uf8ff●〓\U00020000-\U0010ffff]", name):
            raise Refused("10")
        if birth_from and not rules.is_date(birth_from):
            raise Refused("11")
        if birth_to and not rules.is_date(birth_to):
            raise Refused("12")
        if birth_to and not birth_from:
            raise Refused("13")
        birth_to = birth_to or birth_from
        if birth_from > birth_to:
            raise Refused("14")
        if asked.get("Sex", "").strip() not in ("", "1", "2"):
            raise Refused("15")
        found = [p for p in self.patients.values() if self.fits(p, rules.widen(name), birth_from, birth_to)]
        if not found:
            raise Refused("20")
        return [self.short(p) for p in found]

    @staticmethod
    def fits(patient, name, birth_from, birth_to):
        if birth_from and not birth_from <= patient.base["BirthDate"] <= birth_to:
            return False
        names = [patient.base["WholeName"], patient.base["WholeName_inKana"]]
        if name.startswith("＊"):
            names = [n.partition("\u3000")[2] for n in names]
            name = name[1:]
        return any(n.startswith(name) for n in names)

    def short(self, p):
        return {**p.base, HOME: listed(p.home), "HealthInsurance_Information": [listed(c) for c in p.cards[:3]],
                "PublicInsurance_Information": [listed(a) for a in p.aids[:4]]}

    # --- patientmodv2 -------------------------------------------------------------------------------------------
    def taken_insurance(self, given, birth):
        """The insurance and the 公費 of a request, and whether the kind was changed."""
        box = given.get("HealthInsurance_Information") or {}
        aids = [rules.public(a, self.today) for a in box.get("PublicInsurance_Information") or []]
        alone = {k: v for k, v in box.items() if k != "PublicInsurance_Information"}
        card, changed = rules.insurance(alone, birth, self.today) if alone else (None, False)
        if len(aids) > 4:
            raise Refused("H1")
        return card, aids, changed

    def write_insurance(self, patient, card, aids):
        if card:
            self.keep(patient.cards, "InsuranceProvider_Id", card)
        for aid in aids:
            self.keep(patient.aids, "PublicInsurance_Id", aid)

    def register(self, given):
        """The patient and the result code."""
        if not given.get("Patient_ID"):
            raise Refused("01")
        person = rules.person(given, self.today)
        more, home = rules.further(given), rules.address(given.get(HOME) or {})
        card, aids, changed = self.taken_insurance(given, person["BirthDate"])
        patient = Patient(self.new_number(given["Patient_ID"]), person, more=more, home=home)
        twin = any(p.key() == patient.key() for p in self.patients.values())
        self.patients[patient.base["Patient_ID"]] = patient
        self.write_insurance(patient, card, aids)
        young = rules.age(person["BirthDate"], self.today) < 16
        return patient, "K0" if twin else "K3" if changed else "K5" if young else "00"

    def replace(self, given):
        person = rules.person(given, self.today)
        patient = self.find(given.get("Patient_ID", ""))
        keys = ("WholeName", "WholeName_inKana") if given.get("Mod_Key") == "2" else ("Sex", "BirthDate")
        if any(patient.base[k] != person[k] for k in keys):
            raise Refused("50")
        self.check_free(patient.base["Patient_ID"])
        more, home = rules.further(given), rules.address(given.get(HOME) or {})
        if patient.base["WholeName"] != person["WholeName"]:
            patient.maiden.append(patient.base["WholeName"])
        patient.base.update(person)
        patient.more, patient.home, patient.work = more, home, dict(given.get(WORK) or {})
        return patient, "00"

    def add_first(self, given):
        patient = self.find(given.get("Patient_ID", ""))
        if any(patient.base[k] != given.get(k) for k in ("WholeName", "Sex", "BirthDate")):
            raise Refused("60")
        self.check_free(patient.base["Patient_ID"])
        card, aids, changed = self.taken_insurance(given, patient.base["BirthDate"])
        if not card and not aids:
            raise Refused("61")
        if card and any(rules.same_card(card, c) for c in patient.cards):
            raise Refused("62")
        if patient.insured() or any(card and rules.overlap(card, c) for c in patient.cards):
            raise Refused("P2")
        if len(patient.cards) >= CARDS:
            raise Refused("64")
        self.write_insurance(patient, card, aids)
        return patient, "K3" if changed else "00"

    # --- patientmodv32 ------------------------------------------------------------------------------------------
    def v3_find(self, asked):
        try:
            return self.find((asked.get("Patient_Information") or {}).get("Patient_ID", ""))
        except Refused:
            raise Refused("E10") from None

    def v3_read(self, asked, with_lock):
        patient = self.v3_find(asked)
        number = patient.base["Patient_ID"]
        if not asked.get("Karte_Uid"):
            raise Refused("E02")
        lock = ""
        if with_lock:
            if number in self.locks:
                raise Refused("E90")
            lock = str(uuid.uuid4())
            self.locks[number] = (asked["Karte_Uid"], lock, None)
        return patient, lock

    def v3_locked(self, asked):
        """The patient and what was checked; the identifiers must be those of the lock."""
        patient = self.v3_find(asked)
        karte, lock, rows = self.locks.get(patient.base["Patient_ID"], ("", "", None))
        if not lock or asked.get("Karte_Uid") != karte or asked.get("Orca_Uid") != lock:
            raise Refused("E02")
        given = asked.get("Patient_Information") or {}
        if any(given.get(k, "") != patient.base[k] for k in PERSON):
            raise Refused("E02")
        return patient, lock, rows

    def v3_rows(self, asked, patient):
        """What is to be written, checked: (cards, aids) with mode and id."""
        birth = patient.base["BirthDate"]
        try:
            cards = [self.v3_card(r, birth) for r in (asked.get("HealthInsurance_Information") or {}).get("HealthInsurance_Info") or [] if r]
            aids = [self.v3_aid(r) for r in (asked.get("PublicInsurance_Information") or {}).get("PublicInsurance_Info") or [] if r]
        except Refused:
            raise Refused("E50") from None
        self.v3_try(patient, cards, aids)
        return cards, aids

    def v3_card(self, row, birth):
        if row.get("InsuranceProvider_Mode") == "Delete":
            return dict(row)
        if not row.get("RelationToInsuredPerson"):
            raise Refused("H1")
        card, _ = rules.insurance(row, birth, self.today)
        return {"InsuranceProvider_Mode": row.get("InsuranceProvider_Mode", ""),
                "InsuranceProvider_Id": row.get("InsuranceProvider_Id", "").zfill(10), **card}

    def v3_aid(self, row):
        return {"PublicInsurance_Mode": row.get("PublicInsurance_Mode", ""),
                "PublicInsurance_Id": row.get("PublicInsurance_Id", "").zfill(10), **rules.public(row, self.today)}

    def v3_try(self, patient, cards, aids):
        """The rows as they would be; overlaps and unknown ids are errors."""
        now_cards = self.applied(patient.cards, cards, "InsuranceProvider")
        now_aids = self.applied(patient.aids, aids, "PublicInsurance")
        real = [c for c in now_cards if c["InsuranceProvider_Class"] != "980"]
        for i, card in enumerate(real):
            if any(rules.overlap(card, other) or (rules.same_card(card, other) and card == other) for other in real[:i]):
                raise Refused("E50")
        if len(now_cards) > CARDS or len(now_aids) > AIDS:
            raise Refused("E50")
        return now_cards, now_aids

    @staticmethod
    def applied(rows, changes, name):
        mode_key, id_key = f"{name}_Mode", f"{name}_Id"
        out = [dict(r) for r in rows]
        for change in changes:
            mode, number = change.get(mode_key, ""), change.get(id_key, "")
            bare = {k: v for k, v in change.items() if k != mode_key}
            at = next((i for i, r in enumerate(out) if r[id_key] == number), None)
            if mode == "New" and int(number or "1") == 0:
                out.append(bare)
            elif mode == "Modify" and at is not None:
                out[at] = bare
            elif mode == "Delete" and at is not None:
                del out[at]
            elif mode:
                raise Refused("E50")
        return out

    def v3_check(self, asked):
        patient, lock, _ = self.v3_locked(asked)
        rows = self.v3_rows(asked, patient)
        if not any(rows):
            raise Refused("E02")
        self.locks[patient.base["Patient_ID"]] = (asked["Karte_Uid"], lock, rows)
        return patient, lock, rows

    def v3_commit(self, asked):
        """The patient, or the code of a question."""
        patient, lock, checked = self.v3_locked(asked)
        if checked is None or self.v3_rows(asked, patient) != checked:
            raise Refused("E50")
        if self.questions and asked.get("Select_Answer") != "Ok":
            return patient, lock, checked, self.questions[0]
        if self.questions:
            self.questions.pop(0)
            if self.questions:
                return patient, lock, checked, self.questions[0]
        patient.cards, patient.aids = self.v3_try(patient, *checked)
        for rows, key in ((patient.cards, "InsuranceProvider_Id"), (patient.aids, "PublicInsurance_Id")):
            for row in rows:
                if int(row[key]) == 0:
                    self.next_id += 1
                    row[key] = f"{self.next_id:010}"
        del self.locks[patient.base["Patient_ID"]]
        return patient, lock, None, ""

    def v3_unlock(self, asked):
        patient, lock, _ = self.v3_locked(asked)
        del self.locks[patient.base["Patient_ID"]]
        return patient, lock
