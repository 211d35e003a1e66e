#!/usr/bin/python3
"""docs/host.md names every path that the session answers, every event and job, and has the table of inputs."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


PAGE, CODES, HEADER = (read(path) for path in ("docs/host.md", "include/shikaku/codes.h", "include/shikaku/shikaku.h"))
INPUT = re.compile(r'INPUT\("([^"]+)",\s*(\d+),\s*"([^"]+)",\s*"([^"]+)"\)')
NUMBER = re.compile(r'^        \{"([a-z_.]+)",', flags=re.M)


def path_words():
    """The words of the paths, as the sources compare them; those of read_progress stand behind "progress."."""
    values, faults = read("plugin/session/values.c"), read("plugin/session/values_fault.c")
    packs, delivery = read("plugin/session/pack_values.c"), read("plugin/session/values_delivery.c")
    begin, end = values.index("read_progress("), values.index("static int32_t read_plain")
    progress = values[begin:end]
    rest = values[:begin] + values[end:] + delivery
    words = set(re.findall(r'text_equal_n\("([a-z_.]+)"', rest + faults)) | set(NUMBER.findall(rest))
    of_packs = set(NUMBER.findall(packs)) | set(re.findall(r'text_equal_n\("([a-z_.]+)"', packs))
    own = set(NUMBER.findall(progress)) | set(re.findall(r'text_equal_n\("([a-z_.]+)"', progress))
    kept = "".join(read(f"plugin/session/{name}_values.c")
                   for name in ("card", "match", "outbox", "history", "store", "readers"))
    of_packs |= set(NUMBER.findall(kept)) | set(re.findall(r'text_equal_n\("([a-z_.]+)"', kept))
    if len(words) < 30 or len(own) < 10 or len(of_packs) < 60:
        sys.exit("the tables of paths could not be read")
    return words | of_packs | {f"progress.{word}" for word in own}


def numbers():
    found = set(re.findall(r"#define (SHK_EVENT_\w+|SHK_JOB_\w+)", CODES)) - {"SHK_EVENT_NONE"}
    if len(found) < 20:
        sys.exit("the events and jobs could not be read")
    return found


def in_first_cell(name):
    return re.search(rf"^\| `{name}` \|", PAGE, flags=re.M)


def history_facts():
    """The row of history[n].FACT, from the table."""
    names = re.findall(r"^HISTORY_FACT\((\w+),", read("plugin/store/history_facts.def"), flags=re.M)
    return "each fact by its name: " + " ".join(f"`.{name}`" for name in names) + " |"


def inputs():
    """Every row of inputs.def as a line of the page."""
    table = read("plugin/session/inputs.def")
    rows = INPUT.findall(table)
    if len(rows) != table.count("INPUT(") - table.split("\n\n")[0].count("INPUT("):
        sys.exit("inputs.def was not understood")
    return [f"| `{path}` | {most} | {japanese} | {english} |" for path, most, japanese, english in rows]


def input_lines():
    part = PAGE.split("### 入力 / Inputs")[1].split("\n## ")[0]
    return [line for line in part.splitlines() if line.startswith("| `")]


quoted = " ".join(re.findall(r"`([^`\n]+)`", PAGE))
wanted, events, rows = path_words(), numbers(), inputs()
missing = sorted(w for w in wanted if not re.search(rf"(?<![a-z_]){re.escape(w)}(?![a-z_])", quoted))
missing += sorted(e for e in events if not in_first_cell(e))
unsaid = sorted(job for job in events if job.startswith("SHK_JOB_") and job not in HEADER)
if unsaid:
    sys.exit("include/shikaku/shikaku.h does not tell of: " + ", ".join(unsaid))
values = re.findall(r"#define (SHK_(?:JOB|EVENT|OUTCOME|STAGE|RETRY|NATIVE|MATCH)_\w+)[\s\\]+(\d+)", CODES)
if len(values) < 59:
    sys.exit("the numbers of codes.h could not be read")
missing += sorted(f"{name} {value}" for name, value in values if not re.search(rf"`{name}` {value}\b", PAGE))
if missing:
    sys.exit("docs/host.md does not name: " + ", ".join(missing))
if history_facts() not in PAGE:
    sys.exit(f"docs/host.md, history[n].FACT: {history_facts()}")
if input_lines() != rows:
    sys.exit("the inputs of docs/host.md differ from inputs.def: " +
             "; ".join(sorted(set(rows) ^ set(input_lines())) or ["another order"]))
print(f"{len(wanted)} path words, {len(events)} numbers and {len(rows)} inputs are documented")
