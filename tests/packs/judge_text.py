#!/usr/bin/python3
"""Judges what packs write for hosts without a public schema: judge_text.py KIND FOLDER...
Needs nothing but Python; oqs-face also runs the console that the variable SHIKAKU_CONSOLE names."""
import sys
import xml.etree.ElementTree as ET

import judging
import text_childbirth
import text_csv
import text_face
import text_global
import text_hl7
import text_jahis
import text_orca
import text_rezept


def xml_problems(document):
    """A host's own XML: well formed, with at least one value of the person."""
    root = ET.fromstring(document.raw)
    values = [text.strip() for text in root.itertext()] + [v for e in root.iter() for v in e.attrib.values()]
    if document.person["name"] and document.person["name"] not in values:
        yield "the name of the source is in no element"


JUDGES = {"rezept": text_rezept.problems, "jahis": text_jahis.problems, "childbirth": text_childbirth.problems,
          "hl7": text_hl7.problems, "orca-register": text_orca.register, "orca-update": text_orca.update,
          "csv": text_csv.problems, "jsy96": text_csv.jsy96, "judo-csv": text_csv.form, "acupuncture-csv": text_csv.form,
          "face": text_face.problems, "xml": xml_problems, "openemr": text_global.openemr,
          "gnuhealth": text_global.gnuhealth}

if __name__ == "__main__":
    judging.run(JUDGES, sys.argv[1:], __doc__)
