"""`shikaku import`: copied texts and OQS XML, from a file and from the standard input."""
import json
import os
import subprocess
import threading
import unittest

import stack

TEXT = """資格情報(医療保険)
確認日 : \t令和7年6月2日
保険者番号\t01990019
保険者名\t見本協会
記号\t9900001
番号\t12
枝番\t00
フリガナ\tミホン　イチロウ
氏名\t見本　一郎
生年月日\t昭和29年1月5日
性別\t男
証区分\t被保険者証（一般）
有効開始日\t令和4年4月1日
有効終了日\t
資格取得年月日\t令和4年4月1日
本人・家族の別\t本人
被保険者氏名\t見本　一郎
高齢受給者証
有効開始日\t令和6年2月1日
有効終了日\t令和11年1月31日
負担割合\t２割
"""
SECOND = TEXT.replace("見本　一郎", "見本　二郎").replace("番号\t12\n", "番号\t13\n")
DATA = stack.ROOT / "tests/data/oqs"
PERSON = ("<BulkConfirmUnit><QualificationConfirmSearchInfo><ArbitraryIdentifier>{n}</ArbitraryIdentifier>"
          "</QualificationConfirmSearchInfo><ProcessingResultStatus>1</ProcessingResultStatus>"
          "<QualificationValidity>{validity}</QualificationValidity><ResultOfQualificationConfirmation>"
          "<InsuredCardClassification>01</InsuredCardClassification><InsurerNumber>06990014</InsurerNumber>"
          "<Name>見本　次郎</Name><Sex1>1</Sex1><Birthdate>19890107</Birthdate>"
          "<InsurerName>見本健康保険組合</InsurerName></ResultOfQualificationConfirmation></BulkConfirmUnit>")
BULK = ("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><XmlMsg><MessageHeader>"
        "<QualificationConfirmationDate>20250602</QualificationConfirmationDate>"
        "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode>"
        "<ReceptionNumber>R1</ReceptionNumber><SegmentOfResult>1</SegmentOfResult>"
        "<CharacterCodeIdentifier>0</CharacterCodeIdentifier></MessageHeader><MessageBody>{}</MessageBody></XmlMsg>")


