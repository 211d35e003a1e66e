#!/usr/bin/python3
"""shikaku.dll is what a host and Windows may expect of it: `dll.py MACHINE VERSION DLL DEBUG MANIFEST`.

Names and calling convention of the exports, what it imports, the guards it asks Windows for, what runs
when it is loaded, its version and manifest, and nothing of the machine and the hour of its build.
"""
import pathlib
import re
import subprocess
import sys

import pe
import resources

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MACHINES = {"x86_64": 0x8664, "i686": 0x14C}
# Of the C run-time and the compiler; ours, and those of the parts, have none.
STARTERS = {"__xc_a": [], "__xi_a": ["pre_c_init"], "__xl_a": ["__dyn_tls_init", "__dyn_tls_dtor"],
            "__CTOR_LIST__": ["register_frame_ctor"], "__DTOR_LIST__": []}
ENDS = {"__xc_a": "__xc_z", "__xi_a": "__xi_z", "__xl_a": "__xl_z"}
HIGH_ENTROPY, DYNAMIC_BASE, NX, NO_SEH, GUARD_CF = 0x20, 0x40, 0x100, 0x400, 0x4000
A_PLACE = re.compile(rb"[\w./\\:+-]*(?:/tmp/|/roo[t]/|/home/|/usr/|/build/|\.cache/|(?<![A-Za-z])[A-Z]:\\Users)[\w./\\+-]*")


class Dll:
    def __init__(self, machine, version, path, debug, manifest):
        self.machine, self.version, self.path = machine, version, pathlib.Path(path)
        self.manifest = pathlib.Path(manifest).read_bytes()
        self.pe = pe.Pe(self.path.read_bytes())
        self.symbols = self.read_symbols(debug)

    def tool(self, name, *words):
        return subprocess.run([f"{self.machine}-w64-mingw32-{name}", *words],
                              capture_output=True, text=True, check=True).stdout

    def read_symbols(self, debug):
        """Address to names, as a C source writes them: on x86 without the line before and the bytes after."""
        found = {}
        for line in self.tool("nm", debug).splitlines():
            words = line.split()
            if len(words) == 3 and not words[2].startswith("."):
                name = words[2].removeprefix("_").split("@")[0] if self.machine == "i686" else words[2]
                found.setdefault(int(words[0], 16), []).append(name)
        return found

    def address(self, name):
        for at, names in self.symbols.items():
            if name in names:
                return at
        raise ValueError(f"no symbol {name}")


