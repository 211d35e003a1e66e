"""Shikaku (資格) for Python 3.8 and later: the whole binding in one file, nothing but ctypes.

Copy this file into the project. On Windows shikaku.dll lies beside it (or beside the frozen program), with 64 bits for
a Python of 64 bits and with 32 for one of 32; on Linux the system's loader finds libshikaku.so.1.

    import shikaku

    with shikaku.Session("shikaku.lua") as session:
        session.start(shikaku.Job.CHECK)
        for event in session.events():
            if event == shikaku.Event.PIN:
                session.answer_pin(ask_pin())           # a bytearray; it is wiped
        print(session.text("record.name"))

Session.__init__ is shk_open, number is shk_int, read is shk_bytes; every other method and abi() are the function of that name.

Faults       A negative result is raised as ShikakuError; a value that is absent is None.
Encoding     Everything crosses as UTF-8, whatever the configuration's text_encoding says.
Threads      [any]      from any thread at any time.
             [session]  one thread at a time for one session; two sessions run in parallel.
             The plugin never calls into Python, and no call holds the interpreter's lock while it waits.
Time         Every call returns at once unless its text names a time limit.
Persons      Python cannot wipe a str. Read what is needed, keep it no longer than that; forget() and close() wipe what the
             plugin holds, answer_pin() and put("secret") wipe the bytearray that they are given.
"""
from __future__ import annotations

import ctypes
import enum
import os
import sys
from typing import Dict, Iterator, Optional, Type, Union

__all__ = ["ABI", "Session", "ShikakuError", "abi", "load", "name_of", "Job", "Event", "Outcome", "Stage", "Retry",
           "NativeKind", "MatchGrade", "PinKind", "CardKind", "Notice", "LogLevel", "FaultCode"]

#: The interface that this file is for; abi() is that of the library.
ABI = 1

# codes.h: begin


class Job(enum.IntEnum):
    """Jobs for shk_start."""

    CHECK = 1
    WATCH = 2
    READERS = 3
    QUERY = 4  # asks by the data of an insurance card: inputs query.*
    IMPORT = 5  # reads an answer that the host has: inputs import.*
    BULK = 6  # asks again for a table of patients: inputs bulk.*
    REGISTER = 7  # registers the host's own patient number (照会番号): inputs query.*
    PACK = 8  # looks at, tests or signs packs: inputs pack.*
    MAP = 9  # maps answers without delivering: inputs import.*, map.*
    DELIVER = 10  # delivers what waits in the outbox: inputs outbox.*
    HISTORY = 11  # lists, verifies or exports the history: inputs history.*
    STORE = 12  # looks after the store: inputs store.*
    PERSON = 13  # reads name, address, birth date and sex from a card, to register somebody new


class Event(enum.IntEnum):
    """Events from shk_next_event. Behind each: the paths that belong to it."""

    NONE = 0
    WAITING = 1  # put the card on the reader: card.reader when one is preferred
    CARD = 2  # a card lies on the reader: card.reader
    PIN = 3  # answer with shk_answer_pin: pin.tries_left
    ASKING = 4  # the question is on its way; the card may be taken away, better after it
    ANSWER = 5  # the answer is readable: outcome, records, record.*
    DELIVERED = 6  # one document more lies at the host: delivery.last, delivery[n].*
    FAULT = 7  # something failed: fault.*
    REMOVED = 8  # the card left the reader
    READERS = 9  # the readers are listed, or have changed: readers.*, readers[n].*
    DONE = 10  # the check or the job is over: outcome, fault.*
    NEXT = 11  # this person is finished, another one of the same input follows
    PROGRESS = 12  # a long job goes on: progress.*
    SECRET = 13  # give the passphrase of the device's key: shk_put "secret"
    MATCH = 14  # say whose answer this is: match.*, shk_put "match.answer"
    OUTBOX = 15  # what waits in the outbox has changed: outbox.*
    NOTICE = 16  # staff should hear this, and the job goes on: notice.*


class Outcome(enum.IntEnum):
    """Outcome of a check, at the path "outcome". 0: no answer."""

    NONE = 0
    ELIGIBLE = 1
    NOT_ELIGIBLE = 2
    UNSTATED = 3  # a record without a word on whether it is valid now


