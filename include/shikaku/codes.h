/* Every number that crosses the door: results, stages, events, jobs and outcomes.
 * The fault numbers are those of plugin/base/fault.def; a test compares the two. */
#ifndef SHIKAKU_CODES_H
#define SHIKAKU_CODES_H

#define SHK_OK 0

/* Jobs for shk_start. */
#define SHK_JOB_CHECK    1
#define SHK_JOB_WATCH    2
#define SHK_JOB_READERS  3
#define SHK_JOB_QUERY    4 /* asks by the data of an insurance card: inputs query.* */
#define SHK_JOB_IMPORT   5 /* reads an answer that the host has: inputs import.* */
#define SHK_JOB_BULK     6 /* asks again for a table of patients: inputs bulk.* */
#define SHK_JOB_REGISTER 7 /* registers the host's own patient number (照会番号): inputs query.* */
#define SHK_JOB_PACK     8  /* looks at, tests or signs packs: inputs pack.* */
#define SHK_JOB_MAP      9  /* maps answers without delivering: inputs import.*, map.* */
#define SHK_JOB_DELIVER  10 /* delivers what waits in the outbox: inputs outbox.* */
#define SHK_JOB_HISTORY  11 /* lists, verifies or exports the history: inputs history.* */
#define SHK_JOB_STORE    12 /* looks after the store: inputs store.* */
#define SHK_JOB_PERSON                                                                             \
    13 /* reads name, address, birth date and sex from a card, to register somebody new */

/* Events from shk_next_event. Behind each: the paths that belong to it. */
#define SHK_EVENT_NONE    0
#define SHK_EVENT_WAITING 1 /* put the card on the reader: card.reader when one is preferred */
#define SHK_EVENT_CARD    2 /* a card lies on the reader: card.reader */
#define SHK_EVENT_PIN     3 /* answer with shk_answer_pin: pin.tries_left */
#define SHK_EVENT_ASKING                                                                           \
    4 /* the question is on its way; the card may be taken away, better after it */
#define SHK_EVENT_ANSWER    5 /* the answer is readable: outcome, records, record.* */
#define SHK_EVENT_DELIVERED 6 /* one document more lies at the host: delivery.last, delivery[n].* */
#define SHK_EVENT_FAULT     7 /* something failed: fault.* */
#define SHK_EVENT_REMOVED   8 /* the card left the reader */
#define SHK_EVENT_READERS   9 /* the readers are listed, or have changed: readers.*, readers[n].* */
#define SHK_EVENT_DONE      10 /* the check or the job is over: outcome, fault.* */
#define SHK_EVENT_NEXT      11 /* this person is finished, another one of the same input follows */
#define SHK_EVENT_PROGRESS  12 /* a long job goes on: progress.* */
#define SHK_EVENT_SECRET    13 /* give the passphrase of the device's key: shk_put "secret" */
#define SHK_EVENT_MATCH     14 /* say whose answer this is: match.*, shk_put "match.answer" */
#define SHK_EVENT_OUTBOX    15 /* what waits in the outbox has changed: outbox.* */
#define SHK_EVENT_NOTICE    16 /* staff should hear this, and the job goes on: notice.* */

/* Outcome of a check, at the path "outcome". 0: no answer. */
#define SHK_OUTCOME_NONE         0
#define SHK_OUTCOME_ELIGIBLE     1
#define SHK_OUTCOME_NOT_ELIGIBLE 2
#define SHK_OUTCOME_UNSTATED     3 /* a record without a word on whether it is valid now */

/* Where a fault arose, at the path "fault.stage". */
#define SHK_STAGE_API      0
#define SHK_STAGE_CARD     1
#define SHK_STAGE_IDENTITY 2
#define SHK_STAGE_LOOKUP   3
#define SHK_STAGE_RECORD   4
#define SHK_STAGE_MAPPING  5
#define SHK_STAGE_HOST     6
#define SHK_STAGE_STORE    7

