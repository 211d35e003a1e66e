#!/usr/bin/python3
"""docs/configuration.md is made from plugin/session/config.def: `--write` makes it, else compares."""
import ast
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "plugin/session/config.def"
PAGE = ROOT / "docs/configuration.md"
HEAD = """# 設定 / Configuration

One Lua file that returns one table (see [host.md](host.md), section 6). Keys with a dot are nested tables:
`gateway.url` is `gateway = { url = … }`; `deliveries[]` is a list. Paths are relative to the file's folder.
`shk_set` takes the same keys, lists with their index: `deliveries[1].folder`.

| Key | Type | Default | 説明 | Meaning |
|---|---|---|---|---|
"""


def rows():
    text = re.sub(r"/\*.*?\*/", "", TABLE.read_text(encoding="utf-8"), flags=re.S)
    for body in re.findall(r"KEY\((.*?)\)\s*(?=KEY|\Z)", text, flags=re.S):
        kind = re.search(r'^"[^"]*",\s*(\w+),', body).group(1)
        quoted = re.sub(r",\s*" + kind + ",", f', "{kind}",', body, count=1)
        quoted = re.sub(r'"\s*\n\s*"', "", quoted)
        yield ast.literal_eval(f"({quoted})")


def page():
    lines = []
    for path, kind, default, least, most, choices, japanese, english in rows():
        if not japanese or not english:
            sys.exit(f"{path}: both languages are needed")
        shape = {"CHOICE": " / ".join(f"`{c}`" for c in choices.split("|")),
                 "INT": f"{least} – {most}", "PATH": "path", "TEXT": "text"}[kind]
        shown = f"`{default}`" if default else ""
        lines.append(f"| `{path}` | {shape} | {shown} | {japanese} | {english} |\n")
    return HEAD + "".join(lines)


def main():
    made = page()
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != made:
        sys.exit("docs/configuration.md differs from config.def; run tests/contract/config_doc.py --write")


if __name__ == "__main__":
    main()
