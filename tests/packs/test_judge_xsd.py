#!/usr/bin/python3
"""The schemas pass the good documents and refuse spoilt ones: test_judge_xsd.py SCHEMAS"""
import sys
import unittest

import judge_xsd
import trying

SCHEMAS = ""


class Xsd(unittest.TestCase):
    def test_good_documents_pass(self):
        for kind in ("hc08", "cc08"):
            self.assertEqual(judge_xsd.refusal(SCHEMAS, kind, trying.good(f"{kind}.xml")), "")

    def test_the_part_of_a_claim_passes_alone(self):
        raw = trying.good("cc08.xml")
        part = raw[raw.index(b"<subjectPerson>"):raw.index(b"</subjectPerson>")] + b"</subjectPerson>"
        part = part.replace(b"<subjectPerson>", f'<subjectPerson xmlns="{judge_xsd.CLAIM}">'.encode(), 1)
        self.assertEqual(judge_xsd.refusal(SCHEMAS, "cc08", part), "")
        self.assertNotEqual(judge_xsd.refusal(SCHEMAS, "cc08", part.replace(b"19850312", b"1985-03-12")), "")

    def test_spoilt_documents_are_refused(self):
        for kind, old, new in (("hc08", b"19850312", b"1985-03-12"), ("hc08", "８８".encode(), b""),
                               ("hc08", b"custodian>", b"custody>"), ("hc08", b"urn:hl7-org:v3", b"urn:hl7-org:v2"),
                               ("cc08", b"000-0000", b"0000000"), ("cc08", b'extension="01"', b'extension="1"'),
                               ("cc08", b"birthTime", b"birthDate"), ("cc08", b"6.209", b"6.210")):
            with self.subTest(kind=kind, old=old):
                raw = trying.good(f"{kind}.xml")
                self.assertIn(old, raw)
                self.assertNotEqual(judge_xsd.refusal(SCHEMAS, kind, raw.replace(old, new)), "")


if __name__ == "__main__":
    SCHEMAS = sys.argv.pop(1)
    judge_xsd.need_schemas(SCHEMAS)
    unittest.main()
