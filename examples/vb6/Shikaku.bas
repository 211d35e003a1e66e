Attribute VB_Name = "Shikaku"
Option Explicit
' Shikaku for VB6 and VBA (32 and 64 bits): copy this one module. It holds the numbers of codes.h, the
' sixteen functions with the manual of each, and helpers that speak String (ShikakuOpen, ShikakuText,
' ...).
'
' RULES THAT HOLD FOR EVERY FUNCTION
'
' Types       Long is int32_t, ByRef ... As Byte the first element of a byte array, such as text(0).
'             No structure, no callback. Every result is a Long.
' Strings     Never a VB String: "ByVal ... As String" would pass a copy in the system's ANSI code
'             page and lose characters. Pass a byte array with its length; ShikakuEncode makes one,
'             ShikakuDecode reads one.
' Strings in  First byte and length in bytes. Trailing blanks and zero bytes are dropped; the PIN is
'             the one exception and is taken exactly as given. A negative length means: ended by a
'             zero byte. An array has at least one element, also for length 0.
' Strings out Into your array of cap bytes, always ended by a zero byte when cap > 0. The result is
'             the full length in bytes without it; a value that does not fit is cut between
'             characters. The retry rule is one comparison: result >= cap.
' Encoding    UTF-8, or code page 932 when the session's text_encoding is "cp932": ShikakuUseCp932. A
'             character that code page 932 lacks becomes the geta mark and is counted at the path
'             text.losses.
' Results     0 or a positive number is good; a negative number is one of the SHK_E_ codes. Its
'             sentences are at fault.message (Japanese, for the desk) and fault.message_en (English,
'             for the log).
' Ownership   Neither side frees the other's memory. Arguments are copied before the call returns.
' Threads     [any] from any thread at any time, [session] one thread at a time for one session. The
'             library never calls into the host.
' Time        Every call returns at once unless its comment names a time limit.

' The number of this module's interface; shk_abi gives that of the library.
Public Const SHK_ABI_EXPECTED As Long = 1

' codes.h: begin
Public Const SHK_OK As Long = 0

' Jobs for shk_start.
Public Const SHK_JOB_CHECK As Long = 1
Public Const SHK_JOB_WATCH As Long = 2
Public Const SHK_JOB_READERS As Long = 3
Public Const SHK_JOB_QUERY As Long = 4 ' asks by the data of an insurance card: inputs query.*
Public Const SHK_JOB_IMPORT As Long = 5 ' reads an answer that the host has: inputs import.*
Public Const SHK_JOB_BULK As Long = 6 ' asks again for a table of patients: inputs bulk.*
Public Const SHK_JOB_REGISTER As Long = 7 ' registers the host's own patient number: inputs query.*
Public Const SHK_JOB_PACK As Long = 8 ' looks at, tests or signs packs: inputs pack.*
Public Const SHK_JOB_MAP As Long = 9 ' maps answers without delivering: inputs import.*, map.*
Public Const SHK_JOB_DELIVER As Long = 10 ' delivers what waits in the outbox: inputs outbox.*
Public Const SHK_JOB_HISTORY As Long = 11 ' lists, verifies or exports the history: inputs history.*
Public Const SHK_JOB_STORE As Long = 12 ' looks after the store: inputs store.*
Public Const SHK_JOB_PERSON As Long = 13 ' reads name, address, birth date and sex from a card, to register somebody new

' Events from shk_next_event. Behind each: the paths that belong to it.
Public Const SHK_EVENT_NONE As Long = 0
Public Const SHK_EVENT_WAITING As Long = 1 ' put the card on the reader: card.reader when one is preferred
Public Const SHK_EVENT_CARD As Long = 2 ' a card lies on the reader: card.reader
Public Const SHK_EVENT_PIN As Long = 3 ' answer with shk_answer_pin: pin.tries_left
Public Const SHK_EVENT_ASKING As Long = 4 ' the question is on its way; the card may be taken away, better after it
Public Const SHK_EVENT_ANSWER As Long = 5 ' the answer is readable: outcome, records, record.*
Public Const SHK_EVENT_DELIVERED As Long = 6 ' one document more lies at the host: delivery.last, delivery[n].*
Public Const SHK_EVENT_FAULT As Long = 7 ' something failed: fault.*
Public Const SHK_EVENT_REMOVED As Long = 8 ' the card left the reader
Public Const SHK_EVENT_READERS As Long = 9 ' the readers are listed, or have changed: readers.*, readers[n].*
Public Const SHK_EVENT_DONE As Long = 10 ' the check or the job is over: outcome, fault.*
Public Const SHK_EVENT_NEXT As Long = 11 ' this person is finished, another one of the same input follows
Public Const SHK_EVENT_PROGRESS As Long = 12 ' a long job goes on: progress.*
Public Const SHK_EVENT_SECRET As Long = 13 ' give the passphrase of the device's key: shk_put "secret"
Public Const SHK_EVENT_MATCH As Long = 14 ' say whose answer this is: match.*, shk_put "match.answer"
Public Const SHK_EVENT_OUTBOX As Long = 15 ' what waits in the outbox has changed: outbox.*
Public Const SHK_EVENT_NOTICE As Long = 16 ' staff should hear this, and the job goes on: notice.*

' Outcome of a check, at the path "outcome". 0: no answer.
Public Const SHK_OUTCOME_NONE As Long = 0
Public Const SHK_OUTCOME_ELIGIBLE As Long = 1
Public Const SHK_OUTCOME_NOT_ELIGIBLE As Long = 2
Public Const SHK_OUTCOME_UNSTATED As Long = 3 ' a record without a word on whether it is valid now

