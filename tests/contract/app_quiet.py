#!/usr/bin/python3
"""The reader of the app's text touches nothing but memory: `app_quiet.py OBJECTS…`.

No network, no file, no clipboard, no clock, no output: what its objects ask of the C library is listed
here. The names of the own layers are free.
"""
import re
import subprocess
import sys

OURS = re.compile(r"(?:app|plain|when|fold|field|record|value|text|bytes|utf8|fault|char)_\w+|memory_wipe")
MEMORY = re.compile(r"(?:__)?(?:mem(?:cmp|cpy|move|set|chr)|str(?:len|cmp|ncmp|chr|cspn|spn|str)|[cm]alloc|realloc|free|bcmp)"
                    r"(?:_chk)?")
COMPILER = re.compile(r"__(?:asan|ubsan|tsan|sanitizer|sancov|stack_chk|gcov|llvm)\w*|_GLOBAL_OFFSET_TABLE_")
PARTS = re.compile(r"/(?:app\w*|plain|when)\.c\.o(?:bj)?$")


def asked(objects):
    lines = subprocess.run(["nm", "--undefined-only", *objects], check=True, capture_output=True, text=True)
    return set(re.findall(r"^\s+[Uw] (\w+)", lines.stdout, flags=re.M))


objects = [o for o in ";".join(sys.argv[1:]).split(";") if PARTS.search(o)]
if len(objects) < 8:
    sys.exit(f"the reader's objects are missing: {objects}")
names = asked(objects)
if not {"utf8_decode", "record_put", "calloc"} <= {n.removeprefix("__") for n in names}:
    sys.exit("nm shows nothing of what the reader needs")
loud = sorted(n for n in names if not any(p.fullmatch(n) for p in (OURS, MEMORY, COMPILER)))
if loud:
    sys.exit("the reader of the app's text calls " + ", ".join(loud))
print(f"{len(objects)} objects ask for {len(names)} names, memory alone")
