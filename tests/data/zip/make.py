#!/usr/bin/python3
"""Writes the archives of this folder anew: `make.py [FOLDER]`. The bytes are the same each time."""
import io
import pathlib
import struct
import sys
import zipfile

XML = ('<?xml version="1.0" encoding="UTF-8"?>\n<XmlMsg><MessageBody>' + "見本 太郎 99" * 200
       + "</MessageBody></XmlMsg>\n").encode()
DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED


def number(at, width, data):
    return int.from_bytes(data[at:at + width], "little")


def rewritten(data, entries=None, moved=0, longer=0, wide=False):
    """The same archive with another end record: so many entries, a list further behind or longer."""
    end = data.rindex(b"PK\5\6")
    n = number(end + 10, 2, data) if entries is None else entries
    length, start = number(end + 12, 4, data) + longer, number(end + 16, 4, data) + moved
    if not wide:
        return data[:end] + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, length, start, 0)
    return (data[:end] + struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, n, n, length, start)
            + struct.pack("<IIQI", 0x07064B50, 0, end, 1)
            + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0))


def wide_place(data):
    """One entry, whose place in the archive stands in the extra field of the list."""
    start = data.index(b"PK\1\2")
    end = data.rindex(b"PK\5\6")
    extra = struct.pack("<HHHHQ", 9, 0, 1, 8, 0)
    head = data[start:start + 30] + struct.pack("<H", len(extra)) + data[start + 32:start + 42] + b"\xff" * 4
    listed = head + data[start + 46:end] + extra
    return data[:start] + listed + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(listed), start, 0)


def listed_inside():
    """One entry whose data holds a whole list with this very entry in it; its own list is cut off."""
    whole = archive(("a.xml", b"<A/>"), method=STORED)
    whole = archive(("a.xml", whole[whole.index(b"<A/>"):]), method=STORED)
    return whole[:whole.rindex(b"PK\1\2") + 10]


def before(entries, data):
    """Entries that the list of `data` does not know, in front of it; the list is put right for its own."""
    entries = entries[:entries.index(b"PK\1\2")]
    start = data.index(b"PK\1\2")
    place = number(start + 42, 4, data) + len(entries)
    data = data[:start + 42] + place.to_bytes(4, "little") + data[start + 46:]
    return rewritten(entries + data, moved=len(entries))


class Pipe(io.RawIOBase):
    """Cannot seek, so the lengths come behind the data."""

    def __init__(self):
        super().__init__()
        self.got = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.got += bytes(data)
        return len(data)


def entry(name):
    info = zipfile.ZipInfo(name, (2026, 4, 1, 9, 0, 0))
    info.external_attr = 0o600 << 16
    return info


def archive(*entries, method=DEFLATED, to=None, zip64=False):
    to = io.BytesIO() if to is None else to
    with zipfile.ZipFile(to, "w", method) as z:
        for name, data in entries:
            info = entry(name)
            info.compress_type = method
            with z.open(info, "w", force_zip64=zip64) as file:
                file.write(data)
    return bytes(to.got) if isinstance(to, Pipe) else to.getvalue()


def changed(data, *changes):
    data = bytearray(data)
    for at, byte in changes:
        data[at] = byte
    return bytes(data)


