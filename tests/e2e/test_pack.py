"""`shikaku pack`: what is said of packs, to a person and to a program, and what makes and signs them."""
import json
import os
import shutil
import subprocess
import unittest

import stack
from packs import HEADING, MAPPING, PACK, Case, person, row

OPENSSL = "openssl"
# Every pack that is there is one that its samples pass.
SHIPPED = sorted({*stack.ROOT.glob("scripts/*/pack.lua"), *stack.ROOT.glob("tests/data/packs/*/pack.lua")})


class Packs(Case, unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.mihon = self.pack()

    def do(self, what, *arguments, **options):
        return self.run_host("pack", what, *arguments, **options)

    def change(self, name, old, new):
        path = self.mihon / name
        content = path.read_bytes()
        self.assertIn(old, content)
        path.write_bytes(content.replace(old, new))

    def settings(self, **pack):
        path = self.folder / "shikaku.lua"
        path.write_text("return " + stack.lua({"pack": pack}) + "\n")
        return path


class List(Packs):
    def test_packs_are_a_table(self):
        done = self.do("list", self.folder / "packs")
        self.assertEqual(done.returncode, 0, done.stderr)
        heading, line = done.stdout.decode().splitlines()
        self.assertEqual(heading.split(), ["フォルダー", "id", "版", "名前", "署名", "状態"])
        self.assertEqual(line.split(), ["mihon-e2e", "mihon-e2e", "1.0.0", "見本パック", "署名なし", "/", "unsigned", "使えます"])
        self.assertIn(" unsigned ", self.do("list", self.folder / "packs", "--lang", "en").stdout.decode())

    def test_one_that_cannot_be_used_says_why_beside_the_others(self):
        self.pack("packs/b", pack=PACK.replace('"1.0.0"', '"one"'))
        self.pack("packs/c", mapping=MAPPING.replace('from = "name",', 'from = "nam",'))
        (self.folder / "packs/no-pack").mkdir()
        done = self.do("list", self.folder / "packs")
        self.assertEqual(done.returncode, 1)
        lines = done.stdout.decode().splitlines()
        self.assertEqual(len(lines), 4)
        self.assertRegex(lines[1], r"^b .*使えません: b/pack\.lua:2 version")
        self.assertRegex(lines[2], r"^c .*使えません: mihon-e2e/mapping\.lua:5 氏名 from")
        self.assertRegex(lines[3], r"^mihon-e2e .*使えます$")
        self.assertEqual(len({line.index("x使xえxま") for line in map(wide, lines[1:])}), 1, "columns stand below each other")
        code, told = self.told("pack", "list", self.folder / "packs")
        self.assertEqual((code, [p["ok"] for p in told["packs"]]), (1, [False, False, True]))
        self.assertEqual([told["packs"][0]["fault"]["name"], told["packs"][2]["signed"]], ["PACK", "unsigned"])

    def test_an_empty_folder_has_none_and_a_missing_one_is_a_fault(self):
        self.assertIn("パックがありません", self.do("list", self.out).stdout.decode())
        done = self.do("list", self.folder / "none")
        self.assertEqual((done.returncode, done.stdout), (3, b""))
        code, told = self.told("pack", "list", self.folder / "none")
        self.assertEqual((code, told["packs"], told["ok"]), (3, [], False))


def wide(line):
    """Each full-width character as two, as a terminal has it."""
    return "".join(c if ord(c) < 0x2000 else "x" + c for c in line)


class Check(Packs):
    def test_a_usable_pack_is_called_so(self):
        done = self.do("check", self.mihon)
        self.assertEqual((done.returncode, done.stdout.decode()),
                         (0, "mihon-e2e 1.0.0  見本パック  署名なし / unsigned  使えます\n"))
        self.assertEqual(self.told("pack", "check", self.mihon),
                         (0, {"id": "mihon-e2e", "version": "1.0.0", "name": "見本パック", "name_en": "Sample pack",
                              "signed": "unsigned", "ok": True}))

    def test_one_with_a_mistake_says_where(self):
        self.change("mapping.lua", b'from = "name",', b'from = "nam",')
        done = self.do("check", self.mihon)
        self.assertEqual(done.returncode, 3)
        self.assertIn("使えません", done.stdout.decode())
        self.assertIn("該当箇所: mihon-e2e/mapping.lua:5 氏名 from", done.stderr.decode())
        code, told = self.told("pack", "check", self.mihon)
        self.assertEqual((code, told["ok"], told["fault"]["name"]), (3, False, "SCRIPT_CONTRACT"))
        shutil.rmtree(self.mihon)
        self.assertEqual(self.do("check", self.mihon).returncode, 3)

    def test_one_without_a_signature_is_refused_where_that_is_said(self):
        config = self.settings(unsigned="refuse")
        done = self.do("check", self.mihon, "--config", config)
        self.assertEqual(done.returncode, 3)
        self.assertIn("PACK_UNSIGNED", done.stderr.decode())


class Test(Packs):
    def test_samples_that_pass_are_named(self):
        done = self.do("test", self.mihon)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.decode().splitlines()[1:], ["  合格    jiro", "見本 1件: 合格 1件、不合格 0件"])
        self.assertIn("passed  jiro", self.do("test", self.mihon, "--lang", "en").stdout.decode())

    def test_the_first_difference_is_told_by_line_and_column(self):
        self.sample("packs/mihon-e2e", "hanako", person("見本　花子"), HEADING + row("06990022"))
        done = self.do("test", self.mihon)
        self.assertEqual(done.returncode, 1)
        told = done.stdout.decode()
        self.assertIn("  不合格  hanako: 2行目 氏名(先頭から", told)
        self.assertIn("  合格    jiro", told)
        self.assertIn("見本 2件: 合格 1件、不合格 1件", told)
        for value in ("花子", "06990022"):
            self.assertNotIn(value, told + done.stderr.decode())
        code, told = self.told("pack", "test", self.mihon)
        self.assertEqual((code, told["passed"], told["failed"], told["ok"]), (1, 1, 1, False))
        self.assertEqual([s["passed"] for s in told["samples"]], [False, True])
        self.assertEqual((told["samples"][0]["line"], told["samples"][0]["column"]), (2, "氏名"))
        self.assertEqual(told["samples"][0]["fault"]["name"], "PACK_SAMPLE")

    def test_a_sample_that_cannot_be_mapped_says_why(self):
        self.sample("packs/mihon-e2e", "nobody", person(""), HEADING)
        done = self.do("test", self.mihon)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode(), r"不合格  nobody: .*mapping\.lua:5 氏名")

    def test_a_pack_without_samples_does_not_pass(self):
        shutil.rmtree(self.mihon / "samples")
        done = self.do("test", self.mihon)
        self.assertEqual(done.returncode, 1)
        self.assertIn("PACK_SAMPLE", done.stderr.decode())

    def test_a_pack_that_cannot_be_read_is_a_fault(self):
        self.change("pack.lua", b'"1.0.0"', b'"one"')
        done = self.do("test", self.mihon)
        self.assertEqual(done.returncode, 3)
        self.assertIn("pack.lua:2 version", done.stderr.decode())

    def test_every_pack_that_is_there_passes(self):
        self.assertGreater(len(SHIPPED), 0)
        for pack in SHIPPED:
            with self.subTest(pack.parent.name):
                code, told = self.told("pack", "test", pack.parent)
                self.assertEqual(code, 0, [s for s in told["samples"] if not s["passed"]] or told)
                self.assertGreater(told["passed"], 0)
                shown = self.do("show", pack.parent)
                self.assertEqual(shown.returncode, 0, shown.stderr)


