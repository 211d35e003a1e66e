"""The real adapter against the server."""
import dataclasses
import os
import pathlib
import subprocess
import tempfile
import unittest

import orca

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parents[1] / "scripts" / "orca-patientmod" / "samples"
PROBE = os.environ.get("ORCA_PROBE", "")
HANAKO = ("見本\u3000花子", "ミホン\u3000ハナコ", "1985-03-02", "2")
HANAKO_CARD = {"InsuranceProvider_Number": "06990014", "HealthInsuredPerson_Symbol": "見本", "HealthInsuredPerson_Number": "123",
               "HealthInsuredPerson_Branch_Number": "01", "RelationToInsuredPerson": "1", "Certificate_StartDate": "2020-04-01"}
TEXT = '<{0} type="string">{1}</{0}>'


def texts(values):
    return "".join(TEXT.format(k, v) for k, v in values.items() if v)


def document(person=HANAKO, card=None, aids=(), number="*", address=""):
    """What the pack orca-patientmod makes."""
    name, kana, birth, sex = person
    members = "".join(f'<PublicInsurance_Information_child type="record">{texts(a)}</PublicInsurance_Information_child>' for a in aids)
    box = f'<PublicInsurance_Information type="array">{members}</PublicInsurance_Information>' if aids else ""
    home = f'<Home_Address_Information type="record">{texts({"WholeAddress1": address})}</Home_Address_Information>' if address else ""
    head = texts({"Patient_ID": number, "WholeName": name, "WholeName_inKana": kana, "BirthDate": birth, "Sex": sex})
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<data><patientmodreq type="record">{head}{home}'
            f'<HealthInsurance_Information type="record">{texts(HANAKO_CARD if card is None else card)}{box}'
            '</HealthInsurance_Information></patientmodreq></data>')


@dataclasses.dataclass
class Said:
    rc: int
    native: int
    where: str
    place: str
    patient: str
    warning: str
    patients: dict
    text: str


def parse(text):
    said = Said(0, 0, "", "", "", "", {}, text)
    lines = [line.partition(" ")[::2] for line in text.splitlines()]
    finding = False
    for key, value in lines:
        if key == "patient" and said.place == "" and not finding and value:
            finding = True
        if key == "rc":
            said.rc = int(value)
        elif key == "said":
            _, native, said.where = (value.split(" ", 2) + [""])[:3]
            said.native = int(native)
        elif key in ("place", "warning"):
            setattr(said, key, value)
        elif key == "patient" and said.place == "" and finding:
            said.patients[value] = {}
        elif key == "patient":
            said.patient = value
        elif finding and said.patients:
            list(said.patients.values())[-1][key] = value
    return said


class WithOrca(unittest.TestCase):
    pki = client_ca = None

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()) if hasattr(self, "enterContext")
                                   else tempfile.mkdtemp())
        self.orca = orca.Orca()
        self.desk = self.orca.desk
        self.server, self.address = orca.start(self.orca, self.pki, self.client_ca)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.settings = {"url": self.address, "user": "ormaster", "password": "ormaster", "timeout_ms": "20000"}
        self.note = self.folder / "note"

    def hanako(self, insured=True):
        patient = self.desk.add(*HANAKO)
        if insured:
            self.desk.insure(patient, **HANAKO_CARD)
        return patient

    def run_probe(self, command, arguments, killed=False):
        settings = [f"set.{k}={v}" for k, v in self.settings.items() if v is not None]
        done = subprocess.run([PROBE, command, *settings, *arguments], capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, -9 if killed else 0, done.stderr.decode())
        return parse(done.stdout.decode())

    def find(self, **asked):
        return self.run_probe("find", [f"ask.{k}={v}" for k, v in asked.items()])

    def deliver(self, text, patient="", killed=False, **more):
        path = self.folder / "document.xml"
        path.write_text(text, encoding="utf-8")
        rest = [f"{k}={v}" for k, v in more.items()]
        return self.run_probe("deliver", [f"document={path}", f"patient={patient}", f"note={self.note}", *rest], killed)

    def asked(self):
        said, self.orca.asked = self.orca.asked, []
        return said

    def is_quiet(self, said):
        """No value of a person, and no password, in what is said."""
        for word in ("見本", "ミホン", "1985", "06990014", "ormaster"):
            self.assertNotIn(word, said.where + said.place + said.warning)
