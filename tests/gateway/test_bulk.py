"""Bulk results that are long, slow or spoilt, and the tricks that concern the clock and the connection."""

from __future__ import annotations

import calendar
import email.utils
import gzip
import http.client
import json
import ssl
import time
import unittest
import uuid
import xml.etree.ElementTree as ElementTree
import zlib

from harness import WithServer, about_first

BODY = "MessageBody/"


class LongBulk(WithServer):
    options = ("--bulk-size", "3000", "--bulk-pending", "2", "--bulk-seconds", "0")

    def accepted(self, key: str = "") -> str:
        reply = self.client.search(about_first() + about_first(InsuredIdentificationNumber="9"), "bulk", key=key)
        number = reply.text(BODY + "ReceptionNumber")
        assert number
        return number

    def result(self, number: str, **headers: str) -> bytes:
        statuses = []
        while True:
            reply = self.client.call("GET", f"/v1/bulk/{number}", **headers)
            statuses.append(reply.status)
            if reply.status == 200:
                self.statuses = statuses
                self.headers = reply.headers
                return reply.body

    def test_pending_first_then_as_many_as_wanted(self) -> None:
        number = self.accepted()
        root = ElementTree.fromstring(self.result(number))
        self.assertEqual(self.statuses, [202, 202, 200])
        units = root.findall(BODY + "BulkConfirmUnit")
        self.assertEqual([u.findtext("QualificationValidity") for u in units], ["1", "4"] * 1500)
        counts = [root.findtext("MessageHeader/" + name)
                  for name in ("NumberOfProcessingResult", "NumberOfNormalProcessing", "NumberOfError")]
        self.assertEqual(counts, ["3000", "3000", "0"])
        packed = self.result(number, Accept_Encoding="gzip")
        self.assertEqual((self.headers["Content-Encoding"], self.headers["Transfer-Encoding"]), ("gzip", "chunked"))
        self.assertEqual(gzip.decompress(packed), ElementTree.tostring(root) and self.result(number))

    def test_one_key_one_reception(self) -> None:
        key = str(uuid.uuid4())
        self.assertEqual(self.accepted(key), self.accepted(key))
        self.assertNotEqual(self.accepted(), self.accepted())

    def test_broken_streams(self) -> None:
        number = self.accepted()
        whole = self.result(number)
        self.server.rules("results=truncate*1")
        with self.assertRaises((http.client.IncompleteRead, ConnectionError, ssl.SSLError)):
            self.client.call("GET", f"/v1/bulk/{number}")
        self.server.rules("results=cut-gzip*1")
        cut = self.result(number, Accept_Encoding="gzip")
        unpacker = zlib.decompressobj(31)
        self.assertLess(len(unpacker.decompress(cut)), len(whole) + 1)
        self.assertFalse(unpacker.eof)
        self.server.rules("results=wrong-type*1")
        self.assertEqual(self.client.call("GET", f"/v1/bulk/{number}").headers["Content-Type"], "text/plain")
        self.assertEqual(self.result(number), whole)

    def test_foreign_results(self) -> None:
        number = self.accepted()
        whole = self.result(number)  # the first ones are "not yet"
        self.server.rules("results=foreign*1")
        spoilt = self.result(number)
        units = ElementTree.fromstring(spoilt).findall(BODY + "BulkConfirmUnit")
        self.assertEqual({u.findtext("QualificationConfirmSearchInfo/Birthdate") for u in units}, {"19010101"})
        self.assertEqual(spoilt.replace(b"19010101", b"19850312"), whole)

    def test_spoilt_receptions(self) -> None:
        self.server.rules("bulk=bad-number*1")
        self.assertEqual(self.accepted(), "../status")


class ClockAndConnection(WithServer):
    def test_clock(self) -> None:
        for trick, seconds in (("ahead-600", 600), ("behind-600", -600), ("", 0)):
            self.server.rules(*([f"status={trick}*1"] if trick else []))
            begin = int(time.time())
            reply = self.client.call("GET", "/v1/status")
            end = time.time()
            head = email.utils.parsedate_to_datetime(reply.headers["Date"]).timestamp()
            body = calendar.timegm(time.strptime(json.loads(reply.body)["time"], "%Y-%m-%dT%H:%M:%SZ"))
            # Whole seconds, told at some time of the call.
            for told in (head, body):
                self.assertTrue(begin <= told - seconds <= end, (trick, begin, told, end))
        self.server.rules("status=no-date*1")
        self.assertNotIn("Date", self.client.call("GET", "/v1/status").headers)

    def test_close(self) -> None:
        self.server.rules("status=close*1")
        self.assertEqual(self.client.call("GET", "/v1/status").headers["Connection"], "close")
        self.assertIsNone(self.client.connection.sock)

    def test_foreign_answers(self) -> None:
        self.server.rules("checks=foreign*1")
        reply = self.client.search(about_first())
        self.assertEqual(reply.text(BODY + "QualificationConfirmSearchInfo/Birthdate"), "19010101")
        self.assertEqual(reply.text(BODY + "ResultList/ResultOfQualificationConfirmation/Birthdate"), "19850312")

    def test_headers_without_end(self) -> None:
        self.server.rules("status=endless-headers*1")
        with self.assertRaises(http.client.HTTPException):
            self.client.call("GET", "/v1/status")


if __name__ == "__main__":
    unittest.main()