class Show(Packs):
    def test_everything_is_shown_with_words(self):
        done = self.do("show", self.mihon)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = done.stdout.decode()
        for words in ("見本ソフト", "見本レセコン", "5.0", "5.1", "署名なし / unsigned", "cp932"):
            self.assertIn(words, told)
        lines = [line.split() for line in told.splitlines()]
        self.assertIn(["insurer_number", "保険者番号"], lines)
        self.assertTrue([line for line in lines if line[0] == "elderly" and "高齢受給者証" in line[1]])
        self.assertIn(["氏名", "name", "-", "5", "20", "バイト"], lines)
        self.assertIn(["カナ", "name_kana", "kana_half", "6"], lines)
        english = [line.split() for line in self.do("show", self.mihon, "--lang", "en").stdout.decode().splitlines()]
        self.assertIn(["insurer_number", "Insurer", "number"], english)
        self.assertIn("Sample", english[0])

    def test_one_object_has_it_all(self):
        code, told = self.told("pack", "show", self.mihon)
        self.assertEqual((code, told["ok"], told["contract"], told["host_versions"]), (0, True, 1, ["5.0", "5.1"]))
        self.assertEqual(told["uses"][0], {"path": "insurer_number", "label": "保険者番号", "label_en": "Insurer number"})
        self.assertEqual(told["fields"][0], {"to": "氏名", "from": "name", "unit": "bytes", "line": 5, "limit": 20})
        self.assertEqual(len(told["fields"]), 5)

    def test_of_one_with_a_mistake_the_rest_is_shown(self):
        self.change("mapping.lua", b"max_bytes = 20", b'max_bytes = "x"')
        done = self.do("show", self.mihon)
        self.assertEqual(done.returncode, 3)
        self.assertIn("見本ソフト", done.stdout.decode())
        self.assertIn("mapping.lua:5", done.stderr.decode())


