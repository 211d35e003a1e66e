"""What pcscd sees in the virtual readers: a test waits for that and not for a time that may be too short."""
import ctypes
import time

SCOPE_SYSTEM, UNAWARE, PRESENT = 2, 0, 0x20
NO_SERVICE = (0x8010001D, 0x8010001E)
LOOK = 0.03


class State(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("current", ctypes.c_ulong),
                ("event", ctypes.c_ulong), ("atr_len", ctypes.c_ulong), ("atr", ctypes.c_ubyte * 33)]


def reader_name(number):
    pair = number // 2
    return f"Virtual PCD {f'{pair + 1} ' if pair else ''}00 0{number % 2}"


def look(number):
    """Whether a card lies in the reader; None: there is no service. A reader that is not there has none."""
    pcsc = ctypes.CDLL("libpcsclite.so.1")
    context = ctypes.c_long()
    code = pcsc.SCardEstablishContext(ctypes.c_ulong(SCOPE_SYSTEM), None, None, ctypes.byref(context))
    if code & 0xFFFFFFFF in NO_SERVICE:
        return None
    state = State(name=reader_name(number).encode(), current=UNAWARE)
    code = pcsc.SCardGetStatusChange(context, ctypes.c_ulong(0), ctypes.byref(state), ctypes.c_ulong(1))
    pcsc.SCardReleaseContext(context)
    return code == 0 and bool(state.event & PRESENT)


def await_card(number, present, seconds):
    """Whether a card is there (or is not, as asked for) before the time is over."""
    end = time.monotonic() + seconds
    while (found := look(number)) is not present:
        if time.monotonic() > end:
            return False
        if found is None and not present:
            return True
        time.sleep(LOOK)
    return True
