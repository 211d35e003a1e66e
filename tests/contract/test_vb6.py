#!/usr/bin/python3
"""vb6.py sees what is wrong with a module: each change below is one mistake, and its words are found."""
import sys

import vb6

BINDING, HOST = vb6.MODULES
DECLARE = "Public Declare Function shk_close Lib \"shikaku.dll\" Alias \"shk_close\" (ByVal s As Long) As Long"
# File, what stands there, what is written instead, what is said then.
CHANGES = (
    (BINDING, DECLARE, "", "shk_close is declared 0 times for VB6"),
    (BINDING, DECLARE, f"{DECLARE}\r\n{DECLARE}", "shk_close is declared 2 times for VB6"),
    (BINDING, DECLARE, DECLARE.replace("shk_close", "shk_shut"), "shk_shut: no such export"),
    (BINDING, DECLARE, DECLARE.replace('Alias "shk_close"', 'Alias "Shk_Close"'), "Alias Shk_Close"),
    (BINDING, DECLARE, DECLARE.replace(' Alias "shk_close"', ""), "Alias None"),
    (BINDING, DECLARE, DECLARE.replace("shikaku.dll", "shikaku"), "shk_close is declared 0 times for VB6"),
    (BINDING, DECLARE, DECLARE.replace("ByVal s", "ByRef s"), "shk_close: ByRef Long is not as in shikaku.h"),
    (BINDING, DECLARE, DECLARE.replace("ByVal s", "s"), "parameter s As Long"),
    (BINDING, DECLARE, DECLARE.replace("s As Long)", "s As Integer)"), "shk_close: ByVal Integer is not as in shikaku.h"),
    (BINDING, DECLARE, DECLARE.replace("s As Long)", "s As Long, ByVal t As Long)"), "ByVal Long, ByVal Long is not as in"),
    (BINDING, DECLARE, DECLARE.replace(") As Long", ") As Integer"), "As Integer"),
    (BINDING, DECLARE, DECLARE.replace("Declare", "Declare PtrSafe"), "PtrSafe is for VBA7 alone"),
    (BINDING, "Declare PtrSafe Function shk_abi", "Declare Function shk_abi", "PtrSafe is for VBA7 alone"),
    (BINDING, "LoadLibraryW Lib \"kernel32\" (ByVal path As Long) As Long",
     "LoadLibraryW Lib \"kernel32\" (ByVal path As LongPtr) As Long", "LongPtr is for VBA7 alone"),
    (BINDING, "ByRef config As Byte, ByVal config_len", "ByVal config As String, ByVal config_len", "ByVal String, ByVal Long"),
    (BINDING, "SHK_E_ABSENT As Long = -1005", "SHK_E_ABSENT As Long = -1004", "SHK_E_ABSENT is -1004, in codes.h -1005"),
    (BINDING, "Public Const SHK_JOB_MAP As Long = 9", "", "SHK_JOB_MAP is None, in codes.h 9"),
    (BINDING, "#Else", "", "shk_abi is declared 2 times for VBA7"),
    (BINDING, "#End If\r\n\r\nPrivate Const", "Private Const", "an #If without #End If"),
    (BINDING, "Option Explicit\r\n", "", "does not begin with its name and Option Explicit"),
    (BINDING, "\r\n", "\n", "does not end with CR and LF"),
    (BINDING, "geta mark", "\u3013", "not ASCII"),
    (BINDING, "' Since ShikakuUse", "'" + " long" * 210, "longer than 1023"),
    (BINDING, "    Dim file As String\r\n", "", "file is not declared"),
    (BINDING, "    Dim file As String\r\n", "    Dim folder As String\r\n", "folder is declared twice"),
    (BINDING, "    Dim file As String\r\n", "    Dim file As Text\r\n", "no such type: Text"),
    (BINDING, "    Next i\r\n", "", "End Sub ends For i"),
    (BINDING, "    Next i\r\n", "    Next j\r\n", "Next j ends For i"),
    (BINDING, "    Loop While size > cap\r\n", "", "End Function ends Do"),
    (BINDING, "        Exit Function\r\n    End If\r\n", "        Exit Function\r\n", "End Function ends If"),
    (BINDING, "        Exit Function\r\n    End If\r\n", "        Exit Sub\r\n    End If\r\n", "Exit Sub outside of one"),
    (BINDING, "    ShikakuLoad = LoadLibraryW(StrPtr(file)) <> 0\r\n", "", "ShikakuLoad gives nothing"),
    (BINDING, "shk_open(bytes(0), size, session)", "shk_open(bytes(0), size)", "shk_open has 2 arguments, not 3 to 3"),
    (BINDING, "shk_open(bytes(0), size, session)", "shk_open(bytes, size, session)", "bytes is not config As Byte"),
    (BINDING, "shk_open(bytes(0), size, session)", "shk_open(config, size, session)", "config is not config As Byte"),
    (BINDING, "    ShikakuSet session, \"text_encoding\",", "    ShikakuSet session, \"route\",", "leaves text_encoding"),
    (BINDING, "StrPtr(file)", "StrPtr(file, 1)", "StrPtr has 2 arguments"),
    (BINDING, "Private mCodePage As Long", "Private mCodePage As Long\r\nPrivate mcodepage As Long", "mcodepage stands twice"),
    (BINDING, "\r\n' Overwrites with zeros.", "\r\nPrivate mLate As Long\r\n", "behind a procedure"),
    (BINDING, "' Session 0 speaks UTF-8 always.", "' Session 0 speaks UTF-8 _", "a comment goes on"),
    (BINDING, DECLARE, DECLARE.replace("(", "(" + " _\r\n" * 25), "25 continued lines"),
    (HOST, "    Case Else\r\n        PrintLine title\r\n    End Select\r\n", "", "End Sub ends Select Case"),
    (HOST, "PrintLine title & \" tries_left \"", "PrintLin title & \" tries_left \"", "PrintLin is not declared"),
    (HOST, "    PrintLine \"close \" & shk_close(mSession)", "    PrintLine \"close \" & shk_close()", "shk_close has 0 arguments"),
    (HOST, "SHK_EVENT_FAULT", "SHK_EVENT_FALT", "SHK_EVENT_FALT is not declared"),
    (HOST, "Private mOutput As Integer", "Private mOutput As Integer\r\n" + DECLARE, "outside of Shikaku.bas"),
)


def main():
    contents = vb6.read()
    missed = [f"of the modules as they are: {problem}" for problem in vb6.look(contents)]
    for name, old, new, words in CHANGES:
        before = contents[name].decode("ascii")
        if old not in before:
            missed.append(f"{name} has no {old!r}")
            continue
        said = vb6.look(contents | {name: before.replace(old, new).encode("utf-8")})
        if not any(words in problem for problem in said):
            missed.append(f"{old!r} as {new!r}: {words!r} is not among {said}")
    print("\n".join(missed) if missed else f"{len(CHANGES)} mistakes are seen")
    sys.exit(1 if missed else 0)


main()
