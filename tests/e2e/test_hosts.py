"""Every kind of host at once with the whole plugin: 日レセ, an HTTP service, databases by ODBC, a program that takes the
terminal's files, and an adapter of a vendor. Run inside tests/sql/with-odbc.sh."""
import json
import os
import re
import shutil
import sqlite3
import sys
import unittest
import xml.etree.ElementTree as ElementTree

import clinic
import stack
from clinic import Pc, Service, app_text

sys.path.insert(0, str(stack.ROOT / "tests/orca"))
import desk
import orca

HANAKO = {"保険者番号": "06990014", "保険者名": "見本健康保険組合", "記号": "見本", "番号": "123", "枝番": "01", "フリガナ": "ミホン　ハナコ",
          "氏名": "見本　花子", "生年月日": "昭和60年3月2日", "性別": "女", "有効開始日": "令和2年4月1日", "資格取得年月日": "令和2年4月1日",
          "被保険者氏名": "見本　花子"}
CARD = {"InsuranceProvider_Number": "06990014", "HealthInsuredPerson_Symbol": "見本", "HealthInsuredPerson_Number": "123",
        "HealthInsuredPerson_Branch_Number": "01", "RelationToInsuredPerson": "1", "Certificate_StartDate": "2020-04-01"}
OTHER = {"保険者番号": "01990019", "保険者名": "見本協会", "記号": "9900001", "番号": "77", "枝番": "00", "有効開始日": "令和7年5月1日",
         "資格取得年月日": "令和7年5月1日"}
CSV = stack.ROOT / "scripts/uketsuke_csv.lua"


