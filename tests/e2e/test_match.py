"""Whose answer is it? Every grade through the console host, asked and answered line by line: the right patient's number,
the host's spelling, and nothing for anybody else."""
import csv
import io
import json
import os
import signal
import unittest

import clinic
from clinic import Pc, app_text

SCRIPT = """return {
  contract = 1, id = "cards", format = "csv", encoding = "utf-8", file = "cards.csv",
  fields = { { to = "患者番号", from = "patient.id" }, { to = "氏名", from = "name" }, { to = "カナ", from = "name_kana" },
    { to = "保険者", from = "insurer_number" }, { to = "番号", from = "number" } },
}
"""
ICHIRO = ("00012", "01990019", "9900001", "12", "00", "1954-01-05", "見本　一郎", "ミホン　イチロウ", "男")
MATSUKO = ("00020", "06990014", "見本", "77", "03", "2001-03-03", "見本　松子", "ミホン　マツコ", "女")
TAKEKO = ("00021", "06990014", "見本", "77", "04", "2001-03-03", "見本　竹子", "ミホン　タケコ", "女")
TAKAHASHI = ("00030", "01990019", "9900001", "30", "00", "1970-07-07", "高橋　見本", "タカハシ　ミホン", "男")
JUN = ("00031", "01990019", "9900001", "31", "00", "1971-08-08", "見本　純", "ミホン　ジユン", "男")
FATHER = ("00040", "01990019", "9900001", "40", "00", "1950-02-02", "見本　太郎", "ミホン　タロウ", "男")
SON = ("00041", "01990019", "9900001", "40", "01", "1980-02-03", "見本　太郎", "ミホン　タロウ", "男")
ALIAS = ("00050", "01990019", "9900001", "50", "00", "1990-09-09", "見本　通子", "ミホン　ミチコ", "女")
EVERYBODY = (ICHIRO, MATSUKO, TAKEKO, TAKAHASHI, JUN, FATHER, SON, ALIAS)
TWIN = {"保険者番号": "06990014", "記号": "見本", "番号": "77", "枝番": "04", "生年月日": "平成13年3月3日", "性別": "女"}