def archives():
    plain = archive(("a.xml", XML))
    stored = archive(("a.XML", XML), method=STORED)
    index = plain.index(b"PK\1\2")
    yield "deflated", plain
    yield "stored", stored
    yield "streamed", archive(("note.txt", XML), ("a.xml", XML), to=Pipe())
    yield "zip64", archive(("a.xml", XML), zip64=True)
    yield "among_others", archive(("note.txt", XML), ("folder.xml/", b""), ("a.xml", XML), ("end", b""))
    yield "utf8_name", archive(("見本.xml", XML))
    yield "cp932_name", archive(("mmmm.xml", XML)).replace(b"mmmm", "見本".encode("cp932"))
    yield "odd_name", archive(("éé.txt", XML), ("a.xml", XML)).replace("éé".encode(), b"\xff\xfe\xff\xfe")
    yield "empty_entry", archive(("a.xml", b""))
    yield "trailing", plain + b"x" * 100
    yield "two", archive(("a.xml", XML), ("b.xml", XML))
    yield "none", archive(("a.txt", XML))
    yield "empty", archive()
    yield "sixteen", archive(*[(f"{i}.txt", b"x") for i in range(15)], ("a.xml", XML))
    yield "seventeen", archive(*[(f"{i}.txt", b"x") for i in range(16)], ("a.xml", XML))
    yield "encrypted", changed(plain, (6, 1), (index + 8, 1))
    yield "encrypted_other", changed(archive(("n", b"x"), ("a.xml", XML)), (6, 1))
    yield "bzip2", archive(("a.xml", XML), method=zipfile.ZIP_BZIP2)
    yield "lzma", archive(("a.xml", XML), method=zipfile.ZIP_LZMA)
    yield "bad_sum", changed(stored, (500, stored[500] ^ 1))
    yield "bad_data", changed(plain, (60, plain[60] ^ 0x55))
    yield "cut_header", plain[:20]
    yield "cut_data", plain[:index // 2]
    yield "cut_after_entry", plain[:index]
    yield "cut_index", plain[:index + 20]
    yield "cut_end", plain[:-1]
    yield "wide", rewritten(plain, wide=True)
    yield "wide_place", wide_place(plain)
    wide = rewritten(plain, wide=True)
    yield "wide_lost", changed(wide, (wide.rindex(b"PK\6\7") + 14, 1))
    place = wide_place(plain)
    yield "wide_place_lost", changed(place, (place.rindex(b"\1\0\x08\0"), 2))
    yield "list_name_too_long", changed(plain, (index + 28, 0xFF))
    yield "long", archive(("n", bytes(300000)), ("a.xml", XML), method=STORED)
    yield "comment", plain[:-2] + b"\x08\0PK\5\6####"
    yield "end_inside", archive(("a.txt", b"PK\5\6" + bytes(60)), ("a.xml", XML), method=STORED)
    yield "ghost", before(plain, archive(("a.txt", b"x")))
    yield "ghost_two", before(archive(("a.txt", b"x")), plain)
    yield "ghost_counted", rewritten(before(archive(("a.txt", b"x")), plain), entries=2)
    pair = archive(("a.txt", b"x"), ("a.xml", XML))
    first, second = pair.index(b"PK\1\2"), pair.rindex(b"PK\1\2")
    yield "listed_twice", pair[:first + 42] + pair[second + 42:second + 46] + pair[first + 46:]
    yield "list_elsewhere", changed(plain, (index + 42, 1))
    yield "list_counted", rewritten(plain, entries=2)
    yield "list_longer", rewritten(plain[:-22] + plain[index:-22] + plain[-22:], longer=len(plain) - 22 - index)
    yield "list_apart", plain[:-22] + b"####" + plain[-22:]
    yield "list_inside", listed_inside()
    yield "list_moved", rewritten(plain, moved=1)
    yield "cut_comment", plain[:-2] + b"\x08\0PK\5\6###"
    inside = archive(("a.xml", b"<A/>PK\5\6" + b"x" * 60), method=STORED)
    yield "cut_end_inside", inside[:inside.index(b"PK\1\2") + 10]
    yield "wide_cut", rewritten(plain, wide=True)[:-43] + rewritten(plain, wide=True)[-42:]
    yield "bomb", archive(("a.xml", b" " * 3000000))
    yield "bomb_beside", archive(("n", b" " * 3000000), ("a.xml", XML))


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    folder.joinpath("a.xml").write_bytes(XML)
    for name, data in archives():
        folder.joinpath(f"{name}.zip").write_bytes(data)


main()
