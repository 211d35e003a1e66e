#!/usr/bin/python3
"""The judges of the electronic claim, the two-dimensional code and the childbirth claim refuse spoilt documents."""
import unittest

import judge_text
import trying

REZEPT, JAHIS, CHILDBIRTH = (judge_text.JUDGES[k] for k in ("rezept", "jahis", "childbirth"))


class Rezept(trying.Trial):
    def test_good(self):
        self.passes(REZEPT, trying.good("rezept.txt"))

    def test_spoilt(self):
        self.each_spoilt(REZEPT, trying.good("rezept.txt"), [
            ("\r\n", "\n", "CRLF"),
            ("HO,", "H0,", "an unknown record"),
            ("HO,06990014", "HO,06990014,", "HO: 16 fields"),
            ("SN,1,01", "SN,1", "SN: 8 fields"),
            ("RE,,", "RE,", "RE: 37 fields"),
            ("見本　太郎", '"見本　太郎"', "a quotation mark"),
            ("７７", "7７", "a field of two modes"),
            ("７７", "ｱ", "a field of two modes"),
            ("７７", "７　７", "記号 with a space"),
            ("７７", "見" * 20, "記号 is longer than 38"),
            ("７７", "７８", "記号 is not that"),
            ("８８", "", "HO: no 番号"),
            ("06990014", "6990014", "保険者番号 is not 8 wide"),
            ("06990014", "01990019", "保険者番号 is not that"),
            ("８８,", "８８,一", "HO: field 5"),
            ("SN,1,01,,,,01", "SN,1,01,,,,1", "枝番 is not two digits"),
            ("SN,1,01,,,,01", "SN,1,01,,,,00", "SN: 枝番 is not that"),
            ("SN,1,", "SN,9,", "負担者種別"),
            ("SN,1,01", "SN,1,1", "確認区分"),
            ("1112", "1111", "RE: レセプト種別"),
            ("1112", "1312", "does not fit the insurer"),
            ("1112", "1116", "does not fit age"),
            ("見本　太郎,1", "見本　　太郎,1", "more than one space"),
            ("見本　太郎,1", "見" * 21 + ",1", "longer than 40"),
            ("見本　太郎,1", "見本　太郎,2", "男女区分"),
            ("見本　太郎", "見本　髙郎", "beyond JIS X 0208"),
            ("19850312", "19850332", "RE: 生年月日"),
            ("ミホンタロウ", "ミホン　タロウ", "カタカナ is not full width"),
            ("ミホンタロウ", "ﾐﾎﾝﾀﾛｳ", "カタカナ is not full width"),
            ("ミホンタロウ", "ミホンジロウ", "カタカナ is not that"),
        ], "cp932")

    def test_late_elderly(self):
        whose = trying.person("kouki-10")
        raw = f"HO,39990015,,０１２３４５６７{',' * 11}\r\n"
        self.passes(REZEPT, raw.encode("cp932"), whose)
        self.refuses(REZEPT, raw.replace(",,０", ",７,０", 1).encode("cp932"), "後期高齢者 with 記号", whose)
        self.refuses(REZEPT, (raw + "SN,1,01,,,,00,,\r\n").encode("cp932"), "SN: 枝番", whose)

    def test_kokuho_has_spaces_on_the_left(self):
        whose = trying.person("kokuho-6")
        good = f"HO,  990010,見・１２,３４５{',' * 11}\r\n".encode("cp932")
        self.passes(REZEPT, good, whose)
        self.refuses(REZEPT, good.replace(b"  990010", b"00990010"), "保険者番号 is not", whose)
        self.refuses(REZEPT, good.replace(b"  990010", b"990010  "), "保険者番号 is not 8 wide", whose)

    def test_receipt_types(self):
        for name, kind in (("kouki-10", "1318"), ("taisho", "1310"), ("mishugaku", "1114"), ("kourei-70-74", "1118"),
                           ("kokuho-6", "1116")):
            whose = trying.person(name)
            for said, fits in ((kind, True), ("1112", False)):
                fields = ["RE", "", said, *[""] * 35]
                told = self.told(REZEPT, (",".join(fields) + "\r\n").encode(), whose)
                self.assertEqual(any("does not fit" in t for t in told), not fits, (name, said))

    def test_public_payer(self):
        whose = trying.persons("aid-and-insurance")
        good = b"KO,12991014,1234566,,,,,,,,,\r\n"
        self.passes(REZEPT, good, whose)
        for old, new, words in ((b"12991014", b"12991015", "負担者番号 is not 8"), (b"1234566", b"0000018", "受給者番号 is not that"),
                                (b"1234566", b"123456", "受給者番号 is not"), (b"12991014", b"21991013", "負担者番号 is not that")):
            self.refuses(REZEPT, good.replace(old, new), words, whose)


