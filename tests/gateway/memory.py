"""What the server remembers: challenges, answers by Idempotency-Key, bulk receptions. In memory only."""

from __future__ import annotations

import base64
import hashlib
import os
import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Callable, Iterator

from faults import Fault

DAY = 24 * 3600
MOST = 20_000  # entries per store; the oldest goes first, so that a long test run cannot fill the machine


@dataclass
class Answer:
    """A whole answer, ready to be sent or sent again."""

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    keep: bool = False  # remembered under its Idempotency-Key
    parts: Callable[[], Iterator[bytes]] | None = None  # instead of body: too long to lie in memory


def digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


@dataclass
class _Challenge:
    facility: str
    expires: float
    spent_by: tuple[str, bytes] | None = None  # Idempotency-Key and body digest of the request that spent it
    spent_at: float = 0.0


class Challenges:
    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Challenge] = OrderedDict()

    def issue(self, facility: str) -> str:
        text = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
        with self._lock:
            self._known[text] = _Challenge(facility, time.monotonic() + self.lifetime)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return text

    def spend(self, text: str, facility: str, request: tuple[str, bytes]) -> None:
        """Spends it for this request; the very same request may come again, any other may not."""
        with self._lock:
            known = self._known.get(text)
            if known is None or known.facility != facility:
                raise Fault("challenge-expired")
            now = time.monotonic()
            if known.spent_by is not None:
                if known.spent_by != request:
                    raise Fault("challenge-used")
                if now - known.spent_at > DAY:
                    raise Fault("challenge-expired")
                return
            if now >= known.expires:
                raise Fault("challenge-expired")
            known.spent_by, known.spent_at = request, now


@dataclass
class _Slot:
    body: bytes
    working: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0
    answer: Answer | None = None
    stored_at: float = 0.0


class Answers:
    """One slot per facility, call and key. A repeat waits for the first; a fault frees the key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: OrderedDict[tuple[str, str, str], _Slot] = OrderedDict()

    def _enter(self, name: tuple[str, str, str], body: bytes) -> _Slot:
        with self._lock:
            slot = self._slots.get(name)
            if slot is not None and slot.answer and time.monotonic() - slot.stored_at > DAY:
                slot = None
            if slot is None:
                slot = self._slots[name] = _Slot(body)
                self._shrink()
            if slot.body != body:
                raise Fault("idempotency-conflict")
            slot.users += 1
            return slot

    def _shrink(self) -> None:
        while len(self._slots) > MOST:
            self._slots.popitem(last=False)

    def _leave(self, name: tuple[str, str, str], slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1
            if slot.answer is None and slot.users == 0 and self._slots.get(name) is slot:
                del self._slots[name]

    @contextmanager
    def slot(self, facility: str, call: str, key: str, body: bytes) -> Iterator[_Slot]:
        name = (facility, call, key.lower())
        slot = self._enter(name, digest(body))
        try:
            with slot.working:
                yield slot
        finally:
            self._leave(name, slot)

    @staticmethod
    def store(slot: _Slot, answer: Answer) -> None:
        slot.stored_at = time.monotonic()
        slot.answer = answer


@dataclass
class BulkResult:
    """A result whose units come in turn, `count` of them, however few were asked for."""

    head: bytes
    units: list[bytes]
    tail: bytes
    count: int

    def parts(self) -> Iterator[bytes]:
        yield self.head
        for i in range(self.count):
            yield self.units[i % len(self.units)]
        yield self.tail


@dataclass
class Reception:
    facility: str
    ready: float
    until: float
    pending: int  # so many answers "not yet" first, whatever the time
    result: BulkResult


class Receptions:
    def __init__(self, work_seconds: float, pending: int = 0) -> None:
        self.work_seconds = work_seconds
        self.pending = pending
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Reception] = OrderedDict()

    @staticmethod
    def new_number() -> str:
        return "R" + os.urandom(12).hex()

    def accept(self, number: str, facility: str, result: BulkResult) -> None:
        now = time.monotonic()
        with self._lock:
            self._known[number] = Reception(facility, now + self.work_seconds, now + DAY, self.pending, result)
            while len(self._known) > 100:
                self._known.popitem(last=False)

    def result(self, number: str, facility: str) -> BulkResult | None:
        """The result, or None while it is in the making."""
        now = time.monotonic()
        with self._lock:
            known = self._known.get(number)
            if known is None or known.facility != facility or now > known.until:
                raise Fault("not-found")
            if known.pending > 0:
                known.pending -= 1
                return None
        return known.result if now >= known.ready else None


class RateLimit:
    """At most so many requests per facility in any 60 seconds; 0 means no limit."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._lock = threading.Lock()
        self._times: dict[str, list[float]] = {}

    def count(self, facility: str) -> None:
        if not self.per_minute:
            return
        now = time.monotonic()
        with self._lock:
            recent = [t for t in self._times.get(facility, []) if now - t < 60]
            if len(recent) >= self.per_minute:
                raise Fault("rate-limited", retry_after=max(1, int(60 - (now - recent[0])) + 1))
            self._times[facility] = recent + [now]
