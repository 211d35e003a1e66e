#!/usr/bin/python3
"""The judges of HL7, ORCA, CSV packs and the face XML refuse spoilt documents."""
import json
import unittest
import unittest.mock

import judge_text
import text_face
import trying

HL7, ORCA, UPDATE, CSV, JSY96, FORM, XML = (
    judge_text.JUDGES[k] for k in ("hl7", "orca-register", "orca-update", "csv", "jsy96", "judo-csv", "xml"))


class Hl7(trying.Trial):
    def test_good(self):
        self.passes(HL7, trying.good("hl7.txt"))
        self.passes(HL7, self.text().replace("７７~８８~01|", "７７|８８").encode("iso2022_jp"))

    @staticmethod
    def text():
        return trying.good("hl7.txt").decode("iso2022_jp")

    def spoilt(self, spoils):
        """The whole text is encoded again: escape sequences move with it."""
        for old, new, words in spoils:
            with self.subTest(old=old, new=new):
                self.assertIn(old, self.text())
                self.refuses(HL7, self.text().replace(old, new, 1).encode("iso2022_jp"), words)

    def test_spoilt(self):
        self.spoilt([
            ("\r", "\r\n", "CR alone"),
            ("^~\\&", "^~&", "MSH-2"),
            ("|20260602091530||ADT", "|2026||ADT", "MSH-7"),
            ("ADT^A08", "ORU^R01", "MSH-9"),
            ("|1|P|", "|1|Q|", "MSH-10 or 11"),
            ("|2.5|", "|2.4|", "MSH-12"),
            ("~ISO IR87", "ISO IR87", "MSH-18"),
            ("\rEVN", "\rEVX", "segments: unknown"),
            ("\rPID", "\rPIX", "not MSH, one PID"),
            ("^^^^PI|", "^^^^MR|", "PID-3"),
            ("^L^I~", "^L^X~", "PID-5: type L"),
            ("見本^太郎", "見本^次郎", "PID-5: 氏名"),
            ("ミホン^タロウ", "みほん^たろう", "PID-5: カナ"),
            ("||19850312", "||S600312", "PID-7"),
            ("|M|", "|1|", "PID-8"),
            ("000-0000", "0000000", "PID-11"),
            ("^JPN^", "^JP^", "PID-11"),
            ("20260602091530\rIN1", "\rIN1", "PID-33"),
            ("IN1|1", "IN1|2", "IN1-1"),
            ("06^組合", "C0^組合", "IN1-2"),
            ("JHSD0001", "JHSD0002", "IN1-2"),
            ("|06990014|", "|  06990014|", "IN1-3"),
            ("見本健康保険組合", "見本組合", "IN1-4"),
            ("７７~", "７８~", "IN1-10, 11"),
            ("~01|", "~00|", "IN1-10: 枝番"),
            ("|20200401|", "|2020-04-01|", "IN1-12"),
            ("SEL^本人", "SPO^配偶者", "IN1-17"),
            ("HL70063", "HL70064", "IN1-17"),
            ("見本市見本町", "見本市\\見本町", "escape character"),
        ])

    def test_letters_that_leak_into_the_next_segment(self):
        raw = trying.good("hl7.txt")
        self.refuses(HL7, raw.replace(b"\x1b(B^^^^^L^I", b"^^^^^L^I", 1), "cannot be read")
        self.refuses(HL7, self.text().encode("cp932"), "cannot be read")

    def test_kokuho_is_c0_with_six_digits(self):
        whose = trying.person("kokuho-6")
        text = self.text().replace("06^組合管掌健康保険", "C0^国民健康保険").replace("06990014", "990010")
        self.assertNotIn("IN1-2", " ".join(self.told(HL7, text.encode("iso2022_jp"), whose)))
        self.refuses(HL7, text.replace("|990010|", "|00990010|").encode("iso2022_jp"), "IN1-3", whose)


