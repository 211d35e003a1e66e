#!/usr/bin/python3
"""bulk_peer.py ANSWER OUT: the columns of bulk_csv.lua by lxml's iterparse and the csv module."""
import csv
import sys

from lxml import etree

RESULT = "ResultOfQualificationConfirmation"
COLUMNS = ("照会番号", "氏名", "氏名カナ", "生年月日", "性別", "保険者番号", "保険者名", "記号", "番号", "枝番", "有効開始日",
           "有効終了日")


def day(value):
    return f"{value[:4]}/{value[4:6]}/{value[6:]}" if value else ""


def line(unit):
    result = unit.find(RESULT)
    get = result.findtext
    return (unit.findtext("ReferenceNumber"), get("Name"), get("NameKana"), day(get("Birthdate")), get("Sex1"),
            get("InsurerNumber").strip(), get("InsurerName"), get("InsuredCardSymbol"),
            get("InsuredIdentificationNumber"), get("InsuredBranchNumber"), day(get("InsuredCardValidDate")),
            day(get("InsuredCardExpirationDate")))


def main():
    with open(sys.argv[2], "w", encoding="cp932", newline="") as out:
        write = csv.writer(out, lineterminator="\r\n").writerow
        write(COLUMNS)
        for _, unit in etree.iterparse(sys.argv[1], tag="BulkConfirmUnit"):
            write(line(unit))
            unit.clear()
            while unit.getprevious() is not None:
                del unit.getparent()[0]


if __name__ == "__main__":
    main()