' Where a fault arose, at the path "fault.stage".
Public Const SHK_STAGE_API As Long = 0
Public Const SHK_STAGE_CARD As Long = 1
Public Const SHK_STAGE_IDENTITY As Long = 2
Public Const SHK_STAGE_LOOKUP As Long = 3
Public Const SHK_STAGE_RECORD As Long = 4
Public Const SHK_STAGE_MAPPING As Long = 5
Public Const SHK_STAGE_HOST As Long = 6
Public Const SHK_STAGE_STORE As Long = 7

' What may help, at the path "fault.retry".
Public Const SHK_RETRY_NO As Long = 0
Public Const SHK_RETRY_SAME As Long = 1 ' the same again may work
Public Const SHK_RETRY_OPERATOR As Long = 2 ' after a person has done something

' What kind of number "fault.native" is, at the path "fault.native_kind".
Public Const SHK_NATIVE_NONE As Long = 0
Public Const SHK_NATIVE_PCSC As Long = 1
Public Const SHK_NATIVE_SW As Long = 2
Public Const SHK_NATIVE_CURL As Long = 3
Public Const SHK_NATIVE_HTTP As Long = 4
Public Const SHK_NATIVE_TLS As Long = 5
Public Const SHK_NATIVE_XML_LINE As Long = 6
Public Const SHK_NATIVE_LUA_LINE As Long = 7
Public Const SHK_NATIVE_OS As Long = 8
Public Const SHK_NATIVE_SQL As Long = 9 ' SQLite's extended code; of a server the SQLSTATE, read in base 36
Public Const SHK_NATIVE_HOST As Long = 10 ' the host program's own code

' How sure it is whose answer this is, at the path "match.grade".
Public Const SHK_MATCH_SAME As Long = 1
Public Const SHK_MATCH_CHANGED As Long = 2 ' the same person, the insurance changed
Public Const SHK_MATCH_PROBABLY As Long = 3
Public Const SHK_MATCH_SEVERAL As Long = 4
Public Const SHK_MATCH_NEW As Long = 5

' What is to be typed at SHK_EVENT_PIN, at the path "pin.kind".
Public Const SHK_PIN_AUTH As Long = 1 ' four digits
Public Const SHK_PIN_TEXT As Long = 2 ' four digits
Public Const SHK_PIN_CODE_B As Long = 3 ' B: 14 digits from the card's face

' What the card is, at the path "card.kind".
Public Const SHK_CARD_UNKNOWN As Long = 0
Public Const SHK_CARD_MYNUMBER As Long = 1
Public Const SHK_CARD_ANDROID As Long = 2
Public Const SHK_CARD_IPHONE As Long = 3
Public Const SHK_CARD_JUKI As Long = 4
Public Const SHK_CARD_OTHER As Long = 5

' What SHK_EVENT_NOTICE is about, at the path "notice".
Public Const SHK_NOTICE_EXPIRES As Long = 1 ' the certificate ends soon: card.expires_on, card.days_left

' Levels of the log.
Public Const SHK_LOG_ERROR As Long = 1
Public Const SHK_LOG_WARN As Long = 2
Public Const SHK_LOG_INFO As Long = 3
Public Const SHK_LOG_DEBUG As Long = 4

