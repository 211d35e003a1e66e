Attribute VB_Name = "Reception"
Option Explicit
' A reception desk in VB6: Reception CONFIG, with Shikaku.bas in the same project and Sub Main as its start.
'
' Waits for a card, asks for the PIN, and writes the answer and the document that was delivered into
' reception.txt beside the program, in UTF-8. A real desk has a form instead.

Private mSession As Long
Private mOutput As Integer

Public Sub Main()
    Dim config As String
    Dim outputPath As String
    config = Replace$(Trim$(Command$), """", "")
    If Len(config) = 0 Then
        MsgBox "usage: Reception CONFIG"
        Exit Sub
    End If
    If Not ShikakuLoad(App.Path) Then
        MsgBox "shikaku.dll cannot be loaded from " & App.Path
        Exit Sub
    End If
    outputPath = App.Path & "\reception.txt"
    If Len(Dir$(outputPath)) > 0 Then Kill outputPath
    mOutput = FreeFile
    Open outputPath For Binary Access Write As #mOutput
    PrintLine "abi " & shk_abi()
    OpenAndCheck config
    Close #mOutput
End Sub

Private Sub OpenAndCheck(ByVal config As String)
    Dim result As Long
    If ShikakuOpen(config, mSession) < 0 Then
        PrintFault "fault" ' why an open failed is read with session 0, which mSession is now
        Exit Sub
    End If
    ' A mistake on purpose, to show what a fault looks like.
    If ShikakuSet(mSession, "no.such.key", "1") < 0 Then PrintFault "fault"
    If shk_start(mSession, SHK_JOB_CHECK) < 0 Then
        PrintFault "fault"
    Else
        TakeEvents
        PrintOutcome
    End If
    PrintLine "close " & shk_close(mSession)
    result = ShikakuCount(mSession, "records")
    PrintLine "stale " & IIf(result = SHK_E_SESSION, "SESSION", "?") & " " & result
End Sub

' Windows' messages are served between two looks; with shk_wake a form would be told.
Private Sub TakeEvents()
    Dim eventNumber As Long
    Do
        eventNumber = shk_next_event(mSession, 100)
        If eventNumber > SHK_EVENT_NONE Then OnEvent eventNumber
        DoEvents
    Loop Until eventNumber = SHK_EVENT_DONE Or eventNumber < 0
End Sub

Private Sub OnEvent(ByVal eventNumber As Long)
    Dim title As String
    title = "event " & ShikakuEventName(eventNumber)
    Select Case eventNumber
    Case SHK_EVENT_PIN
        PrintLine title & " tries_left " & ShikakuText(mSession, "pin.tries_left", "-")
        AnswerPin
    Case SHK_EVENT_FAULT
        PrintFault title
    Case Else
        PrintLine title
    End Select
End Sub

' The person types, here or on the reader; a PIN that cannot be given ends the check.
' InputBox shows what is typed: a real desk has a TextBox with PasswordChar "*", read and emptied at once.
Private Sub AnswerPin()
    Dim typed As String
    Dim pin() As Byte
    Dim result As Long
    If ShikakuNumber(mSession, "pin.last_try") = 1 Then
        MsgBox "A mistake more blocks the card. Stopped."
        result = shk_cancel(mSession) ' a real desk asks the person, and passes True for a yes
        Exit Sub
    End If
    If ShikakuNumber(mSession, "pin.pad") = 1 Then
        PinPadShow ' no dialogue that waits: the events have to be taken meanwhile
        Exit Sub
    End If
    typed = InputBox(PinWord() & " / PIN")
    result = SHK_E_PIN_FORMAT
    If Len(typed) > 0 Then
        pin = StrConv(typed, vbFromUnicode)
        Mid$(typed, 1) = Space$(Len(typed)) ' over the digits, in their place
        result = ShikakuAnswerPin(mSession, pin, UBound(pin) + 1, False)
    End If
    If result < 0 Then
        result = shk_cancel(mSession) ' a real desk shows fault.message and asks again
    End If
End Sub

' A real desk shows this on its form.
Private Sub PinPadShow()
    Debug.Print "Type the PIN on the reader."
End Sub

' ChrW$: this source is ASCII, so that it reads the same under any code page.
Private Function PinWord() As String
    PinWord = ChrW$(&H6697) & ChrW$(&H8A3C) & ChrW$(&H756A) & ChrW$(&H53F7)
End Function

' "Cannot be told", "eligible", "not eligible", "does not say whether it is valid".
Private Function OutcomeWord(ByVal outcome As Long) As String
    Select Case outcome
    Case SHK_OUTCOME_NONE
        OutcomeWord = ChrW$(&H78BA) & ChrW$(&H8A8D) & ChrW$(&H3067) & ChrW$(&H304D) & ChrW$(&H307E) & _
            ChrW$(&H305B) & ChrW$(&H3093)
    Case SHK_OUTCOME_ELIGIBLE
        OutcomeWord = ChrW$(&H8CC7) & ChrW$(&H683C) & ChrW$(&H3042) & ChrW$(&H308A)
    Case SHK_OUTCOME_NOT_ELIGIBLE
        OutcomeWord = ChrW$(&H8CC7) & ChrW$(&H683C) & ChrW$(&H306A) & ChrW$(&H3057)
    Case SHK_OUTCOME_UNSTATED
        OutcomeWord = ChrW$(&H6709) & ChrW$(&H52B9) & ChrW$(&H30FB) & ChrW$(&H7121) & ChrW$(&H52B9) & _
            ChrW$(&H306E) & ChrW$(&H8A18) & ChrW$(&H8F09) & ChrW$(&H306A) & ChrW$(&H3057)
    Case Else
        OutcomeWord = "?"
    End Select
End Function

Private Sub PrintOutcome()
    Dim outcome As Long
    outcome = ShikakuNumber(mSession, "outcome")
    PrintLine "outcome " & outcome & " " & OutcomeWord(outcome)
    If outcome <> SHK_OUTCOME_NONE Then PrintAnswer
End Sub

Private Sub PrintAnswer()
    Dim paths() As String
    Dim i As Long
    paths = Split("record.name record.name_kana record.birth_date record.sex record.insurer_number " & _
        "record.symbol record.number record.branch_number record.reference_number", " ")
    For i = LBound(paths) To UBound(paths)
        PrintLine paths(i) & " " & ShikakuText(mSession, paths(i), "-")
    Next i
    PrintLine "records " & ShikakuCount(mSession, "records")
    If ShikakuCount(mSession, "delivery") > 0 Then PrintDelivery
End Sub

Private Sub PrintDelivery()
    Dim document() As Byte
    Dim size As Long
    Dim file As String
    file = Replace$(ShikakuText(mSession, "delivery[1].file", "-"), "/", "\")
    PrintLine "delivery[1].file " & Mid$(file, InStrRev(file, "\") + 1)
    size = ShikakuBytes(mSession, "delivery[1].document", document)
    If size > 0 Then
        PrintLine "document " & size
        ReDim Preserve document(0 To size - 1)
        Put #mOutput, , document
    End If
End Sub

' The fault's name and number; its two sentences.
Private Sub PrintFault(ByVal title As String)
    PrintLine title & " " & ShikakuText(mSession, "fault.name", "-") & " " & ShikakuNumber(mSession, "fault.code")
    PrintLine "  " & ShikakuText(mSession, "fault.message", "-")
    PrintLine "  " & ShikakuText(mSession, "fault.message_en", "-")
End Sub

' The bytes of UTF-8, whatever the session speaks; session 0 does so always.
Private Sub PrintLine(ByVal text As String)
    Dim bytes() As Byte
    Dim size As Long
    size = ShikakuEncode(0, text & vbLf, bytes)
    If size > 0 Then Put #mOutput, , bytes
End Sub
