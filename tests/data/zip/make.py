#!/usr/bin/python3
"""Writes the archives of this folder anew: `make.py [FOLDER]`. The bytes are the same each time."""
import io
import pathlib
import sys
import zipfile

XML = ('<?xml version="1.0" encoding="UTF-8"?>\n<XmlMsg><MessageBody>' + "見本 太郎 99" * 200
       + "</MessageBody></XmlMsg>\n").encode()
DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED


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
    yield "bomb", archive(("a.xml", b" " * 3000000))
    yield "bomb_beside", archive(("n", b" " * 3000000), ("a.xml", XML))


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    folder.joinpath("a.xml").write_bytes(XML)
    for name, data in archives():
        folder.joinpath(f"{name}.zip").write_bytes(data)


main()