' Faults, banded by stage; the sentences are in docs/codes.md.
Public Const SHK_E_ARGUMENT As Long = -1001
Public Const SHK_E_SESSION As Long = -1002
Public Const SHK_E_STATE As Long = -1003
Public Const SHK_E_PATH As Long = -1004
Public Const SHK_E_ABSENT As Long = -1005
Public Const SHK_E_MEMORY As Long = -1006
Public Const SHK_E_TYPE As Long = -1007
Public Const SHK_E_TOO_MANY As Long = -1008
Public Const SHK_E_CONFIG_FILE As Long = -1010
Public Const SHK_E_CONFIG_SYNTAX As Long = -1011
Public Const SHK_E_CONFIG_KEY As Long = -1012
Public Const SHK_E_CONFIG_VALUE As Long = -1013
Public Const SHK_E_LOG_FILE As Long = -1014
Public Const SHK_E_INPUT As Long = -1015
Public Const SHK_E_FILE_READ As Long = -1016
Public Const SHK_E_FILE_TOO_LARGE As Long = -1017
Public Const SHK_E_RESUME As Long = -1018
Public Const SHK_E_BULK_RUNNING As Long = -1019
Public Const SHK_E_CANCELLED As Long = -1020
Public Const SHK_E_TIMEOUT As Long = -1021
Public Const SHK_E_BULK_FOLDER As Long = -1022
Public Const SHK_E_LIBRARY As Long = -1023
Public Const SHK_E_INTERNAL As Long = -1099
Public Const SHK_E_NO_PCSC As Long = -1101
Public Const SHK_E_NO_SERVICE As Long = -1102
Public Const SHK_E_NO_READER As Long = -1103
Public Const SHK_E_NO_CARD As Long = -1104
Public Const SHK_E_CARD_REMOVED As Long = -1105
Public Const SHK_E_CARD_BUSY As Long = -1106
Public Const SHK_E_CARD_RESET As Long = -1107
Public Const SHK_E_NOT_MYNUMBER As Long = -1108
Public Const SHK_E_CARD_ANSWER As Long = -1109
Public Const SHK_E_READER As Long = -1110
Public Const SHK_E_CARD_MUTE As Long = -1111
Public Const SHK_E_CARD_HANGS As Long = -1112
Public Const SHK_E_JUKI_CARD As Long = -1113
Public Const SHK_E_PHONE_REFUSED As Long = -1114
Public Const SHK_E_SEVERAL_CARDS As Long = -1115
Public Const SHK_E_PIN_WRONG As Long = -1201
Public Const SHK_E_PIN_BLOCKED As Long = -1202
Public Const SHK_E_PIN_FORMAT As Long = -1203
Public Const SHK_E_PIN_LAST_TRY As Long = -1204
Public Const SHK_E_PIN_TIMEOUT As Long = -1205
Public Const SHK_E_CERTIFICATE As Long = -1206
Public Const SHK_E_CERTIFICATE_EXPIRED As Long = -1207
Public Const SHK_E_CERTIFICATE_NOT_YET As Long = -1208
Public Const SHK_E_SIGNATURE As Long = -1209
Public Const SHK_E_NO_CERTIFICATE As Long = -1210
Public Const SHK_E_PIN_NONE As Long = -1211
Public Const SHK_E_PIN_PAD As Long = -1212
Public Const SHK_E_CODE_FORMAT As Long = -1213
Public Const SHK_E_CODE_WRONG As Long = -1214
Public Const SHK_E_CODE_BLOCKED As Long = -1215
Public Const SHK_E_ATTRIBUTES As Long = -1216
Public Const SHK_E_PIN_SAME As Long = -1217
Public Const SHK_E_GATEWAY_UNREACHABLE As Long = -1301
Public Const SHK_E_GATEWAY_UNTRUSTED As Long = -1302
Public Const SHK_E_DEVICE_REFUSED As Long = -1303
Public Const SHK_E_GATEWAY_TIMEOUT As Long = -1304
Public Const SHK_E_GATEWAY_ANSWER As Long = -1305
Public Const SHK_E_CHALLENGE_EXPIRED As Long = -1306
Public Const SHK_E_CHALLENGE_USED As Long = -1307
Public Const SHK_E_SIGNATURE_INVALID As Long = -1308
Public Const SHK_E_CARD_CERT_EXPIRED As Long = -1309
Public Const SHK_E_CARD_CERT_REVOKED As Long = -1310
Public Const SHK_E_CARD_CERT_UNKNOWN As Long = -1311
Public Const SHK_E_FACILITY_MISMATCH As Long = -1312
Public Const SHK_E_REQUEST_INVALID As Long = -1313
Public Const SHK_E_RATE_LIMITED As Long = -1314
Public Const SHK_E_UPSTREAM_UNAVAILABLE As Long = -1315
Public Const SHK_E_ANSWER_TOO_LARGE As Long = -1316
Public Const SHK_E_REQUEST_CONFLICT As Long = -1317
Public Const SHK_E_DEVICE_KEY As Long = -1318
Public Const SHK_E_DEMO_ANSWER As Long = -1319
Public Const SHK_E_ANSWER_FOREIGN As Long = -1320
Public Const SHK_E_CLOCK As Long = -1321
Public Const SHK_E_PASSPHRASE As Long = -1322
Public Const SHK_E_PROXY As Long = -1323
Public Const SHK_E_TERMINAL_FOLDER As Long = -1324
Public Const SHK_E_TERMINAL_TIMEOUT As Long = -1325
Public Const SHK_E_TERMINAL_REFUSED As Long = -1326
Public Const SHK_E_CHECK_DIGIT As Long = -1327
Public Const SHK_E_ROUTE_CANNOT As Long = -1328
Public Const SHK_E_CLIPBOARD As Long = -1329
Public Const SHK_E_ARCHIVE As Long = -1330
Public Const SHK_E_BULK_UNANSWERED As Long = -1331
Public Const SHK_E_XML As Long = -1401
Public Const SHK_E_XML_ENCODING As Long = -1402
Public Const SHK_E_XML_FOREIGN As Long = -1403
Public Const SHK_E_VALUE As Long = -1404
Public Const SHK_E_ANSWER_REFUSED As Long = -1405
Public Const SHK_E_ANSWER_PENDING As Long = -1406
Public Const SHK_E_ANSWER_ERROR As Long = -1407
Public Const SHK_E_APP_TEXT As Long = -1408
Public Const SHK_E_APP_INCOMPLETE As Long = -1409
Public Const SHK_E_APP_CONTRADICTION As Long = -1410
Public Const SHK_E_APP_VALUE As Long = -1411
Public Const SHK_E_APP_UNREAD As Long = -1412
Public Const SHK_E_ANSWER_UNCLEAR As Long = -1413
Public Const SHK_E_EMPTY As Long = -1414
Public Const SHK_E_ANSWER_COUNT As Long = -1415
Public Const SHK_E_SCRIPT_FILE As Long = -1501
Public Const SHK_E_SCRIPT_SYNTAX As Long = -1502
Public Const SHK_E_SCRIPT_CONTRACT As Long = -1503
Public Const SHK_E_SCRIPT_RUN As Long = -1504
Public Const SHK_E_SCRIPT_BUDGET As Long = -1505
Public Const SHK_E_SCRIPT_MEMORY As Long = -1506
Public Const SHK_E_FIELD_REQUIRED As Long = -1507
Public Const SHK_E_FIELD_TOO_LONG As Long = -1508
Public Const SHK_E_CHARACTER_LOST As Long = -1509
Public Const SHK_E_SCRIPT_CHECK As Long = -1510
Public Const SHK_E_FILE_NAME As Long = -1511
Public Const SHK_E_TABLE As Long = -1512
Public Const SHK_E_TABLE_EMPTY As Long = -1513
Public Const SHK_E_PACK As Long = -1514
Public Const SHK_E_PACK_SAMPLE As Long = -1515
Public Const SHK_E_OVERLAY As Long = -1516
Public Const SHK_E_PACK_UNSIGNED As Long = -1517
Public Const SHK_E_PACK_SIGNATURE As Long = -1518
Public Const SHK_E_PACK_SOURCE As Long = -1519
Public Const SHK_E_ADAPTER_UNKNOWN As Long = -1601
Public Const SHK_E_ADAPTER_SETTINGS As Long = -1602
Public Const SHK_E_FOLDER_MISSING As Long = -1603
Public Const SHK_E_FOLDER_WRITE As Long = -1604
Public Const SHK_E_FOLDER_LOCKED As Long = -1605
Public Const SHK_E_DISK_FULL As Long = -1606
Public Const SHK_E_FILE_EXISTS As Long = -1607
Public Const SHK_E_FILE_FOREIGN As Long = -1608
Public Const SHK_E_ADAPTER_BROKEN As Long = -1609
Public Const SHK_E_ADAPTER_TIMEOUT As Long = -1610
Public Const SHK_E_MODULE_FILE As Long = -1611
Public Const SHK_E_HOST_UNREACHABLE As Long = -1612
Public Const SHK_E_HOST_REFUSED As Long = -1613
Public Const SHK_E_HOST_ANSWER As Long = -1614
Public Const SHK_E_HOST_LOGIN As Long = -1615
Public Const SHK_E_HOST_BUSY As Long = -1616
Public Const SHK_E_STATEMENT As Long = -1617
Public Const SHK_E_DRIVER As Long = -1618
Public Const SHK_E_UNDECIDED As Long = -1619
Public Const SHK_E_MATCH_ANSWER As Long = -1620
Public Const SHK_E_DELIVERY_UNSURE As Long = -1621
Public Const SHK_E_DELIVERY_TAKEN As Long = -1622
Public Const SHK_E_TARGET_GONE As Long = -1623
Public Const SHK_E_STORE_OPEN As Long = -1701
Public Const SHK_E_STORE_BROKEN As Long = -1702
Public Const SHK_E_STORE_NEWER As Long = -1703
Public Const SHK_E_STORE_KEY As Long = -1704
Public Const SHK_E_STORE_LOCKED As Long = -1705
Public Const SHK_E_STORE_FULL As Long = -1706
Public Const SHK_E_STORE_DOWN As Long = -1707
Public Const SHK_E_STORE_LOGIN As Long = -1708
Public Const SHK_E_STORE_LIBRARY As Long = -1709
Public Const SHK_E_STORE_SEALED As Long = -1710
Public Const SHK_E_HISTORY_BROKEN As Long = -1711
Public Const SHK_E_STORE_OFF As Long = -1712
Public Const SHK_E_STORE_FAILED As Long = -1713
' codes.h: end

