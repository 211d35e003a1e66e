"""`shikaku map`: answers become documents, exactly; what is said of them never holds a value."""
import json
import os
import signal
import stat
import subprocess
import threading
import time
import unittest
import zipfile

import stack
from packs import DATA, HEADING, MAPPING, XML, Case, person, row
from test_import import TEXT

VALUES = ("見本", "次郎", "ジロウ", "ｼﾞﾛｳ", "06990014")


class Mapped(Case, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.mihon = self.pack()

    def map(self, *arguments, **options):
        return self.run_host("map", "--pack", self.mihon, *arguments, **options)

    def xml(self, *arguments, **options):
        return self.run_host("map", "--script", self.write("kanja.lua", XML), *arguments, **options)


class Document(Mapped):
    def test_the_bytes_are_those_of_the_document_with_one_heading(self):
        done = self.map(self.bulk(person()), DATA / "insurance_and_aid.xml")
        self.assertEqual((done.returncode, done.stdout), (0, HEADING + row() + row() + row("12990016")))

    def test_every_source_that_an_import_reads_is_mapped(self):
        sources = [(DATA / "elderly_face_cp932.xml", b""), (self.zipped(), b""),
                   ("-", (DATA / "all_groups.xml").read_bytes()), (self.write("copied.txt", TEXT), b""),
                   ("-", TEXT.encode("cp932"))]
        for source, given in sources:
            done = self.map(source, given=given)
            self.assertEqual(done.returncode, 0, (source, done.stderr.decode()))
            self.assertTrue(done.stdout.startswith(HEADING + "見本".encode("cp932")), (source, done.stdout))

    def zipped(self):
        path = self.folder / "bulk.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("result.xml", self.bulk(person()).read_text())
        return path

    def test_a_pipe_and_a_form_that_is_said(self):
        with subprocess.Popen(["cat", self.bulk(person())], stdout=subprocess.PIPE) as cat:
            done = subprocess.run([*stack.HOST, "map", "--pack", self.mihon, "--from", "oqs", "-"], stdin=cat.stdout,
                                  capture_output=True, timeout=60,
                                  env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY)})
        self.assertEqual((done.returncode, done.stdout), (0, HEADING + row()))
        done = self.map("--from", "fax", self.bulk(person()))
        self.assertEqual((done.returncode, done.stderr.decode().count("--from (import.from)\n")), (2, 1))

    def test_documents_follow_each_other_on_the_standard_output(self):
        done = self.xml(DATA / "insurance_and_aid.xml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count(b"<Patient>"), 2)
        self.assertEqual(done.stdout.count(b"<?xml"), 2)

    def test_a_clinic_s_own_file_changes_a_field(self):
        overlay = self.write("own.lua", 'return { overlay = 1, pack = "mihon-e2e", fields = { ["氏名"] = '
                                        '{ max_bytes = 4, was = { max_bytes = 20 } } } }\n')
        done = self.map("--overlay", overlay, self.bulk(person()))
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        self.assertIn("FIELD_TOO_LONG", done.stderr.decode())
        overlay.write_text(overlay.read_text().replace("max_bytes = 20", "max_bytes = 19"))
        done = self.map("--overlay", overlay, self.bulk(person()))
        self.assertIn("OVERLAY", done.stderr.decode())
        overlay.write_text(overlay.read_text().replace("max_bytes = 19", "max_bytes = 20").replace("4", "10"))
        done = self.run_host("map", "--script", self.mihon / "mapping.lua", "--overlay", overlay, self.bulk(person()))
        self.assertEqual((done.returncode, done.stdout), (0, HEADING + row()))

    def test_nothing_is_delivered(self):
        config = self.folder / "shikaku.lua"
        config.write_text("return " + stack.lua({"deliveries": [{"script": self.mihon / "mapping.lua", "folder": self.out}]}))
        done = self.map("--config", config, self.bulk(person()))
        self.assertEqual((done.returncode, done.stdout, self.delivered()), (0, HEADING + row(), []))


class File(Mapped):
    def test_a_file_has_the_bytes_of_the_output_and_is_for_its_owner(self):
        source, out = self.bulk(person(), person(insurer="06990022")), self.out / "a.csv"
        done = self.map(source, "--out", out)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        self.assertEqual(out.read_bytes(), self.map(source).stdout)
        self.assertEqual(stat.S_IMODE(out.stat().st_mode), 0o600)
        self.assertEqual(os.listdir(self.out), ["a.csv"])
        self.assertIn(str(out), done.stderr.decode())

    def test_a_file_that_is_there_stays_unless_it_is_said(self):
        out = self.write("out/a.csv", "前からある")
        done = self.map(self.bulk(person()), "--out", out)
        self.assertEqual((done.returncode, out.read_text()), (3, "前からある"))
        self.assertIn("--force", done.stderr.decode())
        self.assertNotIn("none.xml", self.map(self.folder / "none.xml", "--out", out).stderr.decode(), "told at once")
        done = self.map(self.bulk(person()), "--out", out, "--force")
        self.assertEqual((done.returncode, out.read_bytes()), (0, HEADING + row()))
        self.assertEqual(os.listdir(self.out), ["a.csv"])

    def test_what_is_no_plain_file_is_never_replaced(self):
        os.mkfifo(self.out / "pipe")
        (self.out / "link").symlink_to(self.out / "elsewhere")
        for name in ("pipe", "link", "."):
            done = self.map(self.bulk(person()), "--out", self.out / name, "--force")
            self.assertEqual(done.returncode, 3, name)
            self.assertIn("FILE_EXISTS", done.stderr.decode())
        self.assertTrue(stat.S_ISFIFO((self.out / "pipe").stat().st_mode))
        self.assertEqual(sorted(os.listdir(self.out)), ["link", "pipe"])

    def test_a_folder_that_is_not_there_is_told_before_anything_is_read(self):
        for option in ("--out", "--out-dir"):
            done = self.map("--quiet", self.folder / "none.xml", option, self.folder / "none/a.csv")
            self.assertEqual(done.returncode, 3)
            self.assertIn("none/a.csv", done.stderr.decode())
            self.assertNotIn("none.xml", done.stderr.decode())

    def test_nothing_half_is_left_by_an_interrupt(self):
        pipe = self.folder / "pipe.xml"
        os.mkfifo(pipe)
        for option, signals in (("--out", 1), ("--out-dir", 1)):
            out = self.out / "a.csv" if option == "--out" else self.out
            process = subprocess.Popen([*stack.HOST, "map", "--pack", self.mihon, pipe, option, out],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY)})
            text = self.bulk(*[person()] * 500).read_bytes()
            with open(pipe, "wb") as writer:
                writer.write(text[:-2000])
                writer.flush()
                time.sleep(1)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(timeout=120), 130, process.stderr.read())
            process.stdout.close()
            process.stderr.close()
            self.assertEqual(os.listdir(self.out), [])

    def test_an_end_is_made_in_time(self):
        pipe = self.folder / "pipe.xml"
        os.mkfifo(pipe)
        done = self.map("--timeout", 1, pipe, "--out", self.out / "a.csv")
        self.assertEqual((done.returncode, os.listdir(self.out)), (3, []))
        self.assertIn("TIMEOUT", done.stderr.decode())

    def test_a_format_of_one_document_a_record_needs_a_folder(self):
        done = self.xml(DATA / "insurance_and_aid.xml", "--out", self.out / "a.xml")
        self.assertEqual((done.returncode, os.listdir(self.out)), (2, []))
        self.assertIn("--out-dir", done.stderr.decode())
        done = self.xml(self.bulk(person()), "--out", self.out / "a.xml")
        self.assertEqual((done.returncode, os.listdir(self.out)), (0, ["a.xml"]))

    def test_what_failed_is_missing_and_the_rest_is_written(self):
        done = self.map(self.bulk(person(""), person()), "--out", self.out / "a.csv")
        self.assertEqual((done.returncode, (self.out / "a.csv").read_bytes()), (3, HEADING + row()))
        done = self.map(self.bulk(person("")), "--out", self.out / "b.csv")
        self.assertEqual((done.returncode, os.listdir(self.out)), (3, ["a.csv"]))