class Orca(trying.Trial):
    def test_good(self):
        self.passes(ORCA, trying.good("orca.xml"))
        self.passes(UPDATE, trying.good("orca-update.xml"))
        self.refuses(ORCA, trying.good("orca-update.xml"), "not data with patientmodreq")

    def test_register(self):
        self.each_spoilt(ORCA, trying.good("orca.xml"), [
            ("<data>", '<data type="record">', "not data with"),
            ("patientmodreq", "patientmodrequest", "cannot be read"),
            ('<Sex type="string">', "<Sex>", "Sex: type is not string"),
            ('<Sex type="string">', '<Sex type="record">', "Sex: type is not string"),
            ('Home_Address_Information type="record"', 'Home_Address_Information type="string"', "type is not record"),
            ('<BirthDate type="string">1985-03-12</BirthDate>\n    <Sex type="string">1</Sex>',
             '<Sex type="string">1</Sex>\n    <BirthDate type="string">1985-03-12</BirthDate>', "order of children"),
            ("HealthInsuredPerson_Branch_Number", "HealthInsuredPerson_Branch", "cannot be read"),
            ('<Sex type="string">1</Sex>', '<Sex type="string">1</Sex><Branch type="string">1</Branch>', "does not belong"),
            ("見本　太郎", "見本 太郎", "WholeName: not full width"),
            ("ミホン　タロウ", "ﾐﾎﾝ ﾀﾛｳ", "WholeName_inKana: not full width"),
            ("ミホン　タロウ", "みほん　たろう", "not the katakana"),
            ("1985-03-12", "19850312", "BirthDate: not a day"),
            ("1985-03-12", "1985-02-30", "BirthDate: not a day"),
            ('<Sex type="string">1', '<Sex type="string">3', "Sex: not that"),
            ("0000000</Address", "000-0000</Address", "Address_ZipCode: longer than 7"),
            ("１－２－１", "1-2-1", "WholeAddress1: not full width"),
            ("見本市見本町", "見本市" * 33, "WholeAddress1: longer than 200"),
            (">06990014<", ">  990014<", "InsuranceProvider_Number"),
            (">006<", ">060<", "InsuranceProvider_Class"),
            ("７７", "77", "HealthInsuredPerson_Symbol: not full width"),
            ("７７", "７　７", "or with a space"),
            ("８８", "８" * 21, "longer than 20"),
            (">01<", ">02<", "Branch_Number: not that"),
            ('RelationToInsuredPerson type="string">1', 'RelationToInsuredPerson type="string">2', "Relation"),
            ("2020-04-01", "2020-04-31", "Certificate_StartDate: not a day"),
            ("2020-04-01", "2020-04-02", "Certificate_StartDate: not a day of the source"),
            ('<Patient_ID type="string">*</Patient_ID>', "", "Patient_ID is missing"),
            ('<Patient_ID type="string">*</Patient_ID>', '<Patient_ID type="string"/>', "Patient_ID: empty"),
        ])

    def test_late_elderly_have_no_symbol_and_no_branch(self):
        raw = trying.good("orca.xml").replace(b"06990014", b"39990015").replace(b">006<", b">039<")
        self.refuses(ORCA, raw, "HealthInsuredPerson_Symbol: not that", trying.person("kouki-10"))

    def test_update(self):
        self.each_spoilt(UPDATE, trying.good("orca-update.xml"), [
            ("HealthInsurance_Info_child", "HealthInsurance_Infos", "cannot be read"),
            ('HealthInsurance_Info type="array"', 'HealthInsurance_Info type="record"', "type is not array"),
            ('HealthInsurance_Info_child type="record"', 'HealthInsurance_Info_child type="string"', "of type record"),
            (">New<", ">Add<", "InsuranceProvider_Mode"),
            ('_Id type="string">0<', '_Id type="string">1<', "InsuranceProvider_Mode or Id"),
            ('<RelationToInsuredPerson type="string">1</RelationToInsuredPerson>', "", "RelationToInsuredPerson is missing"),
            ("2026-06-02", "20260602", "Certificate_CheckDate: not a day"),
        ])

    def test_public_payer(self):
        part = ('<PublicInsurance_Information type="array"><PublicInsurance_Information_child type="record">'
                '<PublicInsurance_Class type="string">012</PublicInsurance_Class>'
                '<PublicInsurer_Number type="string">12991014</PublicInsurer_Number>'
                '<PublicInsuredPerson_Number type="string">1234566</PublicInsuredPerson_Number>'
                "</PublicInsurance_Information_child></PublicInsurance_Information></HealthInsurance_Information>")
        raw = trying.good("orca.xml").decode().replace("</HealthInsurance_Information>", part)
        whose = trying.persons("aid-and-insurance")
        self.assertNotIn("ublic", " ".join(self.told(ORCA, raw.encode(), whose)))
        for old, new, words in (("1234566", "1234567", "公費"), ("012<", "021<", "PublicInsurance_Class"),
                                ("_Information_child", "_child", "a member that is not")):
            self.refuses(ORCA, raw.replace(old, new).encode(), words, whose)