' VBA7 (Office 2010 and later, of 32 and 64 bits) wants PtrSafe; VB6 and older Office do not know it. An
' editor of VB6 shows the lines of the other branch in red; it compiles all the same. The Alias keeps the
' names: the editor may change the case of a word, the library's names are lower case.
#If VBA7 Then

' The interface number of the loaded library. [any]
' Call it first: when it differs from SHK_ABI, a different library was found. Never fails.
Public Declare PtrSafe Function shk_abi Lib "shikaku.dll" Alias "shk_abi" () As Long

' Opens a session. [any]
' config      path of the configuration file (a Lua table, see docs/host.md), in UTF-8; length 0 takes
'             every default.
' handle      receives the handle; 0 when the call fails.
' Owner       the host owns the session until shk_close.
' Time        reads one small file; at most 2 s.
' Errors      SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX, SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE,
'             SHK_E_TOO_MANY, SHK_E_MEMORY, SHK_E_ARGUMENT. The words for a failed open are read with
'             session 0, from the same thread: shk_text(0, "fault.message", ...).
Public Declare PtrSafe Function shk_open Lib "shikaku.dll" Alias "shk_open" ( _
    ByRef config As Byte, ByVal config_len As Long, ByRef handle As Long) As Long

' Closes a session, in whatever state it is, and wipes what it held. [any]
' A check under way is cancelled; a card command that cannot be interrupted is left to end by itself
' in the background.
' Time        at most 2 s.
' Errors      SHK_E_SESSION when s is not open; nothing happens then.
Public Declare PtrSafe Function shk_close Lib "shikaku.dll" Alias "shk_close" (ByVal s As Long) As Long

' Sets one configuration key for this session, over what the file says. [session]
' key         a key of docs/configuration.md, such as "route" or "gateway.url".
' value       as text; numbers in decimal, booleans as "true" or "false".
' Errors      SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE, SHK_E_STATE while a job runs.
Public Declare PtrSafe Function shk_set Lib "shikaku.dll" Alias "shk_set" ( _
    ByVal s As Long, ByRef key As Byte, ByVal key_len As Long, ByRef value As Byte, _
    ByVal value_len As Long) As Long

' Gives an input to the next job, or the answer to SHK_EVENT_SECRET or SHK_EVENT_MATCH. [session]
' path        such as "query.insurer_number", "import.data", "pack.path", "secret", "match.answer";
'             docs/host.md lists them. Inputs are kept until the job that follows ends, then wiped.
' bytes       the value; text in the session's encoding, "import.data" as the bytes it is and with
'             nothing dropped. Length 0 takes the input back. "secret" is copied into one locked
'             buffer, used once and wiped; the host wipes its own copy. "match.take" comes before
'             "match.answer", which ends the question.
' Errors      SHK_E_PATH, SHK_E_INPUT when it is too long (an empty "secret" too), SHK_E_STATE while a
'             job runs ("secret", "match.*": when none is asked for), SHK_E_MATCH_ANSWER (the
'             question stays open), SHK_E_ARGUMENT, SHK_E_MEMORY.
Public Declare PtrSafe Function shk_put Lib "shikaku.dll" Alias "shk_put" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef bytes As Byte, _
    ByVal length As Long) As Long