class Folder(Mapped):
    def test_each_document_has_the_name_that_the_script_gives(self):
        done = self.xml(DATA / "insurance_and_aid.xml", self.bulk(person(insurer="06990022")), "--out-dir", self.out)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        self.assertEqual(self.delivered(), ["kanja.xml", "kanja_2.xml", "kanja_3.xml"])
        for name, insurer in zip(self.delivered(), ("06990014", "12990016", "06990022")):
            self.assertIn(insurer, (self.out / name).read_text())
            self.assertEqual(stat.S_IMODE((self.out / name).stat().st_mode), 0o600)

    def test_what_is_there_stays(self):
        before = self.write("out/kanja.xml", "前からある")
        self.assertEqual(self.xml(self.bulk(person()), "--out-dir", self.out).returncode, 0)
        self.assertEqual((before.read_text(), self.delivered()), ("前からある", ["kanja.xml", "kanja_2.xml"]))

    def test_rows_of_one_name_are_one_file(self):
        done = self.map(DATA / "insurance_and_aid.xml", self.bulk(person()), "--out-dir", self.out)
        self.assertEqual((done.returncode, self.delivered()), (0, ["mihon.csv"]))
        self.assertEqual((self.out / "mihon.csv").read_bytes(), HEADING + row() + row("12990016") + row())

    def test_rows_of_several_names_have_a_heading_each(self):
        script = MAPPING.replace('file = "mihon.csv"', 'file = function(rec) return rec.insurer_number .. ".csv" end')
        done = self.run_host("map", "--script", self.write("m.lua", script), "--out-dir", self.out,
                             self.bulk(person(), person(), person(insurer="06990022"), person()))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.delivered(), ["06990014.csv", "06990014_2.csv", "06990022.csv"])
        self.assertEqual((self.out / "06990014.csv").read_bytes(), HEADING + row() + row())
        self.assertEqual((self.out / "06990022.csv").read_bytes(), HEADING + row("06990022"))

    def test_many_documents_of_one_name(self):
        done = self.xml(self.bulk(*[person()] * 300), "--out-dir", self.out)
        self.assertEqual((done.returncode, len(self.delivered())), (0, 300))
        self.assertTrue((self.out / "kanja_300.xml").exists())