def parameters():
    """How many each exported function takes, from the header."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "include/shikaku/shikaku.h").read_text(encoding="utf-8"), flags=re.S)
    found = re.findall(r"SHK_API\s+int32_t\s+SHK_CALL\s+(\w+)\s*\(([^)]*)\)", text)
    return {name: 0 if words.strip() == "void" else words.count(",") + 1 for name, words in found}


def export_problems(dll):
    names = [name for name, _ in dll.pe.exports()]
    listed = re.findall(r"^\s+(\w+)$", (ROOT / "plugin/shikaku.def").read_text().split("EXPORTS")[1], flags=re.M)
    if len(listed) < 10 or sorted(listed) != sorted(parameters()):
        yield "plugin/shikaku.def and shikaku.h disagree"
    yield from (f"{n} is exported and not listed" for n in names if n not in listed)
    yield from (f"{n} is listed and not exported" for n in listed if n not in names)
    yield from (f"{n} leads into another DLL" for n, rva in dll.pe.exports() if rva is None)


def convention_problems(dll):
    """On x86 every way out of a function takes its parameters off the stack, four bytes each."""
    starts = sorted(dll.symbols)
    counts = parameters()
    for name, rva in dll.pe.exports():
        at = dll.pe.base + rva
        if name not in dll.symbols.get(at, []):
            yield f"{name} is exported and leads elsewhere"
        if dll.machine != "i686" or name not in counts:
            continue
        end = next(a for a in starts if a > at)
        code = dll.tool("objdump", "-d", "--no-show-raw-insn", f"--start-address={at:#x}", f"--stop-address={end:#x}",
                        str(dll.path))
        left = re.findall(r"\sret[lq]?\b *(\$0x[0-9a-f]+)?", code)
        taken = {int(n[1:], 16) if n else 0 for n in left}
        if taken != {4 * counts[name]}:
            yield f"{name} takes {sorted(taken)} bytes off the stack, not {4 * counts[name]}"


def import_problems(dll):
    lines = (HERE / "imports.txt").read_text(encoding="utf-8").splitlines()
    allowed = {line.split()[0].lower() for line in lines if line and not line.startswith("#")}
    asked = {name.lower() for name, _ in dll.pe.imports()}
    yield from (f"{name} is imported and not in imports.txt" for name in sorted(asked - allowed))
    yield from (f"{name} is in imports.txt and not imported" for name in sorted(allowed - asked))
    for kind, title in ((pe.DELAY, "delayed"), (pe.BOUND, "bound")):
        if dll.pe.directory[kind][0]:
            yield f"there are {title} imports"


def guard_problems(dll):
    flags = dll.pe.dll_characteristics
    if dll.pe.machine != MACHINES[dll.machine]:
        yield "another machine"
    if not dll.pe.characteristics & 0x2000:
        yield "no DLL"
    if not flags & DYNAMIC_BASE or dll.pe.characteristics & 1 or dll.pe.directory[pe.RELOC][1] < 1000:
        yield "it cannot be loaded at any address (ASLR)"
    if not flags & NX:
        yield "its data may be run (DEP)"
    if dll.pe.plus and not (flags & HIGH_ENTROPY and dll.pe.base >> 32 and dll.pe.characteristics & 0x20):
        yield "it is not loaded above 4 GB"
    # GCC makes no checks for Control Flow Guard: the DLL must not say that it has them. Windows then lets
    # it be, and guards the calls of the host.
    if flags & GUARD_CF or dll.pe.directory[pe.LOAD_CONFIG][0]:
        yield "it claims Control Flow Guard"
    for s in dll.pe.sections:
        if s["flags"] & 0x20000000 and s["flags"] & 0x80000000:
            yield f"{s['name']} can be written and run"


def starter_problems(dll):
    width = dll.pe.width
    for first, known in STARTERS.items():
        at = dll.address(first)
        # The two lists of the compiler begin with -1 and end with 0.
        end = dll.address(ENDS[first]) if first in ENDS else at + 100 * width
        entries = []
        for place in range(at, end, width):
            value = dll.pe.pointer(place - dll.pe.base)
            if value == (1 << 8 * width) - 1:
                continue
            if not value and first not in ENDS:
                break
            if value:
                entries.append(value)
        for value in entries:
            if not set(known) & set(dll.symbols.get(value, [])):
                yield f"{first}: {dll.symbols.get(value, [hex(value)])[0]} runs when the DLL is loaded"
    if dll.address("__RUNTIME_PSEUDO_RELOC_LIST__") != dll.address("__RUNTIME_PSEUDO_RELOC_LIST_END__"):
        yield "the run-time writes into code or constants when the DLL is loaded"
    yield from thread_problems(dll)


def thread_problems(dll):
    """Storage of our own for each thread would need work at each thread's start and end."""
    at = dll.pe.directory[pe.TLS][0]
    start, end, _, callbacks = (dll.pe.pointer(at + i * dll.pe.width) for i in range(4))
    if end - start > dll.pe.width:
        yield f"{end - start} bytes of thread-local storage"
    place = callbacks - dll.pe.base
    while dll.pe.pointer(place):
        names = dll.symbols.get(dll.pe.pointer(place), ["?"])
        if not set(names) & set(STARTERS["__xl_a"]):
            yield f"{names[0]} runs with every thread"
        place += dll.pe.width


def resource_problems(dll):
    said = list(resources.problems(dll.pe, dll.version, "shikaku.dll"))
    manifests = [block for path, block in dll.pe.resources() if path[:2] == (24, 2)]
    if not said and [block.strip() for block in manifests] != [dll.manifest.strip()]:
        said.append("another manifest")
    return said


def trace_problems(dll):
    """Of the machine and the hour of the build."""
    export_time = dll.pe.word("<I", dll.pe.offset(dll.pe.directory[pe.EXPORT][0]) + 4)
    if dll.pe.time or export_time:
        yield "it says when it was linked"
    if dll.pe.symbols_n or dll.pe.directory[pe.DEBUG][0] or any(s["name"].startswith(".debug") for s in dll.pe.sections):
        yield "it has debug information"
    for place in sorted({m.group() for m in A_PLACE.finditer(dll.pe.data)}):
        yield f"it says where it was built: {place.decode()}"
    if str(ROOT).encode() in dll.pe.data:
        yield "it says where its sources lay"


CHECKS = {"exports": export_problems, "convention": convention_problems, "imports": import_problems,
          "guards": guard_problems, "starters": starter_problems, "resources": resource_problems,
          "traces": trace_problems}


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    dll = Dll(*sys.argv[1:])
    problems = [f"{title}: {problem}" for title, check in CHECKS.items() for problem in check(dll)]
    print("\n".join(problems) if problems else f"{dll.path.name}: {', '.join(CHECKS)} as they should be")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