class Stage(enum.IntEnum):
    """Where a fault arose, at the path "fault.stage"."""

    API = 0
    CARD = 1
    IDENTITY = 2
    LOOKUP = 3
    RECORD = 4
    MAPPING = 5
    HOST = 6
    STORE = 7


class Retry(enum.IntEnum):
    """What may help, at the path "fault.retry"."""

    NO = 0
    SAME = 1  # the same again may work
    OPERATOR = 2  # after a person has done something


class NativeKind(enum.IntEnum):
    """What kind of number "fault.native" is, at the path "fault.native_kind"."""

    NONE = 0
    PCSC = 1
    SW = 2
    CURL = 3
    HTTP = 4
    TLS = 5
    XML_LINE = 6
    LUA_LINE = 7
    OS = 8
    SQL = 9  # SQLite's extended code; of a server the SQLSTATE, read in base 36
    HOST = 10  # the host program's own code


class MatchGrade(enum.IntEnum):
    """How sure it is whose answer this is, at the path "match.grade"."""

    SAME = 1
    CHANGED = 2  # the same person, the insurance changed
    PROBABLY = 3
    SEVERAL = 4
    NEW = 5


class PinKind(enum.IntEnum):
    """What is to be typed at SHK_EVENT_PIN, at the path "pin.kind"."""

    AUTH = 1  # 利用者証明用: four digits
    TEXT = 2  # 券面事項入力補助用: four digits
    CODE_B = 3  # 照合番号B: 14 digits from the card's face


class CardKind(enum.IntEnum):
    """What the card is, at the path "card.kind"."""

    UNKNOWN = 0
    MYNUMBER = 1
    ANDROID = 2  # スマホ用電子証明書
    IPHONE = 3
    JUKI = 4  # 住民基本台帳カード
    OTHER = 5


class Notice(enum.IntEnum):
    """What SHK_EVENT_NOTICE is about, at the path "notice"."""

    EXPIRES = 1  # the certificate ends soon: card.expires_on, card.days_left


class LogLevel(enum.IntEnum):
    """Levels of the log."""

    ERROR = 1
    WARN = 2
    INFO = 3
    DEBUG = 4