' Starts a job on the session's worker thread. [session]
' job         SHK_JOB_CHECK   waits for a card, checks once, ends with SHK_EVENT_DONE.
'             SHK_JOB_WATCH   the same for card after card, until shk_cancel.
'             SHK_JOB_READERS lists the readers into "readers[n].*".
'             SHK_JOB_QUERY   asks once by the data of an insurance card (inputs query.*).
'             SHK_JOB_IMPORT  reads an answer that the host has (inputs import.*); several persons one
'               after the other, SHK_EVENT_NEXT between them.
'             SHK_JOB_BULK    asks again for a table of patients (inputs bulk.*).
'             SHK_JOB_REGISTER registers the host's patient number for one person (inputs query.*).
'             SHK_JOB_PACK    checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*"
'               and "packs[n].*".
'             SHK_JOB_MAP     maps answers that the host has (inputs import.*, map.*) and delivers
'               nothing; several persons as with SHK_JOB_IMPORT.
'             SHK_JOB_DELIVER lists or delivers what waits in the outbox (inputs outbox.*); a person
'               at a time as with SHK_JOB_IMPORT.
'             SHK_JOB_HISTORY lists, verifies or exports the history (inputs history.*).
'             SHK_JOB_STORE   shows or looks after the store (inputs store.*).
'             SHK_JOB_PERSON  reads name, address, birth date and sex from the card; off unless the
'               key "attributes" is set.
' With the routes "folder" and "app" no card is read: a check takes the next answer that arrives, a
' watch every one. The values of the job before are wiped.
' Errors      SHK_E_STATE when a job runs already, SHK_E_ARGUMENT, SHK_E_CONFIG_VALUE when the
'             configuration cannot serve the job ("fault.where" names the key), SHK_E_ROUTE_CANNOT,
'             SHK_E_INPUT and SHK_E_CHECK_DIGIT ("fault.where" names the input; the inputs are kept),
'             SHK_E_LOG_FILE, SHK_E_ADAPTER_UNKNOWN, SHK_E_ADAPTER_SETTINGS. Scripts and delivery
'             folders are looked at only when a document is delivered. Packs are tried when a job that
'             delivers begins: one that may not be used ends it with SHK_E_PACK, SHK_E_PACK_SAMPLE,
'             SHK_E_PACK_UNSIGNED or SHK_E_PACK_SIGNATURE.
Public Declare PtrSafe Function shk_start Lib "shikaku.dll" Alias "shk_start" ( _
    ByVal s As Long, ByVal job As Long) As Long

' Answers SHK_EVENT_PIN. [session]
' pin         the digits as ASCII: four, or 14 where "pin.kind" is SHK_PIN_CODE_B. Copied into one
'             locked buffer, sent to the card once, wiped. Digits that this card has called wrong
'             before, while it is held, are not sent: SHK_EVENT_FAULT (SHK_E_PIN_SAME) and another
'             SHK_EVENT_PIN. The host wipes its own copy. Where "pin.pad" is 1 the digits are typed on
'             the reader and the host answers nothing, but where "pin.last_try" is 1: then the reader
'             waits for the host's word, which is length 0 (pin is then not read) and spend_last_try 1.
' spend_last_try
'             1: send it even when "pin.last_try" is 1 and a mistake would block the card. Ask the
'             person first. 0: such a PIN is not sent (SHK_E_PIN_LAST_TRY).
' Errors      SHK_E_STATE when no PIN is asked for, before its SHK_EVENT_PIN was taken, and for digits
'             where the reader takes them; SHK_E_PIN_FORMAT when it is not four digits,
'             SHK_E_CODE_FORMAT when it is no such number (nothing is sent, the question stays open);
'             SHK_E_PIN_LAST_TRY (the same).
Public Declare PtrSafe Function shk_answer_pin Lib "shikaku.dll" Alias "shk_answer_pin" ( _
    ByVal s As Long, ByRef pin As Byte, ByVal pin_len As Long, ByVal spend_last_try As Long) As Long

' Ends the running job; it reports SHK_EVENT_DONE with the fault SHK_E_CANCELLED. [any]
' A command on its way to the card is not called back: the end is reported when it has ended. Events
' that wait already are still handed out; a PIN answered after the cancel is not sent. Once the answer
' is there, its deliveries are still made, each whole or not at all, and the job ends after them; an
' adapter that takes longer than about a second is left behind, and what it was given waits in the
' outbox.
' Errors      SHK_E_SESSION; no job is not an error.
Public Declare PtrSafe Function shk_cancel Lib "shikaku.dll" Alias "shk_cancel" ( _
    ByVal s As Long) As Long

' Takes the next event. [session]
' timeout_ms  how long to wait for one; 0 only looks, a negative number waits for ever.
' Result      SHK_EVENT_NONE when none came in time, else one of the SHK_EVENT_ numbers. What belongs
'             to an event is read by path (docs/host.md lists the paths of each). Without a job none
'             comes; a shk_close from another thread ends the wait.
' Errors      SHK_E_SESSION.
' Time        timeout_ms.
Public Declare PtrSafe Function shk_next_event Lib "shikaku.dll" Alias "shk_next_event" ( _
    ByVal s As Long, ByVal timeout_ms As Long) As Long