class Explain(Mapped):
    def test_a_table_shows_how_each_field_came_to_be_and_no_value(self):
        done = self.map(self.bulk(person()), "--explain")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.decode().splitlines()
        for words in (["氏名", "name", "文字", "5", "10/20"], ["カナ", "name_kana", "文字", "kana_half", "6"],
                      ["区分", "固定値", "8", "1"], ["長さ", "関数", "9", "2"]):
            self.assertTrue([line for line in lines if line.startswith(words[0]) and
                             all(word in line.split() for word in words)], (words, lines))
        for value in VALUES:
            self.assertNotIn(value, done.stdout.decode() + done.stderr.decode().replace("見本パック", ""))

    def test_the_words_are_those_of_the_language(self):
        told = self.map(self.bulk(person(kana="")), "--explain", "--lang", "en").stdout.decode()
        for word in ("text", "empty", "constant", "function", "person 1"):
            self.assertIn(word, told)
        self.assertIn("なし", self.map(self.write("copied.txt", TEXT.replace("フリガナ\tミホン　イチロウ\n", "")),
                                     "--explain").stdout.decode())

    def test_characters_that_were_replaced_are_told_by_field_and_number(self):
        done = self.map(self.bulk(person("𠮷田　龘")), "--explain")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = done.stdout.decode()
        self.assertIn("氏名 U+20BB7 → 吉 U+5409", told)
        self.assertIn("氏名 U+9F98 → 〓 U+3013", told)
        self.assertIn("置きかえた字: 2字", done.stderr.decode())

    def test_every_record_has_its_table_and_the_document_can_be_written_too(self):
        done = self.map(DATA / "insurance_and_aid.xml", "--explain", "--out", self.out / "a.csv")
        self.assertEqual(done.stdout.decode().count("出力の項目"), 2)
        self.assertEqual((self.out / "a.csv").read_bytes(), HEADING + row() + row("12990016"))

    def test_one_object_says_the_same(self):
        code, told = self.told("map", "--pack", self.mihon, "--explain", self.bulk(person("𠮷田　花")))
        self.assertEqual((code, told["records"], told["failed"], told["replaced"], told["faults"]), (0, 1, 0, 1, []))
        self.assertEqual((told["pack"], told["pack_signed"]), ("mihon-e2e", "unsigned"))
        document = told["documents"][0]
        self.assertEqual((document["file_name"], document["format"], document["encoding"]), ("mihon.csv", "csv", "cp932"))
        self.assertEqual(document["losses"], [{"field": "氏名", "code": "U+20BB7", "instead": "U+5409"}])
        self.assertEqual(document["explain"][1], {"to": "カナ", "from": "name_kana", "raw": "text", "helper": "kana_half",
                                                  "line": 6, "bytes": 8, "written": True})
        self.assertEqual(document["explain"][0]["limit"], 20)
        self.assertNotIn("田", json.dumps(told, ensure_ascii=False))