class FaultCode(enum.IntEnum):
    """Faults, banded by stage; the sentences are in docs/codes.md."""

    ARGUMENT = -1001
    SESSION = -1002
    STATE = -1003
    PATH = -1004
    ABSENT = -1005
    MEMORY = -1006
    TYPE = -1007
    TOO_MANY = -1008
    CONFIG_FILE = -1010
    CONFIG_SYNTAX = -1011
    CONFIG_KEY = -1012
    CONFIG_VALUE = -1013
    LOG_FILE = -1014
    INPUT = -1015
    FILE_READ = -1016
    FILE_TOO_LARGE = -1017
    RESUME = -1018
    BULK_RUNNING = -1019
    CANCELLED = -1020
    TIMEOUT = -1021
    BULK_FOLDER = -1022
    LIBRARY = -1023
    INTERNAL = -1099
    NO_PCSC = -1101
    NO_SERVICE = -1102
    NO_READER = -1103
    NO_CARD = -1104
    CARD_REMOVED = -1105
    CARD_BUSY = -1106
    CARD_RESET = -1107
    NOT_MYNUMBER = -1108
    CARD_ANSWER = -1109
    READER = -1110
    CARD_MUTE = -1111
    CARD_HANGS = -1112
    JUKI_CARD = -1113
    PHONE_REFUSED = -1114
    SEVERAL_CARDS = -1115
    PIN_WRONG = -1201
    PIN_BLOCKED = -1202
    PIN_FORMAT = -1203
    PIN_LAST_TRY = -1204
    PIN_TIMEOUT = -1205
    CERTIFICATE = -1206
    CERTIFICATE_EXPIRED = -1207
    CERTIFICATE_NOT_YET = -1208
    SIGNATURE = -1209
    NO_CERTIFICATE = -1210
    PIN_NONE = -1211
    PIN_PAD = -1212
    CODE_FORMAT = -1213
    CODE_WRONG = -1214
    CODE_BLOCKED = -1215
    ATTRIBUTES = -1216
    PIN_SAME = -1217
    GATEWAY_UNREACHABLE = -1301
    GATEWAY_UNTRUSTED = -1302
    DEVICE_REFUSED = -1303
    GATEWAY_TIMEOUT = -1304
    GATEWAY_ANSWER = -1305
    CHALLENGE_EXPIRED = -1306
    CHALLENGE_USED = -1307
    SIGNATURE_INVALID = -1308
    CARD_CERT_EXPIRED = -1309
    CARD_CERT_REVOKED = -1310
    CARD_CERT_UNKNOWN = -1311
    FACILITY_MISMATCH = -1312
    REQUEST_INVALID = -1313
    RATE_LIMITED = -1314
    UPSTREAM_UNAVAILABLE = -1315
    ANSWER_TOO_LARGE = -1316
    REQUEST_CONFLICT = -1317
    DEVICE_KEY = -1318
    DEMO_ANSWER = -1319
    ANSWER_FOREIGN = -1320
    CLOCK = -1321
    PASSPHRASE = -1322
    PROXY = -1323
    TERMINAL_FOLDER = -1324
    TERMINAL_TIMEOUT = -1325
    TERMINAL_REFUSED = -1326
    CHECK_DIGIT = -1327
    ROUTE_CANNOT = -1328
    CLIPBOARD = -1329
    ARCHIVE = -1330
    BULK_UNANSWERED = -1331
    XML = -1401
    XML_ENCODING = -1402
    XML_FOREIGN = -1403
    VALUE = -1404
    ANSWER_REFUSED = -1405
    ANSWER_PENDING = -1406
    ANSWER_ERROR = -1407
    APP_TEXT = -1408
    APP_INCOMPLETE = -1409
    APP_CONTRADICTION = -1410
    APP_VALUE = -1411
    APP_UNREAD = -1412
    ANSWER_UNCLEAR = -1413
    EMPTY = -1414
    ANSWER_COUNT = -1415
    SCRIPT_FILE = -1501
    SCRIPT_SYNTAX = -1502
    SCRIPT_CONTRACT = -1503
    SCRIPT_RUN = -1504
    SCRIPT_BUDGET = -1505
    SCRIPT_MEMORY = -1506
    FIELD_REQUIRED = -1507
    FIELD_TOO_LONG = -1508
    CHARACTER_LOST = -1509
    SCRIPT_CHECK = -1510
    FILE_NAME = -1511
    TABLE = -1512
    TABLE_EMPTY = -1513
    PACK = -1514
    PACK_SAMPLE = -1515
    OVERLAY = -1516
    PACK_UNSIGNED = -1517
    PACK_SIGNATURE = -1518
    PACK_SOURCE = -1519
    ADAPTER_UNKNOWN = -1601
    ADAPTER_SETTINGS = -1602
    FOLDER_MISSING = -1603
    FOLDER_WRITE = -1604
    FOLDER_LOCKED = -1605
    DISK_FULL = -1606
    FILE_EXISTS = -1607
    FILE_FOREIGN = -1608
    ADAPTER_BROKEN = -1609
    ADAPTER_TIMEOUT = -1610
    MODULE_FILE = -1611
    HOST_UNREACHABLE = -1612
    HOST_REFUSED = -1613
    HOST_ANSWER = -1614
    HOST_LOGIN = -1615
    HOST_BUSY = -1616
    STATEMENT = -1617
    DRIVER = -1618
    UNDECIDED = -1619
    MATCH_ANSWER = -1620
    DELIVERY_UNSURE = -1621
    DELIVERY_TAKEN = -1622
    TARGET_GONE = -1623
    STORE_OPEN = -1701
    STORE_BROKEN = -1702
    STORE_NEWER = -1703
    STORE_KEY = -1704
    STORE_LOCKED = -1705
    STORE_FULL = -1706
    STORE_DOWN = -1707
    STORE_LOGIN = -1708
    STORE_LIBRARY = -1709
    STORE_SEALED = -1710
    HISTORY_BROKEN = -1711
    STORE_OFF = -1712
    STORE_FAILED = -1713


# codes.h: end

def name_of(kind: Type[enum.IntEnum], number: int) -> str:
    """"WAITING" for name_of(Event, 1); the number itself for one that a newer library brings."""
    try:
        return kind(number).name
    except ValueError:
        return str(number)