class Case(stack.Folder, unittest.TestCase):
    def imported(self, *arguments, given=b""):
        done = subprocess.run([*stack.HOST, "import", *map(str, arguments)], input=given, capture_output=True,
                              timeout=120, env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"})
        self.assertNotIn(b"AddressSanitizer", done.stderr)
        self.assertNotIn(b"runtime error", done.stderr)
        return done

    def read(self, *arguments, given=b""):
        """Exit code and the one object."""
        done = self.imported("--json", *arguments, given=given)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(len(lines), 1, (done.stdout, done.stderr))
        return done.returncode, json.loads(lines[0])

    def text_file(self, text, name="copied.txt", encoding="utf-8"):
        path = self.folder / name
        path.write_bytes(text.encode(encoding))
        return path

    def config(self, **top):
        path = self.folder / "shikaku.lua"
        path.write_text("return " + stack.lua(top) + "\n", encoding="utf-8")
        return path


class CopiedText(Case):
    def test_a_text_becomes_a_record(self):
        code, told = self.read(self.text_file(TEXT))
        self.assertEqual(code, 0)
        self.assertEqual(set(told), {"records", "persons", "deliveries", "drift", "faults"})
        record = told["records"][0]
        self.assertEqual(record["name"], "見本　一郎")
        self.assertEqual(record["birth_date"], "1954-01-05")
        self.assertEqual(record["insurer_number"], "01990019")
        self.assertEqual(record["valid_from"], "2022-04-01")
        self.assertEqual(record["valid_until"], "")
        self.assertEqual(record["elderly.valid_from"], "2024-02-01")
        self.assertEqual(record["elderly.burden_percent"], 20)
        self.assertNotIn("burden_percent", record)
        self.assertNotIn("validity", record)
        self.assertEqual(told["persons"], [{"outcome": "unstated", "records": 1}])
        self.assertEqual((told["drift"], told["faults"]), ([], []))

    def test_the_standard_input_and_another_encoding_are_read_too(self):
        for given in (TEXT.encode(), TEXT.replace("\n", "\r\n").encode("cp932"), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16"),
                      TEXT.replace("\t", "：").encode()):
            code, told = self.read("-", given=given)
            self.assertEqual((code, told["records"][0]["name"]), (0, "見本　一郎"), given[:40])

    def test_two_texts_are_two_persons_never_mixed(self):
        code, told = self.read(self.text_file(TEXT + SECOND))
        self.assertEqual(code, 0)
        self.assertEqual([r["name"] for r in told["records"]], ["見本　一郎", "見本　二郎"])
        self.assertEqual([r["number"] for r in told["records"]], ["12", "13"])
        self.assertEqual(len(told["persons"]), 2)

    def test_what_is_not_understood_is_told_by_line_and_key_alone(self):
        code, told = self.read(self.text_file(TEXT.replace("性別\t男\n", "性別\t男\n新項目\tひみつ\n")))
        self.assertEqual(code, 0)
        self.assertEqual(told["drift"], [{"element": "資格情報/新項目", "line": 12, "record": 1}])
        self.assertNotIn("ひみつ", json.dumps(told, ensure_ascii=False))

    def test_one_thing_that_is_not_understood_is_one(self):
        for unknown, words in (("新項目\t一\n", "1 item was"), ("新項目\t一\n別項目\t二\n", "2 items were")):
            text = TEXT.replace("性別\t男\n", "性別\t男\n" + unknown)
            self.assertIn(words, self.imported("--lang", "en", self.text_file(text)).stdout.decode())

    def test_an_impossible_date_is_refused_with_its_line(self):
        code, told = self.read(self.text_file(TEXT.replace("令和7年6月2日", "令和7年6月31日")))
        self.assertEqual((code, told["records"]), (3, []))
        self.assertEqual(told["faults"][0]["name"], "APP_VALUE")
        self.assertIn("2", told["faults"][0]["where"])
        self.assertNotIn("31", told["faults"][0]["where"])

    def test_the_place_is_told_in_the_language_of_the_sentence(self):
        bad = self.text_file(TEXT.replace("昭和29年1月5日", "昭和65年1月5日"))
        told = self.imported(bad).stderr.decode().splitlines()
        self.assertEqual(told[1], "該当箇所: 10行目 資格情報/生年月日")
        self.assertIn("line 10 資格情報/生年月日", told[2])
        self.assertIn("line 10", self.imported("--lang", "en", bad).stderr.decode())

    def test_one_bad_person_does_not_hide_the_next(self):
        code, told = self.read(self.text_file(TEXT.replace("昭和29年1月5日", "昭和65年1月5日") + SECOND))
        self.assertEqual(code, 3)
        self.assertEqual([r["name"] for r in told["records"]], ["見本　二郎"])
        self.assertEqual(len(told["faults"]), 1)

    def test_a_file_may_have_the_name_of_an_option(self):
        self.text_file(TEXT, "--json")
        done = subprocess.run([*stack.HOST, "import", "--quiet", "--", "--json"], cwd=self.folder, capture_output=True,
                              env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("見本　一郎", done.stdout.decode())

    def test_other_text_is_refused_in_both_languages(self):
        done = self.imported("-", given="買い物\t牛乳\n".encode())
        self.assertEqual(done.returncode, 3)
        self.assertIn("コピーした内容ではありません", done.stderr.decode())
        self.assertIn("APP_TEXT", done.stderr.decode())

    def test_a_clinic_s_own_words_are_read(self):
        words = self.folder / "words.lua"
        words.write_text('return { keys = { ["資格情報"] = { ["氏めい"] = "name" } } }\n', encoding="utf-8")
        text = TEXT.replace("\n氏名\t", "\n氏めい\t")
        self.assertEqual(self.read(self.text_file(text))[0], 3)
        code, told = self.read("--config", self.config(app={"words": words}), self.text_file(text))
        self.assertEqual((code, told["records"][0]["name"]), (0, "見本　一郎"))

    def test_documents_are_delivered_when_the_configuration_says_so(self):
        for when, files in (("eligible", 0), ("found", 1)):
            config = self.config(deliveries=[{"script": stack.ROOT / "scripts/uketsuke_csv.lua", "folder": self.out,
                                              "when": when}])
            code, told = self.read("--config", config, self.text_file(TEXT))
            self.assertEqual((code, len(self.delivered()), len(told["deliveries"])), (0, files, files), told)
        csv = (self.out / self.delivered()[0]).read_bytes().decode("cp932")
        self.assertIn("見本　一郎", csv)

    def test_the_screen_says_that_validity_is_not_stated(self):
        done = self.imported(self.text_file(TEXT))
        self.assertEqual(done.returncode, 0)
        self.assertIn("見本　一郎", done.stdout.decode())
        self.assertIn("有効・無効は書かれていません", done.stdout.decode())

    def test_the_screen_has_what_the_desk_must_see_of_a_copied_text(self):
        text = ("照会番号\tA-77\n未就学区分\t義務教育就学前\n" + TEXT +
                "限度額適用認定証\n適用区分\tウ\n有効開始年月日\t令和7年1月1日\n有効終了年月日\t令和7年12月31日\n")
        told = self.imported(self.text_file(text)).stdout.decode()
        for words in ("2025-06-02 (令和7年6月2日)", "A-77", "  未就学\n", "資格取得", "2024-02-01", "2029-01-31",
                      "2025-01-01", "2025-12-31"):
            self.assertIn(words, told)
        self.assertNotIn("検証番号", told)
        told = self.imported(self.text_file(text.replace("01990019", "01990018"))).stdout.decode()
        self.assertIn("保険者番号の検証番号が合いません", told)

    def test_the_screen_says_that_no_document_was_handed_over_and_why(self):
        lapsed = TEXT.replace("有効終了日\t\n", "有効終了日\t令和7年3月31日\n", 1)
        for when, text, words in (("eligible", TEXT, ['when = "found"']), ("found", TEXT, []),
                                  ("found", lapsed, ["deliveries の when"]), ("always", lapsed, []),
                                  ("eligible", TEXT + SECOND, ['when = "found"'] * 2)):
            config = self.config(deliveries=[{"script": stack.ROOT / "scripts/uketsuke_csv.lua", "folder": self.out,
                                              "when": when}])
            told = self.imported("--config", config, self.text_file(text)).stdout.decode()
            lines = [line for line in told.splitlines() if "文書は渡していません" in line]
            self.assertEqual(len(lines), len(words), (when, told))
            for line, word in zip(lines, words):
                self.assertIn(word, line)
        self.assertNotIn("文書は", self.imported(self.text_file(TEXT)).stdout.decode(), "no delivery is configured")

    def test_a_lapsed_entitlement_is_not_eligible(self):
        text = TEXT.replace("有効終了日\t\n", "有効終了日\t令和7年3月31日\n", 1)
        code, told = self.read(self.text_file(text))
        self.assertEqual((code, told["persons"][0]["outcome"]), (1, "not_eligible"))
        for language, words in (("ja", "有効期間が確認日を含みません"), ("en", "do not cover")):
            told = self.imported("--lang", language, self.text_file(text)).stdout.decode().splitlines()[0]
            self.assertIn(words, told)
            self.assertNotIn("という回答", told)


class Lost(Case):
    """Output that cannot be written is said, whatever was to be written; a reader that has left is not."""

    def command(self, arguments, output):
        command = f'"$0" "$@" {output}'
        return subprocess.run(["sh", "-c", command, *stack.HOST, *map(str, arguments)], capture_output=True, timeout=60,
                              env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"})

    def test_a_full_disk_and_a_closed_output_are_told_once(self):
        file = self.text_file(TEXT)
        for arguments in (["import", file], ["import", "--json", file], ["import", "--help"], ["--version"]):
            for output in (">/dev/full", ">&-"):
                done = self.command(arguments, output)
                self.assertEqual((done.returncode, done.stderr.decode().count("書き出せません")), (3, 1), (arguments, output))
        done = self.command(["import", "--lang", "en", file], ">/dev/full")
        self.assertEqual(done.stderr.decode(), "The output could not be written; is the disk full?\n")

    def test_a_reader_that_has_left_is_no_news(self):
        file = self.text_file("".join(TEXT.replace("番号\t12", f"番号\t{n}") for n in range(400)))
        self.assertEqual(self.command(["import", "--json", file], "| true").stderr, b"")


class Xml(Case):
    def test_an_answer_in_either_encoding_is_read(self):
        for name, person in (("all_groups.xml", "見本　●子"), ("elderly_face_cp932.xml", "見本　花子")):
            code, told = self.read(DATA / name)
            self.assertEqual((code, told["records"][0]["name"]), (0, person))
            self.assertEqual(told["persons"][0]["outcome"], "eligible")

    def test_an_answer_that_tells_nothing_is_no_silence(self):
        unstated = BULK.format(PERSON.format(n=1, validity=1).replace("<QualificationValidity>1</QualificationValidity>", ""))
        for language, words in (("ja", "資格の有無を読み取れません"), ("en", "does not tell")):
            done = self.imported("--lang", language, self.text_file(unstated, "bulk.xml"))
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn(words, done.stderr.decode())
            self.assertIn("見本", done.stdout.decode())

    def test_two_results_are_two_records_of_one_person(self):
        code, told = self.read(DATA / "insurance_and_aid.xml")
        self.assertEqual((code, [r["card_class"] for r in told["records"]]), (0, ["01", "A1"]))
        self.assertEqual(told["persons"], [{"outcome": "eligible", "records": 2}])

    def test_a_lost_entitlement_ends_with_one(self):
        code, told = self.read(DATA / "lost_newer.xml")
        self.assertEqual((code, told["persons"][0]["outcome"]), (1, "not_eligible"))

    def test_a_bulk_result_is_read_person_by_person(self):
        units = "".join(PERSON.format(n=n, validity=1) for n in range(500))
        code, told = self.read(self.text_file(BULK.format(units), "bulk.xml"))
        self.assertEqual((code, len(told["records"]), len(told["persons"])), (0, 500, 500))
        code, told = self.read("-", given=BULK.format(units + PERSON.format(n=1, validity=2)).encode())
        self.assertEqual((code, told["persons"][-1]["outcome"]), (1, "not_eligible"))

    def test_a_person_without_a_record_is_known_by_what_was_asked(self):
        nobody = PERSON.format(n="K-5", validity=4)
        nobody = nobody[:nobody.index("<ResultOf")] + "</BulkConfirmUnit>"
        told = self.imported(self.text_file(BULK.format(nobody + PERSON.format(n="K-6", validity=1)), "bulk.xml"))
        self.assertEqual(told.returncode, 1, told.stderr)
        self.assertIn("K-5", told.stdout.decode())
        self.assertNotIn("K-6", told.stdout.decode(), "who has a name is known by it")

    def test_a_bulk_result_of_any_size_comes_down_a_pipe(self):
        filler = "<Address>" + "見本県見本市見本町１－２－３" * 100 + "</Address><InsurerName>"
        person = PERSON.replace("<InsurerName>", filler)
        whole = BULK.format("".join(person.format(n=n, validity=1) for n in range(1000))).encode()
        self.assertGreater(len(whole), 4 * 1024 * 1024)
        code, told = self.read("-", given=whole)
        self.assertEqual((code, len(told["persons"])), (0, 1000))
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        writer = threading.Timer(1, lambda: pipe.write_bytes(whole))
        writer.start()
        code, told = self.read(pipe)
        writer.join()
        self.assertEqual((code, len(told["persons"])), (0, 1000))

    def test_nothing_to_read_is_told_as_that(self):
        for arguments, options in (("-", {"given": b""}), ("-", {"given": b" \r\n"}), (self.text_file(""), {})):
            code, told = self.read(arguments, **options)
            self.assertEqual((code, told["records"], told["faults"][0]["name"]), (3, [], "EMPTY"))
        with open(os.devnull, "rb") as nothing:
            done = subprocess.run([*stack.HOST, "import", "-"], stdin=nothing, capture_output=True, timeout=60,
                                  env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"})
        self.assertEqual(done.returncode, 3)
        self.assertIn("空です", done.stderr.decode())

    def test_what_is_refused_is_one_object_too(self):
        code, told = self.read("--from", "fax", self.text_file(TEXT))
        self.assertEqual((code, told["records"], told["faults"][0]["name"]), (2, [], "INPUT"))

    def test_an_end_is_made_of_a_pipe_that_nobody_writes(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        done = self.imported("--timeout", 1, pipe)
        self.assertEqual(done.returncode, 3)
        self.assertIn("TIMEOUT", done.stderr.decode())

    def test_a_torn_bulk_result_keeps_what_was_whole_and_is_a_fault(self):
        whole = BULK.format("".join(PERSON.format(n=n, validity=1) for n in range(5)))
        code, told = self.read(self.text_file(whole[:-200], "bulk.xml"))
        self.assertEqual((code, len(told["faults"])), (3, 1))
        self.assertEqual(told["faults"][0]["name"], "XML")

    def test_garbage_and_missing_files_are_faults_with_words(self):
        for argument, name in ((self.folder / "none.xml", "FILE_READ"), (self.folder, "FILE_READ")):
            code, told = self.read(argument)
            self.assertEqual((code, told["faults"][0]["name"]), (3, name))
        code, told = self.read("--from", "oqs", "-", given=b"\0\1\2garbage")
        self.assertEqual((code, told["records"]), (3, []))
        self.assertEqual(self.imported().returncode, 2)
        self.assertEqual(self.imported("--from", "fax", self.text_file(TEXT)).returncode, 2)


if __name__ == "__main__":
    unittest.main()
