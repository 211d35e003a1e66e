"""Node: frozen objects, and prototypes that koffi reads."""
import re

FILE = "examples/node/shikaku.js"
NAMES = {"JOB": "Job", "EVENT": "Event", "OUTCOME": "Outcome", "STAGE": "Stage", "RETRY": "Retry",
         "NATIVE": "NativeKind", "MATCH": "MatchGrade", "PIN": "PinKind", "CARD": "CardKind", "NOTICE": "Notice",
         "LOG": "LogLevel", "E": "FaultCode"}
KINDS = {"const uint8_t *": "bytes", "_Out_ uint8_t *": "bytes", "_Out_ int32_t *": "out", "int32_t": "int"}
PROTOTYPE = re.compile(r"'int32_t (shk_\w+)\(([^)]*)\)'")


def constants(groups, indent):
    for group in groups:
        if not group.prefix:
            continue
        yield f"/** {group.comment} */"
        yield f"const {NAMES[group.prefix]} = Object.freeze({{"
        for number in group.numbers:
            yield f"  {number.name}: {number.value}," + (f" // {number.comment}" if number.comment else "")
        yield "});"


def declarations(text):
    found = {}
    for name, parameters in PROTOTYPE.findall(text):
        words = [] if parameters == "void" else [p.strip() for p in parameters.split(",")]
        found[name] = [KINDS[re.sub(r"\w+$", "", word).strip()] for word in words]
    return found


def abi(text):
    return int(re.search(r"^const ABI = (\d+);$", text, flags=re.M)[1])