class Diff(Mapped):
    def setUp(self):
        super().setUp()
        self.source = self.bulk(person(), person("見本　花子"), person("見本　三郎"))
        self.rows = self.map(self.source).stdout.splitlines(keepends=True)

    def earlier(self, rows):
        return self.write("old.csv", b"".join(rows))

    def test_no_difference_is_nothing_and_zero(self):
        done = self.map(self.source, "--diff", self.earlier(self.rows))
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertIn("同じです", done.stderr.decode())

    def test_a_changed_field_is_named(self):
        rows = self.rows[:2] + [self.rows[2].replace(b"06990014", b"06990022")] + self.rows[3:]
        done = self.map(self.source, "--diff", self.earlier(rows))
        self.assertEqual((done.returncode, done.stdout.decode()),
                         (1, "3行目\n  保険者番号: 06990022 → 06990014\n"))
        done = self.map(self.source, "--diff", self.earlier(rows), "--lang", "en")
        self.assertEqual(done.stdout.decode(), "line 3\n  保険者番号: 06990022 → 06990014\n")

    def test_rows_that_came_and_went_do_not_disturb_the_others(self):
        done = self.map(self.source, "--diff", self.earlier(self.rows[:2] + self.rows[3:]))
        self.assertEqual((done.returncode, done.stdout.decode()[:7]), (1, "+3: 見本　"))
        self.assertEqual(len(done.stdout.splitlines()), 1)
        more = self.rows[:1] + [self.rows[1].replace(b"06990014", b"06990099")] + self.rows[1:]
        done = self.map(self.source, "--diff", self.earlier(more))
        self.assertEqual(len(done.stdout.splitlines()), 1, done.stdout.decode())
        self.assertTrue(done.stdout.startswith(b"-2: "))

    def test_a_column_that_is_new_and_other_line_ends_are_seen(self):
        rows = [line.replace(b",1,", b",") for line in self.rows]
        done = self.map(self.source, "--diff", self.earlier(rows))
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (1, 6))
        done = self.map(self.source, "--diff", self.earlier(line.replace(b"\r\n", b"\n") for line in self.rows))
        self.assertEqual(done.returncode, 1)
        self.assertIn("改行だけが違います", done.stdout.decode())

    def test_other_formats_are_compared_line_by_line(self):
        old = self.write("old.xml", self.xml(self.bulk(person())).stdout)
        self.assertEqual(self.xml(self.bulk(person()), "--diff", old).returncode, 0)
        done = self.xml(self.bulk(person(insurer="06990022")), "--diff", old)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["-4:   <Insurer>06990014</Insurer>", "+4:   <Insurer>06990022</Insurer>"])

    def test_colours_are_for_a_terminal(self):
        rows = self.rows[:2] + [self.rows[2].replace(b"06990014", b"06990022")] + self.rows[3:]
        arguments = ["map", "--pack", self.mihon, self.source, "--diff", self.earlier(rows)]
        code, shown, _ = self.on_a_terminal(arguments, both=True)
        self.assertEqual(code, 1)
        self.assertIn("\x1b[1;31m06990022\x1b[0m", shown)
        self.assertNotIn("\x1b", self.on_a_terminal(arguments, both=True, environment={"NO_COLOR": "1"})[1])
        self.assertNotIn(b"\x1b", self.map(self.source, "--diff", self.folder / "old.csv").stdout)

    def test_a_control_character_never_reaches_the_terminal(self):
        rows = self.rows[:2] + [self.rows[2].replace(b"06990014", b"\x1b[31m")] + self.rows[3:]
        self.assertNotIn(b"\x1b", self.map(self.source, "--diff", self.earlier(rows)).stdout)

    def test_what_cannot_be_compared_with_is_told_first(self):
        for path in (self.folder / "none.csv", self.folder):
            done = self.map(self.source, "--diff", path)
            self.assertEqual((done.returncode, done.stdout), (3, b""))
            self.assertIn("FILE_READ", done.stderr.decode())

    def test_a_fault_is_worse_than_a_difference(self):
        done = self.map(self.bulk(person(), person("")), "--diff", self.earlier(self.rows))
        self.assertEqual(done.returncode, 3)
        self.assertIn("見本　花子", done.stdout.decode("utf-8"))

    def test_one_object_has_the_differences(self):
        rows = self.rows[:2] + [self.rows[2].replace(b"06990014", b"06990022")] + self.rows[3:] + [b"\x8c\xa9,\r\n"]
        code, told = self.told("map", "--pack", self.mihon, self.source, "--diff", self.earlier(rows))
        self.assertEqual((code, told["equal"], told["records"]), (1, False, 3))
        self.assertEqual(told["differences"], [
            {"old_line": 3, "new_line": 3, "fields": [{"field": "保険者番号", "old": "06990022", "new": "06990014"}]},
            {"old_line": 5, "old": "見,"}])
        code, told = self.told("map", "--pack", self.mihon, self.source, "--diff", self.earlier(self.rows))
        self.assertEqual((code, told["equal"], told["differences"]), (0, True, []))