class Csv(trying.Trial):
    def test_good(self):
        self.passes(CSV, trying.good("jsy96.csv"))
        self.passes(JSY96, trying.good("jsy96.csv"))
        self.passes(FORM, trying.good("form.csv"))
        self.passes(CSV, '"氏名","住所"\r\n"見本　太郎","見本市\r\n""１""丁目"\r\n'.encode("cp932"))

    def test_spoilt(self):
        self.each_spoilt(CSV, trying.good("form.csv"), [
            ("\r\n", "\n", "CRLF"),
            (",3,2,7\r\n", ",3,2,7", "last line"),
            ("06990014,", "06990014,,", "8 columns, not 7"),
            ("06990014,", "", "6 columns, not 7"),
            ("氏名", "", "a heading that is empty"),
            ("氏名", "性別", "there twice"),
            ("見本　太郎", "見本　次郎", "in no column"),
            ("見本　太郎", '見本　"太郎', "cannot be read"),
        ], "cp932")
        self.refuses(CSV, "氏名\r\n".encode("cp932"), "no row")
        self.refuses(CSV, trying.good("form.csv").decode("cp932").encode("utf-8"), "cannot be read")

    def test_columns_of_jsy96(self):
        self.each_spoilt(JSY96, trying.good("jsy96.csv"), [
            ("PostNumber", "PostalNumber", "the heading is not the list"),
            ("Sex1,Sex2", "Sex2,Sex1", "the heading is not the list"),
            ("06990014", "01990019", "InsurerNumber: not that"),
            ("７７", "", "InsuredCardSymbol: not that"),
            (",01,1,", ",1,1,", "InsuredBranchNumber: not that"),
        ], "cp932")

    def test_boxes_of_the_form(self):
        self.each_spoilt(FORM, trying.good("form.csv"), [
            ("1,3,2,7", "男,3,2,7", "性別: a value"),
            ("1,3,2,7", "2,3,2,7", "性別 is not that"),
            ("1,3,2,7", "1,S,2,7", "元号"),
            ("1,3,2,7", "1,3,1,7", "本家区分: a value"),
            ("1,3,2,7", "1,3,6,7", "本家区分 does not fit"),
            ("1,3,2,7", "1,3,,7", "本家区分 does not fit"),
            ("1,3,2,7", "1,4,2,7", "元号 is not that"),
            ("1,3,2,7", "1,3,2,", "給付割合 is not 10 less"),
            ("1,3,2,7", "1,3,2,70", "給付割合: a value"),
        ], "cp932")
        for name, box, rate in (("kouki-10", "8", "9"), ("taisho", "0", "7"), ("kourei-70-74", "8", "8"), ("mishugaku", "4", "8")):
            whose = trying.person(name)
            good = f"氏名,本家区分,給付割合\r\n{whose['name']},{box},{rate}\r\n"
            self.passes(FORM, good.encode("cp932"), whose)
            self.refuses(FORM, good.replace(f"{box},{rate}", f"2,{rate}").encode("cp932"), "does not fit age", whose)

    def test_xml_of_a_host(self):
        self.passes(XML, "<a><b>見本　太郎</b></a>".encode())
        self.refuses(XML, "<a><b>見本　次郎</b></a>".encode(), "in no element")
        self.refuses(XML, "<a><b>見本　太郎</a>".encode(), "cannot be read")


