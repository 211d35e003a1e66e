"""What the Python binding does beyond the reception desk: binding.py FOLDER, with demo.lua and answer.xml in it."""
import os
import pathlib
import sys
import threading
import time
import unittest

import shikaku
from shikaku import Event, FaultCode, Job, Outcome, Retry, Session, ShikakuError

FOLDER = pathlib.Path(sys.argv.pop(1))
CONFIG = FOLDER / "demo.lua"
ANSWER = (FOLDER / "answer.xml").read_bytes()


class Binding(unittest.TestCase):
    def refused(self, name, call, *arguments):
        with self.assertRaises(ShikakuError) as caught:
            call(*arguments)
        self.assertEqual((caught.exception.name, caught.exception.code), (name, FaultCode[name]))
        return caught.exception

    def until(self, session, wanted):
        for event in session.events():
            if event == wanted:
                return
        self.fail(f"DONE before {wanted!r}")

    def test_faults_are_exceptions(self):
        self.refused("CONFIG_FILE", Session, f"{CONFIG}.missing")
        with Session(CONFIG) as session:
            fault = self.refused("CONFIG_VALUE", session.set, "card_timeout_ms", "soon")
            self.assertEqual(fault.where, "card_timeout_ms")
            self.assertTrue(str(fault).endswith("。") and fault.message_en.endswith("."))
            session.set("card_timeout_ms", 5000)
            for path, value in (("insurer_number", "06990015"), ("number", "1001"), ("birth_date", "1985-03-12")):
                session.put("query." + path, value)
            self.refused("CHECK_DIGIT", session.start, Job.QUERY)
            self.assertEqual((session.fault().name, session.fault().where, session.fault().retry),
                             ("CHECK_DIGIT", "query.insurer_number", Retry.OPERATOR))

    def test_values_are_read_by_kind(self):
        with Session(CONFIG) as session:
            self.assertEqual((session.text("record.name"), session.number("pin.tries_left"),
                              session.read("delivery[1].document"), session.fault()), (None,) * 4)
            self.refused("PATH", session.text, "no.such.path")
            self.refused("PATH", session.count, "version")
            self.refused("TYPE", session.number, "version")
            session.put("import.data", ANSWER)
            session.start(Job.IMPORT)
            self.assertEqual([*session.events()], [Event.ANSWER, Event.DELIVERED, Event.DONE])
            self.assertEqual((session.text("record.name"), session.number("outcome"), session.count("records"),
                              session.count("readers")), ("見本　太郎", Outcome.ELIGIBLE, 1, 0))
            document = session.read("delivery[1].document")
            self.assertGreater(len(document), 256, "beyond the first room of a text")
            self.assertEqual(session.text("delivery[1].document_text"), document.decode())
            session.forget()
            self.assertIsNone(session.text("record.name"))
            session.put("import.data", ANSWER)
            session.put("import.data", b"")
            self.refused("INPUT", session.start, Job.IMPORT)

    def test_what_is_longer_than_the_room_is_read_whole(self):
        with Session(CONFIG) as session:
            script = FOLDER / "long.lua"
            script.write_text('return { contract = 1, id = "long", format = "csv", encoding = "utf-8", file = "long.csv",\n'
                              '  fields = { { to = "x", value = "' + "あ" * 3000 + '" } } }\n', encoding="utf-8")
            session.put("import.data", ANSWER)
            session.put("map.script", str(script))
            session.start(Job.MAP)
            self.until(session, Event.DONE)
            self.assertEqual(session.read("delivery[1].document"), "あ".encode() * 3000 + b"\r\n")
            self.assertEqual(session.text("delivery[1].document_text"), "あ" * 3000 + "\r\n")

    def test_pins_are_wiped(self):
        pins = [bytearray(word) for word in (b"1234", b"words", b"0000", b"1234", b"1234")]
        with Session(CONFIG) as session:
            self.refused("STATE", session.answer_pin, pins[0])
            self.refused("STATE", session.put, "secret", pins[1])
            self.refused("PIN_WRONG", session.check, pins[2], False, 20000)
            session.start(Job.CHECK)
            self.until(session, Event.PIN)
            session.answer_pin(pins[3])
            self.until(session, Event.DONE)
            self.assertEqual(session.number("outcome"), Outcome.ELIGIBLE)
            self.assertEqual(session.check(pins[4], False, 20000), Outcome.ELIGIBLE)
        self.assertFalse(any(any(pin) for pin in pins), "a PIN is left")

    def test_a_wake_and_a_cancel(self):
        ours, theirs = os.pipe()
        with Session(CONFIG) as session:
            session.wake(theirs)
            session.start(Job.CHECK)
            self.assertEqual(int.from_bytes(os.read(ours, 8), sys.byteorder), 1)
            session.wake(-1)
            self.until(session, Event.PIN)
            session.cancel()
            self.until(session, Event.DONE)
            self.assertEqual(session.fault().name, "CANCELLED")
        os.close(ours)
        os.close(theirs)

    def test_a_close_ends_a_wait(self):
        session = Session(CONFIG)
        threading.Timer(0.1, session.close).start()
        self.refused("SESSION", session.next_event)
        self.assertEqual(session.close(), FaultCode.SESSION)
        self.refused("SESSION", session.text, "version")

    def test_a_wait_takes_its_time_and_no_more(self):
        with Session(CONFIG) as session:
            started = time.monotonic()
            self.assertEqual(session.next_event(300), Event.NONE)
            self.assertGreater(time.monotonic() - started, 0.25)

    def test_sessions_that_are_let_go_of_are_closed(self):
        for _ in range(1100):  # 1024 can be open at most
            Session(CONFIG)

    def test_a_library_is_not_searched_for(self):
        loaded, shikaku._library = shikaku._library, None
        for name in ("shikaku.dll", "lib/libshikaku.so.1"):
            with self.assertRaises(ValueError):
                shikaku.load(name)
        shikaku._library = loaded

    def test_names(self):
        self.assertEqual((shikaku.name_of(Event, 3), shikaku.name_of(Event, 99)), ("PIN", "99"))


unittest.main()