class Faults(Mapped):
    def test_each_is_told_at_its_place_and_the_run_goes_on(self):
        done = self.map(self.bulk(person(), person(""), person("見本　二十字を超える長い長い名前")), DATA / "insurance_and_aid.xml")
        self.assertEqual((done.returncode, done.stdout), (3, HEADING + row() + row() + row("12990016")))
        told = done.stderr.decode()
        self.assertIn("bulk.xml 2人目\n", told)
        self.assertIn("該当箇所: mihon-e2e/mapping.lua:5 氏名\n", told)
        self.assertIn("FIELD_REQUIRED", told)
        self.assertIn("bulk.xml 3人目\n", told)
        self.assertIn("FIELD_TOO_LONG", told)
        self.assertIn("変換: 3件、失敗: 2件", told)
        self.assertNotIn("見本　", told)

    def test_of_several_records_of_one_person_the_record_is_named(self):
        script = MAPPING.replace('{ to = "区分", value = "1" }',
                                 '{ to = "区分", with = function(_, rec) if rec.record_index == 2 then error("x") end return "1" end }')
        done = self.run_host("map", "--script", self.write("m.lua", script), DATA / "insurance_and_aid.xml")
        self.assertEqual((done.returncode, done.stdout), (3, HEADING + row()))
        self.assertIn("insurance_and_aid.xml 1人目の2件目\n", done.stderr.decode())
        done = self.run_host("map", "--lang", "en", "--script", self.write("m.lua", script), DATA / "insurance_and_aid.xml")
        self.assertIn("insurance_and_aid.xml, person 1, record 2\n", done.stderr.decode())

    def test_an_answer_that_cannot_be_read_does_not_stop_the_next_file(self):
        done = self.map(self.write("bad.xml", "<XmlMsg>"), self.folder / "none.xml", self.bulk(person()))
        self.assertEqual((done.returncode, done.stdout), (3, HEADING + row()))
        told = done.stderr.decode()
        self.assertIn("bad.xml 1人目", told)
        self.assertIn("none.xml", told)
        self.assertIn("変換: 1件、失敗: 2件", told)

    def test_a_torn_bulk_file_keeps_what_was_whole(self):
        whole = self.bulk(*[person()] * 5).read_bytes()
        done = self.map(self.write("torn.xml", whole[:-300]))
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout, HEADING + row() * 4)
        self.assertIn("torn.xml 4人目のあと\n", done.stderr.decode())
        fault = self.told("map", "--pack", self.mihon, self.folder / "torn.xml")[1]["faults"][0]
        self.assertEqual((fault["after_person"], "person" in fault), (4, False))

    def test_a_pack_that_cannot_be_used_is_told_once(self):
        (self.mihon / "mapping.lua").write_text(MAPPING.replace('"name_kana"', '"name_kan"'))
        done = self.map(self.bulk(person()), self.bulk(person(), name="b.xml"), "--out", self.out / "a.csv")
        self.assertEqual((done.returncode, os.listdir(self.out)), (3, []))
        self.assertEqual(done.stderr.decode().count("SCRIPT_CONTRACT"), 1)
        self.assertIn("mihon-e2e/mapping.lua:6 カナ from", done.stderr.decode())
        done = self.run_host("map", "--pack", self.folder / "none", self.bulk(person()))
        self.assertEqual(done.returncode, 3)
        code, told = self.told("map", "--pack", self.mihon, self.bulk(person()))
        self.assertEqual((code, told["documents"], [f["fault"]["name"] for f in told["faults"]]), (3, [], ["SCRIPT_CONTRACT"]))

    def test_one_object_has_the_faults(self):
        code, told = self.told("map", "--pack", self.mihon, self.bulk(person(), person("")))
        self.assertEqual((code, told["records"], told["failed"]), (3, 1, 1))
        self.assertEqual(self.map("--json", self.folder / "bulk.xml").stderr, b"")
        fault = told["faults"][0]
        self.assertEqual((fault["person"], fault["record"], fault["fault"]["name"]), (2, 1, "FIELD_REQUIRED"))
        self.assertTrue(fault["source"].endswith("bulk.xml"))

    def test_output_that_cannot_be_written_is_told_and_a_reader_that_left_is_not(self):
        many, one = self.bulk(*[person()] * 500), self.bulk(person(), name="one.xml")
        for source, output, code, lines in ((many, ">/dev/full", 3, 1), (many, "| true", 0, 0), (one, ">/dev/full", 3, 1)):
            done = subprocess.run(["sh", "-c", f'"$0" "$@" {output}', *stack.HOST, "map", "--quiet", "--pack", self.mihon,
                                   source], capture_output=True, timeout=60,
                                  env=os.environ | {"SHIKAKU_LIBRARY": str(stack.LIBRARY), "NO_COLOR": "1"})
            self.assertEqual((done.returncode, done.stderr.decode().count("書き出せません")), (code, lines), done.stderr)


