#!/usr/bin/python3
"""The completion for bash knows what the console's tables and config.def say, and completes command lines.

`--write` puts the keys of the configuration into it.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from config_doc import rows
from console_table import commands, options
from mdoc import ROOT

FILE = ROOT / "plugin/cmake/linux/completion.bash"
OPERANDS = {"none": "OPERAND_NONE", "file": "OPERAND_ONE", "dir": "OPERAND_ONE", "id": "OPERAND_ONE"}
# What `query -` takes is "-" alone, and map takes several.
OPERAND_OF = {("query",): "none", ("register",): "none", ("map",): "file"}
MAN = (ROOT / "docs/man/shikaku.1").read_text(encoding="utf-8")
# What is typed, with the cursor at its end, and what is offered.
LINES = {
    "shikaku ": "readers check watch import query register bulk person map pack outbox history store",
    "shikaku re": "readers register",
    "shikaku pack ": "list check test show new sign",
    "shikaku store ex": "export-key",
    "shikaku --config clinic.lua hist": "history",
    "shikaku --config=clinic.lua outbox d": "deliver drop",
    "shikaku check --ma": "--match",
    "shikaku check --match ": "later skip new patient: ask",
    "shikaku query --match=l": "later",
    "shikaku history list --from ": "",
    "shikaku import --from ": "auto app oqs",
    "shikaku readers --qui": "--quick --quiet",
    "shikaku watch --qui": "--quiet",
    "shikaku --lang ": "ja en",
    "shikaku map --script al": "alpha.lua",
    "shikaku map --pack ": "a_folder",
    "shikaku bulk --out a": "a_folder",
    "shikaku import ": "a_folder alpha.lua 見本 一.txt",
    "shikaku import 見": "見本 一.txt",
    "shikaku pack test a": "a_folder",
    "shikaku outbox drop ": "",
    "shikaku --set gateway.p": "gateway.pin= gateway.proxy= gateway.proxy_user= gateway.proxy_password= "
                               "gateway.proxy_environment=",
    "shikaku check --set rou": "route=",
}


def keys():
    return [path.replace("[]", "[1]") for path, *_ in rows()]


def block(name):
    return re.search(name + r"='\n(.*?)\n'\n", FILE.read_text(encoding="utf-8"), flags=re.S).group(1)


def listed():
    """{words: (operand, {option: what it takes, or None})}"""
    for line in block("_shikaku_list").splitlines():
        command, operand, words = line.split("|", 2)
        found = [w.partition("=") for w in words.split()]
        yield tuple(command.split()), operand.strip(), {name: value if equals else None for name, equals, value in found}


def wanted():
    names = {words: operand for words, operand in commands().values()}
    of = {("*",): {name: takes for name, takes, only in options() if not only}}
    for enumerator, (words, _) in commands().items():
        of[words] = {name: takes for name, takes, only in options() if enumerator in only}
    return names, of


def words_problems():
    names, of = wanted()
    found = {words: (operand, takes) for words, operand, takes in listed()}
    for words in sorted(set(of) ^ set(found)):
        yield f"{' '.join(words)}: not in both, the completion and args_commands.c"
    for words in set(of) & set(found):
        operand, takes = found[words]
        if {name: value is not None for name, value in takes.items()} != of[words]:
            yield f"{' '.join(words)}: its options differ from args_options.c and args.c"
        if words in names and OPERANDS[operand] != names[words] and OPERAND_OF.get(words) != operand:
            yield f"{' '.join(words)}: the operand {operand}"


def choices_problems():
    """Words that an option takes are those of the manual page."""
    said = {(name, frozenset(words.split(" | "))) for name, words in re.findall(r"Fl -([a-z-]+) Cm (\w+(?: \| \w+)+)", MAN)}
    for words, _, takes in listed():
        for name, value in takes.items():
            if value and "|" in value and "patient:" not in value and (name[2:], frozenset(value.split("|"))) not in said:
                yield f"{' '.join(words)}: {name} {value} is not in shikaku(1)"


def man_problems():
    """Every command and option has its place in the manual page, and nothing else has."""
    shown = set(re.findall(r"\bFl -([a-z][a-z-]+)", MAN))
    real = {name[2:] for name, _, _ in options() if name.startswith("--")}
    for name in sorted(shown ^ real):
        yield f"--{name} is not in both, shikaku(1) and the console"
    synopsis = re.search(r"\.Sh SYNOPSIS\n(.*?)\.Sh DESCRIPTION", MAN, flags=re.S).group(1)
    for words, _ in commands().values():
        if not re.search(rf"^\.(?:Cm|Op Cm) {words[0]}\b", synopsis, flags=re.M):
            yield f"{words[0]} is not in the synopsis of shikaku(1)"
        if len(words) > 1 and not re.search(rf"{words[0]}(?:\n\.Op Cm| |.*[ |]){words[1]}|Cm .*\b{words[1]}\b", synopsis):
            yield f"{' '.join(words)} is not in the synopsis of shikaku(1)"


def complete(line, folder):
    """What bash is offered; the line is cut into words as readline cuts it."""
    words = [w for w in re.split(r"\s+|(=)", line) if w]
    words += [""] if line.endswith(" ") else []
    script = (f". {shlex.quote(str(FILE))}; COMP_WORDS=({' '.join(map(shlex.quote, words))}); COMP_CWORD={len(words) - 1}; "
              "COMPREPLY=(); _shikaku shikaku; printf '%s\\n' \"${COMPREPLY[@]}\"")
    done = subprocess.run(["bash", "--norc", "-euc", script], cwd=folder, capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    return done.stdout.split() if done.returncode == 0 and not done.stderr else [done.stderr or "failed"]


def line_problems():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "a_folder").mkdir()
        for name in ("alpha.lua", "見本 一.txt"):
            (pathlib.Path(folder) / name).touch()
        for line, offered in LINES.items():
            got = complete(line, folder)
            if sorted(got) != sorted(offered.split()):
                yield f"“{line}” offers {' '.join(got) or 'nothing'} and not {offered or 'nothing'}"


def main():
    made = "\n".join(keys())
    if "--write" in sys.argv:
        text = FILE.read_text(encoding="utf-8")
        FILE.write_text(text.replace(f"_shikaku_keys='\n{block('_shikaku_keys')}\n'", f"_shikaku_keys='\n{made}\n'"),
                        encoding="utf-8")
    problems = [] if block("_shikaku_keys") == made else ["other keys than config.def; run completion.py --write"]
    problems += [*words_problems(), *choices_problems(), *man_problems(), *line_problems()]
    print("\n".join(problems) if problems else f"{len(LINES)} lines completed, {len(options())} options agree")
    sys.exit(1 if problems else 0)


main()