/* What may help, at the path "fault.retry". */
#define SHK_RETRY_NO       0
#define SHK_RETRY_SAME     1 /* the same again may work */
#define SHK_RETRY_OPERATOR 2 /* after a person has done something */

/* What kind of number "fault.native" is, at the path "fault.native_kind". */
#define SHK_NATIVE_NONE     0
#define SHK_NATIVE_PCSC     1
#define SHK_NATIVE_SW       2
#define SHK_NATIVE_CURL     3
#define SHK_NATIVE_HTTP     4
#define SHK_NATIVE_TLS      5
#define SHK_NATIVE_XML_LINE 6
#define SHK_NATIVE_LUA_LINE 7
#define SHK_NATIVE_OS       8
#define SHK_NATIVE_SQL      9 /* SQLite's extended code; of a server the SQLSTATE, read in base 36 */
#define SHK_NATIVE_HOST     10 /* the host program's own code */

/* How sure it is whose answer this is, at the path "match.grade". */
#define SHK_MATCH_SAME     1
#define SHK_MATCH_CHANGED  2 /* the same person, the insurance changed */
#define SHK_MATCH_PROBABLY 3
#define SHK_MATCH_SEVERAL  4
#define SHK_MATCH_NEW      5

/* What is to be typed at SHK_EVENT_PIN, at the path "pin.kind". */
#define SHK_PIN_AUTH   1 /* 利用者証明用: four digits */
#define SHK_PIN_TEXT   2 /* 券面事項入力補助用: four digits */
#define SHK_PIN_CODE_B 3 /* 照合番号B: 14 digits from the card's face */

/* What the card is, at the path "card.kind". */
#define SHK_CARD_UNKNOWN  0
#define SHK_CARD_MYNUMBER 1
#define SHK_CARD_ANDROID  2 /* スマホ用電子証明書 */
#define SHK_CARD_IPHONE   3
#define SHK_CARD_JUKI     4 /* 住民基本台帳カード */
#define SHK_CARD_OTHER    5

/* What SHK_EVENT_NOTICE is about, at the path "notice". */
#define SHK_NOTICE_EXPIRES 1 /* the certificate ends soon: card.expires_on, card.days_left */

/* Levels of the log. */
#define SHK_LOG_ERROR 1
#define SHK_LOG_WARN  2
#define SHK_LOG_INFO  3
#define SHK_LOG_DEBUG 4

/* Faults, banded by stage; the sentences are in docs/codes.md. */
#define SHK_E_ARGUMENT       (-1001)
#define SHK_E_SESSION        (-1002)
#define SHK_E_STATE          (-1003)
#define SHK_E_PATH           (-1004)
#define SHK_E_ABSENT         (-1005)
#define SHK_E_MEMORY         (-1006)
#define SHK_E_TYPE           (-1007)
#define SHK_E_TOO_MANY       (-1008)
#define SHK_E_CONFIG_FILE    (-1010)
#define SHK_E_CONFIG_SYNTAX  (-1011)
#define SHK_E_CONFIG_KEY     (-1012)
#define SHK_E_CONFIG_VALUE   (-1013)
#define SHK_E_LOG_FILE       (-1014)
#define SHK_E_INPUT          (-1015)
#define SHK_E_FILE_READ      (-1016)
#define SHK_E_FILE_TOO_LARGE (-1017)
#define SHK_E_RESUME         (-1018)
#define SHK_E_BULK_RUNNING   (-1019)
#define SHK_E_CANCELLED      (-1020)
#define SHK_E_TIMEOUT        (-1021)
#define SHK_E_BULK_FOLDER    (-1022)
#define SHK_E_LIBRARY        (-1023)
#define SHK_E_INTERNAL       (-1099)

