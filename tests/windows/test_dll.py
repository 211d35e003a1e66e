#!/usr/bin/python3
"""dll.py is content with shikaku.dll and finds each thing that is made wrong in a copy of it: the same
arguments as dll.py."""
import copy
import pathlib
import struct
import sys
import tempfile

import dll as judge
import pe


def put(form, value):
    return lambda p, at: p.data[:at] + struct.pack(form, value) + p.data[at + struct.calcsize(form):]


def change(at, form, value):
    """`at` finds the place in the file."""
    return lambda p: put(form, value)(p, at(p))


def replace(old, new):
    def work(p):
        if p.data.count(old) == 0:
            raise ValueError(f"{old!r} is not in the DLL")
        return p.data.replace(old, new)
    return work


def flags_without(bit):
    return lambda p: put("<H", p.dll_characteristics & ~bit)(p, p.dll_characteristics_at)


def flags_with(bit):
    return lambda p: put("<H", p.dll_characteristics | bit)(p, p.dll_characteristics_at)


def exports_at(p):
    return p.offset(p.directory[pe.EXPORT][0])


def ret_at(dll, name):
    """The last `ret N` of an exported function."""
    rva = dict(dll.pe.exports())[name]
    ends = sorted(a - dll.pe.base for a in dll.symbols if a - dll.pe.base > rva)
    start, end = dll.pe.offset(rva), dll.pe.offset(ends[0])
    return start + dll.pe.data[start:end].rindex(b"\xC2" + struct.pack("<H", 4 * judge.parameters()[name]))


def plants(dll):
    """Check, what is done, what is said."""
    wide = dll.pe.plus
    text = next(s for s in dll.pe.sections if s["name"] == ".text")

    def address(name):
        return dll.pe.offset(dll.address(name) - dll.pe.base)

    somewhere = dll.pe.base + dict(dll.pe.exports())["shk_abi"]
    pointer = "<Q" if wide else "<I"
    yield "exports", replace(b"\0shk_abi\0", b"\0shk_abj\0"), "shk_abj is exported and not listed"
    yield "exports", replace(b"\0shk_abi\0", b"\0shk_abj\0"), "shk_abi is listed and not exported"
    yield "convention", change(lambda p: p.offset(p.word("<I", exports_at(p) + 28)), "<I",
                               dict(dll.pe.exports())["shk_close"]), "shk_abi is exported and leads elsewhere"
    if not wide:
        yield "convention", change(lambda p: ret_at(dll, "shk_open") + 1, "<H", 8), "shk_open takes [8"
    yield "imports", replace(b"CRYPT32.dll", b"CRYPT33.dll"), "crypt33.dll is imported and not in imports.txt"
    yield "imports", replace(b"CRYPT32.dll", b"CRYPT33.dll"), "crypt32.dll is in imports.txt and not imported"
    yield "imports", change(lambda p: p.directories_at + 8 * pe.DELAY, "<I", 4096), "delayed"
    yield "guards", flags_without(judge.DYNAMIC_BASE), "ASLR"
    yield "guards", change(lambda p: p.directories_at + 8 * pe.RELOC + 4, "<I", 12), "ASLR"
    yield "guards", change(lambda p: p.coff + 18, "<H", dll.pe.characteristics | 1), "ASLR"
    yield "guards", flags_without(judge.NX), "DEP"
    if wide:
        yield "guards", flags_without(judge.HIGH_ENTROPY), "4 GB"
    yield "guards", flags_with(judge.GUARD_CF), "Control Flow Guard"
    yield "guards", change(lambda p: text["at"] + 36, "<I", text["flags"] | 0x80000000), ".text can be written and run"
    yield "guards", change(lambda p: p.coff, "<H", 0x1C0), "another machine"
    yield "starters", change(lambda p: address("__CTOR_LIST__") + p.width, pointer, somewhere), "__CTOR_LIST__: shk_abi"
    yield "starters", change(lambda p: address("__xi_a") + p.width, pointer, somewhere), "__xi_a: shk_abi"
    yield "starters", change(lambda p: address("__xl_a") + p.width, pointer, somewhere), "shk_abi runs with every thread"
    yield "starters", change(lambda p: p.offset(p.directory[pe.TLS][0]) + p.width, pointer,
                             dll.pe.pointer(dll.pe.directory[pe.TLS][0]) + 64), "64 bytes of thread-local storage"
    yield "resources", replace(dll.version.encode("utf-16-le"), "9.9.9".encode("utf-16-le")), "FileVersion: 9.9.9"
    yield "resources", change(lambda p: p.data.index(struct.pack("<I", 0xFEEF04BD)) + 8, "<I", 0x90009), "version [9, 9,"
    yield "resources", replace("資格".encode("utf-16-le"), "資料".encode("utf-16-le")), "ProductName"
    yield "resources", replace(b"asInvoker", b"asOutvokr"), "another manifest"
    yield "traces", change(lambda p: p.coff + 4, "<I", 1700000000), "when it was linked"
    yield "traces", change(lambda p: p.directories_at + 8 * pe.DEBUG, "<I", 4096), "debug information"
    yield "traces", replace(b"OPENSSLDIR: ", b"/home/me/x/ "), "where it was built: /home/me/x/"


def problems(arguments, folder):
    dll = judge.Dll(*arguments)
    for number, (check, make, expected) in enumerate(plants(dll)):
        path = folder / f"{number}.dll"
        path.write_bytes(make(dll.pe))
        broken = copy.copy(dll)
        broken.path, broken.pe = path, pe.Pe(path.read_bytes())
        said = "\n".join(judge.CHECKS[check](broken))
        if expected not in said:
            yield f"{check} does not say {expected!r} but {said!r}"
        path.unlink()


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = list(problems(sys.argv[1:], pathlib.Path(folder)))
    print("\n".join(found) if found else "each broken copy was found")
    sys.exit(1 if found else 0)


main()
