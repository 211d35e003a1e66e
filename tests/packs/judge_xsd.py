#!/usr/bin/python3
"""Validates hc08 and cc08 with the published schemas: judge_xsd.py SCHEMAS KIND FOLDER...
SCHEMAS lies outside the tree; without it the test says that it was skipped."""
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import judging

CLAIM = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html"
# What stands around the one part of a claim that an eligibility answer fills.
AROUND = (f'<checkupClaim xmlns="{CLAIM}"><encounter><serviceEventType code="1"/></encounter>',
          '<checkupCard/><settlement><claimType code="1"/><commissionType code="1"/><unitAmount value="0"/>'
          '<paymentAmount value="0"/><claimAmount value="0"/></settlement></checkupClaim>')


def whole(kind, raw):
    """A subjectPerson alone becomes a claim; everything else stays as it is."""
    root = ET.fromstring(raw)
    if kind != "cc08" or not root.tag.endswith("}subjectPerson"):
        return raw
    ET.register_namespace("", CLAIM)
    return (AROUND[0] + ET.tostring(root, encoding="unicode") + AROUND[1]).encode("utf-8")


def refusal(schemas, kind, raw):
    """What xmllint has against the document; nothing when it passes."""
    schema = pathlib.Path(schemas) / f"{kind}_V08.xsd"
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(whole(kind, raw))
        file.flush()
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", str(schema), file.name],
                              capture_output=True, text=True, timeout=100, check=False)
    return "" if done.returncode == 0 else done.stderr.replace(file.name, "").strip() or "refused"


def need_schemas(folder):
    if not pathlib.Path(folder).is_dir():
        print(f"skipped: there are no schemas in {folder}")
        sys.exit(judging.SKIPPED)


def judged(schemas, kind):
    def judge(document):
        said = refusal(schemas, kind, document.raw)
        if said:
            yield said
    return judge


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    need_schemas(sys.argv[1])
    judging.run({kind: judged(sys.argv[1], kind) for kind in ("hc08", "cc08")}, sys.argv[2:], __doc__)


if __name__ == "__main__":
    main()