class Said(Mapped):
    def test_the_summary_names_counts_and_the_missing_signature(self):
        done = self.map(self.bulk(person("𠮷田　花")))
        self.assertEqual(done.stderr.decode(), "変換: 1件、失敗: 0件、置きかえた字: 1字\nmihon-e2e: 署名なし / unsigned\n")
        done = self.map(self.bulk(person()), "--lang", "en")
        self.assertEqual(done.stderr.decode(), "Mapped: 1, failed: 0, characters replaced: 0\nmihon-e2e: unsigned\n")

    def test_quiet_is_silent_unless_something_went_wrong(self):
        self.assertEqual(self.map("--quiet", self.bulk(person())).stderr, b"")
        self.assertIn("置きかえた字: 1字", self.map("--quiet", self.bulk(person("𠮷田　花"))).stderr.decode())
        self.assertIn("失敗: 1件", self.map("--quiet", self.bulk(person(""))).stderr.decode())

    def slow(self):
        """A pipe whose second half comes late."""
        pipe = self.folder / "slow.xml"
        os.mkfifo(pipe)
        text = self.bulk(*[person()] * 200).read_bytes()

        def write():
            with open(pipe, "wb") as writer:
                writer.write(text[:len(text) // 2])
                writer.flush()
                time.sleep(1.5)
                writer.write(text[len(text) // 2:])

        thread = threading.Thread(target=write)
        thread.start()
        self.addCleanup(thread.join)
        return pipe

    def test_progress_is_for_a_terminal(self):
        code, shown, output = self.on_a_terminal(["map", "--pack", self.mihon, self.slow()])
        self.assertEqual((code, output), (0, HEADING + row() * 200))
        self.assertRegex(shown, r"\r\d+件、毎秒\d+件")
        self.assertIn("変換: 200件", shown.splitlines()[-2])

    def test_there_is_none_elsewhere_nor_when_it_is_not_wanted(self):
        done = self.map(self.slow())
        self.assertNotIn("毎秒", done.stderr.decode())
        (self.folder / "slow.xml").unlink()
        code, shown, _ = self.on_a_terminal(["map", "--quiet", "--pack", self.mihon, self.slow()])
        self.assertEqual((code, shown), (0, ""))

    def test_the_command_line_is_explained(self):
        for language, words in (("ja", "患者の"), ("en", "patients' data")):
            told = self.run_host("map", "--help", "--lang", language).stdout.decode()
            self.assertIn(words, told)
            for option in ("--pack", "--script", "--overlay", "--out", "--out-dir", "--force", "--explain", "--diff"):
                self.assertIn(f"  {option} ", told)
        self.assertEqual(self.map().returncode, 2)
        self.assertEqual(self.run_host("map", self.bulk(person())).returncode, 2)


if __name__ == "__main__":
    unittest.main()
