#!/usr/bin/python3
"""style.py is content with a small sound tree, and finds each rule broken that is broken in it."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOUND = {
    "plugin/base/a.c": "#include <string.h>\n\n/* No printf here. */\nint a_one(const char *p);\n\n"
                       "int a_one(const char *p) {\n    return p != NULL && strcmp(p, \"exit(1)\") == 0;\n}\n",
    "plugin/base/a_posix.c": "#include <unistd.h>\n\nint a_two(void);\n\nint a_two(void) {\n"
                             "    return (int)getpid();\n}\n",
    "plugin/base/a_win32.c": "#error \"not for tidy\"\n",
    "plugin/mapping/b.h": "#include <lua.h>\n",
    "tests/run.sh": "#!/bin/sh\necho \"$1\"\n",
}
# Kind of check, file, what is put in, what for, what is said.
PLANTS = [
    ("format", "plugin/base/a.c", "    return p", "  return p", "plugin/base/a.c:6"),
    ("format", "plugin/mapping/b.h", "<lua.h>", " <lua.h>", "plugin/mapping/b.h:1"),
    ("shell", "tests/run.sh", '"$1"', "$1", "SC2086"),
    ("tidy", "plugin/base/a.c", "p != NULL && ", "p != NULL && p != NULL && ", "misc-redundant-expression"),
    ("tidy", "plugin/base/a_posix.c", "(void) {\n", "(void) {\n    if (getpid() == 1)\n        return 1;\n",
     "readability-braces"),
    ("text", "plugin/base/a.c", "int a_one(const char *p) {\n", "int a_one(const char *p) {\n    exit(1);\n",
     "plugin/base/a.c:7: exit is banned"),
    ("text", "plugin/base/a.c", "    return p", "    fputs(p, stderr);\n    return p", "stderr is banned"),
    ("text", "plugin/base/a.c", "strcmp(p,", "atoi(p) + strcmp(p,", "atoi is banned"),
    ("text", "plugin/base/a.c", "strcmp(p,", "isalpha(*p) + strcmp(p,", "isalpha is banned"),
    ("text", "plugin/base/a.c", "<string.h>", "<unistd.h>", "<unistd.h> does not belong"),
    ("text", "plugin/base/a.c", "<string.h>", "<lua.h>", "<lua.h> does not belong"),
    ("text", "plugin/mapping/b.h", "lua.h", "jansson.h", "<jansson.h> does not belong"),
    ("text", "plugin/base/a.c", "No printf", "TO" + "DO: printf", "plugin/base/a.c:3: TO" + "DO"),
    ("text", "tests/run.sh", "echo", "ls /wo" + "rk/main; echo", "tests/run.sh:2: /wo" + "rk/"),
    ("text", "tests/run.sh", "echo", "ls /ro" + "ot/x; echo", "tests/run.sh:2: /ro" + "ot/"),
    ("text", "tests/run.sh", "echo \"$1\"\n", "echo\n" * 700, "701 lines"),
]


def make(root):
    for name in (".clang-format", ".clang-tidy", "docs/conventions.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name, text in SOUND.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "build").mkdir()
    built = ("plugin/base/a.c", "plugin/base/a_posix.c")
    database = [{"directory": str(root), "file": str(root / n), "command": f"cc -std=c11 -c {n}"} for n in built]
    (root / "build/compile_commands.json").write_text(json.dumps(database), encoding="utf-8")


def check(root, kind):
    last = [str(root / "build")] if kind == "tidy" else []
    done = subprocess.run([sys.executable, str(HERE / "style.py"), kind, *last, f"--root={root}"],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def problems(root):
    for kind in ("format", "shell", "tidy", "text"):
        code, said = check(root, kind)
        if code != 0:
            yield f"{kind} refuses the sound tree: {said}"
    for kind, name, old, new, expected in PLANTS:
        if SOUND[name].count(old) == 0:
            yield f"{name} has no {old!r}"
        (root / name).write_text(SOUND[name].replace(old, new), encoding="utf-8")
        code, said = check(root, kind)
        if code != 1 or expected not in said:
            yield f"{kind} does not find {new!r} in {name}: {said}"
        (root / name).write_text(SOUND[name], encoding="utf-8")
    (root / "plugin/base/d_posix.c").write_text("int d_one;\n", encoding="utf-8")
    if "plugin/base/d_posix.c has no plugin/base/d_win32.c" not in check(root, "text")[1]:
        yield "text does not miss the other system's half of a source"
    (root / "plugin/base/c.c").write_text("int c_one;\n", encoding="utf-8")
    if "c.c is not in the compile database" not in check(root, "tidy")[1]:
        yield "tidy does not miss a source that is not built"


with tempfile.TemporaryDirectory() as folder:
    make(pathlib.Path(folder))
    found = list(problems(pathlib.Path(folder)))
print("\n".join(found) if found else f"{len(PLANTS) + 2} broken rules were found")
sys.exit(1 if found else 0)
