#!/usr/bin/python3
"""What gcc -fanalyzer and cppcheck say of the plugin and the host adapters, but for what analyze.txt answers.

analyze.py gcc|cppcheck BUILD: over the sources in BUILD/compile_commands.json. Lines of analyze.txt: the tool, the
source, the kind of finding, how many of them, and behind a colon why they are none. A line that is not needed any more
is a finding, too. What was said of a source is kept, outside the tree, until what the compiler sees of it changes.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANSWERS = ROOT / "tests/contract/analyze.txt"
KEPT = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "shikaku-analyze"
PARTS = ("plugin/", "host-adapters/")
# The first three of `--enable`; what is not about a line is about this tool.
CPPCHECK = ["cppcheck", "--enable=warning,performance,portability", "--quiet", "-j2", "--inline-suppr",
            "--template={file}:{line}: {id}: {message}"]
ANALYZER = ["-O0", "-fanalyzer", "-S", "-o", os.devnull]


def sources(build):
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text(encoding="utf-8"))
    found = {}
    for entry in entries:
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
        if name.startswith(PARTS):
            found.setdefault(name, entry)
    return found


def words(entry):
    """The compiler's command without what only builds, warns or watches."""
    kept, skip = [], False
    for word in shlex.split(entry["command"]):
        if skip or word in ("-o", "-MF", "-MT", "-MQ"):
            skip = not skip
        elif not word.startswith(("-fsanitize", "-fno-sanitize", "-g", "-O", "-W", "-M")) and word not in ("-c", "ccache"):
            kept.append(word)
    return kept


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def of_gcc(item):
    """(kind, line and message) of everything that gcc says of one source."""
    name, entry = item
    command, folder = words(entry), entry["directory"]
    seen = run([*command, "-E"], folder).stdout
    key = hashlib.sha256("\0".join([VERSION, *ANALYZER, *command, seen]).encode()).hexdigest()
    place = KEPT / key
    if not place.exists():
        done = run([*command, *ANALYZER], folder)
        if done.returncode != 0:
            return name, [("failed", done.stderr[-400:])]
        place.write_text(done.stderr, encoding="utf-8")
    said = re.findall(r"^(\S+:\d+):\d+: warning: (.*) \[-Wanalyzer-([\w-]+)\]$", place.read_text(encoding="utf-8"), flags=re.M)
    return name, sorted({(kind, f"{pathlib.Path(at).name}: {what}") for at, what, kind in said})


def gcc(build):
    KEPT.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(of_gcc, sources(build).items()))


def cppcheck(build):
    folder = KEPT / "cppcheck"
    folder.mkdir(parents=True, exist_ok=True)
    filters = [f"--file-filter={ROOT}/{part}*" for part in PARTS]
    project = f"--project={pathlib.Path(build).resolve()}/compile_commands.json"
    done = run([*CPPCHECK, f"--cppcheck-build-dir={folder}", project, *filters], ROOT)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    found = collections.defaultdict(set)
    for at, kind, what in re.findall(r"^(\S+:\d+): (\w+): (.*)$", done.stderr, flags=re.M):
        name, line = at.removeprefix(f"{ROOT}/").rsplit(":", 1)
        found[name].add((kind, f"{line}: {what}"))
    return found


def answers(tool):
    """(source, kind): how many."""
    found = {}
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            whole = re.fullmatch(r"(gcc|cppcheck) (\S+) (\S+) (\d+): .+", line) or sys.exit(f"analyze.txt: {line}")
            if whole[1] == tool:
                found[whole[2], whole[3]] = int(whole[4])
    return found


def problems(said, known):
    kinds = collections.Counter((name, kind) for name, all_of_it in said.items() for kind, _ in all_of_it)
    for pair, n in kinds.items():
        if n > known.get(pair, 0):
            yield from (f"{pair[0]}: {kind}: {what}" for kind, what in sorted(said[pair[0]]) if kind == pair[1])
    for pair, n in known.items():
        if n > kinds[pair]:
            yield f"analyze.txt answers {n} {pair[1]} in {pair[0]}; there are {kinds[pair]}"


TOOLS = {"gcc": gcc, "cppcheck": cppcheck}
if len(sys.argv) != 3 or sys.argv[1] not in TOOLS:
    sys.exit(__doc__)
VERSION = run(["gcc", "--version"], ROOT).stdout.splitlines()[0]
LEFT = list(problems(TOOLS[sys.argv[1]](sys.argv[2]), answers(sys.argv[1])))
print("\n".join(LEFT) if LEFT else f"{sys.argv[1]}: nothing to say")
sys.exit(1 if LEFT else 0)
