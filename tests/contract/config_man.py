#!/usr/bin/python3
"""docs/man/shikaku.lua.5 is made from plugin/session/config.def: `--write` makes it, else compares.

What it says of mapping scripts comes from the tables of docs/mapping.md.
"""
import re
import sys

from config_doc import rows
from mdoc import DATE, ROOT, compare, text

HEAD = r""".\" Made by tests/contract/config_man.py from plugin/session/config.def.
.Dd {date}
.Dt SHIKAKU.LUA 5
.Os
.Sh NAME
.Nm shikaku.lua
.Nd configuration and mapping scripts of the Shikaku plugin
.Sh DESCRIPTION
The configuration is a Lua file in UTF-8 that returns one table.
A host names it in
.Fn shk_open ,
.Xr shikaku 1
with
.Fl -config
or in
.Ev SHIKAKU_CONFIG ;
it may have any name.
Keys with a dot are nested tables:
.Cm gateway.url
is
.Ql gateway = {{ url = \(dq\&...\(dq }} ;
.Cm deliveries[]
is a list of at most 16.
An unknown key or a value of the wrong type is refused with the key and the line.
.Pp
Paths are relative to the folder of the file.
The scripts and packs that ship are named by where they lie:
.Pa /usr/share/shikaku/scripts
when they came as a Debian package, else
.Ql pkg-config --variable=scriptsdir shikaku
says it.
A clinic that changes one copies it beside its configuration, or writes an overlay.
.Pp
.Fn shk_set
and
.Fl -set
take the same keys, lists with their index:
.Ql deliveries[1].folder .
.Pp
設定は、表を一つ返す Lua のファイル(UTF-8)です。
ファイルとフォルダーの場所は、この設定ファイルから見た場所です。
付属のスクリプトとパックは、置かれた場所(Debian のパッケージでは
.Pa /usr/share/shikaku/scripts )
で指します。
.Sh KEYS
.Bl -tag -width Ds
"""
SCRIPTS = r""".El
.Sh MAPPING SCRIPTS
.Cm deliveries[].script
names a Lua file that turns an answer into the form that the host reads,
.Cm deliveries[].pack
a folder with such a file
.Pq Pa mapping.lua ,
its description
.Pq Pa pack.lua
and samples that are tested before it is used.
The script returns one table: data first, functions only where data is not enough.
The whole table is checked before any row runs; a mistake stops the delivery and is shown as file, line and field,
never with a patient's value.
.Pp
変換スクリプトは、回答を渡し先のソフトが読む形に変えます。
表を一つ返し、動かす前に表の全体が調べられます。
くわしい説明は mapping.md、形式は formats.md、変換は helpers.md、項目は fields.md にあります。
.Ss The table
.Bl -tag -width Ds
"""
ROW_KEYS = r""".El
.Ss A row of fields
A row has
.Cm from ,
.Cm from
with
.Cm as
or
.Cm with ,
.Cm with
alone, or
.Cm value
alone.
A row with
.Cm fields
is a group, which
.Cm each
repeats for every entry of a list.
.Bl -tag -width Ds
"""
TAIL = r""".El
.Ss What of Lua there is
{lua}
.Pp
There are no files, no network, no clock and no random numbers, and neither
.Ql pcall , load
nor
.Ql require .
Absent values are
.Ql nil ,
empty ones the empty text, which is a value to the
.Ql or
of Lua;
.Fn text.first
gives the first that holds something.
.Sh FILES
.Bl -tag -width Ds
.It Pa /usr/share/shikaku/scripts
The scripts and packs that ship, with a
.Pa README.md
each.
.It Pa /usr/share/doc/shikaku/examples/config
Configurations to begin with.
.It Pa /usr/share/doc/shikaku/docs
The pages named below.
.It Pa shikaku-data
The store, beside the configuration unless
.Cm store.folder
says otherwise.
.El
.Sh EXAMPLES
A configuration:
.Bd -literal -offset indent
return {{
  route = "folder",
  institution_code = "9919999999",
  folder = {{ root = "OQS" }},
  deliveries = {{
    {{ pack = "/usr/share/shikaku/scripts/generic-csv",
      folder = "out" }},
  }},
}}
.Ed
.Pp
A mapping script:
.Bd -literal -offset indent
return {{
  contract = 1, id = "mihon", format = "csv",
  encoding = "cp932", header = true, file = "mihon.csv",
  fields = {{
    {{ to = "氏名", from = "name", required = true }},
    {{ to = "カナ", from = "name_kana", as = "kana_half" }},
    {{ to = "区分", value = "1" }},
  }},
}}
.Ed
.Pp
Try it without delivering anything:
.Pp
.Dl $ shikaku map --script mihon.lua answer.xml
.Sh SEE ALSO
.Xr shikaku 1 ,
.Xr shikaku.h 3
.Pp
.Pa mapping.md ,
.Pa formats.md ,
.Pa helpers.md ,
.Pa fields.md ,
.Pa packs.md ,
.Pa host.md
and
.Pa configuration.md
in the folder of the documentation.
"""


def shape(kind, least, most, choices):
    return {"CHOICE": " | ".join(f"Cm {c}" for c in choices.split("|")), "INT": f"Ar {least}\\(en{most}",
            "PATH": "Ar path", "TEXT": "Ar text"}[kind].replace("| Cm ", "| ")


def keys():
    for path, kind, default, least, most, choices, japanese, english in rows():
        yield f".It Cm {path} No = {shape(kind, least, most, choices)}\n"
        yield text(english) + "\n"
        yield f".br\n{text(japanese)}\n"
        if default:
            yield f".br\nDefault / 既定:\n.Cm {default}\n"


def sections():
    """docs/mapping.md by its headings."""
    page = (ROOT / "docs/mapping.md").read_text(encoding="utf-8")
    return {title: body for title, body in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", page, flags=re.S | re.M)}


def plain(words):
    """Markdown in a cell of a table, without its marks."""
    words = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"\1", words).replace(r"\|", "|")
    return re.sub(r"\*\*|`", "", words)


def table(body):
    """The rows of the first table of a section: keys and what they mean."""
    for line in body.splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if cells and cells[0].startswith("`"):
            names = re.findall(r"`([^`]+)`", cells[0])
            values = plain(cells[1]) if len(cells) > 2 else ""
            yield names, values, plain(cells[-1])


def items(body):
    for names, values, meaning in table(body):
        yield ".It Cm " + " , ".join(names) + "\n"
        yield text(meaning) + "\n"
        if values:
            yield f".br\n{text(values)}\n"


def lua(body):
    """The names that a script may use."""
    first = body.strip().split("\n\n")[0]
    lines = [line.rstrip("、。 ") for line in first.splitlines()]
    return "\n.br\n".join(text(plain(line)) for line in lines)


def main():
    found = sections()
    wanted = ("表の項目 / Keys of the table", "行の項目 / Keys of a row", "使えるLua / What of Lua there is")
    if not all(title in found for title in wanted):
        sys.exit("docs/mapping.md has lost a section")
    tables, of_rows, of_lua = (found[title] for title in wanted)
    compare("shikaku.lua.5", HEAD.format(date=DATE) + "".join(keys()) + SCRIPTS + "".join(items(tables)) + ROW_KEYS
            + "".join(items(of_rows)) + TAIL.format(lua=lua(of_lua)), "config_man.py")


main()