# Every result is an int32_t. What is written into, and what must not be copied on its way, is c_void_p.
_FUNCTIONS = {
    "shk_abi": (),
    "shk_open": (ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int32)),
    "shk_close": (ctypes.c_int32,),
    "shk_set": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32),
    "shk_put": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32),
    "shk_start": (ctypes.c_int32, ctypes.c_int32),
    "shk_answer_pin": (ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32),
    "shk_cancel": (ctypes.c_int32,),
    "shk_next_event": (ctypes.c_int32, ctypes.c_int32),
    "shk_wake": (ctypes.c_int32, ctypes.c_int32, ctypes.c_int32),
    "shk_text": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32),
    "shk_int": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int32)),
    "shk_count": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32),
    "shk_bytes": (ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32),
    "shk_forget": (ctypes.c_int32,),
    "shk_check": (ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32),
}
_library: Optional[ctypes.CDLL] = None


def load(path: Optional[str] = None) -> ctypes.CDLL:
    """Loads the library, once; Session and abi() do it by themselves.

    Without a path: on Windows shikaku.dll by its absolute path, so that neither the current folder nor PATH is ever
    searched (a file planted there would read the PIN); elsewhere libshikaku.so.1 by the system's loader. The functions
    of shikaku.h are attributes of the result, with the types of their parameters set.
    ValueError when the path is not absolute, since a name would be searched for.
    OSError when there is no such library, or one of another kind of processor.
    """
    global _library
    if _library is None:
        if path is not None and not os.path.isabs(path):
            raise ValueError(f"shikaku: an absolute path is needed, not {path}")
        name = path or _usual_path()
        # 32-bit Windows: __stdcall; everywhere else there is one convention.
        loader = ctypes.WinDLL if sys.platform == "win32" and ctypes.sizeof(ctypes.c_void_p) == 4 else ctypes.CDLL
        library = loader(name)
        for function, kinds in _FUNCTIONS.items():
            getattr(library, function).argtypes = kinds
            getattr(library, function).restype = ctypes.c_int32
        _library = library
    return _library


def _usual_path() -> str:
    if sys.platform != "win32":
        return "libshikaku.so.1"
    own = sys.executable if getattr(sys, "frozen", False) else __file__
    return os.path.join(os.path.dirname(os.path.abspath(own)), "shikaku.dll")


def abi() -> int:
    """The interface number of the loaded library. [any] Differs from ABI when a different library was found."""
    return load().shk_abi()


class ShikakuError(Exception):
    """A fault; str() is the sentence for the person at the desk."""

    def __init__(self, code: int, message: str, message_en: str, where: Optional[str], retry: int) -> None:
        super().__init__(message)
        #: One of FaultCode, as a number: a newer library may know more of them.
        self.code = code
        #: Its name, such as "PIN_WRONG".
        self.name = name_of(FaultCode, code)
        #: The sentence in Japanese, for the desk.
        self.message = message
        #: The sentence in English, for the log.
        self.message_en = message_en
        #: Key, input, script or line that it is about, never a value; None when there is none.
        self.where = where
        #: One of Retry: whether the same again may help.
        self.retry = retry


