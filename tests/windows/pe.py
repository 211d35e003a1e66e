"""Reads a DLL for Windows as the loader does: headers, sections, exports, imports, resources."""
import struct

EXPORT, IMPORT, RESOURCE, EXCEPTION, SECURITY, RELOC, DEBUG = 0, 1, 2, 3, 4, 5, 6
TLS, LOAD_CONFIG, BOUND, DELAY = 9, 10, 11, 13


class Pe:
    def __init__(self, data):
        self.data = data
        at = self.word("<I", 0x3C)
        if data[:2] != b"MZ" or data[at:at + 4] != b"PE\0\0":
            raise ValueError("no PE file")
        self.coff = at + 4
        (self.machine, sections, self.time, self.symbols_at, self.symbols_n, optional,
         self.characteristics) = struct.unpack_from("<HHIIIHH", data, self.coff)
        self.optional = self.coff + 20
        self.plus = self.word("<H", self.optional) == 0x20B
        self.entry = self.word("<I", self.optional + 16)
        self.base = self.word("<Q", self.optional + 24) if self.plus else self.word("<I", self.optional + 28)
        self.dll_characteristics_at = self.optional + 70
        self.dll_characteristics = self.word("<H", self.dll_characteristics_at)
        directories = self.optional + (112 if self.plus else 96)
        self.directories_at = directories
        self.directory = [struct.unpack_from("<II", data, directories + 8 * i)
                          for i in range(self.word("<I", directories - 4))]
        self.sections_at = self.optional + optional
        self.sections = [self.section(self.sections_at + 40 * i) for i in range(sections)]

    def word(self, form, at):
        return struct.unpack_from(form, self.data, at)[0]

    def section(self, at):
        name, size, rva, raw_size, raw = struct.unpack_from("<8sIIII", self.data, at)
        name = name.rstrip(b"\0").decode()
        if name.startswith("/"):
            # Longer than eight letters: it stands behind the symbols.
            start = self.symbols_at + 18 * self.symbols_n + int(name[1:])
            name = self.data[start:self.data.index(b"\0", start)].decode("ascii", "replace")
        return {"name": name, "rva": rva, "size": size, "raw": raw, "raw_size": raw_size,
                "flags": self.word("<I", at + 36), "at": at}

    def offset(self, rva):
        for s in self.sections:
            if s["rva"] <= rva < s["rva"] + max(s["size"], s["raw_size"]):
                if rva - s["rva"] >= s["raw_size"]:
                    raise ValueError(f"{rva:#x} is not in the file")
                return s["raw"] + rva - s["rva"]
        raise ValueError(f"{rva:#x} is in no section")

    def text(self, rva):
        at = self.offset(rva)
        return self.data[at:self.data.index(b"\0", at)].decode("ascii")

    def pointer(self, rva):
        return self.word("<Q" if self.plus else "<I", self.offset(rva))

    @property
    def width(self):
        return 8 if self.plus else 4

    def exports(self):
        """Name and RVA; a function without a name has its number for one, a forwarder None for an RVA."""
        rva, size = self.directory[EXPORT]
        base, functions, names = struct.unpack_from("<III", self.data, self.offset(rva) + 16)
        table, name_table, ordinals = struct.unpack_from("<III", self.data, self.offset(rva) + 28)
        at = [self.word("<I", self.offset(table) + 4 * i) for i in range(functions)]
        named = {self.word("<H", self.offset(ordinals) + 2 * i):
                 self.text(self.word("<I", self.offset(name_table) + 4 * i)) for i in range(names)}
        return [(named.get(i, f"#{base + i}"), None if rva <= where < rva + size else where)
                for i, where in enumerate(at) if where]

    def imports(self):
        """DLL names and the functions of each."""
        at = self.offset(self.directory[IMPORT][0])
        while True:
            lookup, _, _, name, table = struct.unpack_from("<IIIII", self.data, at)
            if not name:
                return
            yield self.text(name), list(self.thunks(lookup or table))
            at += 20

    def thunks(self, rva):
        top = 1 << (8 * self.width - 1)
        while self.pointer(rva):
            value = self.pointer(rva)
            yield f"#{value & 0xFFFF}" if value & top else self.text(value + 2)
            rva += self.width

    def resources(self):
        """(type, name, language) and the bytes of each."""
        root = self.offset(self.directory[RESOURCE][0])

        def walk(at, path):
            if self.word("<I", at + 4):
                raise ValueError("a resource folder has a time stamp")
            count = sum(struct.unpack_from("<HH", self.data, at + 12))
            for i in range(count):
                name, where = struct.unpack_from("<II", self.data, at + 16 + 8 * i)
                if where >> 31:
                    yield from walk(root + (where & 0x7FFFFFFF), (*path, name))
                else:
                    rva, size = struct.unpack_from("<II", self.data, root + where)
                    start = self.offset(rva)
                    yield (*path, name), self.data[start:start + size]

        return list(walk(root, ()))


def version(block):
    """The fixed numbers and the strings of a version resource."""
    words = {}

    def node(at):
        length, value_length, kind = struct.unpack_from("<HHH", block, at)
        end = key_end = at + 6
        while block[key_end:key_end + 2] != b"\0\0":
            key_end += 2
        key = block[end:key_end].decode("utf-16-le")
        value = (key_end + 2 + 3) & ~3
        if kind == 1 and value_length:
            words[key] = block[value:value + 2 * value_length].decode("utf-16-le").rstrip("\0")
        child = (value + (2 if kind == 1 else 1) * value_length + 3) & ~3
        while child < at + length:
            child = (node(child) + 3) & ~3
        return at + length

    node(0)
    fixed = block.index(struct.pack("<I", 0xFEEF04BD))
    numbers = struct.unpack_from("<8H", block, fixed + 8)
    order = (1, 0, 3, 2)
    return [numbers[i] for i in order], [numbers[4 + i] for i in order], words
