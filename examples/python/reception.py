"""A reception desk in Python: python3 reception.py CONFIG

Waits for a card, asks for the PIN, shows the answer and the document that was delivered.
Exit code: 0 eligible, 1 not eligible, 2 usage, 3 anything else.
"""
import os
import re
import sys

import shikaku
from shikaku import Event, FaultCode, Job, Outcome, Session, ShikakuError, name_of

WORDS = {Outcome.NONE: "確認できません", Outcome.ELIGIBLE: "資格あり", Outcome.NOT_ELIGIBLE: "資格なし",
         Outcome.UNSTATED: "有効・無効の記載なし"}
FIELDS = ("name", "name_kana", "birth_date", "sex", "insurer_number", "symbol", "number", "branch_number",
          "reference_number")


def say(*words):
    """UTF-8 and \\n on every system, shown as it comes."""
    sys.stdout.buffer.write((" ".join(str(word) for word in words) + "\n").encode("utf-8"))
    sys.stdout.buffer.flush()


def warn(words):
    sys.stderr.buffer.write(words.encode("utf-8"))
    sys.stderr.buffer.flush()


def value(session, path):
    text = session.text(path)
    return "-" if text is None else text


def say_fault(title, fault):
    say(title, fault.name, fault.code)
    say(" ", fault.message)
    say(" ", fault.message_en)


def read_line():
    """One line of standard input into a bytearray, past Python's own buffers."""
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        if byte != b"\r":
            line += byte
    return line


def read_hidden():
    """The same from a terminal, without echo."""
    warn("暗証番号 / PIN: ")
    try:
        if sys.platform == "win32":
            import msvcrt
            line = bytearray()
            while (byte := msvcrt.getch()) not in (b"\r", b"\n"):
                if byte == b"\x03":
                    raise KeyboardInterrupt
                if byte == b"\b":
                    del line[-1:]
                else:
                    line += byte
            return line
        import termios
        before = termios.tcgetattr(0)
        quiet = termios.tcgetattr(0)
        quiet[3] &= ~(termios.ECHO | termios.ECHONL)
        termios.tcsetattr(0, termios.TCSAFLUSH, quiet)
        try:
            return read_line()
        finally:
            termios.tcsetattr(0, termios.TCSAFLUSH, before)
    finally:
        warn("\n")


def answer_pin(session):
    if session.number("pin.last_try") == 1:
        warn("あと1回まちがえるとロックされます。中止します。 / One try is left; stopped.\n")
        session.cancel()  # a real desk asks the person, and passes spend_last_try=True for a yes
    elif session.number("pin.pad") == 1:
        warn("リーダーのキーで暗証番号を入力してください。 / Type the PIN on the reader.\n")
    else:
        pin = read_hidden() if os.isatty(0) else read_line()
        try:
            session.answer_pin(pin)  # wipes it
        except ShikakuError:
            session.cancel()  # a real desk says what is wrong and asks again


def on_event(session, event):
    title = "event " + name_of(Event, event)
    if event == Event.PIN:
        say(title, "tries_left", value(session, "pin.tries_left"))
        answer_pin(session)
    elif event == Event.FAULT:
        say_fault(title, session.fault())
    else:
        say(title)


def say_answer(session):
    for field in FIELDS:
        say("record." + field, value(session, "record." + field))
    say("records", session.count("records"))
    if session.count("delivery") > 0:
        say("delivery[1].file", re.split(r"[/\\]", value(session, "delivery[1].file"))[-1])
        document = session.read("delivery[1].document")
        if document is not None:
            say("document", len(document))
            sys.stdout.buffer.write(document)


def check(session):
    session.start(Job.CHECK)
    for event in session.events():
        on_event(session, event)
    outcome = session.number("outcome") or Outcome.NONE
    say("outcome", int(outcome), WORDS.get(outcome, "?"))
    if outcome != Outcome.NONE:
        say_answer(session)
    return outcome


def reception(config):
    say("abi", shikaku.abi())
    try:
        session = Session(config)
    except ShikakuError as fault:
        say_fault("fault", fault)
        return 3
    outcome = Outcome.NONE
    with session:
        try:
            session.set("no.such.key", "1")  # a mistake on purpose, to show what a fault looks like
        except ShikakuError as fault:
            say_fault("fault", fault)
        try:
            outcome = check(session)
        except ShikakuError as fault:
            say_fault("fault", fault)
        say("close", session.close())
        try:
            session.text("version")
        except ShikakuError as fault:
            say("stale", name_of(FaultCode, fault.code), fault.code)
    return {Outcome.ELIGIBLE: 0, Outcome.NOT_ELIGIBLE: 1}.get(outcome, 3)


def main():
    if len(sys.argv) != 2:
        warn("使い方 / usage: python3 reception.py CONFIG\n")
        return 2
    return reception(sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