' Asks to be woken when an event waits, for hosts with a message loop. [session]
' target      POSIX: a descriptor of the host (eventfd, pipe, socket) into which eight bytes, the
'             number 1 in native order, are written without blocking. Windows: a window handle to
'             which `message` is posted. A negative target ends it.
' message     Windows: the message number (WM_APP or above); elsewhere 0.
' When an event waits already, the target is woken at once. After a wake take events until
' SHK_EVENT_NONE. The target is not checked: into one that is closed or full nothing is written. The
' host keeps the target open until it has ended it or closed the session.
' Errors      SHK_E_SESSION.
Public Declare PtrSafe Function shk_wake Lib "shikaku.dll" Alias "shk_wake" ( _
    ByVal s As Long, ByVal target As Long, ByVal message As Long) As Long

' Reads a value as text. [session]
' path        such as "record.name", "records[2].insurer_number", "fault.message", "delivery[1].file";
'             lists count from 1. docs/host.md lists the fixed paths, docs/fields.md the fields of a
'             record.
' buf, cap    the host's buffer.
' Result      the full length in bytes.
' Errors      SHK_E_ABSENT: a known path without a value now (an empty value gives 0). SHK_E_PATH: no
'             such path. SHK_E_ARGUMENT.
Public Declare PtrSafe Function shk_text Lib "shikaku.dll" Alias "shk_text" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef buf As Byte, _
    ByVal cap As Long) As Long

' Reads a value as a number. [session]
' number      receives it; unchanged on error.
' Errors      as shk_text, and SHK_E_TYPE when the value is not a whole number. Identifiers are texts
'             even when they are all digits.
Public Declare PtrSafe Function shk_int Lib "shikaku.dll" Alias "shk_int" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef number As Long) As Long

' The length of a list: "records", "delivery", "readers", "record.paths", "record.specific_diseases",
' "drift", "match.candidate", "outbox", "history". [session]
' Errors      SHK_E_PATH when the path is no list. An empty list gives 0.
Public Declare PtrSafe Function shk_count Lib "shikaku.dll" Alias "shk_count" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long) As Long

' Reads a value as the bytes it is, never converted: "delivery[n].document", "delivery[n].head".
' [session]
' Result      the full length; a value that does not fit is cut at cap. Nothing is terminated.
' Errors      as shk_text.
Public Declare PtrSafe Function shk_bytes Lib "shikaku.dll" Alias "shk_bytes" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef buf As Byte, _
    ByVal cap As Long) As Long

' Wipes the values of the last job. [session]
' Errors      SHK_E_STATE while a job runs.
Public Declare PtrSafe Function shk_forget Lib "shikaku.dll" Alias "shk_forget" ( _
    ByVal s As Long) As Long

' One check, from waiting for the card to the delivered documents, in one call. [session]
' pin, pin_len, spend_last_try
'             as for shk_answer_pin; copied at once, used only if the card asks for it. With the
'             routes "folder" and "app", which read no card, it may be empty. Length 0 (pin may be
'             null) otherwise means that the patient types on the reader: without keys there,
'             SHK_E_PIN_FORMAT. Digits are sent only while nobody else may have spent a try meanwhile:
'             when another program held the card, or another session sent a wrong PIN at the same
'             reader, since the call began, nothing is sent (SHK_E_CARD_BUSY); ask the person anew.
' timeout_ms  for the whole call; a negative number takes the configuration's own limits.
' Result      SHK_OUTCOME_ELIGIBLE, SHK_OUTCOME_NOT_ELIGIBLE or SHK_OUTCOME_UNSTATED (the app's text
'             does not say whether it is valid: a person looks at the app's screen): an answer came,
'             is readable by path, and every document that is due is delivered. Not being insured is
'             an answer, not an error; an answer that tells neither is SHK_E_ANSWER_UNCLEAR. When an
'             answer came and a document could not be delivered, the result is that document's code;
'             the outcome is at "outcome" and the answer is readable all the same. Nobody is asked
'             whose answer it is: where that is not sure, SHK_E_UNDECIDED, and it waits in the outbox.
'             An answer that could not be stored is not shown: SHK_E_STORE_....
' Time        timeout_ms and at most 2 s more. A delivery that is not made by then is left behind,
'             whole or not at all, and waits in the outbox.
' Errors      any code; the same is at "fault.code" (but for SHK_E_SESSION).
Public Declare PtrSafe Function shk_check Lib "shikaku.dll" Alias "shk_check" ( _
    ByVal s As Long, ByRef pin As Byte, ByVal pin_len As Long, ByVal spend_last_try As Long, _
    ByVal timeout_ms As Long) As Long

#Else

' The same without PtrSafe; the manual stands above.

Public Declare Function shk_abi Lib "shikaku.dll" Alias "shk_abi" () As Long
Public Declare Function shk_open Lib "shikaku.dll" Alias "shk_open" ( _
    ByRef config As Byte, ByVal config_len As Long, ByRef handle As Long) As Long
Public Declare Function shk_close Lib "shikaku.dll" Alias "shk_close" (ByVal s As Long) As Long
Public Declare Function shk_set Lib "shikaku.dll" Alias "shk_set" ( _
    ByVal s As Long, ByRef key As Byte, ByVal key_len As Long, ByRef value As Byte, _
    ByVal value_len As Long) As Long
Public Declare Function shk_put Lib "shikaku.dll" Alias "shk_put" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef bytes As Byte, _
    ByVal length As Long) As Long
Public Declare Function shk_start Lib "shikaku.dll" Alias "shk_start" ( _
    ByVal s As Long, ByVal job As Long) As Long
Public Declare Function shk_answer_pin Lib "shikaku.dll" Alias "shk_answer_pin" ( _
    ByVal s As Long, ByRef pin As Byte, ByVal pin_len As Long, ByVal spend_last_try As Long) As Long
