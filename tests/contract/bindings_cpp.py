"""C++: takes declarations and numbers from the header; names of numbers stand in its block, and every export is used."""
import re

import bindings

FILE = "examples/cpp/shikaku.hpp"
NAMED = {"EVENT": ("event_name", '/** "WAITING" for SHK_EVENT_WAITING; "?" for one that a newer library brings. */'),
         "E": ("fault_name", '/** "PIN_WRONG" for SHK_E_PIN_WRONG; "?" for one that a newer library brings. */')}


def constants(groups, indent):
    for group in groups:
        if group.prefix not in NAMED:
            continue
        function, comment = NAMED[group.prefix]
        yield from ("", comment, f"inline const char *{function}(int32_t number) noexcept {{", "    switch (number) {")
        for number in group.numbers:
            yield from (f"    case SHK_{group.prefix}_{number.name}:", f'        return "{number.name}";')
        yield from ("    default:", '        return "?";', "    }", "}")
    yield ""


def declarations(text):
    """Those that are called: what a call says wrongly the compiler finds."""
    exports, _ = bindings.exports()
    return {name: exports.get(name) for name in re.findall(r"\b(shk_\w+)\(", text)}


def abi(text):
    return bindings.exports()[1] if "abi() != SHK_ABI" in text else None
