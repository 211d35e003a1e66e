#!/usr/bin/python3
"""The judges of OpenEMR and GNU Health refuse spoilt documents."""
import json
import unittest

import judge_text
import trying

OPENEMR, GNUHEALTH = judge_text.JUDGES["openemr"], judge_text.JUDGES["gnuhealth"]


class OpenEmr(trying.Trial):
    def test_good(self):
        self.passes(OPENEMR, trying.good("openemr.json"))

    def test_spoilt(self):
        self.each_spoilt(OPENEMR, trying.good("openemr.json"), [
            ("patient_data", "patient", "not patient_data"),
            ('"street"', '"address"', "patient_data.address: no column"),
            ("組合健保", "", "plan_name: empty"),
            ("06990014", "  06990014", "not the insurer"),
            ("見本健康保険組合", "見本組合", "not the insurer"),
            ("太郎", "次郎", "patient_data.fname"),
            ("1985-03-12", "1985-03-13", "patient_data.DOB"),
            ('"Male"', '"male"', "patient_data.sex"),
            ("000-0000", "0000000", "patient_data.postal_code"),
            ("primary", "secondary", "type:"),
            ("８８-01", "８８01", "policy_number: not 番号 and 枝番"),
            ('"77"', '"78"', "group_number"),
            ('_relationship": "self"', '_relationship": "spouse"', "subscriber_relationship"),
            ('_fname": "太郎"', '_fname": "次郎"', "subscriber_lname"),
            ("2020-04-01", "20200401", "date: not the first day"),
            ('"date": "2020-04-01"', '"date": "2020-04-01", "date_end": "9999-12-31"', "date_end"),
            ("\n  ]\n}", ",{}\n  ]\n}", "not one entry for each result"),
        ])

    def test_a_family_member_is_not_the_subscriber(self):
        whose = trying.person("kokuho-6")
        told = json.loads(trying.good("openemr.json"))
        told["insurance_data"][0].update(subscriber_fname="二郎", subscriber_relationship="other")
        words = " / ".join(self.told(OPENEMR, json.dumps(told).encode(), whose))
        self.assertIn("does not say about the insured person", words)
        self.assertNotIn("another name than in the source", words)

    def test_the_day_of_a_loss_is_not_the_last_one(self):
        whose = trying.person("lost")
        told = json.loads(trying.good("openemr.json"))
        told["insurance_data"][0]["date_end"] = "2026-04-01"
        self.refuses(OPENEMR, json.dumps(told).encode(), "date_end", whose)
        told["insurance_data"][0]["date_end"] = "2026-03-31"
        self.assertNotIn("date_end", " ".join(self.told(OPENEMR, json.dumps(told).encode(), whose)))

    def test_insurance_before_aid(self):
        whose = trying.persons("aid-and-insurance")
        told = json.loads(trying.good("openemr.json"))
        for table in ("insurance_companies", "insurance_data"):
            told[table] = [dict(told[table][0]), dict(told[table][0])]
        self.refuses(OPENEMR, json.dumps(told).encode(), "type:", whose)
        told["insurance_data"][1]["type"] = "secondary"
        self.assertNotIn("type:", " ".join(self.told(OPENEMR, json.dumps(told).encode(), whose)))


class GnuHealth(trying.Trial):
    def test_good(self):
        self.passes(GNUHEALTH, trying.good("gnuhealth.csv"))
        self.passes(GNUHEALTH, self.known())

    @staticmethod
    def known():
        return ("name,number,company,category,insurance_type,member_since,member_exp\n"
                "000123,７７:８８:01,06990014,組合健保,state,2020-04-01,\n").encode()

    def test_spoilt(self):
        self.each_spoilt(GNUHEALTH, trying.good("gnuhealth.csv"), [
            ("lastname", "surname", "the heading"),
            ("lastname", "\ufefflastname", "byte order mark"),
            ("組合健保", '"組合健保"', "quotation mark"),
            ("組合健保", "組合,健保", "another width"),
            ("見本,太郎", "見本,次郎", "name: not that"),
            ("見本,太郎", ",見本　太郎", "lastname: not that"),
            ("1985-03-12", "1985/03/12", "dob: not that"),
            (",m,", ",male,", "gender: not that"),
            ("True", "1", "is_person: not that"),
            ("cjk", "jp", "name_representation"),
            ("JPN", "", "fed_country"),
            ("77:88:01", "88:01", "number: not"),
            ("77:88:01", "77:88:1", "number: not"),
            (",06990014", ",  06990014", "company"),
            ("2020-04-01,", "2020-04-02,", "member_since"),
            ("2020-04-01,", "2020-04-01,9999-12-31", "member_exp"),
            ("組合健保,,", "組合健保,public,", "insurance_type"),
        ])
        self.refuses(GNUHEALTH, self.known().replace(b"000123", b""), "owner")

    def test_a_second_line_does_not_name_the_person(self):
        whose = trying.persons("aid-and-insurance")
        heading, line = trying.good("gnuhealth.csv").decode().splitlines()
        twice = "\n".join([heading, line, line, ""]).encode()
        self.refuses(GNUHEALTH, twice, "must be empty behind the first line", whose)
        self.refuses(GNUHEALTH, trying.good("gnuhealth.csv"), "not one line for each result", whose)
        second = ",,,,,,,,:1234566:,12991014,生活保護,,2025-04-01,"
        self.assertNotIn("must be empty",
                         " ".join(self.told(GNUHEALTH, "\n".join([heading, line, second, ""]).encode(), whose)))


if __name__ == "__main__":
    unittest.main()