#define SHK_E_NO_PCSC       (-1101)
#define SHK_E_NO_SERVICE    (-1102)
#define SHK_E_NO_READER     (-1103)
#define SHK_E_NO_CARD       (-1104)
#define SHK_E_CARD_REMOVED  (-1105)
#define SHK_E_CARD_BUSY     (-1106)
#define SHK_E_CARD_RESET    (-1107)
#define SHK_E_NOT_MYNUMBER  (-1108)
#define SHK_E_CARD_ANSWER   (-1109)
#define SHK_E_READER        (-1110)
#define SHK_E_CARD_MUTE     (-1111)
#define SHK_E_CARD_HANGS    (-1112)
#define SHK_E_JUKI_CARD     (-1113)
#define SHK_E_PHONE_REFUSED (-1114)
#define SHK_E_SEVERAL_CARDS (-1115)

#define SHK_E_PIN_WRONG           (-1201)
#define SHK_E_PIN_BLOCKED         (-1202)
#define SHK_E_PIN_FORMAT          (-1203)
#define SHK_E_PIN_LAST_TRY        (-1204)
#define SHK_E_PIN_TIMEOUT         (-1205)
#define SHK_E_CERTIFICATE         (-1206)
#define SHK_E_CERTIFICATE_EXPIRED (-1207)
#define SHK_E_CERTIFICATE_NOT_YET (-1208)
#define SHK_E_SIGNATURE           (-1209)
#define SHK_E_NO_CERTIFICATE      (-1210)
#define SHK_E_PIN_NONE            (-1211)
#define SHK_E_PIN_PAD             (-1212)
#define SHK_E_CODE_FORMAT         (-1213)
#define SHK_E_CODE_WRONG          (-1214)
#define SHK_E_CODE_BLOCKED        (-1215)
#define SHK_E_ATTRIBUTES          (-1216)
#define SHK_E_PIN_SAME            (-1217)

#define SHK_E_GATEWAY_UNREACHABLE  (-1301)
#define SHK_E_GATEWAY_UNTRUSTED    (-1302)
#define SHK_E_DEVICE_REFUSED       (-1303)
#define SHK_E_GATEWAY_TIMEOUT      (-1304)
#define SHK_E_GATEWAY_ANSWER       (-1305)
#define SHK_E_CHALLENGE_EXPIRED    (-1306)
#define SHK_E_CHALLENGE_USED       (-1307)
#define SHK_E_SIGNATURE_INVALID    (-1308)
#define SHK_E_CARD_CERT_EXPIRED    (-1309)
#define SHK_E_CARD_CERT_REVOKED    (-1310)
#define SHK_E_CARD_CERT_UNKNOWN    (-1311)
#define SHK_E_FACILITY_MISMATCH    (-1312)
#define SHK_E_REQUEST_INVALID      (-1313)
#define SHK_E_RATE_LIMITED         (-1314)
#define SHK_E_UPSTREAM_UNAVAILABLE (-1315)
#define SHK_E_ANSWER_TOO_LARGE     (-1316)
#define SHK_E_REQUEST_CONFLICT     (-1317)
#define SHK_E_DEVICE_KEY           (-1318)
#define SHK_E_DEMO_ANSWER          (-1319)
#define SHK_E_ANSWER_FOREIGN       (-1320)
#define SHK_E_CLOCK                (-1321)
#define SHK_E_PASSPHRASE           (-1322)
#define SHK_E_PROXY                (-1323)
#define SHK_E_TERMINAL_FOLDER      (-1324)
#define SHK_E_TERMINAL_TIMEOUT     (-1325)
#define SHK_E_TERMINAL_REFUSED     (-1326)
#define SHK_E_CHECK_DIGIT          (-1327)
#define SHK_E_ROUTE_CANNOT         (-1328)
#define SHK_E_CLIPBOARD            (-1329)
#define SHK_E_ARCHIVE              (-1330)
#define SHK_E_BULK_UNANSWERED      (-1331)