class Session:
    """A session, and what the library can do with it. Leaving `with` closes it."""

    def __init__(self, config: Union[str, "os.PathLike[str]"] = "") -> None:
        """shk_open. Opens a session. [any]

        config  path of the configuration file (a Lua table, docs/host.md); "" takes every default.
        Time    reads one small file; at most 2 s.
        Raises  ShikakuError with CONFIG_FILE, CONFIG_SYNTAX, CONFIG_KEY, CONFIG_VALUE, TOO_MANY, MEMORY; OSError
                when the library cannot be loaded, RuntimeError when its interface is another one.
        """
        self._handle = 0
        self._c = load()
        if abi() != ABI:
            raise RuntimeError(f"shikaku.py is for interface {ABI}, the library has {abi()}")
        path = os.fspath(config).encode("utf-8")
        handle = ctypes.c_int32(0)
        result = self._c.shk_open(path, len(path), ctypes.byref(handle))
        if result < 0:
            raise self._failure("shk_open", result)  # the words of a failed open are read with session 0
        self._handle = handle.value
        self.set("text_encoding", "utf-8")  # whatever the file says for other programs

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", 0):
            self._c.shk_close(self._handle)

    def close(self) -> int:
        """shk_close. Closes the session, in whatever state it is, and wipes what it held. [any]

        A check under way is cancelled; a card command that cannot be interrupted is left to end by itself in the
        background. A next_event or check of another thread ends with SESSION.
        Time    at most 2 s.
        Result  0; FaultCode.SESSION when it was closed before, and nothing happens then.
        """
        return self._c.shk_close(self._handle)

    def set(self, key: str, value: Union[str, int, bool]) -> None:
        """shk_set. Sets one configuration key for this session, over what the file says. [session]

        key     a key of docs/configuration.md, such as "route" or "deliveries[1].folder".
        Raises  CONFIG_KEY, CONFIG_VALUE; STATE while a job runs.
        """
        word = str(value).lower() if isinstance(value, bool) else str(value)
        name, text = key.encode("utf-8"), word.encode("utf-8")
        self._done("shk_set", self._c.shk_set(self._handle, name, len(name), text, len(text)))

    def put(self, path: str, value: Union[str, bytes, bytearray]) -> None:
        """shk_put. Gives an input to the next job, or the answer to Event.SECRET or Event.MATCH. [session]

        path    such as "query.insurer_number", "import.data", "secret", "match.answer"; docs/host.md lists them.
                Inputs are kept until the job that follows ends, then wiped.
        value   text; "import.data" and "pack.sample" as the bytes they are. Empty takes the input back. Give "secret" as a
                bytearray: it is wiped, whatever happens. "match.take" comes before "match.answer", which ends
                the question.
        Raises  PATH; INPUT when it is too long (an empty "secret" too); STATE while a job runs ("secret", "match.…":
                when none is asked for); MATCH_ANSWER (the question stays open); MEMORY.
        """
        name = path.encode("utf-8")
        data = value.encode("utf-8") if isinstance(value, str) else value
        try:
            self._done("shk_put", self._c.shk_put(self._handle, name, len(name), _pointer(data), len(data)))
        finally:
            if path == "secret":
                _wipe(data)

    def start(self, job: int) -> None:
        """shk_start. Starts a job on the session's worker thread. [session]

        job     CHECK     waits for a card, checks once, ends with Event.DONE.
                WATCH     the same for card after card, until cancel().
                READERS   lists the readers into "readers[n].*".
                QUERY     asks once by the data of an insurance card (inputs query.*).
                IMPORT    reads an answer that the host has (inputs import.*); several persons one after the other,
                          Event.NEXT between them.
                BULK      asks again for a table of patients (inputs bulk.*).
                REGISTER  registers the host's patient number for one person (inputs query.*).
                PACK      checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*" and "packs[n].*".
                MAP       maps answers that the host has (inputs import.*, map.*) and delivers nothing.
                DELIVER   lists or delivers what waits in the outbox (inputs outbox.*); a person at a time as IMPORT.
                HISTORY   lists, verifies or exports the history (inputs history.*).
                STORE     shows or looks after the store (inputs store.*).
                PERSON    reads name, address, birth date and sex from the card; off unless the key "attributes" is set.
        With the routes "folder" and "app" no card is read: a check takes the next answer that arrives, a watch every
        one. The values of the job before are wiped.
        Raises  STATE when a job runs already; ARGUMENT; CONFIG_VALUE when the configuration cannot serve the job (where
                names the key); ROUTE_CANNOT; INPUT and CHECK_DIGIT (where names the input; the inputs are kept);
                LOG_FILE, ADAPTER_UNKNOWN, ADAPTER_SETTINGS. Scripts and delivery folders are looked at only when a
                document is delivered; packs are tried when a job that delivers begins (PACK, PACK_SAMPLE,
                PACK_UNSIGNED, PACK_SIGNATURE end it).
        """
        self._done("shk_start", self._c.shk_start(self._handle, job))

    def answer_pin(self, pin: Optional[bytearray], spend_last_try: bool = False) -> None:
        """shk_answer_pin. Answers Event.PIN, and wipes the bytearray, whatever happens. [session]

        pin     the digits as ASCII: four, or 14 where "pin.kind" is PinKind.CODE_B. Sent to the card once. Digits that
                this card has called wrong before, while it is held, are not sent: Event.FAULT (PIN_SAME) and another
                Event.PIN. Where "pin.pad" is 1 the digits are typed on the reader and nothing is answered, but
                where "pin.last_try" is 1: then the reader waits for answer_pin(None, True).
        spend_last_try
                True: send it even when "pin.last_try" is 1 and a mistake would block the card. Ask the person first.
        Raises  STATE when no PIN is asked for, before its Event.PIN was taken, and for digits where the reader takes
                them; PIN_FORMAT, CODE_FORMAT, PIN_LAST_TRY (nothing is sent, the question stays open).
        """
        digits = bytearray() if pin is None else pin
        try:
            self._done("shk_answer_pin", self._c.shk_answer_pin(self._handle, _pointer(digits), len(digits),
                                                                int(spend_last_try)))
        finally:
            _wipe(digits)

    def cancel(self) -> None:
        """shk_cancel. Ends the running job; it reports Event.DONE with the fault CANCELLED. [any]

        A command on its way to the card is not called back: the end is reported when it has ended. Events that wait
        already are still handed out; a PIN answered after the cancel is not sent. Once the answer is there, its
        deliveries are still made, each whole or not at all; an adapter that takes longer than about a second is left
        behind, and what it was given waits in the outbox. No job is not an error.
        Raises  SESSION.
        """
        self._done("shk_cancel", self._c.shk_cancel(self._handle))

    def next_event(self, timeout_ms: int = -1) -> int:
        """shk_next_event. Takes the next event. [session]

        timeout_ms  how long to wait for one; 0 only looks, a negative number waits for ever (in steps, so that Ctrl-C
                    is noticed).
        Result      one of Event as a number; Event.NONE when none came in time. What belongs to an event is read by path.
                    Without a job none comes; a close() from another thread ends the wait.
        Raises      SESSION.
        """
        while True:
            result = self._c.shk_next_event(self._handle, timeout_ms if timeout_ms >= 0 else 200)
            if timeout_ms >= 0 or result != 0:
                return self._done("shk_next_event", result)

    def events(self) -> Iterator[int]:
        """The events of a job as they come, with Event.DONE as the last. Of a watch: until its job has ended. [session]"""
        while True:
            event = self.next_event()
            yield event
            if event == Event.DONE and self.number("job.running") != 1:
                return

    def wake(self, target: int, message: int = 0) -> None:
        """shk_wake. Asks to be woken when an event waits, for programs with a message loop. [session]

        target   POSIX: a descriptor (eventfd, pipe, socket) into which eight bytes, the number 1 in native order, are
                 written without blocking; asyncio's add_reader watches it. Windows: a window handle to which
                 `message` is posted. A negative target ends it.
        message  Windows: the message number (WM_APP or above); elsewhere 0.
        When an event waits already, the target is woken at once. After a wake take events until Event.NONE. The
        target is not checked: into one that is closed or full nothing is written. Keep it open until it has been
        ended or the session closed.
        Raises   SESSION.
        """
        self._done("shk_wake", self._c.shk_wake(self._handle, target, message))

    def text(self, path: str) -> Optional[str]:
        """shk_text. Reads a value as text. [session]

        path    such as "record.name", "records[2].insurer_number", "delivery[1].file"; lists count from 1.
                docs/host.md lists the fixed paths, docs/fields.md the fields of a record.
        Result  None when it is a known path without a value now; an empty value is "".
        Raises  PATH when there is no such path.
        """
        return _text(self._c, self._handle, path)

    def number(self, path: str) -> Optional[int]:
        """shk_int. Reads a value as a number. [session]

        Result  None when it is absent.
        Raises  PATH; TYPE when the value is not a whole number. Identifiers are texts even when they are all digits.
        """
        name, value = path.encode("utf-8"), ctypes.c_int32(0)
        result = self._c.shk_int(self._handle, name, len(name), ctypes.byref(value))
        return value.value if _present("shk_int", result) else None

    def count(self, path: str) -> int:
        """shk_count. The length of a list: "records", "delivery", "readers", "record.paths", "record.specific_diseases",
        "drift", "match.candidate", "outbox", "history". [session] An empty list gives 0.

        Raises  PATH when the path is no list.
        """
        name = path.encode("utf-8")
        result = self._c.shk_count(self._handle, name, len(name))
        if result < 0:
            raise _unsaid("shk_count", result)
        return result

    def read(self, path: str) -> Optional[bytes]:
        """shk_bytes. Reads a value as the bytes it is: "delivery[n].document", "delivery[n].head". [session]

        Result  None when it is absent.
        Raises  PATH.
        """
        name, cap = path.encode("utf-8"), 4096
        while True:
            room = ctypes.create_string_buffer(cap)
            result = self._c.shk_bytes(self._handle, name, len(name), room, cap)
            if not _present("shk_bytes", result):
                return None
            if result <= cap:
                return room.raw[:result]
            cap = result

    def forget(self) -> None:
        """shk_forget. Wipes the values of the last job. [session] Raises STATE while a job runs."""
        self._done("shk_forget", self._c.shk_forget(self._handle))

    def check(self, pin: Optional[bytearray], spend_last_try: bool = False, timeout_ms: int = -1) -> int:
        """shk_check. One check, from waiting for the card to the delivered documents, in one call. [session]

        pin     as for answer_pin, wiped too; used only if the card asks for it. With the routes "folder" and "app", which
                read no card, it may be empty. None otherwise means that the patient types on the reader: without keys
                there, PIN_FORMAT. Digits are sent only while nobody else may have spent a try meanwhile: when another
                program held the card, or another session sent a wrong PIN at the same reader, since the call
                began, nothing is sent (CARD_BUSY); ask the person anew.
        timeout_ms  for the whole call; a negative number takes the configuration's own limits.
        Result  Outcome.ELIGIBLE, NOT_ELIGIBLE or UNSTATED (the app's text does not say whether it is valid: a person
                looks at the app's screen), when every document that is due is delivered.
        Time    timeout_ms and at most 2 s more. A delivery that is not made by then waits in the outbox. Ctrl-C is
                noticed when the call has ended; call cancel() from another thread.
        Raises  any code. When an answer came and a document could not be delivered, it is that document's; "outcome" and
                the answer are readable all the same. Nobody is asked whose answer it is: UNDECIDED, and it waits. An
                answer that tells neither is ANSWER_UNCLEAR; one that could not be stored is not shown: STORE_….
        """
        digits = bytearray() if pin is None else pin
        try:
            return self._done("shk_check", self._c.shk_check(self._handle, _pointer(digits), len(digits),
                                                             int(spend_last_try), timeout_ms))
        finally:
            _wipe(digits)

    def fault(self) -> Optional[ShikakuError]:
        """What "fault.*" says now, at Event.FAULT or after Event.DONE; None when nothing failed. [session]"""
        code = self.number("fault.code") or 0
        return self._failure("", code) if code != 0 else None

    def _done(self, call: str, result: int) -> int:
        if result < 0:
            raise self._failure(call, result)
        return result

    def _failure(self, call: str, code: int) -> ShikakuError:
        said: Dict[str, Optional[str]] = {}
        for name in ("code", "message", "message_en", "where", "retry"):
            try:
                said[name] = _text(self._c, self._handle, "fault." + name)
            except ShikakuError:  # the session itself is gone
                return _unsaid(call, code)
        if said["code"] != str(code):
            return _unsaid(call, code)
        return ShikakuError(code, said["message"] or "", said["message_en"] or "", said["where"], int(said["retry"] or 0))


def _unsaid(call: str, code: int) -> ShikakuError:
    """A fault that only the result tells: a closed session, a wrong path."""
    words = f"{call}: {name_of(FaultCode, code)} ({code})"
    return ShikakuError(code, words, words, None, Retry.NO)


def _present(call: str, result: int) -> bool:
    if result < 0 and result != FaultCode.ABSENT:
        raise _unsaid(call, result)
    return result >= 0


def _text(library: ctypes.CDLL, handle: int, path: str) -> Optional[str]:
    name, cap = path.encode("utf-8"), 256
    while True:
        room = ctypes.create_string_buffer(cap)
        result = library.shk_text(handle, name, len(name), room, cap)
        if not _present("shk_text", result):
            return None
        if result < cap:
            return room.raw[:result].decode("utf-8")
        cap = result + 1


def _pointer(data: Union[bytes, bytearray]) -> Optional[Union[bytes, ctypes.Array]]:
    """The bytes themselves, of which no copy is made."""
    if not data:
        return None
    return (ctypes.c_char * len(data)).from_buffer(data) if isinstance(data, bytearray) else data


def _wipe(data: Union[bytes, bytearray]) -> None:
    if isinstance(data, bytearray):
        for i in range(len(data)):
            data[i] = 0