class Case(clinic.Case, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.pc = Pc(self)
        self.set_up()

    def set_up(self, *patients, **top):
        self.pc.file("cards.lua", SCRIPT)
        delivery = {"script": self.pc.folder / "cards.lua", "folder": self.out, "when": "found"}
        self.pc.config(deliveries=[delivery | self.pc.patients(*(patients or EVERYBODY))], **top)

    def rows(self):
        """What the host got: one list for each document."""
        path = self.out / "cards.csv"
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []

    def ask(self, text, *answers):
        """Imports one text: the run, the questions, and what was told of all persons together."""
        done, asked, told = self.pc.talk(answers, "import", "--json", "--match", "ask", self.pc.file("copied.txt", text))
        faults = [one["fault"]["name"] for one in told if one["event"] == "fault"]
        return done, asked, {"deliveries": [one["delivery"] for one in told if one["event"] == "delivered"], "faults": faults}

    def assert_silent(self, text, grade, row):
        done, asked, told = self.ask(text)
        self.assertEqual((done.code, asked), (0, []), done.err)
        self.assertEqual(told["deliveries"][0]["grade"], grade)
        self.assertEqual(self.rows()[-1], row)

    def assert_asked(self, text, grade, ids, answer):
        done, asked, told = self.ask(text, {"answer": answer})
        self.assertEqual([q["grade"] for q in asked], [grade], done.err)
        self.assertEqual(sorted(c["id"] for c in asked[0]["candidates"]), sorted(ids))
        self.assertEqual(done.code, 0, done.err)
        for candidate in asked[0]["candidates"]:
            self.assertTrue(candidate["reasons"])
        return asked[0]


class Sure(Case):
    def test_the_same_person_is_not_asked_about(self):
        self.assert_silent(app_text(), "same", ["00012", "見本　一郎", "ミホン　イチロウ", "01990019", "12"])

    def test_another_insurance_is_taken_over(self):
        self.assert_silent(app_text(保険者番号="06990014", 記号="見本", 番号="900"), "changed",
                           ["00012", "見本　一郎", "ミホン　イチロウ", "06990014", "900"])

    def test_the_host_s_spelling_stays(self):
        self.assert_silent(app_text(番号="30", 生年月日="昭和45年7月7日", 氏名="髙橋　見本", フリガナ="タカハシ　ミホン"), "same",
                           ["00030", "高橋　見本", "タカハシ　ミホン", "01990019", "30"])

    def test_small_kana_are_the_same(self):
        self.assert_silent(app_text(番号="31", 生年月日="昭和46年8月8日", 氏名="見本　純", フリガナ="ﾐﾎﾝ ｼﾞｭﾝ"), "same",
                           ["00031", "見本　純", "ミホン　ジユン", "01990019", "31"])

    def test_a_missing_character_does_not_overwrite_a_good_one(self):
        self.assert_silent(app_text(氏名="見本　●郎"), "same", ["00012", "見本　一郎", "ミホン　イチロウ", "01990019", "12"])

    def test_father_and_son_of_one_name_are_two(self):
        self.assert_silent(app_text(番号="40", 枝番="01", 生年月日="昭和55年2月3日", 氏名="見本　太郎", フリガナ="ミホン　タロウ"), "same",
                           ["00041", "見本　太郎", "ミホン　タロウ", "01990019", "40"])

    def test_each_twin_gets_their_own(self):
        self.assert_silent(app_text(**TWIN, 氏名="見本　竹子", フリガナ="ミホン　タケコ"), "same",
                           ["00021", "見本　竹子", "ミホン　タケコ", "06990014", "77"])


class Asked(Case):
    def test_nothing_is_written_before_somebody_says_who_it_is(self):
        done, asked, told = self.ask(app_text(性別="女"), {"answer": "later"})
        self.assertEqual([q["grade"] for q in asked], ["probably"])
        self.assertEqual((done.code, told["faults"], self.rows()), (3, ["UNDECIDED"], []))
        [waits] = self.pc.outbox()
        self.assertEqual((waits["state"], waits["name"]), ("undecided", "見本　一郎"))
        self.assertEqual(self.pc.run("outbox", "deliver", "--json").code, 0)
        self.assertEqual(self.rows(), [], "without a word it goes on waiting")
        done, asked, _ = self.pc.talk([{"answer": "patient:00012"}], "outbox", "ask", "--json", "--match", "ask")
        self.assertEqual((done.code, len(asked), [r[0] for r in self.rows()], self.pc.outbox()), (0, 1, ["00012"], []))

    def test_another_sex_is_looked_at(self):
        question = self.assert_asked(app_text(性別="女"), "probably", ["00012"], "patient:00012")
        self.assertIn("sex_differs", [r["name"] for r in question["candidates"][0]["reasons"]])
        self.assertEqual(self.rows()[0][:2], ["00012", "見本　一郎"])

    def test_twins_are_asked_about_where_the_name_does_not_tell(self):
        text = app_text(**TWIN | {"枝番": ""}, 氏名="見本　●子", フリガナ="")
        self.assert_asked(text, "several", ["00020", "00021"], "patient:00021")
        self.assertEqual(self.rows(), [["00021", "見本　竹子", "", "06990014", "77"]])

    def test_a_twin_whom_the_host_does_not_have_is_not_the_other_one(self):
        self.set_up(ICHIRO, MATSUKO)
        done, asked, _ = self.ask(app_text(**TWIN, 氏名="見本　竹子", フリガナ="ミホン　タケコ"), {"answer": "new"})
        self.assertIn(asked[0]["grade"], ("new", "probably"))
        self.assertEqual((done.code, self.rows()), (0, [["", "見本　竹子", "ミホン　タケコ", "06990014", "77"]]))

    def test_a_stranger_is_new_only_by_a_person_s_word(self):
        text = app_text(番号="99", 生年月日="昭和60年12月12日", 氏名="試験　花子", フリガナ="シケン　ハナコ", 性別="女")
        self.assert_asked(text, "new", [], "new")
        self.assertEqual(self.rows(), [["", "試験　花子", "シケン　ハナコ", "01990019", "99"]])

    def test_a_birth_date_that_is_off_by_a_digit_is_asked_about(self):
        self.assert_asked(app_text(生年月日="昭和29年1月6日"), "probably", ["00012"], "patient:00012")
        self.assertEqual(self.rows()[0][0], "00012")

    def test_an_alias_is_known_by_the_other_name(self):
        text = app_text(番号="50", 生年月日="平成2年9月9日", 氏名="ＳＡＭＰＬＥ　ＭＩＣＨＩＫＯ", フリガナ="サンプル　ミチコ", 性別="女")
        text += "裏面記載情報\n氏名\t見本　通子\n氏名カナ\tミホン　ミチコ\n"
        done, asked, told = self.ask(text)
        self.assertEqual((done.code, asked), (0, []), done.err)
        self.assertEqual((told["deliveries"][0]["patient"], self.rows()[0][0]), ("00050", "00050"))

    def test_a_married_name_is_taken_over_field_by_field_and_remembered(self):
        text = app_text(氏名="試験　一郎", フリガナ="シケン　イチロウ")
        done, asked, _ = self.ask(text, {"answer": "patient:00012", "take": ["name_kana"]})
        self.assertEqual(([q["grade"] for q in asked], done.code), (["probably"], 0), done.err)
        fields = {f["path"]: f for f in asked[0]["candidates"][0]["fields"]}
        self.assertEqual((fields["name"]["old"], fields["name"]["now"], fields["name"]["difference"]),
                         ("見本　一郎", "試験　一郎", "other"))
        self.assertEqual(self.rows(), [["00012", "見本　一郎", "シケン　イチロウ", "01990019", "12"]])
        done, asked, _ = self.ask(text.replace("令和7年6月2日", "令和7年6月3日"))
        self.assertEqual((done.code, asked), (0, []), "a person has said so before")
        self.assertEqual(self.rows()[1][0], "00012")

    def test_an_answer_that_is_none_leaves_the_question_open(self):
        _, asked, told = self.ask(app_text(性別="女"), {"answer": "patient:99999"})
        self.assertEqual((len(asked), self.rows(), told["faults"]), (1, [], ["MATCH_ANSWER", "UNDECIDED"]))
        self.assertEqual([w["state"] for w in self.pc.outbox()], ["undecided"], "the input ended: it waits")

    def test_what_is_skipped_is_not_delivered_and_does_not_wait(self):
        done, _, told = self.ask(app_text(性別="女"), {"answer": "skip"})
        self.assertEqual((done.code, told["deliveries"], self.rows(), self.pc.outbox()), (0, [], [], []))
        self.pc.verify()

    def test_without_ask_a_program_never_writes_what_is_not_sure(self):
        done = self.pc.bring(app_text(性別="女"))
        self.assertEqual((done.code, self.rows()), (3, []))
        self.assertEqual([(m["grade"], m["answer"]) for m in done.last()["matches"]], [("probably", "later")])

    def test_changes_are_asked_about_where_the_clinic_wants_it(self):
        self.set_up(match={"ask": "changes"})
        text = app_text(保険者番号="06990014", 記号="見本", 番号="900")
        done, asked, _ = self.ask(text, {"answer": "patient:00012", "take": "none"})
        self.assertEqual(([q["grade"] for q in asked], done.code), (["changed"], 0))
        self.assertEqual(self.rows(), [["00012", "見本　一郎", "ミホン　イチロウ", "01990019", "12"]], "what was not taken stays")

    def test_several_persons_of_one_text_are_asked_about_one_by_one(self):
        texts = app_text(性別="女") + app_text(番号="30", 生年月日="昭和45年7月7日", 氏名="髙橋　見本", フリガナ="タカハシ　ミホン")
        texts += app_text(**TWIN | {"枝番": ""}, 氏名="見本　●子", フリガナ="")
        done, asked, told = self.ask(texts, {"answer": "patient:00012"}, {"answer": "patient:00020"})
        self.assertEqual(([q["grade"] for q in asked], done.code), (["probably", "several"], 0), done.err)
        self.assertEqual([q["person"]["name"] for q in asked], ["見本　一郎", "見本　●子"])
        self.assertEqual([r[:2] for r in self.rows()],
                         [["00012", "見本　一郎"], ["00030", "高橋　見本"], ["00020", "見本　松子"]])
        self.assertEqual(len(told["deliveries"]), 3)

    def test_the_history_tells_who_decided_what(self):
        self.ask(app_text(性別="女"), {"answer": "patient:00012"})
        entries = self.pc.run("history", "list", "--json", "--patient", "00012").last()["history"]
        self.assertEqual([(e["kind"], e["grade"], e["decided_by"]) for e in entries], [(kind, "probably", "person") for kind in ("decided", "delivered")])
        self.pc.verify()

    def test_the_table_shows_nobody_in_the_store(self):
        self.ask(app_text(氏名="試験　一郎", フリガナ="シケン　イチロウ"), {"answer": "patient:00012", "take": "all"})
        self.assert_sealed(self.pc, "一郎", "イチロウ", "00012", "9900001")


class Watch(Case):
    """The same questions while a watch runs, which goes on afterwards."""

    def put(self, text):
        aside = self.folder / "aside"
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, self.folder / "copied.txt")

    def test_question_after_question(self):
        self.set_up(route="app", app={"source": "file", "file": self.folder / "copied.txt"})
        run = self.pc.start("watch", "--json", "--match", "ask")
        told = []

        def read(event):
            for line in run.stdout:
                told.append(json.loads(line))
                if told[-1]["event"] == event:
                    return told[-1]
            self.fail(f"it ended before {event}: {told}")

        def answer(text):
            run.stdin.write((text + "\n").encode())
            run.stdin.flush()

        read("waiting")
        self.put(app_text(性別="女"))
        self.assertEqual(read("match")["grade"], "probably")
        answer('{"answer":"patient:00012"}')
        self.assertEqual(read("done")["deliveries"][0]["patient"], "00012")
        self.put(app_text(番号="30", 生年月日="昭和45年7月7日", 氏名="髙橋　見本", フリガナ="タカハシ　ミホン"))
        self.assertEqual(read("done")["deliveries"][0]["grade"], "same")
        self.put(app_text(**TWIN | {"枝番": ""}, 氏名="見本　●子", フリガナ=""))
        self.assertEqual(len(read("match")["candidates"]), 2)
        answer('{"answer":"later"}')
        self.assertEqual(read("done")["fault"]["name"], "UNDECIDED")
        run.send_signal(signal.SIGINT)
        self.assertEqual(self.pc.wait(run).code, 0)
        self.assertEqual([r[:2] for r in self.rows()], [["00012", "見本　一郎"], ["00030", "高橋　見本"]])
        self.assertEqual([w["state"] for w in self.pc.outbox()], ["undecided"])


if __name__ == "__main__":
    unittest.main()