Public Declare Function shk_cancel Lib "shikaku.dll" Alias "shk_cancel" (ByVal s As Long) As Long
Public Declare Function shk_next_event Lib "shikaku.dll" Alias "shk_next_event" ( _
    ByVal s As Long, ByVal timeout_ms As Long) As Long
Public Declare Function shk_wake Lib "shikaku.dll" Alias "shk_wake" ( _
    ByVal s As Long, ByVal target As Long, ByVal message As Long) As Long
Public Declare Function shk_text Lib "shikaku.dll" Alias "shk_text" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef buf As Byte, _
    ByVal cap As Long) As Long
Public Declare Function shk_int Lib "shikaku.dll" Alias "shk_int" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef number As Long) As Long
Public Declare Function shk_count Lib "shikaku.dll" Alias "shk_count" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long) As Long
Public Declare Function shk_bytes Lib "shikaku.dll" Alias "shk_bytes" ( _
    ByVal s As Long, ByRef path As Byte, ByVal path_len As Long, ByRef buf As Byte, _
    ByVal cap As Long) As Long
Public Declare Function shk_forget Lib "shikaku.dll" Alias "shk_forget" (ByVal s As Long) As Long
Public Declare Function shk_check Lib "shikaku.dll" Alias "shk_check" ( _
    ByVal s As Long, ByRef pin As Byte, ByVal pin_len As Long, ByVal spend_last_try As Long, _
    ByVal timeout_ms As Long) As Long

#End If

' For the helpers below.
#If VBA7 Then
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
Private Declare PtrSafe Function MultiByteToWideChar Lib "kernel32" (ByVal page As Long, ByVal flags As Long, _
    ByRef bytes As Byte, ByVal size As Long, ByVal wide As LongPtr, ByVal room As Long) As Long
Private Declare PtrSafe Function WideCharToMultiByte Lib "kernel32" (ByVal page As Long, ByVal flags As Long, _
    ByVal wide As LongPtr, ByVal chars As Long, ByRef bytes As Byte, ByVal room As Long, _
    ByVal otherwise As LongPtr, ByVal used As LongPtr) As Long
#Else
Private Declare Function LoadLibraryW Lib "kernel32" (ByVal path As Long) As Long
Private Declare Function MultiByteToWideChar Lib "kernel32" (ByVal page As Long, ByVal flags As Long, _
    ByRef bytes As Byte, ByVal size As Long, ByVal wide As Long, ByVal room As Long) As Long
Private Declare Function WideCharToMultiByte Lib "kernel32" (ByVal page As Long, ByVal flags As Long, _
    ByVal wide As Long, ByVal chars As Long, ByRef bytes As Byte, ByVal room As Long, _
    ByVal otherwise As Long, ByVal used As Long) As Long
#End If

Private Const CP_UTF8 As Long = 65001
Private Const CP_JAPAN As Long = 932

' Since ShikakuUseCp932 was called; 0: UTF-8.
Private mCodePage As Long
Private mLoaded As Boolean

' Loads shikaku.dll from this folder, an absolute path such as App.Path, so that the search path is never
' asked. Call it first, once. False: the folder is not absolute, the DLL is not there, needs another Windows, or has
' the other number of bits.
Public Function ShikakuLoad(ByVal folder As String) As Boolean
    Dim file As String
    If Mid$(folder, 2, 2) <> ":\" And Left$(folder, 2) <> "\\" Then Exit Function
    file = folder & "\shikaku.dll"
    ShikakuLoad = LoadLibraryW(StrPtr(file)) <> 0
    If ShikakuLoad Then mLoaded = True
End Function

' shk_abi and shk_open. The words for a failure are at ShikakuText(0, "fault.message"). Error 5 before ShikakuLoad: Windows
' would look for the DLL in the current folder and PATH, where one that is planted would read the PIN.
Public Function ShikakuOpen(ByVal config As String, ByRef session As Long) As Long
    Dim bytes() As Byte
    Dim size As Long
    session = 0
    If Not mLoaded Then Err.Raise 5, "ShikakuOpen", "Call ShikakuLoad first."
    If shk_abi() <> SHK_ABI_EXPECTED Then
        ShikakuOpen = SHK_E_ARGUMENT
        Exit Function
    End If
    size = EncodeAs(CP_UTF8, config, bytes)
    ShikakuOpen = shk_open(bytes(0), size, session)
    If ShikakuOpen < 0 Then Exit Function
    ' Whatever the file says for other programs.
    ShikakuSet session, "text_encoding", IIf(mCodePage = CP_JAPAN, "cp932", "utf-8")
End Function

' Turns a session to code page 932, for a program that keeps such bytes (StrConv(text, vbFromUnicode) on a
' Japanese Windows). One choice for all sessions of the program: call it right after ShikakuOpen, for each that is
' open; those that are opened later speak it by themselves. Without it texts are UTF-8 at the door and String
' here, and no character is lost.
Public Function ShikakuUseCp932(ByVal session As Long) As Long
    ShikakuUseCp932 = ShikakuSet(session, "text_encoding", "cp932")
    If ShikakuUseCp932 >= 0 Then mCodePage = CP_JAPAN
End Function

' shk_set.
Public Function ShikakuSet(ByVal session As Long, ByVal key As String, ByVal value As String) As Long
    Dim keyBytes() As Byte
    Dim valueBytes() As Byte
    Dim keySize As Long
    Dim valueSize As Long
    keySize = ShikakuEncode(session, key, keyBytes)
    valueSize = ShikakuEncode(session, value, valueBytes)
    ShikakuSet = shk_set(session, keyBytes(0), keySize, valueBytes(0), valueSize)
End Function

