      * Shikaku for COBOL: copy this one file into the WORKING-STORAGE
      * SECTION (COPY "shikaku.cpy".). It holds the numbers of codes.h,
      * fields for the calls, and the manual of the sixteen functions,
      * each with its CALL. Fixed format, columns 8 to 72, ASCII only.
      *
      * RULES THAT HOLD FOR EVERY FUNCTION
      *
      * Types       PIC S9(9) COMP-5 BY VALUE (32-bit binary, native
      *             order), or a field BY REFERENCE. Every result comes
      *             by RETURNING.
      * Names       In lower case and exactly as written; keep the
      *             compiler from folding them.
      * Convention  On 32-bit Windows stdcall, else the platform's own.
      *             CALL SHK-CALL takes it from
      *             SPECIAL-NAMES.  CALL-CONVENTION 8 IS SHK-CALL.
      *             8: the platform's own, resolved when the program is
      *             linked. 74: the same with stdcall, for 32-bit
      *             Windows.
      * Strings in  Field and its length in bytes: FUNCTION LENGTH or
      *             the PIC. Trailing spaces and zero bytes are
      *             dropped, so padded fields are passed as they are.
      *             The PIN is the one exception and is taken exactly
      *             as given. A negative length means: terminated by
      *             X"00".
      * Strings out Into your field of `cap` bytes, always ended by
      *             X"00"; what lies behind it is not defined, so use
      *             FIELD (1:SHK-RESULT). The result is the full length
      *             in bytes without the X"00"; a value that does not
      *             fit is cut between characters. One comparison
      *             tells: SHK-RESULT >= cap.
      * Encoding    UTF-8, or code page 932 when the session's
      *             text_encoding is "cp932" (set it by shk_set right
      *             after shk_open). A character that code page 932
      *             lacks becomes the geta mark and is counted at the
      *             path "text.losses". The path of the configuration
      *             given to shk_open is always UTF-8.
      * Results     0 or a positive number is good; a negative number
      *             is one of the SHK-E- codes. Its sentences are at
      *             "fault.message" (Japanese, for the desk) and
      *             "fault.message_en" (English, for the log).
      * Ownership   Neither side frees the other's memory. Arguments
      *             are copied before the call returns.
      * Threads     [any]      from any thread at any time.
      *             [session]  one thread at a time for one session;
      *             two sessions run in parallel.
      *             The library never calls into the host.
      * Time        Every call returns at once unless its comment names
      *             a time limit.
      *
      * The number of this file's interface; shk_abi gives the
      * library's.
       01  SHK-ABI PIC S9(9) COMP-5 VALUE 1.

      * codes.h: begin
       01  SHK-OK PIC S9(9) COMP-5 VALUE 0.
      *
      * Jobs for shk_start.
       01  SHK-JOB-CHECK PIC S9(9) COMP-5 VALUE 1.
       01  SHK-JOB-WATCH PIC S9(9) COMP-5 VALUE 2.
       01  SHK-JOB-READERS PIC S9(9) COMP-5 VALUE 3.
      * asks by the data of an insurance card: inputs query.*
       01  SHK-JOB-QUERY PIC S9(9) COMP-5 VALUE 4.
      * reads an answer that the host has: inputs import.*
       01  SHK-JOB-IMPORT PIC S9(9) COMP-5 VALUE 5.
      * asks again for a table of patients: inputs bulk.*
       01  SHK-JOB-BULK PIC S9(9) COMP-5 VALUE 6.
      * registers the host's own patient number: inputs query.*
       01  SHK-JOB-REGISTER PIC S9(9) COMP-5 VALUE 7.
      * looks at, tests or signs packs: inputs pack.*
       01  SHK-JOB-PACK PIC S9(9) COMP-5 VALUE 8.
      * maps answers without delivering: inputs import.*, map.*
       01  SHK-JOB-MAP PIC S9(9) COMP-5 VALUE 9.
      * delivers what waits in the outbox: inputs outbox.*
       01  SHK-JOB-DELIVER PIC S9(9) COMP-5 VALUE 10.
      * lists, verifies or exports the history: inputs history.*
       01  SHK-JOB-HISTORY PIC S9(9) COMP-5 VALUE 11.
      * looks after the store: inputs store.*
       01  SHK-JOB-STORE PIC S9(9) COMP-5 VALUE 12.
      * reads name, address, birth date and sex from a card, to
      * register somebody new
       01  SHK-JOB-PERSON PIC S9(9) COMP-5 VALUE 13.
      *
      * Events from shk_next_event. Behind each: the paths that belong
      * to it.
       01  SHK-EVENT-NONE PIC S9(9) COMP-5 VALUE 0.
      * put the card on the reader: card.reader when one is preferred
       01  SHK-EVENT-WAITING PIC S9(9) COMP-5 VALUE 1.
      * a card lies on the reader: card.reader
       01  SHK-EVENT-CARD PIC S9(9) COMP-5 VALUE 2.
      * answer with shk_answer_pin: pin.tries_left
       01  SHK-EVENT-PIN PIC S9(9) COMP-5 VALUE 3.
      * the question is on its way; the card may be taken away, better
      * after it
       01  SHK-EVENT-ASKING PIC S9(9) COMP-5 VALUE 4.
      * the answer is readable: outcome, records, record.*
       01  SHK-EVENT-ANSWER PIC S9(9) COMP-5 VALUE 5.
      * one document more lies at the host: delivery.last,
      * delivery[n].*
       01  SHK-EVENT-DELIVERED PIC S9(9) COMP-5 VALUE 6.
      * something failed: fault.*
       01  SHK-EVENT-FAULT PIC S9(9) COMP-5 VALUE 7.
      * the card left the reader
       01  SHK-EVENT-REMOVED PIC S9(9) COMP-5 VALUE 8.
      * the readers are listed, or have changed: readers.*,
      * readers[n].*
       01  SHK-EVENT-READERS PIC S9(9) COMP-5 VALUE 9.
      * the check or the job is over: outcome, fault.*
       01  SHK-EVENT-DONE PIC S9(9) COMP-5 VALUE 10.
      * this person is finished, another one of the same input follows
       01  SHK-EVENT-NEXT PIC S9(9) COMP-5 VALUE 11.
      * a long job goes on: progress.*
       01  SHK-EVENT-PROGRESS PIC S9(9) COMP-5 VALUE 12.
      * give the passphrase of the device's key: shk_put "secret"
       01  SHK-EVENT-SECRET PIC S9(9) COMP-5 VALUE 13.
      * say whose answer this is: match.*, shk_put "match.answer"
       01  SHK-EVENT-MATCH PIC S9(9) COMP-5 VALUE 14.
      * what waits in the outbox has changed: outbox.*
       01  SHK-EVENT-OUTBOX PIC S9(9) COMP-5 VALUE 15.
      * staff should hear this, and the job goes on: notice.*
       01  SHK-EVENT-NOTICE PIC S9(9) COMP-5 VALUE 16.
      *
      * Outcome of a check, at the path "outcome". 0: no answer.
       01  SHK-OUTCOME-NONE PIC S9(9) COMP-5 VALUE 0.
       01  SHK-OUTCOME-ELIGIBLE PIC S9(9) COMP-5 VALUE 1.
       01  SHK-OUTCOME-NOT-ELIGIBLE PIC S9(9) COMP-5 VALUE 2.
      * a record without a word on whether it is valid now
       01  SHK-OUTCOME-UNSTATED PIC S9(9) COMP-5 VALUE 3.
      *
      * Where a fault arose, at the path "fault.stage".
       01  SHK-STAGE-API PIC S9(9) COMP-5 VALUE 0.
       01  SHK-STAGE-CARD PIC S9(9) COMP-5 VALUE 1.
       01  SHK-STAGE-IDENTITY PIC S9(9) COMP-5 VALUE 2.
       01  SHK-STAGE-LOOKUP PIC S9(9) COMP-5 VALUE 3.
       01  SHK-STAGE-RECORD PIC S9(9) COMP-5 VALUE 4.
       01  SHK-STAGE-MAPPING PIC S9(9) COMP-5 VALUE 5.
       01  SHK-STAGE-HOST PIC S9(9) COMP-5 VALUE 6.
       01  SHK-STAGE-STORE PIC S9(9) COMP-5 VALUE 7.
      *
      * What may help, at the path "fault.retry".
       01  SHK-RETRY-NO PIC S9(9) COMP-5 VALUE 0.
      * the same again may work
       01  SHK-RETRY-SAME PIC S9(9) COMP-5 VALUE 1.
      * after a person has done something
       01  SHK-RETRY-OPERATOR PIC S9(9) COMP-5 VALUE 2.
      *
      * What kind of number "fault.native" is, at the path
      * "fault.native_kind".
       01  SHK-NATIVE-NONE PIC S9(9) COMP-5 VALUE 0.
       01  SHK-NATIVE-PCSC PIC S9(9) COMP-5 VALUE 1.
       01  SHK-NATIVE-SW PIC S9(9) COMP-5 VALUE 2.
       01  SHK-NATIVE-CURL PIC S9(9) COMP-5 VALUE 3.
       01  SHK-NATIVE-HTTP PIC S9(9) COMP-5 VALUE 4.
       01  SHK-NATIVE-TLS PIC S9(9) COMP-5 VALUE 5.
       01  SHK-NATIVE-XML-LINE PIC S9(9) COMP-5 VALUE 6.
       01  SHK-NATIVE-LUA-LINE PIC S9(9) COMP-5 VALUE 7.
       01  SHK-NATIVE-OS PIC S9(9) COMP-5 VALUE 8.
      * SQLite's extended code; of a server the SQLSTATE, read in base
      * 36
       01  SHK-NATIVE-SQL PIC S9(9) COMP-5 VALUE 9.
      * the host program's own code
       01  SHK-NATIVE-HOST PIC S9(9) COMP-5 VALUE 10.
      *
      * How sure it is whose answer this is, at the path "match.grade".
       01  SHK-MATCH-SAME PIC S9(9) COMP-5 VALUE 1.
      * the same person, the insurance changed
       01  SHK-MATCH-CHANGED PIC S9(9) COMP-5 VALUE 2.
       01  SHK-MATCH-PROBABLY PIC S9(9) COMP-5 VALUE 3.
       01  SHK-MATCH-SEVERAL PIC S9(9) COMP-5 VALUE 4.
       01  SHK-MATCH-NEW PIC S9(9) COMP-5 VALUE 5.
      *
      * What is to be typed at SHK_EVENT_PIN, at the path "pin.kind".
      * four digits
       01  SHK-PIN-AUTH PIC S9(9) COMP-5 VALUE 1.
      * four digits
       01  SHK-PIN-TEXT PIC S9(9) COMP-5 VALUE 2.
      * B: 14 digits from the card's face
       01  SHK-PIN-CODE-B PIC S9(9) COMP-5 VALUE 3.
      *
      * What the card is, at the path "card.kind".
       01  SHK-CARD-UNKNOWN PIC S9(9) COMP-5 VALUE 0.
       01  SHK-CARD-MYNUMBER PIC S9(9) COMP-5 VALUE 1.
       01  SHK-CARD-ANDROID PIC S9(9) COMP-5 VALUE 2.
       01  SHK-CARD-IPHONE PIC S9(9) COMP-5 VALUE 3.
       01  SHK-CARD-JUKI PIC S9(9) COMP-5 VALUE 4.
       01  SHK-CARD-OTHER PIC S9(9) COMP-5 VALUE 5.
      *
      * What SHK_EVENT_NOTICE is about, at the path "notice".
      * the certificate ends soon: card.expires_on, card.days_left
       01  SHK-NOTICE-EXPIRES PIC S9(9) COMP-5 VALUE 1.
      *
      * Levels of the log.
       01  SHK-LOG-ERROR PIC S9(9) COMP-5 VALUE 1.
       01  SHK-LOG-WARN PIC S9(9) COMP-5 VALUE 2.
       01  SHK-LOG-INFO PIC S9(9) COMP-5 VALUE 3.
       01  SHK-LOG-DEBUG PIC S9(9) COMP-5 VALUE 4.
      *
      * Faults, banded by stage; the sentences are in docs/codes.md.
       01  SHK-E-ARGUMENT PIC S9(9) COMP-5 VALUE -1001.
       01  SHK-E-SESSION PIC S9(9) COMP-5 VALUE -1002.
       01  SHK-E-STATE PIC S9(9) COMP-5 VALUE -1003.
       01  SHK-E-PATH PIC S9(9) COMP-5 VALUE -1004.
       01  SHK-E-ABSENT PIC S9(9) COMP-5 VALUE -1005.
       01  SHK-E-MEMORY PIC S9(9) COMP-5 VALUE -1006.
       01  SHK-E-TYPE PIC S9(9) COMP-5 VALUE -1007.
       01  SHK-E-TOO-MANY PIC S9(9) COMP-5 VALUE -1008.
       01  SHK-E-CONFIG-FILE PIC S9(9) COMP-5 VALUE -1010.
       01  SHK-E-CONFIG-SYNTAX PIC S9(9) COMP-5 VALUE -1011.
       01  SHK-E-CONFIG-KEY PIC S9(9) COMP-5 VALUE -1012.
       01  SHK-E-CONFIG-VALUE PIC S9(9) COMP-5 VALUE -1013.
       01  SHK-E-LOG-FILE PIC S9(9) COMP-5 VALUE -1014.
       01  SHK-E-INPUT PIC S9(9) COMP-5 VALUE -1015.
       01  SHK-E-FILE-READ PIC S9(9) COMP-5 VALUE -1016.
       01  SHK-E-FILE-TOO-LARGE PIC S9(9) COMP-5 VALUE -1017.
       01  SHK-E-RESUME PIC S9(9) COMP-5 VALUE -1018.
       01  SHK-E-BULK-RUNNING PIC S9(9) COMP-5 VALUE -1019.
       01  SHK-E-CANCELLED PIC S9(9) COMP-5 VALUE -1020.
       01  SHK-E-TIMEOUT PIC S9(9) COMP-5 VALUE -1021.
       01  SHK-E-BULK-FOLDER PIC S9(9) COMP-5 VALUE -1022.
       01  SHK-E-LIBRARY PIC S9(9) COMP-5 VALUE -1023.
       01  SHK-E-INTERNAL PIC S9(9) COMP-5 VALUE -1099.
       01  SHK-E-NO-PCSC PIC S9(9) COMP-5 VALUE -1101.
       01  SHK-E-NO-SERVICE PIC S9(9) COMP-5 VALUE -1102.
       01  SHK-E-NO-READER PIC S9(9) COMP-5 VALUE -1103.
       01  SHK-E-NO-CARD PIC S9(9) COMP-5 VALUE -1104.
       01  SHK-E-CARD-REMOVED PIC S9(9) COMP-5 VALUE -1105.
       01  SHK-E-CARD-BUSY PIC S9(9) COMP-5 VALUE -1106.
       01  SHK-E-CARD-RESET PIC S9(9) COMP-5 VALUE -1107.
       01  SHK-E-NOT-MYNUMBER PIC S9(9) COMP-5 VALUE -1108.
       01  SHK-E-CARD-ANSWER PIC S9(9) COMP-5 VALUE -1109.
       01  SHK-E-READER PIC S9(9) COMP-5 VALUE -1110.
       01  SHK-E-CARD-MUTE PIC S9(9) COMP-5 VALUE -1111.
       01  SHK-E-CARD-HANGS PIC S9(9) COMP-5 VALUE -1112.
       01  SHK-E-JUKI-CARD PIC S9(9) COMP-5 VALUE -1113.
       01  SHK-E-PHONE-REFUSED PIC S9(9) COMP-5 VALUE -1114.
       01  SHK-E-SEVERAL-CARDS PIC S9(9) COMP-5 VALUE -1115.
       01  SHK-E-PIN-WRONG PIC S9(9) COMP-5 VALUE -1201.
       01  SHK-E-PIN-BLOCKED PIC S9(9) COMP-5 VALUE -1202.
       01  SHK-E-PIN-FORMAT PIC S9(9) COMP-5 VALUE -1203.
       01  SHK-E-PIN-LAST-TRY PIC S9(9) COMP-5 VALUE -1204.
       01  SHK-E-PIN-TIMEOUT PIC S9(9) COMP-5 VALUE -1205.
       01  SHK-E-CERTIFICATE PIC S9(9) COMP-5 VALUE -1206.
       01  SHK-E-CERTIFICATE-EXPIRED PIC S9(9) COMP-5 VALUE -1207.
       01  SHK-E-CERTIFICATE-NOT-YET PIC S9(9) COMP-5 VALUE -1208.
       01  SHK-E-SIGNATURE PIC S9(9) COMP-5 VALUE -1209.
       01  SHK-E-NO-CERTIFICATE PIC S9(9) COMP-5 VALUE -1210.
       01  SHK-E-PIN-NONE PIC S9(9) COMP-5 VALUE -1211.
       01  SHK-E-PIN-PAD PIC S9(9) COMP-5 VALUE -1212.
       01  SHK-E-CODE-FORMAT PIC S9(9) COMP-5 VALUE -1213.
       01  SHK-E-CODE-WRONG PIC S9(9) COMP-5 VALUE -1214.
       01  SHK-E-CODE-BLOCKED PIC S9(9) COMP-5 VALUE -1215.
       01  SHK-E-ATTRIBUTES PIC S9(9) COMP-5 VALUE -1216.
       01  SHK-E-PIN-SAME PIC S9(9) COMP-5 VALUE -1217.
       01  SHK-E-GATEWAY-UNREACHABLE PIC S9(9) COMP-5 VALUE -1301.
       01  SHK-E-GATEWAY-UNTRUSTED PIC S9(9) COMP-5 VALUE -1302.
       01  SHK-E-DEVICE-REFUSED PIC S9(9) COMP-5 VALUE -1303.
       01  SHK-E-GATEWAY-TIMEOUT PIC S9(9) COMP-5 VALUE -1304.
       01  SHK-E-GATEWAY-ANSWER PIC S9(9) COMP-5 VALUE -1305.
       01  SHK-E-CHALLENGE-EXPIRED PIC S9(9) COMP-5 VALUE -1306.
       01  SHK-E-CHALLENGE-USED PIC S9(9) COMP-5 VALUE -1307.
       01  SHK-E-SIGNATURE-INVALID PIC S9(9) COMP-5 VALUE -1308.
       01  SHK-E-CARD-CERT-EXPIRED PIC S9(9) COMP-5 VALUE -1309.
       01  SHK-E-CARD-CERT-REVOKED PIC S9(9) COMP-5 VALUE -1310.
       01  SHK-E-CARD-CERT-UNKNOWN PIC S9(9) COMP-5 VALUE -1311.
       01  SHK-E-FACILITY-MISMATCH PIC S9(9) COMP-5 VALUE -1312.
       01  SHK-E-REQUEST-INVALID PIC S9(9) COMP-5 VALUE -1313.
       01  SHK-E-RATE-LIMITED PIC S9(9) COMP-5 VALUE -1314.
       01  SHK-E-UPSTREAM-UNAVAILABLE PIC S9(9) COMP-5 VALUE -1315.
       01  SHK-E-ANSWER-TOO-LARGE PIC S9(9) COMP-5 VALUE -1316.
       01  SHK-E-REQUEST-CONFLICT PIC S9(9) COMP-5 VALUE -1317.
       01  SHK-E-DEVICE-KEY PIC S9(9) COMP-5 VALUE -1318.
       01  SHK-E-DEMO-ANSWER PIC S9(9) COMP-5 VALUE -1319.
       01  SHK-E-ANSWER-FOREIGN PIC S9(9) COMP-5 VALUE -1320.
       01  SHK-E-CLOCK PIC S9(9) COMP-5 VALUE -1321.
       01  SHK-E-PASSPHRASE PIC S9(9) COMP-5 VALUE -1322.
       01  SHK-E-PROXY PIC S9(9) COMP-5 VALUE -1323.
       01  SHK-E-TERMINAL-FOLDER PIC S9(9) COMP-5 VALUE -1324.
       01  SHK-E-TERMINAL-TIMEOUT PIC S9(9) COMP-5 VALUE -1325.
       01  SHK-E-TERMINAL-REFUSED PIC S9(9) COMP-5 VALUE -1326.
       01  SHK-E-CHECK-DIGIT PIC S9(9) COMP-5 VALUE -1327.
       01  SHK-E-ROUTE-CANNOT PIC S9(9) COMP-5 VALUE -1328.
       01  SHK-E-CLIPBOARD PIC S9(9) COMP-5 VALUE -1329.
       01  SHK-E-ARCHIVE PIC S9(9) COMP-5 VALUE -1330.
       01  SHK-E-BULK-UNANSWERED PIC S9(9) COMP-5 VALUE -1331.
       01  SHK-E-XML PIC S9(9) COMP-5 VALUE -1401.
       01  SHK-E-XML-ENCODING PIC S9(9) COMP-5 VALUE -1402.
       01  SHK-E-XML-FOREIGN PIC S9(9) COMP-5 VALUE -1403.
       01  SHK-E-VALUE PIC S9(9) COMP-5 VALUE -1404.
       01  SHK-E-ANSWER-REFUSED PIC S9(9) COMP-5 VALUE -1405.
       01  SHK-E-ANSWER-PENDING PIC S9(9) COMP-5 VALUE -1406.
       01  SHK-E-ANSWER-ERROR PIC S9(9) COMP-5 VALUE -1407.
       01  SHK-E-APP-TEXT PIC S9(9) COMP-5 VALUE -1408.
       01  SHK-E-APP-INCOMPLETE PIC S9(9) COMP-5 VALUE -1409.
       01  SHK-E-APP-CONTRADICTION PIC S9(9) COMP-5 VALUE -1410.
       01  SHK-E-APP-VALUE PIC S9(9) COMP-5 VALUE -1411.
       01  SHK-E-APP-UNREAD PIC S9(9) COMP-5 VALUE -1412.
       01  SHK-E-ANSWER-UNCLEAR PIC S9(9) COMP-5 VALUE -1413.
       01  SHK-E-EMPTY PIC S9(9) COMP-5 VALUE -1414.
       01  SHK-E-ANSWER-COUNT PIC S9(9) COMP-5 VALUE -1415.
       01  SHK-E-SCRIPT-FILE PIC S9(9) COMP-5 VALUE -1501.
       01  SHK-E-SCRIPT-SYNTAX PIC S9(9) COMP-5 VALUE -1502.
       01  SHK-E-SCRIPT-CONTRACT PIC S9(9) COMP-5 VALUE -1503.
       01  SHK-E-SCRIPT-RUN PIC S9(9) COMP-5 VALUE -1504.
       01  SHK-E-SCRIPT-BUDGET PIC S9(9) COMP-5 VALUE -1505.
       01  SHK-E-SCRIPT-MEMORY PIC S9(9) COMP-5 VALUE -1506.
       01  SHK-E-FIELD-REQUIRED PIC S9(9) COMP-5 VALUE -1507.
       01  SHK-E-FIELD-TOO-LONG PIC S9(9) COMP-5 VALUE -1508.
       01  SHK-E-CHARACTER-LOST PIC S9(9) COMP-5 VALUE -1509.
       01  SHK-E-SCRIPT-CHECK PIC S9(9) COMP-5 VALUE -1510.
       01  SHK-E-FILE-NAME PIC S9(9) COMP-5 VALUE -1511.
       01  SHK-E-TABLE PIC S9(9) COMP-5 VALUE -1512.
       01  SHK-E-TABLE-EMPTY PIC S9(9) COMP-5 VALUE -1513.
       01  SHK-E-PACK PIC S9(9) COMP-5 VALUE -1514.
       01  SHK-E-PACK-SAMPLE PIC S9(9) COMP-5 VALUE -1515.
       01  SHK-E-OVERLAY PIC S9(9) COMP-5 VALUE -1516.
       01  SHK-E-PACK-UNSIGNED PIC S9(9) COMP-5 VALUE -1517.
       01  SHK-E-PACK-SIGNATURE PIC S9(9) COMP-5 VALUE -1518.
       01  SHK-E-PACK-SOURCE PIC S9(9) COMP-5 VALUE -1519.
       01  SHK-E-ADAPTER-UNKNOWN PIC S9(9) COMP-5 VALUE -1601.
       01  SHK-E-ADAPTER-SETTINGS PIC S9(9) COMP-5 VALUE -1602.
       01  SHK-E-FOLDER-MISSING PIC S9(9) COMP-5 VALUE -1603.
       01  SHK-E-FOLDER-WRITE PIC S9(9) COMP-5 VALUE -1604.
       01  SHK-E-FOLDER-LOCKED PIC S9(9) COMP-5 VALUE -1605.
       01  SHK-E-DISK-FULL PIC S9(9) COMP-5 VALUE -1606.
       01  SHK-E-FILE-EXISTS PIC S9(9) COMP-5 VALUE -1607.
       01  SHK-E-FILE-FOREIGN PIC S9(9) COMP-5 VALUE -1608.
       01  SHK-E-ADAPTER-BROKEN PIC S9(9) COMP-5 VALUE -1609.
       01  SHK-E-ADAPTER-TIMEOUT PIC S9(9) COMP-5 VALUE -1610.
       01  SHK-E-MODULE-FILE PIC S9(9) COMP-5 VALUE -1611.
       01  SHK-E-HOST-UNREACHABLE PIC S9(9) COMP-5 VALUE -1612.
       01  SHK-E-HOST-REFUSED PIC S9(9) COMP-5 VALUE -1613.
       01  SHK-E-HOST-ANSWER PIC S9(9) COMP-5 VALUE -1614.
       01  SHK-E-HOST-LOGIN PIC S9(9) COMP-5 VALUE -1615.
       01  SHK-E-HOST-BUSY PIC S9(9) COMP-5 VALUE -1616.
       01  SHK-E-STATEMENT PIC S9(9) COMP-5 VALUE -1617.
       01  SHK-E-DRIVER PIC S9(9) COMP-5 VALUE -1618.
       01  SHK-E-UNDECIDED PIC S9(9) COMP-5 VALUE -1619.
       01  SHK-E-MATCH-ANSWER PIC S9(9) COMP-5 VALUE -1620.
       01  SHK-E-DELIVERY-UNSURE PIC S9(9) COMP-5 VALUE -1621.
       01  SHK-E-DELIVERY-TAKEN PIC S9(9) COMP-5 VALUE -1622.
       01  SHK-E-TARGET-GONE PIC S9(9) COMP-5 VALUE -1623.
       01  SHK-E-STORE-OPEN PIC S9(9) COMP-5 VALUE -1701.
       01  SHK-E-STORE-BROKEN PIC S9(9) COMP-5 VALUE -1702.
       01  SHK-E-STORE-NEWER PIC S9(9) COMP-5 VALUE -1703.
       01  SHK-E-STORE-KEY PIC S9(9) COMP-5 VALUE -1704.
       01  SHK-E-STORE-LOCKED PIC S9(9) COMP-5 VALUE -1705.
       01  SHK-E-STORE-FULL PIC S9(9) COMP-5 VALUE -1706.
       01  SHK-E-STORE-DOWN PIC S9(9) COMP-5 VALUE -1707.
       01  SHK-E-STORE-LOGIN PIC S9(9) COMP-5 VALUE -1708.
       01  SHK-E-STORE-LIBRARY PIC S9(9) COMP-5 VALUE -1709.
       01  SHK-E-STORE-SEALED PIC S9(9) COMP-5 VALUE -1710.
       01  SHK-E-HISTORY-BROKEN PIC S9(9) COMP-5 VALUE -1711.
       01  SHK-E-STORE-OFF PIC S9(9) COMP-5 VALUE -1712.
       01  SHK-E-STORE-FAILED PIC S9(9) COMP-5 VALUE -1713.
      * codes.h: end

      * Fields for the calls. Make your own of other lengths as you
      * like, and pass their lengths.
      * The manual below names the arguments as C does, in the order of
      * the CALL. A session's number; 0 is never one.
       01  SHK-SESSION PIC S9(9) COMP-5 VALUE 0.
       01  SHK-RESULT PIC S9(9) COMP-5 VALUE 0.
       01  SHK-NUMBER PIC S9(9) COMP-5 VALUE 0.
       01  SHK-CONFIG PIC X(1024) VALUE SPACES.
       01  SHK-CONFIG-LEN PIC S9(9) COMP-5 VALUE 1024.
       01  SHK-JOB PIC S9(9) COMP-5 VALUE 1.
       01  SHK-TIMEOUT-MS PIC S9(9) COMP-5 VALUE -1.
       01  SHK-TARGET PIC S9(9) COMP-5 VALUE -1.
       01  SHK-MESSAGE PIC S9(9) COMP-5 VALUE 0.
       01  SHK-KEY PIC X(64) VALUE SPACES.
       01  SHK-KEY-LEN PIC S9(9) COMP-5 VALUE 64.
       01  SHK-PATH PIC X(128) VALUE SPACES.
       01  SHK-PATH-LEN PIC S9(9) COMP-5 VALUE 128.
       01  SHK-VALUE PIC X(1024) VALUE SPACES.
       01  SHK-VALUE-LEN PIC S9(9) COMP-5 VALUE 1024.
       01  SHK-VALUE-CAP PIC S9(9) COMP-5 VALUE 1024.
      * Digits of a PIN: overwrite with LOW-VALUES after each call.
       01  SHK-PIN PIC X(16) VALUE LOW-VALUES.
       01  SHK-PIN-LEN PIC S9(9) COMP-5 VALUE 0.
       01  SHK-SPEND-LAST-TRY PIC S9(9) COMP-5 VALUE 0.
      *
      * ------------------------------------------------------------
      * shk_abi
      *     CALL SHK-CALL "shk_abi" RETURNING SHK-RESULT
      *
      * The interface number of the loaded library. [any]
      * Call it first: when it differs from SHK-ABI, a different
      * library was found. Never fails.
      *
      * ------------------------------------------------------------
      * shk_open
      *     CALL SHK-CALL "shk_open" USING
      *         BY REFERENCE SHK-CONFIG
      *         BY VALUE SHK-CONFIG-LEN
      *         BY REFERENCE SHK-SESSION
      *         RETURNING SHK-RESULT
      *
      * Opens a session. [any]
      * config      path of the configuration file (a Lua table, see
      *             docs/host.md), in UTF-8; length 0 takes every
      *             default.
      * out         receives the handle; 0 when the call fails.
      * Owner       the host owns the session until shk_close.
      * Time        reads one small file; at most 2 s.
      * Errors      SHK-E-CONFIG-FILE, SHK-E-CONFIG-SYNTAX,
      *             SHK-E-CONFIG-KEY, SHK-E-CONFIG-VALUE,
      *             SHK-E-TOO-MANY, SHK-E-MEMORY, SHK-E-ARGUMENT. The
      *             words for a failed open are read with session 0,
      *             from the same thread: shk_text(0, "fault.message",
      *             ...).
      *
      * ------------------------------------------------------------
      * shk_close
      *     CALL SHK-CALL "shk_close" USING
      *         BY VALUE SHK-SESSION
      *         RETURNING SHK-RESULT
      *
      * Closes a session, in whatever state it is, and wipes what it
      * held. [any]
      * A check under way is cancelled; a card command that cannot be
      * interrupted is left to end by itself in the background.
      * Time        at most 2 s.
      * Errors      SHK-E-SESSION when s is not open; nothing happens
      *             then.
      *
      * ------------------------------------------------------------
      * shk_set
      *     CALL SHK-CALL "shk_set" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-KEY
      *         BY VALUE SHK-KEY-LEN
      *         BY REFERENCE SHK-VALUE
      *         BY VALUE SHK-VALUE-LEN
      *         RETURNING SHK-RESULT
      *
      * Sets one configuration key for this session, over what the file
      * says. [session]
      * key         a key of docs/configuration.md, such as "route" or
      *             "gateway.url".
      * value       as text; numbers in decimal, booleans as "true" or
      *             "false".
      * Errors      SHK-E-CONFIG-KEY, SHK-E-CONFIG-VALUE, SHK-E-STATE
      *             while a job runs.
      *
      * ------------------------------------------------------------
      * shk_put
      *     CALL SHK-CALL "shk_put" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PATH
      *         BY VALUE SHK-PATH-LEN
      *         BY REFERENCE SHK-VALUE
      *         BY VALUE SHK-VALUE-LEN
      *         RETURNING SHK-RESULT
      *
      * Gives an input to the next job, or the answer to
      * SHK-EVENT-SECRET or SHK-EVENT-MATCH. [session]
      * path        such as "query.insurer_number", "import.data",
      *             "pack.path", "secret", "match.answer"; docs/host.md
      *             lists them. Inputs are kept until the job that
      *             follows ends, then wiped.
      * p, len      the value; text in the session's encoding,
      *             "import.data" as the bytes it is and with nothing
      *             dropped. Length 0 takes the input back. "secret" is
      *             copied into one locked buffer, used once and wiped;
      *             the host wipes its own copy. "match.take" comes
      *             before "match.answer", which ends the question.
      * Errors      SHK-E-PATH, SHK-E-INPUT when it is too long (an
      *             empty "secret" too), SHK-E-STATE while a job runs
      *             ("secret", "match.*": when none is asked for),
      *             SHK-E-MATCH-ANSWER (the question stays open),
      *             SHK-E-ARGUMENT, SHK-E-MEMORY.
      *
      * ------------------------------------------------------------
      * shk_start
      *     CALL SHK-CALL "shk_start" USING
      *         BY VALUE SHK-SESSION
      *         BY VALUE SHK-JOB
      *         RETURNING SHK-RESULT
      *
      * Starts a job on the session's worker thread. [session]
      * job         SHK-JOB-CHECK   waits for a card, checks once, ends
      *             with SHK-EVENT-DONE.
      *             SHK-JOB-WATCH   the same for card after card, until
      *               shk_cancel.
      *             SHK-JOB-READERS lists the readers into
      *               "readers[n].*".
      *             SHK-JOB-QUERY   asks once by the data of an
      *               insurance card (inputs query.*).
      *             SHK-JOB-IMPORT  reads an answer that the host has
      *               (inputs import.*); several persons one after the
      *               other, SHK-EVENT-NEXT between them.
      *             SHK-JOB-BULK    asks again for a table of patients
      *               (inputs bulk.*).
      *             SHK-JOB-REGISTER registers the host's patient
      *               number for one person (inputs query.*).
      *             SHK-JOB-PACK    checks, tests, shows, lists or
      *               signs packs (inputs pack.*) into "pack.*" and
      *               "packs[n].*".
      *             SHK-JOB-MAP     maps answers that the host has
      *               (inputs import.*, map.*) and delivers nothing;
      *               several persons as with SHK-JOB-IMPORT.
      *             SHK-JOB-DELIVER lists or delivers what waits in the
      *               outbox (inputs outbox.*); a person at a time as
      *               with SHK-JOB-IMPORT.
      *             SHK-JOB-HISTORY lists, verifies or exports the
      *               history (inputs history.*).
      *             SHK-JOB-STORE   shows or looks after the store
      *               (inputs store.*).
      *             SHK-JOB-PERSON  reads name, address, birth date and
      *               sex from the card; off unless the key
      *               "attributes" is set.
      * With the routes "folder" and "app" no card is read: a check
      * takes the next answer that arrives, a watch every one. The
      * values of the job before are wiped.
      * Errors      SHK-E-STATE when a job runs already,
      *             SHK-E-ARGUMENT, SHK-E-CONFIG-VALUE when the
      *             configuration cannot serve the job ("fault.where"
      *             names the key), SHK-E-ROUTE-CANNOT, SHK-E-INPUT and
      *             SHK-E-CHECK-DIGIT ("fault.where" names the input;
      *             the inputs are kept), SHK-E-LOG-FILE,
      *             SHK-E-ADAPTER-UNKNOWN, SHK-E-ADAPTER-SETTINGS.
      *             Scripts and delivery folders are looked at only
      *             when a document is delivered. Packs are tried when
      *             a job that delivers begins: one that may not be
      *             used ends it with SHK-E-PACK, SHK-E-PACK-SAMPLE,
      *             SHK-E-PACK-UNSIGNED or SHK-E-PACK-SIGNATURE.
      *
      * ------------------------------------------------------------
      * shk_answer_pin
      *     CALL SHK-CALL "shk_answer_pin" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PIN
      *         BY VALUE SHK-PIN-LEN
      *         BY VALUE SHK-SPEND-LAST-TRY
      *         RETURNING SHK-RESULT
      *
      * Answers SHK-EVENT-PIN. [session]
      * pin         the digits as ASCII: four, or 14 where "pin.kind"
      *             is SHK-PIN-CODE-B. Copied into one locked buffer,
      *             sent to the card once, wiped. Digits that this card
      *             has called wrong before, while it is held, are not
      *             sent: SHK-EVENT-FAULT (SHK-E-PIN-SAME) and another
      *             SHK-EVENT-PIN. The host wipes its own copy. Where
      *             "pin.pad" is 1 the digits are typed on the reader
      *             and the host answers nothing, but where
      *             "pin.last_try" is 1: then the reader waits for the
      *             host's word, which is length 0 (pin is then not
      *             read) and spend_last_try 1.
      * spend_last_try
      *             1: send it even when "pin.last_try" is 1 and a
      *             mistake would block the card. Ask the person first.
      *             0: such a PIN is not sent (SHK-E-PIN-LAST-TRY).
      * Errors      SHK-E-STATE when no PIN is asked for, before its
      *             SHK-EVENT-PIN was taken, and for digits where the
      *             reader takes them; SHK-E-PIN-FORMAT when it is not
      *             four digits, SHK-E-CODE-FORMAT when it is no such
      *             number (nothing is sent, the question stays open);
      *             SHK-E-PIN-LAST-TRY (the same).
      *
      * ------------------------------------------------------------
      * shk_cancel
      *     CALL SHK-CALL "shk_cancel" USING
      *         BY VALUE SHK-SESSION
      *         RETURNING SHK-RESULT
      *
      * Ends the running job; it reports SHK-EVENT-DONE with the fault
      * SHK-E-CANCELLED. [any]
      * A command on its way to the card is not called back: the end is
      * reported when it has ended. Events that wait already are still
      * handed out; a PIN answered after the cancel is not sent. Once
      * the answer is there, its deliveries are still made, each whole
      * or not at all, and the job ends after them; an adapter that
      * takes longer than about a second is left behind, and what it
      * was given waits in the outbox.
      * Errors      SHK-E-SESSION; no job is not an error.
      *
      * ------------------------------------------------------------
      * shk_next_event
      *     CALL SHK-CALL "shk_next_event" USING
      *         BY VALUE SHK-SESSION
      *         BY VALUE SHK-TIMEOUT-MS
      *         RETURNING SHK-RESULT
      *
      * Takes the next event. [session]
      * timeout_ms  how long to wait for one; 0 only looks, a negative
      *             number waits for ever.
      * Result      SHK-EVENT-NONE when none came in time, else one of
      *             the SHK-EVENT- numbers. What belongs to an event is
      *             read by path (docs/host.md lists the paths of
      *             each). Without a job none comes; a shk_close from
      *             another thread ends the wait.
      * Errors      SHK-E-SESSION.
      * Time        timeout_ms.
      *
      * ------------------------------------------------------------
      * shk_wake
      *     CALL SHK-CALL "shk_wake" USING
      *         BY VALUE SHK-SESSION
      *         BY VALUE SHK-TARGET
      *         BY VALUE SHK-MESSAGE
      *         RETURNING SHK-RESULT
      *
      * Asks to be woken when an event waits, for hosts with a message
      * loop. [session]
      * target      POSIX: a descriptor of the host (eventfd, pipe,
      *             socket) into which eight bytes, the number 1 in
      *             native order, are written without blocking.
      *             Windows: a window handle to which `message` is
      *             posted. A negative target ends it.
      * message     Windows: the message number (WM_APP or above);
      *             elsewhere 0.
      * When an event waits already, the target is woken at once. After
      * a wake take events until SHK-EVENT-NONE. The target is not
      * checked: into one that is closed or full nothing is written.
      * The host keeps the target open until it has ended it or closed
      * the session.
      * Errors      SHK-E-SESSION.
      *
      * ------------------------------------------------------------
      * shk_text
      *     CALL SHK-CALL "shk_text" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PATH
      *         BY VALUE SHK-PATH-LEN
      *         BY REFERENCE SHK-VALUE
      *         BY VALUE SHK-VALUE-CAP
      *         RETURNING SHK-RESULT
      *
      * Reads a value as text. [session]
      * path        such as "record.name", "records[2].insurer_number",
      *             "fault.message", "delivery[1].file"; lists count
      *             from 1. docs/host.md lists the fixed paths,
      *             docs/fields.md the fields of a record.
      * buf, cap    the host's buffer.
      * Result      the full length in bytes.
      * Errors      SHK-E-ABSENT: a known path without a value now (an
      *             empty value gives 0). SHK-E-PATH: no such path.
      *             SHK-E-ARGUMENT.
      *
      * ------------------------------------------------------------
      * shk_int
      *     CALL SHK-CALL "shk_int" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PATH
      *         BY VALUE SHK-PATH-LEN
      *         BY REFERENCE SHK-NUMBER
      *         RETURNING SHK-RESULT
      *
      * Reads a value as a number. [session]
      * out         receives it; unchanged on error.
      * Errors      as shk_text, and SHK-E-TYPE when the value is not a
      *             whole number. Identifiers are texts even when they
      *             are all digits.
      *
      * ------------------------------------------------------------
      * shk_count
      *     CALL SHK-CALL "shk_count" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PATH
      *         BY VALUE SHK-PATH-LEN
      *         RETURNING SHK-RESULT
      *
      * The length of a list: "records", "delivery", "readers",
      * "record.paths", "record.specific_diseases", "drift",
      * "match.candidate", "outbox", "history". [session]
      * Errors      SHK-E-PATH when the path is no list. An empty list
      *             gives 0.
      *
      * ------------------------------------------------------------
      * shk_bytes
      *     CALL SHK-CALL "shk_bytes" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PATH
      *         BY VALUE SHK-PATH-LEN
      *         BY REFERENCE SHK-VALUE
      *         BY VALUE SHK-VALUE-CAP
      *         RETURNING SHK-RESULT
      *
      * Reads a value as the bytes it is, never converted:
      * "delivery[n].document", "delivery[n].head". [session]
      * Result      the full length; a value that does not fit is cut
      *             at cap. Nothing is terminated.
      * Errors      as shk_text.
      *
      * ------------------------------------------------------------
      * shk_forget
      *     CALL SHK-CALL "shk_forget" USING
      *         BY VALUE SHK-SESSION
      *         RETURNING SHK-RESULT
      *
      * Wipes the values of the last job. [session]
      * Errors      SHK-E-STATE while a job runs.
      *
      * ------------------------------------------------------------
      * shk_check
      *     CALL SHK-CALL "shk_check" USING
      *         BY VALUE SHK-SESSION
      *         BY REFERENCE SHK-PIN
      *         BY VALUE SHK-PIN-LEN
      *         BY VALUE SHK-SPEND-LAST-TRY
      *         BY VALUE SHK-TIMEOUT-MS
      *         RETURNING SHK-RESULT
      *
      * One check, from waiting for the card to the delivered
      * documents, in one call. [session]
      * pin, pin_len, spend_last_try
      *             as for shk_answer_pin; copied at once, used only if
      *             the card asks for it. With the routes "folder" and
      *             "app", which read no card, it may be empty. Length
      *             0 (pin is then not read) otherwise means that the
      *             patient types on the reader: without keys there,
      *             SHK-E-PIN-FORMAT. Digits are sent only while nobody
      *             else may have spent a try meanwhile: when another
      *             program held the card, or another session sent a
      *             wrong PIN at the same reader, since the call began,
      *             nothing is sent (SHK-E-CARD-BUSY); ask the person
      *             anew.
      * timeout_ms  for the whole call; a negative number takes the
      *             configuration's own limits.
      * Result      SHK-OUTCOME-ELIGIBLE, SHK-OUTCOME-NOT-ELIGIBLE or
      *             SHK-OUTCOME-UNSTATED (the app's text does not say
      *             whether it is valid: a person looks at the app's
      *             screen): an answer came, is readable by path, and
      *             every document that is due is delivered. Not being
      *             insured is an answer, not an error; an answer that
      *             tells neither is SHK-E-ANSWER-UNCLEAR. When an
      *             answer came and a document could not be delivered,
      *             the result is that document's code; the outcome is
      *             at "outcome" and the answer is readable all the
      *             same. Nobody is asked whose answer it is: where
      *             that is not sure, SHK-E-UNDECIDED, and it waits in
      *             the outbox. An answer that could not be stored is
      *             not shown: SHK-E-STORE-....
      * Time        timeout_ms and at most 2 s more. A delivery that is
      *             not made by then is left behind, whole or not at
      *             all, and waits in the outbox.
      * Errors      any code; the same is at "fault.code" (but for
      *             SHK-E-SESSION).
