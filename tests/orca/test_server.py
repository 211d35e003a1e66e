"""The server itself, asked without the adapter."""
import base64
import http.client
import threading
import unittest
import xml.etree.ElementTree as ET

import orca
import rules
from harness import HANAKO, HANAKO_CARD, document


class Server(unittest.TestCase):
    def setUp(self):
        self.orca = orca.Orca()
        self.desk = self.orca.desk
        self.server, self.address = orca.start(self.orca)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def ask(self, method, path, body=None, password="ormaster"):
        connection = http.client.HTTPConnection("localhost", self.server.server_port, timeout=60)
        self.addCleanup(connection.close)
        login = base64.b64encode(f"ormaster:{password}".encode()).decode()
        connection.request(method, path, body and body.encode(), {"Authorization": f"Basic {login}", "Content-Type": "application/xml"})
        reply = connection.getresponse()
        return reply.status, reply.read()

    def post(self, path, body):
        status, said = self.ask("POST", path, body)
        self.assertEqual(status, 200)
        return ET.fromstring(said)[0]

    def code(self, path, body):
        return self.post(path, body).findtext("Api_Result")

    def register(self, **more):
        return self.code("/orca12/patientmodv2?class=01", document(**more))

    def v3(self, step, patient, lock="", rows="", karte="k", answer=""):
        base = "".join(f'<{k} type="string">{v}</{k}>' for k, v in (patient.base if step != "01" else
                                                                  {"Patient_ID": patient.base["Patient_ID"]}).items())
        more = "".join(f'<{k} type="string">{v}</{k}>' for k, v in
                       {"Request_Number": step, "Karte_Uid": karte, "Orca_Uid": lock, "Select_Answer": answer}.items() if v)
        return self.post("/orca12/patientmodv32", f'<data><patientmodv3req2 type="record">{more}'
                         f'<Patient_Information type="record">{base}</Patient_Information>{rows}</patientmodv3req2></data>')

    @staticmethod
    def row(mode, number="0", **card):
        fields = {"InsuranceProvider_Mode": mode, "InsuranceProvider_Id": number, **card}
        return ('<HealthInsurance_Information type="record"><HealthInsurance_Info type="array"><HealthInsurance_Info_child type="record">'
                + "".join(f'<{k} type="string">{v}</{k}>' for k, v in fields.items()) +
                "</HealthInsurance_Info_child></HealthInsurance_Info></HealthInsurance_Information>")

    def test_a_wrong_password_is_not_let_in(self):
        self.assertEqual(self.ask("GET", "/api01rv2/patientgetv2?id=1", password="x")[0], 401)

    def test_registers_and_reads_back_in_full_width(self):
        self.assertEqual(self.register(), "00")
        patient = self.desk.patients["00001"]
        self.assertEqual(patient.cards[0]["HealthInsuredPerson_Number"], "１２３")
        self.assertEqual(patient.cards[0]["Certificate_ExpiredDate"], "9999-12-31")
        status, said = self.ask("GET", "/api01rv2/patientgetv2?id=1")
        self.assertEqual(status, 200)
        self.assertEqual(ET.fromstring(said).findtext("*/Patient_Information/WholeName"), HANAKO[0])
        self.assertEqual(self.register(), "K0")
        self.assertEqual(len(self.desk.patients), 2)

    def test_registration_codes(self):
        wrong = [("01", {"number": ""}), ("02", {"person": ("", *HANAKO[1:])}), ("03", {"person": (HANAKO[0], "", *HANAKO[2:])}),
                 ("04", {"person": (*HANAKO[:2], "", "2")}), ("05", {"person": (*HANAKO[:3], "")}),
                 ("12", {"number": "1 2"}), ("14", {"person": ("Mihon", *HANAKO[1:])}), ("15", {"person": (HANAKO[0], "みほん", *HANAKO[2:])}),
                 ("16", {"person": (*HANAKO[:3], "3")}), ("17", {"person": (*HANAKO[:2], "1985-02-30", "2")}),
                 ("P1", {"person": (*HANAKO[:2], "2030-01-01", "2")}), ("H1", {"card": {**HANAKO_CARD, "InsuranceProvider_Number": "123"}}),
                 ("33", {"card": {**HANAKO_CARD, "HealthInsuredPerson_Number": "1" * 21}}),
                 ("32", {"card": {**HANAKO_CARD, "HealthInsuredPerson_Symbol": "あ" * 21}}),
                 ("P2", {"card": {**HANAKO_CARD, "Certificate_ExpiredDate": "2019-01-01"}}),
                 ("39", {"card": {"InsuranceProvider_Class": "971"}}),
                 ("H1", {"card": {**HANAKO_CARD, "InsuranceProvider_Number": "39990015"}})]
        for code, more in wrong:
            with self.subTest(code=code, **{k: str(v) for k, v in more.items()}):
                self.assertEqual(self.register(**more), code)
        self.assertEqual(self.desk.patients, {})
        self.desk.numbering = False
        self.assertEqual(self.register(), "11")
        self.assertEqual(self.register(number="77"), "00")
        self.assertEqual(self.register(number="77"), "13")

    def test_calls_that_are_no_calls(self):
        self.assertEqual(self.code("/orca12/patientmodv2", document()), "91")
        self.assertEqual(self.code("/orca12/patientmodv2?class=01", "<data/>"), "98")
        self.assertEqual(self.ask("POST", "/orca12/nothing", "<data/>")[0], 404)

    def search(self, name, first="", last=""):
        fields = {"WholeName": name, "Birth_StartDate": first, "Birth_EndDate": last}
        body = "".join(f'<{k} type="string">{v}</{k}>' for k, v in fields.items() if v)
        said = self.post("/api01rv2/patientlst3v2?class=01", f'<data><patientlst3req type="record">{body}</patientlst3req></data>')
        return said.findtext("Api_Result"), [e.text for e in said.iter("Patient_ID")]

    def test_searches_from_the_beginning_of_either_name(self):
        self.desk.add(*HANAKO)
        self.desk.add("見本\u3000太郎", "ミホン\u3000タロウ", "1980-01-01", "1")
        self.assertEqual(self.search("見本"), ("00", ["00001", "00002"]))
        self.assertEqual(self.search("ミホン", "1985-03-02", "1985-03-02"), ("00", ["00001"]))
        self.assertEqual(self.search("*ハナ"), ("00", ["00001"]))
        self.assertEqual(self.search("花子"), ("20", []))
        self.assertEqual([self.search(*q)[0] for q in (("",), ("●",), ("見", "x"), ("見", "", "1985-03-02"), ("見", "1985-03-02", "x"),
                                                       ("見", "1985-03-02", "1980-01-01"))], ["17", "10", "11", "13", "12", "14"])
        for n in range(100):
            self.desk.add("群\u3000衆", "グン\u3000シュウ", "1980-01-01", "1")
        self.assertEqual(self.search("群")[0], "00")
        self.desk.add("群\u3000衆", "グン\u3000シュウ", "1980-01-01", "1")
        code, listed = self.search("群")
        self.assertEqual((code, len(listed)), ("21", 100))

    def test_the_first_insurance_and_no_second(self):
        self.desk.add(*HANAKO)
        path = "/orca12/patientmodv2?class=04"
        self.assertEqual(self.code(path, document(number="9")), "10")
        self.assertEqual(self.code(path, document(person=("見本\u3000他", *HANAKO[1:]), number="1")), "60")
        self.assertEqual(self.code(path, document(card={}, number="1")), "61")
        self.assertEqual(self.code(path, document(number="1")), "00")
        self.assertEqual(self.code(path, document(number="1")), "62")
        self.assertEqual(self.code(path, document(card={**HANAKO_CARD, "InsuranceProvider_Number": "990010"}, number="1")), "P2")

    def test_replacing_empties_what_is_not_sent(self):
        patient = self.desk.add(*HANAKO, more={"Comment1": "x"})
        path = "/orca12/patientmodv2?class=02"
        self.assertEqual(self.code(path, document(person=("別名\u3000花子", *HANAKO[1:]), number="1")), "00")
        self.assertEqual((patient.base["WholeName"], patient.more["Comment1"], patient.maiden), ("別名\u3000花子", "", [HANAKO[0]]))
        self.assertEqual(self.code(path, document(person=(*HANAKO[:3], "1"), number="1")), "50")

    def test_updates_under_a_lock(self):
        patient = self.desk.add(*HANAKO)
        said = self.v3("01", patient)
        lock = said.findtext("Orca_Uid")
        self.assertEqual((said.findtext("Api_Result"), said.findtext("Response_Number")), ("000", "02"))
        self.assertEqual(len(said.findall("HealthInsurance_Information/HealthInsurance_Info/*")), 40)
        self.assertEqual(self.v3("01", patient, karte="other").findtext("Api_Result"), "E90")
        self.assertEqual(self.v3("02", patient, "wrong", self.row("New", **HANAKO_CARD)).findtext("Api_Result"), "E02")
        self.assertEqual(self.v3("02", patient, lock, self.row("New", **{**HANAKO_CARD, "RelationToInsuredPerson": ""})).findtext("Api_Result"),
                         "E50")
        checked = self.v3("02", patient, lock, self.row("New", **HANAKO_CARD))
        self.assertEqual(checked.findtext("Api_Result"), "000")
        self.assertEqual(patient.cards, [])
        rows = ET.tostring(checked.find("HealthInsurance_Information"), encoding="unicode")
        self.desk.questions = ["K910"]
        said = self.v3("03", patient, lock, rows)
        self.assertEqual((said.findtext("Api_Result"), said.findtext("Patient_Select_Information/Patient_Select")), ("S20", "K910"))
        self.assertEqual(self.v3("03", patient, lock, rows, answer="Ok").findtext("Api_Result"), "000")
        self.assertEqual((len(patient.cards), self.desk.locks), (1, {}))

    def test_overlap_and_unlock(self):
        patient = self.desk.add(*HANAKO)
        card = self.desk.insure(patient, **HANAKO_CARD)
        lock = self.v3("01", patient).findtext("Orca_Uid")
        other = {**HANAKO_CARD, "InsuranceProvider_Number": "990010", "Certificate_StartDate": "2026-04-01"}
        self.assertEqual(self.v3("02", patient, lock, self.row("New", **other)).findtext("Api_Result"), "E50")
        ended = {**HANAKO_CARD, "Certificate_ExpiredDate": "2026-03-31"}
        self.assertEqual(self.v3("02", patient, lock, self.row("Modify", card["InsuranceProvider_Id"], **ended)).findtext("Api_Result"), "000")
        self.assertEqual(self.v3("99", patient, lock).findtext("Api_Result"), "000")
        self.assertEqual(self.v3("99", patient, lock).findtext("Api_Result"), "E02")
        self.assertEqual(self.v3("01", patient).findtext("Api_Result"), "000")

    def test_codes_and_accidents_on_demand(self):
        self.orca.trouble("patientmodv2?class=01", "K1")
        self.assertEqual(self.register(), "K1")
        self.orca.trouble("class=01", "500")
        self.assertEqual(self.ask("POST", "/orca12/patientmodv2?class=01", document())[0], 500)
        self.assertEqual(self.desk.patients, {})
        self.orca.trouble("class=01", "close-after")
        with self.assertRaises(http.client.HTTPException):
            self.ask("POST", "/orca12/patientmodv2?class=01", document())
        self.assertEqual(len(self.desk.patients), 1)
        self.orca.trouble("class=01", "cut")
        with self.assertRaises(http.client.IncompleteRead):
            self.ask("POST", "/orca12/patientmodv2?class=01", document())

    def test_lists_of_codes(self):
        body = '<data><insuranceinfreq type="record"><Request_Number type="string">01</Request_Number></insuranceinfreq></data>'
        said = self.post("/api01rv2/insuranceinf1v2", body)
        self.assertIn("060", [e.text for e in said.iter("InsuranceProvider_Class")])


class Rules(unittest.TestCase):
    def test_width(self):
        self.assertEqual(rules.widen("ﾐﾎﾝ ｶﾞ12-A"), "ミホン\u3000ガ１２－Ａ")
        self.assertEqual(rules.widen("見本・１"), "見本・１")

    def test_kinds(self):
        self.assertEqual([rules.scheme(n) for n in ("990010", "01990019", "06990014", "39990015", "1234")],
                         ["060", "009", "006", "039", "009"])


if __name__ == "__main__":
    unittest.main()