#define SHK_E_XML               (-1401)
#define SHK_E_XML_ENCODING      (-1402)
#define SHK_E_XML_FOREIGN       (-1403)
#define SHK_E_VALUE             (-1404)
#define SHK_E_ANSWER_REFUSED    (-1405)
#define SHK_E_ANSWER_PENDING    (-1406)
#define SHK_E_ANSWER_ERROR      (-1407)
#define SHK_E_APP_TEXT          (-1408)
#define SHK_E_APP_INCOMPLETE    (-1409)
#define SHK_E_APP_CONTRADICTION (-1410)
#define SHK_E_APP_VALUE         (-1411)
#define SHK_E_APP_UNREAD        (-1412)
#define SHK_E_ANSWER_UNCLEAR    (-1413)
#define SHK_E_EMPTY             (-1414)
#define SHK_E_ANSWER_COUNT      (-1415)

#define SHK_E_SCRIPT_FILE     (-1501)
#define SHK_E_SCRIPT_SYNTAX   (-1502)
#define SHK_E_SCRIPT_CONTRACT (-1503)
#define SHK_E_SCRIPT_RUN      (-1504)
#define SHK_E_SCRIPT_BUDGET   (-1505)
#define SHK_E_SCRIPT_MEMORY   (-1506)
#define SHK_E_FIELD_REQUIRED  (-1507)
#define SHK_E_FIELD_TOO_LONG  (-1508)
#define SHK_E_CHARACTER_LOST  (-1509)
#define SHK_E_SCRIPT_CHECK    (-1510)
#define SHK_E_FILE_NAME       (-1511)
#define SHK_E_TABLE           (-1512)
#define SHK_E_TABLE_EMPTY     (-1513)
#define SHK_E_PACK            (-1514)
#define SHK_E_PACK_SAMPLE     (-1515)
#define SHK_E_OVERLAY         (-1516)
#define SHK_E_PACK_UNSIGNED   (-1517)
#define SHK_E_PACK_SIGNATURE  (-1518)
#define SHK_E_PACK_SOURCE     (-1519)

#define SHK_E_ADAPTER_UNKNOWN  (-1601)
#define SHK_E_ADAPTER_SETTINGS (-1602)
#define SHK_E_FOLDER_MISSING   (-1603)
#define SHK_E_FOLDER_WRITE     (-1604)
#define SHK_E_FOLDER_LOCKED    (-1605)
#define SHK_E_DISK_FULL        (-1606)
#define SHK_E_FILE_EXISTS      (-1607)
#define SHK_E_FILE_FOREIGN     (-1608)
#define SHK_E_ADAPTER_BROKEN   (-1609)
#define SHK_E_ADAPTER_TIMEOUT  (-1610)
#define SHK_E_MODULE_FILE      (-1611)
#define SHK_E_HOST_UNREACHABLE (-1612)
#define SHK_E_HOST_REFUSED     (-1613)
#define SHK_E_HOST_ANSWER      (-1614)
#define SHK_E_HOST_LOGIN       (-1615)
#define SHK_E_HOST_BUSY        (-1616)
#define SHK_E_STATEMENT        (-1617)
#define SHK_E_DRIVER           (-1618)
#define SHK_E_UNDECIDED        (-1619)
#define SHK_E_MATCH_ANSWER     (-1620)
#define SHK_E_DELIVERY_UNSURE  (-1621)
#define SHK_E_DELIVERY_TAKEN   (-1622)
#define SHK_E_TARGET_GONE      (-1623)

#define SHK_E_STORE_OPEN     (-1701)
#define SHK_E_STORE_BROKEN   (-1702)
#define SHK_E_STORE_NEWER    (-1703)
#define SHK_E_STORE_KEY      (-1704)
#define SHK_E_STORE_LOCKED   (-1705)
#define SHK_E_STORE_FULL     (-1706)
#define SHK_E_STORE_DOWN     (-1707)
#define SHK_E_STORE_LOGIN    (-1708)
#define SHK_E_STORE_LIBRARY  (-1709)
#define SHK_E_STORE_SEALED   (-1710)
#define SHK_E_HISTORY_BROKEN (-1711)
#define SHK_E_STORE_OFF      (-1712)
#define SHK_E_STORE_FAILED   (-1713)

#endif