class Jahis(trying.Trial):
    def test_good(self):
        self.passes(JAHIS, trying.good("jahis.txt"))
        self.passes(JAHIS, b"JAHIS10\r\n" + trying.good("jahis.txt"))

    def test_spoilt(self):
        self.each_spoilt(JAHIS, trying.good("jahis.txt"), [
            ("\r\n", "\n", "CRLF"),
            ("12,1\r\n", "", "record 12 is missing"),
            ("22,06990014\r\n", "", "record 22 is missing"),
            ("12,1\r\n13,19850312", "13,19850312\r\n12,1", "not in order"),
            ("12,1\r\n", "12,1\r\n12,1\r\n", "there twice"),
            ("21,1", "51,1", "does not belong"),
            ("11,000123", "11,000123,", "record 11: 5 fields"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ミホン　タロウ", "カナ is not up to 40"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ﾐﾎﾝ  ﾀﾛｳ", "more than one space"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ﾐﾎﾝ ｼﾞﾛｳ", "カナ is not that"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ﾐ" * 41, "カナ is not up to 40"),
            ("見本　太郎,ﾐﾎﾝ ﾀﾛｳ", ",", "neither name"),
            ("見本　太郎", "見" * 21, "氏名 is not up to 20"),
            ("見本　太郎", "見本 太郎", "氏名 is not up to 20"),
            ("12,1", "12,2", "性別"),
            ("13,19850312", "13,1985-03-12", "生年月日"),
            ("13,19850312", "13,3600313", "生年月日"),
            ("21,1", "21,2", "保険種別"),
            ("22,06990014", "22,  06990014", "significant digits"),
            ("23,７７", "23,７８", "記号 or 番号 is not that"),
            ("８８,1,01", "８８,,01", "本人・家族"),
            ("８８,1,01", "８８,1,1", "枝番"),
            ("24,30,70", "24,30,30", "not 100"),
            ("24,30,70", '24,30,"70"', "quotation mark"),
        ], "cp932")

    def test_birth_of_an_era(self):
        self.passes(JAHIS, trying.good("jahis.txt").replace(b"19850312", b"3600312"))

    def test_share_of_the_elderly_and_of_children(self):
        for name, share in (("kouki-10", b"1"), ("kouki-20-shift-jis", b"5"), ("taisho", b"2"), ("kourei-70-74", b"1"),
                            ("mishugaku", b"3"), ("app-text", b"1")):
            raw = trying.good("jahis.txt")
            whose = trying.person(name)
            self.refuses(JAHIS, raw, "record 14", whose)
            self.refuses(JAHIS, raw.replace(b"21,1", b"14,9\r\n21,1"), "record 14", whose)
            told = " ".join(self.told(JAHIS, raw.replace(b"21,1", b"14," + share + b"\r\n21,1"), whose))
            self.assertNotIn("record 14", told)

    def test_public_payer(self):
        whose = trying.persons("aid-and-insurance")
        raw = trying.good("jahis.txt").replace(b"24,30,70\r\n", b"27,12991014,1234566\r\n")
        self.assertNotIn("record 27", " ".join(self.told(JAHIS, raw, whose)))
        self.refuses(JAHIS, raw.replace(b"12991014", b"12991015"), "record 27: 公費負担者番号", whose)
        self.refuses(JAHIS, raw.replace(b"1234566", b"1234567"), "record 27: 公費受給者番号", whose)


class Childbirth(trying.Trial):
    def test_good(self):
        self.passes(CHILDBIRTH, trying.good("childbirth.csv"))
        self.passes(CHILDBIRTH, b"2,3,7121," + trying.good("childbirth.csv"))

    def test_spoilt(self):
        raw = trying.good("childbirth.csv")
        self.each_spoilt(CHILDBIRTH, raw, [
            ("\r\n", "", "CRLF"),
            ("\r\n", ",\r\n", "31 fields"),
            ("06990014", "6990014", "field 1"),
            ("06990014", "01990019", "field 1"),
            (",1,1,", ",2,1,", "field 6"),
            (",1,1,", ",1,5,", "field 7"),
            (",1,1,", ",1,2,", "field 7"),
            ("７７", '"７７"', "quotation mark"),
            ("７７", "７７　", "spaces at the end"),
            ("７７", "７８", "field 8 or 9"),
            ("８８", "８" * 20, "field 9: longer than 38"),
            ("ﾐﾎﾝ ﾀﾛｳ", "見本　太郎", "field 10: not the カナ"),
            ("ﾐﾎﾝ ﾀﾛｳ", "ミホン" * 7, "field 10: longer than 40"),
            ("3600312", "19850312", "field 11"),
            ("3600312", "3600313", "field 11: not the 生年月日"),
            ("3600312", "4600312", "field 11: not GYYMMDD"),
            (",,,,,1,1,", ",,3,,,1,1,", "field 3"),
            (",,,,,1,1,", ",R0806,,,,1,1,", "field 2"),
            (",,,,,1,1,", ",,,見本,,1,1,", "field 4"),
        ], "cp932")
        self.refuses(CHILDBIRTH, raw + raw, "2 lines")
        self.refuses(CHILDBIRTH, raw, "field 6", trying.person("kokuho-6"))


if __name__ == "__main__":
    unittest.main()