' shk_put of a text. For bytes as they are ("import.data") call shk_put itself.
Public Function ShikakuPut(ByVal session As Long, ByVal path As String, ByVal value As String) As Long
    Dim pathBytes() As Byte
    Dim valueBytes() As Byte
    Dim pathSize As Long
    Dim valueSize As Long
    pathSize = ShikakuEncode(session, path, pathBytes)
    valueSize = ShikakuEncode(session, value, valueBytes)
    ShikakuPut = shk_put(session, pathBytes(0), pathSize, valueBytes(0), valueSize)
End Function

' shk_answer_pin with the first digits bytes of pin, which is wiped. Make it by
' pin = StrConv(text, vbFromUnicode), then overwrite text: Mid$(text, 1) = Space$(Len(text)).
Public Function ShikakuAnswerPin(ByVal session As Long, ByRef pin() As Byte, ByVal digits As Long, _
        ByVal spendLastTry As Boolean) As Long
    ShikakuAnswerPin = SHK_E_ARGUMENT ' never more bytes than there are
    If digits >= 0 And digits <= UBound(pin) + 1 Then
        ShikakuAnswerPin = shk_answer_pin(session, pin(0), digits, IIf(spendLastTry, 1, 0))
    End If
    ShikakuWipe pin
End Function

' shk_text; otherwise when the value is absent or cannot be read.
Public Function ShikakuText(ByVal session As Long, ByVal path As String, _
        Optional ByVal otherwise As String = "") As String
    Dim pathBytes() As Byte
    Dim bytes() As Byte
    Dim pathSize As Long
    Dim size As Long
    Dim cap As Long
    pathSize = ShikakuEncode(session, path, pathBytes)
    size = 255
    Do
        cap = size + 1
        ReDim bytes(0 To cap - 1)
        size = shk_text(session, pathBytes(0), pathSize, bytes(0), cap)
    Loop While size >= cap
    If size < 0 Then
        ShikakuText = otherwise
    Else
        ShikakuText = ShikakuDecode(session, bytes, size)
    End If
End Function

' shk_int; otherwise when there is no number.
Public Function ShikakuNumber(ByVal session As Long, ByVal path As String, _
        Optional ByVal otherwise As Long = 0) As Long
    Dim pathBytes() As Byte
    Dim pathSize As Long
    Dim number As Long
    number = otherwise
    pathSize = ShikakuEncode(session, path, pathBytes)
    If shk_int(session, pathBytes(0), pathSize, number) < 0 Then number = otherwise
    ShikakuNumber = number
End Function

' shk_count.
Public Function ShikakuCount(ByVal session As Long, ByVal path As String) As Long
    Dim pathBytes() As Byte
    Dim pathSize As Long
    pathSize = ShikakuEncode(session, path, pathBytes)
    ShikakuCount = shk_count(session, pathBytes(0), pathSize)
End Function

' shk_bytes: fills bytes and gives how many there are; negative when the value is absent.
Public Function ShikakuBytes(ByVal session As Long, ByVal path As String, ByRef bytes() As Byte) As Long
    Dim pathBytes() As Byte
    Dim pathSize As Long
    Dim size As Long
    Dim cap As Long
    pathSize = ShikakuEncode(session, path, pathBytes)
    size = 1
    Do
        cap = size
        ReDim bytes(0 To cap - 1)
        size = shk_bytes(session, pathBytes(0), pathSize, bytes(0), cap)
    Loop While size > cap
    ShikakuBytes = size
End Function

' The name of an event without SHK_EVENT_, ? for one of a newer library.
Public Function ShikakuEventName(ByVal number As Long) As String
    Dim names() As String
    names = Split("NONE WAITING CARD PIN ASKING ANSWER DELIVERED FAULT REMOVED READERS DONE NEXT PROGRESS " & _
        "SECRET MATCH OUTBOX NOTICE", " ")
    ShikakuEventName = "?"
    If number >= 0 And number <= UBound(names) Then ShikakuEventName = names(number)
End Function

' A text as the bytes that the session speaks; how many there are. The array has one element at least.
Public Function ShikakuEncode(ByVal session As Long, ByVal text As String, ByRef bytes() As Byte) As Long
    ShikakuEncode = EncodeAs(PageOf(session), text, bytes)
End Function

' The text that the first size bytes are.
Public Function ShikakuDecode(ByVal session As Long, ByRef bytes() As Byte, ByVal size As Long) As String
    Dim chars As Long
    Dim text As String
    If size < 1 Then Exit Function
    chars = MultiByteToWideChar(PageOf(session), 0, bytes(0), size, 0, 0)
    text = String$(chars, vbNullChar)
    chars = MultiByteToWideChar(PageOf(session), 0, bytes(0), size, StrPtr(text), chars)
    ShikakuDecode = Left$(text, chars)
End Function

' Overwrites with zeros.
Public Sub ShikakuWipe(ByRef bytes() As Byte)
    Dim i As Long
    For i = LBound(bytes) To UBound(bytes)
        bytes(i) = 0
    Next i
End Sub

' Session 0 speaks UTF-8 always.
Private Function PageOf(ByVal session As Long) As Long
    PageOf = CP_UTF8
    If session <> 0 And mCodePage <> 0 Then PageOf = mCodePage
End Function

Private Function EncodeAs(ByVal page As Long, ByVal text As String, ByRef bytes() As Byte) As Long
    Dim size As Long
    ReDim bytes(0 To 0)
    If Len(text) = 0 Then Exit Function
    size = WideCharToMultiByte(page, 0, StrPtr(text), Len(text), bytes(0), 0, 0, 0)
    If size < 1 Then Exit Function
    ReDim bytes(0 To size - 1)
    EncodeAs = WideCharToMultiByte(page, 0, StrPtr(text), Len(text), bytes(0), size, 0, 0)
End Function
