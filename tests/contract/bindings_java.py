"""Java: nested classes of constants, and an interface for JNA."""
import re

FILE = "examples/java/Shikaku.java"
CLASSES = {"JOB": "Job", "EVENT": "Event", "OUTCOME": "Outcome", "STAGE": "Stage", "RETRY": "Retry",
           "NATIVE": "NativeKind", "MATCH": "MatchGrade", "PIN": "PinKind", "CARD": "CardKind", "NOTICE": "Notice",
           "LOG": "LogLevel", "E": "Fault"}
KINDS = {"byte[]": "bytes", "Pointer": "bytes", "int": "int", "IntByReference": "out"}
METHOD = re.compile(r"^ +int (shk_\w+)\(([^)]*)\);", flags=re.M)
# JNA copies an array and does not wipe the copy: what may be a secret goes in by a pointer.
SECRET = {"shk_put": 3, "shk_answer_pin": 1, "shk_check": 1}


def escaped(comment):
    return comment.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def constants(groups, indent):
    for place, group in enumerate(g for g in groups if g.prefix):
        if place:
            yield ""
        name = CLASSES[group.prefix]
        yield f"{indent}/** {escaped(group.comment)} */"
        yield f"{indent}public static final class {name} {{"
        yield f"{indent}    private {name}() {{"
        yield f"{indent}    }}"
        for number in group.numbers:
            words = escaped(number.comment) or f"SHK_{group.prefix}_{number.name}"
            yield f"{indent}    /** {words} */"
            yield f"{indent}    public static final int {number.name} = {number.value};"
        yield f"{indent}}}"


def declarations(text):
    found = {}
    for name, parameters in METHOD.findall(text):
        words = [p.strip().rsplit(" ", 1)[0] for p in parameters.split(",")] if parameters.strip() else []
        found[name] = [KINDS.get(word, word) for word in words]
        if name in SECRET and words[SECRET[name]] != "Pointer":
            found[name][SECRET[name]] = "an array that JNA copies"
    return found


def abi(text):
    return int(re.search(r"^ +int ABI = (\d+);", text, flags=re.M)[1])
