"""Python: IntEnum classes, and a table of ctypes for every function."""
import ast
import re

FILE = "examples/python/shikaku.py"
CLASSES = {"JOB": "Job", "EVENT": "Event", "OUTCOME": "Outcome", "STAGE": "Stage", "RETRY": "Retry",
           "NATIVE": "NativeKind", "MATCH": "MatchGrade", "PIN": "PinKind", "CARD": "CardKind", "NOTICE": "Notice",
           "LOG": "LogLevel", "E": "FaultCode"}
KINDS = {"c_int32": "int", "c_char_p": "bytes", "c_void_p": "bytes", "POINTER(c_int32)": "out"}


def constants(groups, indent):
    for group in groups:
        if not group.prefix:
            continue
        yield from ("", "", f"class {CLASSES[group.prefix]}(enum.IntEnum):", f'    """{group.comment}"""', "")
        for number in group.numbers:
            yield f"    {number.name} = {number.value}" + (f"  # {number.comment}" if number.comment else "")
    yield from ("", "")


def declarations(text):
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_FUNCTIONS":
            for name, kinds in zip(node.value.keys, node.value.values):
                found[ast.literal_eval(name)] = [KINDS[ast.unparse(kind).replace("ctypes.", "")] for kind in kinds.elts]
    return found


def abi(text):
    return int(re.search(r"^ABI = (\d+)$", text, flags=re.M)[1])