class Sign(Packs):
    def key(self, *options):
        path = self.folder / "key.pem"
        subprocess.run([OPENSSL, "genpkey", "-algorithm", "ed25519", *options, "-out", path], check=True, capture_output=True)
        return path

    def public(self, key, *options):
        path = self.folder / "public.pem"
        subprocess.run([OPENSSL, "pkey", "-in", key, *options, "-pubout", "-out", path], check=True, capture_output=True)
        return self.settings(keys=path)

    def test_a_signed_pack_is_called_so_until_it_changes(self):
        key = self.key()
        done = self.do("sign", self.mihon, "--key", key)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("manifest.sig", done.stdout.decode())
        config = self.public(key)
        self.assertIn("  署名あり  ", self.do("check", self.mihon, "--config", config).stdout.decode())
        self.assertEqual(self.told("pack", "check", self.mihon, "--config", config)[1]["signed"], "signed")
        mapped = self.run_host("map", "--config", config, "--pack", self.mihon, self.bulk(person()))
        self.assertNotIn("unsigned", mapped.stderr.decode())
        self.change("mapping.lua", b'"1"', b'"2"')
        done = self.do("check", self.mihon, "--config", config)
        self.assertEqual(done.returncode, 3)
        self.assertIn("mapping.lua", done.stderr.decode())
        self.assertIn("PACK_SIGNATURE", done.stderr.decode())
        self.assertNotIn("署名", done.stdout.decode())

    def test_a_passphrase_comes_from_a_descriptor_once(self):
        key = self.key("-aes256", "-pass", "pass:ひらけごま")
        done = self.do("sign", self.mihon, "--key", key, "--secret-fd", 0, given="ひらけごま\n".encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        config = self.public(key, "-passin", "pass:ひらけごま")
        self.assertIn("署名あり", self.do("check", self.mihon, "--config", config).stdout.decode())
        (self.mihon / "manifest.sig").unlink()
        (self.mihon / "manifest.txt").unlink()
        for given in (b"wrong\n", b""):
            done = self.do("sign", self.mihon, "--key", key, "--secret-fd", 0, given=given)
            self.assertEqual(done.returncode, 3, given)
            self.assertIn("PASSPHRASE", done.stderr.decode())
            self.assertFalse((self.mihon / "manifest.sig").exists())
        done = self.do("sign", self.mihon, "--key", key, start_new_session=True)
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr.decode().count("--secret-fd を"), 1)

    def test_what_does_not_pass_or_is_no_key_signs_nothing(self):
        done = self.do("sign", self.mihon, "--key", self.write("key.pem", "no key"))
        self.assertIn(done.returncode, (2, 3))
        self.assertIn("--key", done.stderr.decode())
        self.change("mapping.lua", b'"1"', b'"2"')
        code, told = self.told("pack", "sign", self.mihon, "--key", self.key())
        self.assertEqual((code, told["fault"]["name"]), (3, "PACK_SAMPLE"))
        self.assertFalse((self.mihon / "manifest.sig").exists())


