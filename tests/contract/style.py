#!/usr/bin/python3
"""The rules of docs/conventions.md that a machine can check.

style.py format        clang-format over every C and C++ file
style.py tidy BUILD    clang-tidy over the sources in BUILD/compile_commands.json
style.py shell         shellcheck over every script
style.py text          banned calls, foreign headers, lengths, words that stay at home, sources without a twin

--root=FOLDER looks at another tree than this one.
"""
import fnmatch
import json
import multiprocessing.pool
import pathlib
import re
import subprocess
import sys
import tempfile

VERSION = "14"  # of clang: another one formats differently
LONGEST = 700
# What bindings.py writes into a file is not counted.
WRITTEN = re.compile(r"codes\.h: begin.*?codes\.h: end", flags=re.S)
GUESTS = ("plugin/", "host-adapters/")  # what runs in someone else's process
BANNED = re.compile(
    r"(?<![\w.])(?<!->)(?<!format\()(?:strcpy|strncpy|stpcpy|strcat|strncat|v?sprintf|v?s?scanf|gets"
    r"|ato[ifl]|atoll|strto(?:l|ll|ul|ull|d|f|ld|k|k_r|imax|umax)"
    r"|system|popen|setlocale|abort|assert|_?exit|_Exit|quick_exit|atexit"
    r"|v?f?printf|f?puts|f?putc|putchar|perror|stdout|stderr"
    r"|to(?:upper|lower)|is(?:alpha|digit|alnum|xdigit|space|upper|lower|print|punct|cntrl|graph|blank))\b")
# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.$})])/(?:work|root)/|/tmp/s[h]k\b")
LEFT_OVER = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
C_HEADERS = set("""assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar
    wctype""".split())
NOT_CODE = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", flags=re.S)


def git_files(root):
    if not (root / ".git").exists():
        return None
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=root, capture_output=True, check=False)
    return listed.stdout.decode().split("\0") if listed.returncode == 0 else None


def tree_files(root):
    """Git's files with those that are not committed yet; without git all but what builds leave."""
    names = git_files(root)
    if names is None:
        names = [p.relative_to(root).as_posix() for p in root.rglob("*")]
        names = [n for n in names if not re.match(r"build[^/]*/|\.git/", n) and "__pycache__/" not in n]
    return sorted(n for n in set(names) if n and (root / n).is_file())


def named(root, *endings):
    found = [n for n in tree_files(root) if n.endswith(endings)]
    return found or sys.exit(f"no file ends with {' or '.join(endings)}")


def run(command, root):
    """What a checker says when it fails; nothing when it is content."""
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return f"{command[0]} is not installed (tests/setup/packages.sh test)"
    return "" if done.returncode == 0 else done.stdout + done.stderr or f"{command[0]} failed"


def format_problems(root):
    yield run([f"clang-format-{VERSION}", "--dry-run", "-Werror", *named(root, ".c", ".h", ".cpp")], root)


def shell_problems(root):
    # SC2317: it does not see that a trap calls a function.
    yield run(["shellcheck", "--exclude=SC2317", *named(root, ".sh", ".ci/run")], root)


def tidy_problems(root, build):
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    # Once each: a source that several programs are made of would be looked at for every one of them.
    built = {str((pathlib.Path(e["directory"]) / e["file"]).resolve()): e for e in entries}
    ours = [n for n in named(root, ".c") if not n.endswith("_win32.c")]
    for name in ours:
        if name.startswith((*GUESTS, "examples/")) and str((root / name).resolve()) not in built:
            yield f"{name} is not in the compile database"
    known = [n for n in ours if str((root / n).resolve()) in built]
    with tempfile.TemporaryDirectory() as short, multiprocessing.pool.ThreadPool(2) as pool:
        (pathlib.Path(short) / "compile_commands.json").write_text(json.dumps([*built.values()]), encoding="utf-8")
        # A quarter of the analyzer's usual depth finds the same here in a third of the time.
        # Without the analyzer an error of the compiler counts, whatever the list says; gcc has judged its warnings.
        extra = ["-Xclang", "-analyzer-config", "-Xclang", "max-nodes=50000", "-Wno-error"]
        command = [f"clang-tidy-{VERSION}", "-p", short, "--quiet", *(f"--extra-arg={word}" for word in extra)]
        yield from pool.imap(lambda name: run([*command, name], root), known)


def without_comments_and_strings(text):
    """Line breaks stay; an include keeps its name."""
    return NOT_CODE.sub(lambda found: "\n" * found.group().count("\n") or " ", text)


def find_lines(pattern, text):
    for found in pattern.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group()


def allowed_headers(root):
    """Rows `header`, … | `file`, … of the table in docs/conventions.md."""
    page = (root / "docs/conventions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|(.*`.*)\|(.*`.*)\|$", page, flags=re.M)
    return [(re.findall(r"`([^`]+)`", headers), re.findall(r"`([^`]+)`", files)) for headers, files in rows]


def fits(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def header_problems(name, text, table):
    for line, header in re.findall(r"^(.*?)#\s*include\s*<([^>]+)>", text, flags=re.M):
        if header.removesuffix(".h") in C_HEADERS:
            continue
        places = [files for headers, files in table if fits(header, headers)]
        if not (any(fits(name, files) for files in places) if places else name.endswith("_posix.c")):
            yield f"{name}: {line}<{header}> does not belong here (docs/conventions.md)"


def text_problems(root):
    table = allowed_headers(root)
    for name in tree_files(root):
        content = (root / name).read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if name.endswith((".c", ".h", ".py", ".sh", ".lua")) and (lines := WRITTEN.sub("", text).count("\n")) > LONGEST:
            yield f"{name}: {lines} lines, more than {LONGEST}"
        for line, found in [*find_lines(MACHINE_PATH, text), *find_lines(LEFT_OVER, text)]:
            yield f"{name}:{line}: {found}"
        twin = name.removesuffix("_posix.c") + "_win32.c"
        if name.startswith(GUESTS) and name.endswith("_posix.c") and not (root / twin).is_file():
            yield f"{name} has no {twin}"
        if name.startswith(GUESTS) and name.endswith((".c", ".h", ".h.in")):
            code = without_comments_and_strings(text)
            yield from (f"{name}:{line}: {found} is banned" for line, found in find_lines(BANNED, code))
            yield from header_problems(name, code, table)


CHECKS = {"format": format_problems, "tidy": tidy_problems, "shell": shell_problems, "text": text_problems}


def main():
    roots = [a.removeprefix("--root=") for a in sys.argv[1:] if a.startswith("--root=")]
    words = [a for a in sys.argv[1:] if not a.startswith("--root=")]
    root = pathlib.Path(roots[0] if roots else pathlib.Path(__file__).parents[2]).resolve()
    if not words or words[0] not in CHECKS or len(words) != (2 if words[0] == "tidy" else 1):
        sys.exit(__doc__)
    problems = [p for p in CHECKS[words[0]](root, *words[1:]) if p]
    print("\n".join(problems) if problems else f"{words[0]}: nothing to say")
    sys.exit(1 if problems else 0)


main()