class Case(clinic.Case, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.pc = Pc(self)

    def deliver_to(self, **delivery):
        self.pc.config(deliveries=[{"when": "found"} | delivery])

    def ask(self, text, *answers):
        done, asked, told = self.pc.talk([{"answer": a} for a in answers], "import", "--json", "--match", "ask",
                                         self.pc.file("copied.txt", text))
        return (done.code, [(q["grade"], sorted(c["id"] for c in q["candidates"])) for q in asked],
                [one["delivery"] for one in told if one["event"] == "delivered" and "fault" not in one["delivery"]],
                [one["fault"]["name"] for one in told if one["event"] == "fault"])


class Orca(Case):
    def setUp(self):
        super().setUp()
        self.orca = orca.Orca(desk.Desk(today="2025-06-02"))
        server, self.url = orca.start(self.orca)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.deliver_to_orca(new_patient="register")

    def deliver_to_orca(self, **more):
        self.deliver_to(pack=stack.ROOT / "scripts/orca-patientmod", adapter="orca", url=self.url, user="ormaster",
                        password="ormaster", **more)

    def hanako(self, name="見本　花子", kana="ミホン　ハナコ", **card):
        patient = self.orca.desk.add(name, kana, "1985-03-02", "2")
        self.orca.desk.insure(patient, **CARD | card)
        return patient

    def writes(self):
        return [name for name in self.orca.asked if "modv" in name]

    def test_a_new_patient_is_asked_about_and_registered_once(self):
        code, asked, delivered, faults = self.ask(app_text(**HANAKO), "new")
        self.assertEqual((code, asked, faults), (0, [("new", [])], []))
        self.assertEqual(([d["patient"] for d in delivered], list(self.orca.desk.patients)), (["00001"], ["00001"]))
        self.assertEqual(len(self.orca.desk.patients["00001"].cards), 1)
        self.orca.asked.clear()
        code, asked, delivered, _ = self.ask(app_text(**HANAKO, 確認日="令和7年6月3日"))
        self.assertEqual((code, asked, [(d["patient"], d["grade"]) for d in delivered]), (0, [], [("00001", "same")]))
        self.assertEqual(self.writes(), [], "the same insurance is there")

    def test_nobody_is_registered_where_the_clinic_does_it_by_hand(self):
        self.deliver_to_orca()
        code, _, delivered, faults = self.ask(app_text(**HANAKO), "new")
        self.assertEqual((code, delivered, self.orca.desk.patients), (3, [], {}))
        self.assertEqual((faults, [w["state"] for w in self.pc.outbox()]), (["UNDECIDED"], ["undecided"]))
        self.hanako()
        self.assertEqual(self.pc.run("outbox", "ask").code, 0, "registered by hand meanwhile")
        self.assertEqual((len(self.orca.desk.patients), self.pc.outbox()), (1, []))

    def test_the_same_insurance_is_left_alone(self):
        self.hanako()
        code, asked, delivered, _ = self.ask(app_text(**HANAKO))
        self.assertEqual((code, asked, [(d["patient"], d["grade"]) for d in delivered]), (0, [], [("00001", "same")]))
        self.assertEqual(self.writes(), [])

    def test_a_changed_insurance_is_added_to_the_right_patient(self):
        patient = self.hanako(Certificate_ExpiredDate="2025-04-30")
        self.orca.desk.add("見本　太郎", "ミホン　タロウ", "1980-01-01", "1")
        code, asked, delivered, faults = self.ask(app_text(**HANAKO | OTHER))
        self.assertEqual((code, asked, faults), (0, [], []))
        self.assertEqual([(d["patient"], d["grade"]) for d in delivered], [("00001", "changed")])
        self.assertEqual([c["InsuranceProvider_Number"] for c in patient.cards], ["06990014", "01990019"])
        self.assertEqual((self.orca.desk.locks, self.orca.desk.patients["00002"].cards), ({}, []))

    def test_twins_are_asked_about(self):
        for name, kana, branch in (("見本　花子", "ミホン　ハナコ", "01"), ("見本　桃子", "ミホン　モモコ", "02")):
            self.hanako(name, kana, HealthInsuredPerson_Branch_Number=branch)
        code, asked, delivered, _ = self.ask(app_text(**HANAKO | OTHER | {"フリガナ": "ミホン　モモコ"}), "later")
        self.assertEqual(([q[1] for q in asked], delivered, self.writes()), ([["00001", "00002"]], [], []))

    def test_a_lost_answer_adds_nothing_twice(self):
        patient = self.hanako(Certificate_ExpiredDate="2025-04-30")
        self.orca.trouble("v32 03", "close-after")
        code, _, delivered, _ = self.ask(app_text(**HANAKO | OTHER))
        self.assertEqual((code, len(delivered), len(patient.cards)), (0, 1, 2))

    def test_one_that_is_away_gets_it_later_and_one_that_is_busy(self):
        self.hanako()
        self.orca.desk.locks["00001"] = ("elsewhere", "x", None)
        code, _, _, faults = self.ask(app_text(**HANAKO | OTHER))
        self.assertEqual((code, faults), (3, ["HOST_BUSY"]))
        self.orca.desk.locks.clear()
        self.orca.desk.patients["00001"].cards[0]["Certificate_ExpiredDate"] = "2025-04-30"
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual(len(self.orca.desk.patients["00001"].cards), 2)


class Http(Case):
    def setUp(self):
        super().setUp()
        self.service = Service(self, patients=[{"id": "00012", "name": "見本 一郎", "name_kana": "ミホン イチロウ",
                                                "birth_date": "1954-01-05", "sex": "male", "insurer_number": "01990019",
                                                "symbol": "9900001", "number": "12", "branch_number": "00"}])
        script = """return { contract = 1, id = "j", format = "json", encoding = "utf-8", file = "p.json",
          fields = { { to = "patient", from = "patient.id" }, { to = "name", from = "name" } } }\n"""
        self.deliver_to(script=self.pc.file("j.lua", script), adapter="http", url=self.service.url + "/patients",
                        find_url=self.service.url + "/find")

    def test_the_service_is_asked_who_it_is_and_gets_its_own_number(self):
        code, asked, delivered, faults = self.ask(app_text())
        self.assertEqual((code, asked, faults), (0, [], []))
        self.assertEqual(self.service.asked[0]["name"], "見本　一郎")
        [(key, body)] = self.service.done.items()
        self.assertEqual(json.loads(body), {"patient": "00012", "name": "見本 一郎"})
        self.assertEqual((delivered[0]["id"], delivered[0]["patient"]), (key, "00012"))

    def test_the_same_answer_again_is_not_sent_again(self):
        for _ in range(2):
            self.assertEqual(self.ask(app_text())[0], 0)
        self.assertEqual(len(self.service.tries), 1)

    def test_a_lost_answer_is_asked_for_with_the_same_key(self):
        self.service.lose = 1
        self.assertEqual(self.ask(app_text())[0], 0)
        self.assertEqual((len(self.service.tries), len(self.service.done)), (2, 1))

    def test_somebody_else_is_asked_about(self):
        code, asked, _, _ = self.ask(app_text(氏名="試験　花子", フリガナ="シケン　ハナコ"), "later")
        self.assertEqual((code, self.service.done), (3, {}))
        self.assertEqual(len(asked), 1)


class Sql(Case):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "host.db"
        self.connection = f"DRIVER=SQLite3;Database={self.path};Timeout=3000"

    def sql(self, text, *values):
        with sqlite3.connect(self.path) as database:
            rows = database.execute(text, values).fetchall()
        database.close()
        return rows

    def documented(self, language, start):
        """The block of docs/sql.md that begins with `start`."""
        page = (stack.ROOT / "docs/sql.md").read_text(encoding="utf-8")
        return next(b for b in re.findall(f"```{language}\n(.*?)```", page, re.S) if b.startswith(start))

    def test_the_documented_script_finds_updates_and_inserts(self):
        self.sql(self.documented("sql", "CREATE TABLE patients"))
        self.sql("INSERT INTO patients (patient_no, name, name_kana, birth_date, sex, insurer_number, symbol, number, branch_number)"
                 " VALUES ('00012', '見本　一郎', 'ミホン　イチロウ', '1954-01-05', '1', '01990019', '9900001', '12', '00')")
        self.deliver_to(script=self.pc.file("host.lua", self.documented("lua", "return {\n  contract")), adapter="sql",
                        connection=self.connection)
        code, asked, delivered, faults = self.ask(app_text(保険者番号="06990014", 記号="見本", 番号="900"))
        self.assertEqual((code, asked, faults), (0, [], []))
        self.assertEqual((delivered[0]["patient"], delivered[0]["grade"]), ("00012", "changed"))
        self.assertEqual(self.sql("SELECT patient_no, name, insurer_number, number, delivery_id FROM patients"),
                         [("00012", "見本　一郎", "06990014", "900", delivered[0]["id"])])
        code, asked, _, _ = self.ask(app_text(照会番号="00077", 氏名="試験　'花子", フリガナ="シケン　ハナコ", 性別="女", 番号="5",
                                              生年月日="昭和60年12月12日"), "new")
        self.assertEqual((code, asked), (0, [("new", [])]))
        self.assertEqual(self.sql("SELECT name FROM patients WHERE patient_no = '00077'"), [("試験　'花子",)])
        self.assertEqual(self.sql("SELECT COUNT(*) FROM shikaku_deliveries"), [(2,)])

    def test_the_table_of_maple_gets_a_row_and_its_lock_back(self):
        mapping = (stack.ROOT / "scripts/judo-maple-sql/mapping.lua").read_text(encoding="utf-8")
        columns = re.search(r"INSERT INTO ClipData \((.*?)\)", mapping, re.S).group(1)
        self.sql(f"CREATE TABLE ClipData ({columns})")
        self.sql("CREATE TABLE Lock (USER VARCHAR(20), DT VARCHAR(20))")
        self.sql("INSERT INTO Lock VALUES ('JSY96', '')")
        self.deliver_to(pack=stack.ROOT / "scripts/judo-maple-sql", adapter="sql", connection=self.connection)
        code, _, _, faults = self.ask(app_text())
        self.assertEqual((code, self.sql("SELECT * FROM ClipData")), (3, []), faults)
        self.sql("UPDATE Lock SET USER = ''")
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual(self.sql("SELECT Name, InsurerNumber, InsuredIdentificationNumber FROM ClipData"),
                         [("見本　一郎", "01990019", "12")])
        self.assertEqual(self.sql("SELECT USER FROM Lock"), [("",)])

    def test_what_was_refused_is_made_anew_with_the_mended_script(self):
        self.sql("CREATE TABLE people (no VARCHAR(20), name VARCHAR(80))")
        script = """return { contract = 1, id = "s", format = "sql", encoding = "utf-8", adapter = "sql",
          statements = { "INSERT INTO %s (no, name) VALUES (:no, :name)" },
          fields = { { to = "no", from = "number" }, { to = "name", from = "name" } } }\n"""
        self.deliver_to(script=self.pc.file("s.lua", script % "persons"), adapter="sql", connection=self.connection)
        done = self.pc.bring(app_text())
        self.assertEqual((done.code, [w["state"] for w in self.pc.outbox()]), (3, ["ready"]), done.out)
        self.pc.file("s.lua", script % "people")
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual(self.sql("SELECT * FROM people"), [("12", "見本　一郎")])

    def test_a_table_that_is_missing_takes_nothing_and_it_waits(self):
        self.deliver_to(script=self.pc.file("host.lua", self.documented("lua", "return {\n  contract")), adapter="sql",
                        connection=self.connection)
        self.assertEqual(self.ask(app_text())[0], 3)
        self.assertEqual(len(self.pc.outbox()), 1)
        self.sql(self.documented("sql", "CREATE TABLE patients"))
        self.assertEqual(self.pc.run("outbox", "ask", "--json", "--match", "new").code, 3, "a number that is absent is none")
        self.assertEqual(self.sql("SELECT COUNT(*) FROM patients"), [(0,)])


class Face(Case):
    def test_files_as_the_terminal_names_them(self):
        self.deliver_to(pack=stack.ROOT / "scripts/oqs-face", adapter="oqs-face", folder=self.out, when="eligible")
        answer = stack.ROOT / "tests/data/oqs/insurance_and_aid.xml"
        done = self.pc.run("import", "--json", answer)
        self.assertEqual(done.code, 0, done.out)
        [name] = self.delivered()
        self.assertRegex(name, r"^OQSsiquc01res_face_[0-9]{10}[0-9A-Za-z]{20}_[0-9]{14}\.xml$")
        persons = {e.text for e in ElementTree.fromstring(
            (self.out / name).read_bytes().decode("cp932").split("?>", 1)[1]).iter("Name")}
        again = self.pc.run("import", "--json", self.out / name)
        self.assertEqual((again.code, {r["name"] for r in again.last()["records"]}), (0, persons))


class Module(Case):
    def setUp(self):
        super().setUp()
        folder = self.folder / "adapters"
        folder.mkdir(mode=0o755)
        shutil.copy(stack.BUILD / "lib/adapters/line.so", folder)
        os.chmod(folder / "line.so", 0o644)
        self.rows = self.folder / "rows.txt"
        self.pc.config(adapters={"folder": folder}, deliveries=[
            {"script": CSV, "adapter": "module:line", "options": f"path={self.rows}", "when": "found"}])

    def test_the_documented_adapter_writes_a_line_for_each_delivery(self):
        done = self.pc.bring(app_text(), app_text(番号="13", 氏名="見本　二郎"))
        self.assertEqual(done.code, 0, done.out)
        self.assertEqual([d["file"] for d in done.last()["deliveries"]], [str(self.rows)] * 2)
        lines = self.rows.read_bytes().decode("cp932").splitlines()
        self.assertEqual((len(lines), "見本　一郎" in lines[0], "見本　二郎" in lines[1]), (2, True, True))
        self.assertEqual(self.pc.bring(app_text()).code, 0)
        self.assertEqual(len(self.rows.read_bytes().splitlines()), 2)

    def test_a_module_that_others_may_write_is_not_loaded_and_the_answer_waits(self):
        module = self.folder / "adapters/line.so"
        os.chmod(module, 0o666)
        done = self.pc.bring(app_text())
        self.assertEqual((done.code, done.last()["faults"][0]["name"]), (3, "MODULE_FILE"))
        os.chmod(module, 0o644)
        self.assertEqual(self.pc.run("outbox", "deliver").code, 0)
        self.assertEqual(len(self.rows.read_bytes().splitlines()), 1)


class Together(Case):
    def test_one_answer_reaches_all_and_the_one_that_fails_waits_alone(self):
        service = Service(self)
        there = {"script": CSV, "when": "found"}
        self.pc.config(deliveries=[there | {"folder": self.out}, there | {"adapter": "http", "url": service.url + "/p"},
                                   there | {"folder": self.folder / "none"}])
        done = self.pc.bring(app_text())
        self.assertEqual((done.code, len(self.delivered()), len(service.done)), (3, 1, 1))
        self.assertEqual([w["delivery"] for w in self.pc.outbox()], [3])
        entries = self.pc.run("history", "list", "--json").last()["history"]
        self.assertEqual([e["kind"] for e in entries], ["check", "delivered", "delivered"])
        self.pc.verify()


if __name__ == "__main__":
    unittest.main()