class Delivered(Packs):
    def test_a_delivery_by_a_pack_that_nobody_signed_says_so(self):
        config = self.folder / "shikaku.lua"
        config.write_text("return " + stack.lua({"deliveries": [{"pack": self.mihon, "folder": self.out, "when": "always"}]}))
        done = self.run_host("import", "--config", config, self.bulk(person()))
        self.assertEqual((done.returncode, self.delivered()), (0, ["mihon.csv"]), done.stderr)
        self.assertIn("パック mihon-e2e: 署名なし / unsigned", done.stdout.decode())


class New(Packs):
    def test_a_heading_line_becomes_a_pack_that_passes(self):
        sample = self.folder / "midashi.csv"
        sample.write_text("患者番号,氏名,カナ氏名,生年月日,保険者番号,記号,番号,枝番,備考\n")
        made = self.folder / "jibun"
        done = self.do("new", sample, "--out", made)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = done.stdout.decode()
        self.assertRegex(told, r"(?m)^氏名 .*\bname\b.*確か")
        self.assertRegex(told, r"(?m)^備考 .*要確認")
        self.assertEqual(sorted(str(p.relative_to(made)) for p in made.rglob("*") if p.is_file()),
                         ["README.md", "mapping.lua", "pack.lua", "samples/mihon.expected", "samples/mihon.name",
                          "samples/mihon.xml"])
        tested = self.do("test", made)
        self.assertEqual(tested.returncode, 0, tested.stdout + tested.stderr)
        mapped = self.run_host("map", "--pack", made, made / "samples/mihon.xml")
        self.assertEqual(mapped.stdout, (made / "samples/mihon.expected").read_bytes())

    def test_nothing_is_replaced(self):
        sample = self.folder / "midashi.csv"
        sample.write_text("氏名,生年月日\n")
        before = (self.mihon / "pack.lua").read_bytes()
        done = self.do("new", sample, "--out", self.mihon)
        self.assertEqual(done.returncode, 3)
        self.assertIn("FILE_EXISTS", done.stderr.decode())
        self.assertEqual((self.mihon / "pack.lua").read_bytes(), before)

    def test_a_sample_that_cannot_be_read_is_a_fault(self):
        done = self.do("new", self.folder / "none.csv", "--out", self.folder / "none")
        self.assertEqual(done.returncode, 3)

    def test_what_is_no_sample_is_refused(self):
        sample = self.folder / "midashi.csv"
        sample.write_bytes(b"a,a\n")
        done = self.do("new", sample, "--out", self.folder / "none")
        self.assertEqual(done.returncode, 3)
        self.assertFalse((self.folder / "none").exists())


class Words(Packs):
    def test_the_help_of_each_is_there_in_both_languages(self):
        for what in ("list", "check", "test", "show", "new", "sign"):
            for language, usage in (("ja", "使い方"), ("en", "Usage")):
                told = self.do(what, "--help", "--lang", language).stdout.decode()
                self.assertTrue(told.startswith(f"{usage}: shikaku pack {what} "), told)
        self.assertIn("sign", self.run_host("pack", "--help").stdout.decode())
        self.assertEqual(self.run_host("pack").returncode, 2)

    def test_a_configuration_that_cannot_be_read_is_a_fault(self):
        done = self.do("check", self.mihon, "--config", self.folder / "none.lua")
        self.assertEqual(done.returncode, 3)
        self.assertIn("none.lua", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