class Face(trying.Trial):
    @staticmethod
    def form(document):
        return text_face.form_problems(document.raw)

    def test_good(self):
        self.passes(self.form, trying.good("face.xml"))
        name, kana = "<Name>見本　太郎</Name>".encode("cp932"), "<NameKana>ﾐﾎﾝ ﾀﾛｳ</NameKana>".encode("cp932")
        self.passes(self.form, trying.good("face.xml").replace(kana, b"").replace(name, kana + name))

    def test_spoilt(self):
        self.each_spoilt(self.form, trying.good("face.xml"), [
            ("Shift_JIS", "UTF-8", "declaration"),
            ("見本　太郎", "&#35211;本　太郎", "numeric character reference"),
            ("<Name>", '<Name kind="1">', "an attribute"),
            ("CharacterCodeIdentifier>1", "CharacterCodeIdentifier>0", "CharacterCodeIdentifier"),
            ("ReferenceClassification>1", "ReferenceClassification>A", "ReferenceClassification"),
            ("<SegmentOfResult>1</SegmentOfResult>\r\n", "", "SegmentOfResult"),
            ("06990014", "6990014", "InsurerNumber: not 8 wide"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ミホン　タロウ", "NameKana"),
            ("<Sex1>1</Sex1>", "", "Sex1 is missing"),
            ("<Sex1>1</Sex1>", "<Sex1>1</Sex1><Sex>1</Sex>", "does not belong"),
            ("<Sex1>1</Sex1>", "<Sex1>1</Sex1><Sex1>1</Sex1>", "one twice"),
            ("<ProcessingResultStatus>1</ProcessingResultStatus>\r\n    <QualificationValidity>1</QualificationValidity>",
             "<QualificationValidity>1</QualificationValidity><ProcessingResultStatus>1</ProcessingResultStatus>",
             "MessageBody: order"),
        ], "cp932")
        self.refuses(self.form, trying.good("face.xml").decode("cp932").encode("utf-8"), "cannot be read")

    def test_what_our_reader_finds(self):
        record = {"name": "見本　𠮷", "name_kana": "ミホン　ヨシ", "symbol": "７７", "branch_number": "", "validity": "1",
                  "elderly.burden_percent": 20}
        for changes, same in (({}, True), ({"name": "見本　吉"}, True), ({"name": "見本"}, False), ({"symbol": "７８"}, False),
                              ({"symbol": None}, False), ({"name_kana": "ﾐﾎﾝ ﾖｼ"}, True), ({"name_kana": "ﾐﾎﾝ"}, False),
                              ({"branch_number": None}, True), ({"branch_number": "00"}, False), ({"validity": "2"}, False),
                              ({"processed_at": "2026-06-02T09:15:30"}, True), ({"result_status": "1"}, True),
                              ({"elderly.burden_percent": None}, False), ({"address": "見本市"}, False)):
            with self.subTest(changes=changes):
                self.assertEqual(not self.read({**record, **changes}, record), same)
        self.assertTrue(self.read(record, record, faults=[{"code": -1}]))

    @staticmethod
    def read(said, wanted, faults=()):
        told = [{"records": [said], "faults": list(faults), "drift": []}, {"records": [wanted], "faults": [], "drift": []}]
        answers = [unittest.mock.Mock(stdout=json.dumps(t)) for t in told]
        with unittest.mock.patch.dict("os.environ", SHIKAKU_CONSOLE="console"), \
                unittest.mock.patch("subprocess.run", side_effect=answers):
            return list(text_face.reading_problems("a.expected", "a.xml"))


if __name__ == "__main__":
    unittest.main()
