#!/usr/bin/python3
"""docs/host.md names every path that the session answers, every event and every job."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/host.md").read_text(encoding="utf-8")
VALUES = (ROOT / "plugin/session/values.c").read_text(encoding="utf-8")
CODES = (ROOT / "include/shikaku/codes.h").read_text(encoding="utf-8")

wanted = set(re.findall(r'text_equal_n\("([a-z_.]+)"', VALUES))
wanted |= set(re.findall(r'^        \{"([a-z_.]+)",', VALUES, flags=re.M))
events = set(re.findall(r"#define (SHK_EVENT_\w+|SHK_JOB_\w+)", CODES)) - {"SHK_EVENT_NONE"}
if len(wanted) < 30 or len(events) < 12:
    sys.exit("the tables could not be read")
quoted = " ".join(re.findall(r"`([^`\n]+)`", PAGE))
missing = sorted(w for w in wanted if not re.search(rf"(?<![a-z_]){re.escape(w)}(?![a-z_])", quoted))
missing += sorted(e for e in events if e not in PAGE)
if missing:
    sys.exit("docs/host.md does not name: " + ", ".join(missing))
print(f"{len(wanted)} path words and {len(events)} numbers are documented")
