"""C#: static classes of constants, and P/Invoke declarations."""
import re

FILE = "examples/csharp/Shikaku.cs"
# Not Events: every form has a member of that name, which would hide it.
CLASSES = {"JOB": "Jobs", "EVENT": "EventKinds", "OUTCOME": "Outcomes", "STAGE": "Stages", "RETRY": "Retries",
           "NATIVE": "NativeKinds", "MATCH": "MatchGrades", "PIN": "PinKinds", "CARD": "CardKinds", "NOTICE": "Notices",
           "LOG": "LogLevels", "E": "Faults"}
KINDS = {"byte[]": "bytes", "[Out] byte[]": "bytes", "int": "int", "out int": "out", "ref int": "out"}
# With the calling convention of 32-bit Windows and the folders that are searched: neither shows on Linux.
EXTERN = re.compile(r"\[DefaultDllImportSearchPaths\(Beside\)\]\s+"
                    r'\[DllImport\("shikaku", CallingConvention = CallingConvention\.StdCall, ExactSpelling = true\)\]\s+'
                    r"public static extern int (shk_\w+)\(([^)]*)\);")


def escaped(comment):
    return comment.replace("&", "&amp;").replace("<", "&lt;")


def constants(groups, indent):
    for place, group in enumerate(g for g in groups if g.prefix):
        if place:
            yield ""
        yield f"{indent}/// <summary>{escaped(group.comment)}</summary>"
        yield f"{indent}public static class {CLASSES[group.prefix]}"
        yield f"{indent}{{"
        for number in group.numbers:
            words = escaped(number.comment) or f"SHK_{group.prefix}_{number.name}"
            yield f"{indent}    /// <summary>{words}</summary>"
            yield f"{indent}    public const int {number.name} = {number.value};"
        yield f"{indent}}}"


def declarations(text):
    found = {}
    for name, parameters in EXTERN.findall(text):
        words = [p.strip() for p in parameters.split(",")] if parameters.strip() else []
        found[name] = [KINDS.get(word.rsplit(" ", 1)[0], word) for word in words]
    return found


def abi(text):
    return int(re.search(r"const int ABI = (\d+);", text)[1])
