#!/usr/bin/python3
"""The own checks of 特定健診 refuse what the schemas let pass."""
import unittest

import judge_kenshin
import trying

HC08, CC08 = judge_kenshin.JUDGES["hc08"], judge_kenshin.JUDGES["cc08"]
GENDER = '<administrativeGenderCode code="1" codeSystem="1.2.392.200119.6.1104"/>'


class Kenshin(trying.Trial):
    def test_good_documents_pass(self):
        self.passes(HC08, trying.good("hc08.xml"))
        self.passes(CC08, trying.good("cc08.xml"))

    def test_numbers_of_hc08(self):
        self.each_spoilt(HC08, trying.good("hc08.xml"), [
            ('extension="06990014"', 'extension="6990014"', "保険者番号: not 8 digits"),
            ('extension="06990014"', 'extension="06990015"', "保険者番号: not 8 digits"),
            ('extension="06990014"', 'extension=" 6990014"', "保険者番号: not 8 digits"),
            ('extension="06990014"', 'extension="01990019"', "保険者番号: not that of the source"),
            ("6.101", "6.100", "ids: OIDs"),
            ("6.204", "6.205", "ids: OIDs"),
            ('<id root="1.2.392.200119.6.204" extension="７７"/>', "", "symbol: the source has one"),
            ('extension="７７"', 'extension="77"', "symbol: not full width"),
            ('extension="７７"', 'extension="７　７"', "symbol: not full width"),
            ('extension="７７"', 'extension="７８"', "symbol: not that of the source"),
            ('extension="８８"', 'extension=""', "number: not full width"),
            ('extension="８８"', f'extension="{"８" * 21}"', "number: more than 20"),
            ('extension="01"', 'extension="1"', "枝番: not 2 digits"),
            ('extension="01"', 'extension="００"', "枝番: not 2 digits"),
            ('extension="01"', 'extension="02"', "枝番: not that of the source"),
        ])

    def test_person_of_hc08(self):
        self.each_spoilt(HC08, trying.good("hc08.xml"), [
            ("000-0000</postalCode>見本県", "xx</postalCode>見本県", "postal code"),
            ("000-0000", "0000000", "postal code"),
            ("見本町１－２－１", "見本町1-2-1", "address: not full width"),
            ("見本町１－２－１", "見本町１－２－２", "address: not that of the source"),
            ("見本町１－２－１", "見本町" * 14, "more than 80 bytes"),
            ("<postalCode>000-0000</postalCode>見本県見本市見本町１－２－１",
             "見本県見本市見本町１－２－１<postalCode>000-0000</postalCode>", "not a postalCode and then"),
            ("ミホン　タロウ", "ﾐﾎﾝ ﾀﾛｳ", "name: not full-width katakana"),
            ("ミホン　タロウ", "ＭＩＨＯＮ", "name: not full-width katakana"),
            ("ミホン　タロウ", "見本　太郎", "name: not full-width katakana"),
            ("ミホン　タロウ", "ミホン　ジロウ", "name: not that of the source"),
            (GENDER, GENDER.replace('code="1"', 'code="9"'), "gender: not 1 or 2"),
            (GENDER, GENDER.replace('code="1"', 'code="2"'), "gender: not that of the source"),
            ("6.1104", "6.1105", "gender: code system"),
            ("19850312", "19850231", "birthTime: not a day"),
            ("19850312", "1985", "birthTime: not a day"),
            ("19850312", "19850313", "birthTime: not that of the source"),
            (GENDER + '\n        <birthTime value="19850312"/>', '<birthTime value="19850312"/>' + GENDER, "patient: not name"),
        ])

    def test_late_elderly_have_no_symbol_and_no_branch(self):
        raw = trying.good("hc08.xml").replace(b"06990014", b"39990015").replace(b"19850312", b"19400510")
        self.refuses(HC08, raw, "後期高齢者: 記号 or 枝番", trying.person("kouki-10"))

    def test_kokuho_is_padded_with_zeros(self):
        raw = trying.good("hc08.xml")
        told = self.told(HC08, raw.replace(b"06990014", b"00990010"), trying.person("kokuho-6"))
        self.assertNotIn("保険者番号", " ".join(told))
        self.refuses(HC08, raw.replace(b"06990014", b"  990010"), "保険者番号: not 8 digits", trying.person("kokuho-6"))

    def test_header_of_hc08(self):
        self.each_spoilt(HC08, trying.good("hc08.xml"), [
            ("typeId", "typeIds", "cannot be read"),
            ("POCD_HD000040", "POCD_HD000041", "typeId"),
            ('confidentialityCode code="N"', 'confidentialityCode code="R"', "confidentialityCode"),
            ("6.1001", "6.1000", "code: code system"),
            ('effectiveTime value="20260602"', 'effectiveTime value="20260631"', "a time that is not a day"),
            ('extension="9919999999"', 'extension="991999999"', "author: not a 健診機関番号"),
            ("6.102", "6.103", "author: not a 健診機関番号"),
            ("tel:0000000000", "0000000000", "author: telecom"),
            ("6.1002", "6.1003", "serviceEvent: code system"),
            ("6.1010", "6.1011", "section: code system"),
            ('encoding="UTF-8"', 'encoding="Shift_JIS"', "declaration"),
            ('<effectiveTime value="20260602"/>\n  <confidentialityCode code="N"/>',
             '<confidentialityCode code="N"/>\n  <effectiveTime value="20260602"/>', "header: order"),
        ])

    def test_ticket_of_hc08(self):
        self.each_spoilt(HC08, trying.good("hc08.xml"), [
            ('functionCode code="1"', 'functionCode code="3"', "participant: functionCode"),
            ('functionCode code="1"', 'functionCode code="2"', "participant: OID of the ticket"),
            ("6.208", "6.207", "participant: functionCode"),
            ('high value="20270331"', 'high value="20270229"', "participant: 有効期限"),
            ("6.209.106990014", "6.209.06990014", "participant: OID of the ticket"),
            ('extension="26000000001"', 'extension="1"', "participant: 整理番号"),
            ('<scopingOrganization>\n        <id root="1.2.392.200119.6.101" extension="06990014"/>',
             '<scopingOrganization>\n        <id root="1.2.392.200119.6.101" extension="01990019"/>', "scopingOrganization"),
            ('typeCode="HLD"', 'typeCode="IND"', "participant: typeCode"),
        ])

    def test_cc08(self):
        self.each_spoilt(CC08, trying.good("cc08.xml"), [
            ("0000161103", "0000161104", "root, namespace"),
            ('<birthTime value="19850312"/>\n    <administrativeGender code="1"/>',
             '<administrativeGender code="1"/>\n    <birthTime value="19850312"/>', "subjectPerson: order"),
            ('insurerNumber root="1.2.392.200119.6.101" extension="06990014"',
             'insurerNumber root="1.2.392.200119.6.101" extension=""', "保険者番号"),
            ("6.204", "6.205", "insuranceCard: OIDs"),
            ('extension="７７"', 'extension="77"', "symbol: not full width"),
            ('extension="01"', 'extension="1"', "枝番"),
            ("19850312", "19850431", "birthTime: not a day"),
            ('administrativeGender code="1"', 'administrativeGender code="3"', "gender"),
            ("ミホン　タロウ", "ﾐﾎﾝ ﾀﾛｳ", "name"),
            ("000-0000", "0000000", "postal code"),
            ('extension="9919999999"', 'extension="1"', "健診機関番号"),
            ("6.209", "6.210", "checkupCard"),
            ("20270331", "20270332", "checkupCard: 有効期限"),
        ])


if __name__ == "__main__":
    unittest.main()
