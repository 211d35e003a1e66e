{ Shikaku for Delphi 7 to 12 and Free Pascal 3.2: copy this one unit.

  It holds the numbers of codes.h, the sixteen functions of the library with the manual of each, and
  TShikakuSession, which keeps a handle, checks lengths and raises EShikaku.

  RULES THAT HOLD FOR EVERY FUNCTION

  Types       Integer is int32_t, PAnsiChar and PByte point to bytes, TShkSession is a handle; no record,
              no callback. The word "byte" means byte: a UTF-8 character has one to four of them.
  Convention  stdcall on 32-bit Windows, else the platform's own.
  Strings in  Pointer and length in bytes. A negative length means: terminated by #0. With a length,
              trailing blanks and zero bytes are dropped; the PIN is the one exception and is taken
              exactly as given. Keep the pointer valid for the call only: arguments are copied.
  Strings out Into your buffer, always terminated by #0 when cap > 0. The result is the full length
              in bytes without the terminator; a value that does not fit is cut between characters.
              The retry rule is one comparison: Result >= cap.
  Encoding    UTF-8, or code page 932 when the session's text_encoding is 'cp932'. A character that
              code page 932 lacks becomes the geta mark and is counted at the path text.losses.
              TShikakuSession speaks UTF-8, whatever the configuration says.
  Results     0 or a positive number is good; a negative number is one of the SHK_E_ codes. Its
              sentences are at fault.message (Japanese, for the desk) and fault.message_en (English,
              for the log).
  Ownership   Neither side frees the other's memory.
  Threads     [any]      from any thread at any time.
              [session]  one thread at a time for one session; two sessions run in parallel.
              The library never calls into the host.
  Time        Every call returns at once unless its comment names a time limit. }
unit Shikaku;

{$IFDEF FPC}
  {$MODE DELPHI}
  {$H+}
{$ENDIF}

interface

uses
  SysUtils;

const
  { The number of this unit's interface; shk_abi gives that of the library. }
  SHK_ABI_EXPECTED = 1;

  { codes.h: begin }
  SHK_OK = 0;

  { Jobs for shk_start. }
  SHK_JOB_CHECK = 1;
  SHK_JOB_WATCH = 2;
  SHK_JOB_READERS = 3;
  SHK_JOB_QUERY = 4; { asks by the data of an insurance card: inputs query.* }
  SHK_JOB_IMPORT = 5; { reads an answer that the host has: inputs import.* }
  SHK_JOB_BULK = 6; { asks again for a table of patients: inputs bulk.* }
  SHK_JOB_REGISTER = 7; { registers the host's own patient number: inputs query.* }
  SHK_JOB_PACK = 8; { looks at, tests or signs packs: inputs pack.* }
  SHK_JOB_MAP = 9; { maps answers without delivering: inputs import.*, map.* }
  SHK_JOB_DELIVER = 10; { delivers what waits in the outbox: inputs outbox.* }
  SHK_JOB_HISTORY = 11; { lists, verifies or exports the history: inputs history.* }
  SHK_JOB_STORE = 12; { looks after the store: inputs store.* }
  SHK_JOB_PERSON = 13; { reads name, address, birth date and sex from a card, to register somebody new }

  { Events from shk_next_event. Behind each: the paths that belong to it. }
  SHK_EVENT_NONE = 0;
  SHK_EVENT_WAITING = 1; { put the card on the reader: card.reader when one is preferred }
  SHK_EVENT_CARD = 2; { a card lies on the reader: card.reader }
  SHK_EVENT_PIN = 3; { answer with shk_answer_pin: pin.tries_left }
  SHK_EVENT_ASKING = 4; { the question is on its way; the card may be taken away, better after it }
  SHK_EVENT_ANSWER = 5; { the answer is readable: outcome, records, record.* }
  SHK_EVENT_DELIVERED = 6; { one document more lies at the host: delivery.last, delivery[n].* }
  SHK_EVENT_FAULT = 7; { something failed: fault.* }
  SHK_EVENT_REMOVED = 8; { the card left the reader }
  SHK_EVENT_READERS = 9; { the readers are listed, or have changed: readers.*, readers[n].* }
  SHK_EVENT_DONE = 10; { the check or the job is over: outcome, fault.* }
  SHK_EVENT_NEXT = 11; { this person is finished, another one of the same input follows }
  SHK_EVENT_PROGRESS = 12; { a long job goes on: progress.* }
  SHK_EVENT_SECRET = 13; { give the passphrase of the device's key: shk_put "secret" }
  SHK_EVENT_MATCH = 14; { say whose answer this is: match.*, shk_put "match.answer" }
  SHK_EVENT_OUTBOX = 15; { what waits in the outbox has changed: outbox.* }
  SHK_EVENT_NOTICE = 16; { staff should hear this, and the job goes on: notice.* }

  { Outcome of a check, at the path "outcome". 0: no answer. }
  SHK_OUTCOME_NONE = 0;
  SHK_OUTCOME_ELIGIBLE = 1;
  SHK_OUTCOME_NOT_ELIGIBLE = 2;
  SHK_OUTCOME_UNSTATED = 3; { a record without a word on whether it is valid now }

  { Where a fault arose, at the path "fault.stage". }
  SHK_STAGE_API = 0;
  SHK_STAGE_CARD = 1;
  SHK_STAGE_IDENTITY = 2;
  SHK_STAGE_LOOKUP = 3;
  SHK_STAGE_RECORD = 4;
  SHK_STAGE_MAPPING = 5;
  SHK_STAGE_HOST = 6;
  SHK_STAGE_STORE = 7;

  { What may help, at the path "fault.retry". }
  SHK_RETRY_NO = 0;
  SHK_RETRY_SAME = 1; { the same again may work }
  SHK_RETRY_OPERATOR = 2; { after a person has done something }

  { What kind of number "fault.native" is, at the path "fault.native_kind". }
  SHK_NATIVE_NONE = 0;
  SHK_NATIVE_PCSC = 1;
  SHK_NATIVE_SW = 2;
  SHK_NATIVE_CURL = 3;
  SHK_NATIVE_HTTP = 4;
  SHK_NATIVE_TLS = 5;
  SHK_NATIVE_XML_LINE = 6;
  SHK_NATIVE_LUA_LINE = 7;
  SHK_NATIVE_OS = 8;
  SHK_NATIVE_SQL = 9; { SQLite's extended code; of a server the SQLSTATE, read in base 36 }
  SHK_NATIVE_HOST = 10; { the host program's own code }

  { How sure it is whose answer this is, at the path "match.grade". }
  SHK_MATCH_SAME = 1;
  SHK_MATCH_CHANGED = 2; { the same person, the insurance changed }
  SHK_MATCH_PROBABLY = 3;
  SHK_MATCH_SEVERAL = 4;
  SHK_MATCH_NEW = 5;

  { What is to be typed at SHK_EVENT_PIN, at the path "pin.kind". }
  SHK_PIN_AUTH = 1; { four digits }
  SHK_PIN_TEXT = 2; { four digits }
  SHK_PIN_CODE_B = 3; { B: 14 digits from the card's face }

  { What the card is, at the path "card.kind". }
  SHK_CARD_UNKNOWN = 0;
  SHK_CARD_MYNUMBER = 1;
  SHK_CARD_ANDROID = 2;
  SHK_CARD_IPHONE = 3;
  SHK_CARD_JUKI = 4;
  SHK_CARD_OTHER = 5;

  { What SHK_EVENT_NOTICE is about, at the path "notice". }
  SHK_NOTICE_EXPIRES = 1; { the certificate ends soon: card.expires_on, card.days_left }

  { Levels of the log. }
  SHK_LOG_ERROR = 1;
  SHK_LOG_WARN = 2;
  SHK_LOG_INFO = 3;
  SHK_LOG_DEBUG = 4;

  { Faults, banded by stage; the sentences are in docs/codes.md. }
  SHK_E_ARGUMENT = -1001;
  SHK_E_SESSION = -1002;
  SHK_E_STATE = -1003;
  SHK_E_PATH = -1004;
  SHK_E_ABSENT = -1005;
  SHK_E_MEMORY = -1006;
  SHK_E_TYPE = -1007;
  SHK_E_TOO_MANY = -1008;
  SHK_E_CONFIG_FILE = -1010;
  SHK_E_CONFIG_SYNTAX = -1011;
  SHK_E_CONFIG_KEY = -1012;
  SHK_E_CONFIG_VALUE = -1013;
  SHK_E_LOG_FILE = -1014;
  SHK_E_INPUT = -1015;
  SHK_E_FILE_READ = -1016;
  SHK_E_FILE_TOO_LARGE = -1017;
  SHK_E_RESUME = -1018;
  SHK_E_BULK_RUNNING = -1019;
  SHK_E_CANCELLED = -1020;
  SHK_E_TIMEOUT = -1021;
  SHK_E_BULK_FOLDER = -1022;
  SHK_E_LIBRARY = -1023;
  SHK_E_INTERNAL = -1099;
  SHK_E_NO_PCSC = -1101;
  SHK_E_NO_SERVICE = -1102;
  SHK_E_NO_READER = -1103;
  SHK_E_NO_CARD = -1104;
  SHK_E_CARD_REMOVED = -1105;
  SHK_E_CARD_BUSY = -1106;
  SHK_E_CARD_RESET = -1107;
  SHK_E_NOT_MYNUMBER = -1108;
  SHK_E_CARD_ANSWER = -1109;
  SHK_E_READER = -1110;
  SHK_E_CARD_MUTE = -1111;
  SHK_E_CARD_HANGS = -1112;
  SHK_E_JUKI_CARD = -1113;
  SHK_E_PHONE_REFUSED = -1114;
  SHK_E_SEVERAL_CARDS = -1115;
  SHK_E_PIN_WRONG = -1201;
  SHK_E_PIN_BLOCKED = -1202;
  SHK_E_PIN_FORMAT = -1203;
  SHK_E_PIN_LAST_TRY = -1204;
  SHK_E_PIN_TIMEOUT = -1205;
  SHK_E_CERTIFICATE = -1206;
  SHK_E_CERTIFICATE_EXPIRED = -1207;
  SHK_E_CERTIFICATE_NOT_YET = -1208;
  SHK_E_SIGNATURE = -1209;
  SHK_E_NO_CERTIFICATE = -1210;
  SHK_E_PIN_NONE = -1211;
  SHK_E_PIN_PAD = -1212;
  SHK_E_CODE_FORMAT = -1213;
  SHK_E_CODE_WRONG = -1214;
  SHK_E_CODE_BLOCKED = -1215;
  SHK_E_ATTRIBUTES = -1216;
  SHK_E_PIN_SAME = -1217;
  SHK_E_GATEWAY_UNREACHABLE = -1301;
  SHK_E_GATEWAY_UNTRUSTED = -1302;
  SHK_E_DEVICE_REFUSED = -1303;
  SHK_E_GATEWAY_TIMEOUT = -1304;
  SHK_E_GATEWAY_ANSWER = -1305;
  SHK_E_CHALLENGE_EXPIRED = -1306;
  SHK_E_CHALLENGE_USED = -1307;
  SHK_E_SIGNATURE_INVALID = -1308;
  SHK_E_CARD_CERT_EXPIRED = -1309;
  SHK_E_CARD_CERT_REVOKED = -1310;
  SHK_E_CARD_CERT_UNKNOWN = -1311;
  SHK_E_FACILITY_MISMATCH = -1312;
  SHK_E_REQUEST_INVALID = -1313;
  SHK_E_RATE_LIMITED = -1314;
  SHK_E_UPSTREAM_UNAVAILABLE = -1315;
  SHK_E_ANSWER_TOO_LARGE = -1316;
  SHK_E_REQUEST_CONFLICT = -1317;
  SHK_E_DEVICE_KEY = -1318;
  SHK_E_DEMO_ANSWER = -1319;
  SHK_E_ANSWER_FOREIGN = -1320;
  SHK_E_CLOCK = -1321;
  SHK_E_PASSPHRASE = -1322;
  SHK_E_PROXY = -1323;
  SHK_E_TERMINAL_FOLDER = -1324;
  SHK_E_TERMINAL_TIMEOUT = -1325;
  SHK_E_TERMINAL_REFUSED = -1326;
  SHK_E_CHECK_DIGIT = -1327;
  SHK_E_ROUTE_CANNOT = -1328;
  SHK_E_CLIPBOARD = -1329;
  SHK_E_ARCHIVE = -1330;
  SHK_E_BULK_UNANSWERED = -1331;
  SHK_E_XML = -1401;
  SHK_E_XML_ENCODING = -1402;
  SHK_E_XML_FOREIGN = -1403;
  SHK_E_VALUE = -1404;
  SHK_E_ANSWER_REFUSED = -1405;
  SHK_E_ANSWER_PENDING = -1406;
  SHK_E_ANSWER_ERROR = -1407;
  SHK_E_APP_TEXT = -1408;
  SHK_E_APP_INCOMPLETE = -1409;
  SHK_E_APP_CONTRADICTION = -1410;
  SHK_E_APP_VALUE = -1411;
  SHK_E_APP_UNREAD = -1412;
  SHK_E_ANSWER_UNCLEAR = -1413;
  SHK_E_EMPTY = -1414;
  SHK_E_ANSWER_COUNT = -1415;
  SHK_E_SCRIPT_FILE = -1501;
  SHK_E_SCRIPT_SYNTAX = -1502;
  SHK_E_SCRIPT_CONTRACT = -1503;
  SHK_E_SCRIPT_RUN = -1504;
  SHK_E_SCRIPT_BUDGET = -1505;
  SHK_E_SCRIPT_MEMORY = -1506;
  SHK_E_FIELD_REQUIRED = -1507;
  SHK_E_FIELD_TOO_LONG = -1508;
  SHK_E_CHARACTER_LOST = -1509;
  SHK_E_SCRIPT_CHECK = -1510;
  SHK_E_FILE_NAME = -1511;
  SHK_E_TABLE = -1512;
  SHK_E_TABLE_EMPTY = -1513;
  SHK_E_PACK = -1514;
  SHK_E_PACK_SAMPLE = -1515;
  SHK_E_OVERLAY = -1516;
  SHK_E_PACK_UNSIGNED = -1517;
  SHK_E_PACK_SIGNATURE = -1518;
  SHK_E_PACK_SOURCE = -1519;
  SHK_E_ADAPTER_UNKNOWN = -1601;
  SHK_E_ADAPTER_SETTINGS = -1602;
  SHK_E_FOLDER_MISSING = -1603;
  SHK_E_FOLDER_WRITE = -1604;
  SHK_E_FOLDER_LOCKED = -1605;
  SHK_E_DISK_FULL = -1606;
  SHK_E_FILE_EXISTS = -1607;
  SHK_E_FILE_FOREIGN = -1608;
  SHK_E_ADAPTER_BROKEN = -1609;
  SHK_E_ADAPTER_TIMEOUT = -1610;
  SHK_E_MODULE_FILE = -1611;
  SHK_E_HOST_UNREACHABLE = -1612;
  SHK_E_HOST_REFUSED = -1613;
  SHK_E_HOST_ANSWER = -1614;
  SHK_E_HOST_LOGIN = -1615;
  SHK_E_HOST_BUSY = -1616;
  SHK_E_STATEMENT = -1617;
  SHK_E_DRIVER = -1618;
  SHK_E_UNDECIDED = -1619;
  SHK_E_MATCH_ANSWER = -1620;
  SHK_E_DELIVERY_UNSURE = -1621;
  SHK_E_DELIVERY_TAKEN = -1622;
  SHK_E_TARGET_GONE = -1623;
  SHK_E_STORE_OPEN = -1701;
  SHK_E_STORE_BROKEN = -1702;
  SHK_E_STORE_NEWER = -1703;
  SHK_E_STORE_KEY = -1704;
  SHK_E_STORE_LOCKED = -1705;
  SHK_E_STORE_FULL = -1706;
  SHK_E_STORE_DOWN = -1707;
  SHK_E_STORE_LOGIN = -1708;
  SHK_E_STORE_LIBRARY = -1709;
  SHK_E_STORE_SEALED = -1710;
  SHK_E_HISTORY_BROKEN = -1711;
  SHK_E_STORE_OFF = -1712;
  SHK_E_STORE_FAILED = -1713;
  { codes.h: end }

{$IFDEF MSWINDOWS}
  SHK_LIBRARY = 'shikaku.dll';
{$ELSE}
  SHK_LIBRARY = 'libshikaku.so.1';
{$ENDIF}

type
  { Slot and generation in one number; 0 is never a session. A closed, stale or invented handle gives
    SHK_E_SESSION. }
  TShkSession = Integer;

{ The interface number of the loaded library. [any]
  Call it first: when it differs from SHK_ABI, a different library was found. Never fails. }
function shk_abi: Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_abi';

{ Opens a session. [any]
  config      path of the configuration file (a Lua table, see docs/host.md), in UTF-8; length 0
              takes every default.
  handle      receives the handle; 0 when the call fails.
  Owner       the host owns the session until shk_close.
  Time        reads one small file; at most 2 s.
  Errors      SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX, SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE,
              SHK_E_TOO_MANY, SHK_E_MEMORY, SHK_E_ARGUMENT. The words for a failed open are read
              with session 0, from the same thread: shk_text(0, 'fault.message', ...). }
function shk_open(config: PAnsiChar; config_len: Integer; out handle: TShkSession): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_open';

{ Closes a session, in whatever state it is, and wipes what it held. [any]
  A check under way is cancelled; a card command that cannot be interrupted is left to end by
  itself in the background.
  Time        at most 2 s.
  Errors      SHK_E_SESSION when s is not open; nothing happens then. }
function shk_close(s: TShkSession): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_close';

{ Sets one configuration key for this session, over what the file says. [session]
  key         a key of docs/configuration.md, such as 'route' or 'gateway.url'.
  value       as text; numbers in decimal, booleans as 'true' or 'false'.
  Errors      SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE, SHK_E_STATE while a job runs. }
function shk_set(s: TShkSession; key: PAnsiChar; key_len: Integer; value: PAnsiChar;
  value_len: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_set';

{ Gives an input to the next job, or the answer to SHK_EVENT_SECRET or SHK_EVENT_MATCH. [session]
  path        such as 'query.insurer_number', 'import.data', 'pack.path', 'secret',
              'match.answer'; docs/host.md lists them. Inputs are kept until the job that follows
              ends, then wiped.
  p, len      the value; text in the session's encoding, 'import.data' as the bytes it is and with
              nothing dropped. Length 0 takes the input back. 'secret' is copied into one locked
              buffer, used once and wiped; the host wipes its own copy. 'match.take' comes before
              'match.answer', which ends the question.
  Errors      SHK_E_PATH, SHK_E_INPUT when it is too long (an empty 'secret' too), SHK_E_STATE
              while a job runs ('secret', 'match.*': when none is asked for), SHK_E_MATCH_ANSWER
              (the question stays open), SHK_E_ARGUMENT, SHK_E_MEMORY. }
function shk_put(s: TShkSession; path: PAnsiChar; path_len: Integer; p: PByte;
  len: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_put';

{ Starts a job on the session's worker thread. [session]
  job         SHK_JOB_CHECK   waits for a card, checks once, ends with SHK_EVENT_DONE.
              SHK_JOB_WATCH   the same for card after card, until shk_cancel.
              SHK_JOB_READERS lists the readers into 'readers[n].*'.
              SHK_JOB_QUERY   asks once by the data of an insurance card (inputs query.*).
              SHK_JOB_IMPORT  reads an answer that the host has (inputs import.*); several persons
                one after the other, SHK_EVENT_NEXT between them.
              SHK_JOB_BULK    asks again for a table of patients (inputs bulk.*).
              SHK_JOB_REGISTER registers the host's patient number for one person (inputs
                query.*).
              SHK_JOB_PACK    checks, tests, shows, lists or signs packs (inputs pack.*) into
                'pack.*' and 'packs[n].*'.
              SHK_JOB_MAP     maps answers that the host has (inputs import.*, map.*) and delivers
                nothing; several persons as with SHK_JOB_IMPORT.
              SHK_JOB_DELIVER lists or delivers what waits in the outbox (inputs outbox.*); a
                person at a time as with SHK_JOB_IMPORT.
              SHK_JOB_HISTORY lists, verifies or exports the history (inputs history.*).
              SHK_JOB_STORE   shows or looks after the store (inputs store.*).
              SHK_JOB_PERSON  reads name, address, birth date and sex from the card; off unless
                the key 'attributes' is set.
  With the routes 'folder' and 'app' no card is read: a check takes the next answer that arrives,
  a watch every one. The values of the job before are wiped.
  Errors      SHK_E_STATE when a job runs already, SHK_E_ARGUMENT, SHK_E_CONFIG_VALUE when the
              configuration cannot serve the job ('fault.where' names the key),
              SHK_E_ROUTE_CANNOT, SHK_E_INPUT and SHK_E_CHECK_DIGIT ('fault.where' names the
              input; the inputs are kept), SHK_E_LOG_FILE, SHK_E_ADAPTER_UNKNOWN,
              SHK_E_ADAPTER_SETTINGS. Scripts and delivery folders are looked at only when a
              document is delivered. Packs are tried when a job that delivers begins: one that may
              not be used ends it with SHK_E_PACK, SHK_E_PACK_SAMPLE, SHK_E_PACK_UNSIGNED or
              SHK_E_PACK_SIGNATURE. }
function shk_start(s: TShkSession; job: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_start';

{ Answers SHK_EVENT_PIN. [session]
  pin         the digits as ASCII: four, or 14 where 'pin.kind' is SHK_PIN_CODE_B. Copied into one
              locked buffer, sent to the card once, wiped. Digits that this card has called wrong
              before, while it is held, are not sent: SHK_EVENT_FAULT (SHK_E_PIN_SAME) and another
              SHK_EVENT_PIN. The host wipes its own copy. Where 'pin.pad' is 1 the digits are
              typed on the reader and the host answers nothing, but where 'pin.last_try' is 1:
              then the reader waits for the host's word, which is length 0 (pin may be nil) and
              spend_last_try 1.
  spend_last_try
              1: send it even when 'pin.last_try' is 1 and a mistake would block the card. Ask the
              person first. 0: such a PIN is not sent (SHK_E_PIN_LAST_TRY).
  Errors      SHK_E_STATE when no PIN is asked for, before its SHK_EVENT_PIN was taken, and for
              digits where the reader takes them; SHK_E_PIN_FORMAT when it is not four digits,
              SHK_E_CODE_FORMAT when it is no such number (nothing is sent, the question stays
              open); SHK_E_PIN_LAST_TRY (the same). }
function shk_answer_pin(s: TShkSession; pin: PAnsiChar; pin_len: Integer;
  spend_last_try: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_answer_pin';

{ Ends the running job; it reports SHK_EVENT_DONE with the fault SHK_E_CANCELLED. [any]
  A command on its way to the card is not called back: the end is reported when it has ended.
  Events that wait already are still handed out; a PIN answered after the cancel is not sent. Once
  the answer is there, its deliveries are still made, each whole or not at all, and the job ends
  after them; an adapter that takes longer than about a second is left behind, and what it was
  given waits in the outbox.
  Errors      SHK_E_SESSION; no job is not an error. }
function shk_cancel(s: TShkSession): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_cancel';

{ Takes the next event. [session]
  timeout_ms  how long to wait for one; 0 only looks, a negative number waits for ever.
  Result      SHK_EVENT_NONE when none came in time, else one of the SHK_EVENT_ numbers. What
              belongs to an event is read by path (docs/host.md lists the paths of each). Without
              a job none comes; a shk_close from another thread ends the wait.
  Errors      SHK_E_SESSION.
  Time        timeout_ms. }
function shk_next_event(s: TShkSession; timeout_ms: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_next_event';

{ Asks to be woken when an event waits, for hosts with a message loop. [session]
  target      POSIX: a descriptor of the host (eventfd, pipe, socket) into which eight bytes, the
              number 1 in native order, are written without blocking. Windows: a window handle to
              which `message` is posted. A negative target ends it.
  message     Windows: the message number (WM_APP or above); elsewhere 0.
  When an event waits already, the target is woken at once. After a wake take events until
  SHK_EVENT_NONE. The target is not checked: into one that is closed or full nothing is written.
  The host keeps the target open until it has ended it or closed the session.
  Errors      SHK_E_SESSION. }
function shk_wake(s: TShkSession; target: Integer; message: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_wake';

{ Reads a value as text. [session]
  path        such as 'record.name', 'records[2].insurer_number', 'fault.message',
              'delivery[1].file'; lists count from 1. docs/host.md lists the fixed paths,
              docs/fields.md the fields of a record.
  buf, cap    the host's buffer; buf may be nil when cap is 0.
  Result      the full length in bytes.
  Errors      SHK_E_ABSENT: a known path without a value now (an empty value gives 0). SHK_E_PATH:
              no such path. SHK_E_ARGUMENT. }
function shk_text(s: TShkSession; path: PAnsiChar; path_len: Integer; buf: PAnsiChar;
  cap: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_text';

{ Reads a value as a number. [session]
  number      receives it; unchanged on error.
  Errors      as shk_text, and SHK_E_TYPE when the value is not a whole number. Identifiers are
              texts even when they are all digits. }
function shk_int(s: TShkSession; path: PAnsiChar; path_len: Integer; out number: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_int';

{ The length of a list: 'records', 'delivery', 'readers', 'record.paths',
  'record.specific_diseases', 'drift', 'match.candidate', 'outbox', 'history'. [session]
  Errors      SHK_E_PATH when the path is no list. An empty list gives 0. }
function shk_count(s: TShkSession; path: PAnsiChar; path_len: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_count';

{ Reads a value as the bytes it is, never converted: 'delivery[n].document', 'delivery[n].head'.
  [session]
  Result      the full length; a value that does not fit is cut at cap. Nothing is terminated.
  Errors      as shk_text. }
function shk_bytes(s: TShkSession; path: PAnsiChar; path_len: Integer; buf: PByte;
  cap: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_bytes';

{ Wipes the values of the last job. [session]
  Errors      SHK_E_STATE while a job runs. }
function shk_forget(s: TShkSession): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_forget';

{ One check, from waiting for the card to the delivered documents, in one call. [session]
  pin, pin_len, spend_last_try
              as for shk_answer_pin; copied at once, used only if the card asks for it. With the
              routes 'folder' and 'app', which read no card, it may be empty. Length 0 (pin may be
              null) otherwise means that the patient types on the reader: without keys there,
              SHK_E_PIN_FORMAT. Digits are sent only while nobody else may have spent a try
              meanwhile: when another program held the card, or another session sent a wrong PIN
              at the same reader, since the call began, nothing is sent (SHK_E_CARD_BUSY); ask the
              person anew.
  timeout_ms  for the whole call; a negative number takes the configuration's own limits.
  Result      SHK_OUTCOME_ELIGIBLE, SHK_OUTCOME_NOT_ELIGIBLE or SHK_OUTCOME_UNSTATED (the app's
              text does not say whether it is valid: a person looks at the app's screen): an
              answer came, is readable by path, and every document that is due is delivered. Not
              being insured is an answer, not an error; an answer that tells neither is
              SHK_E_ANSWER_UNCLEAR. When an answer came and a document could not be delivered, the
              result is that document's code; the outcome is at 'outcome' and the answer is
              readable all the same. Nobody is asked whose answer it is: where that is not sure,
              SHK_E_UNDECIDED, and it waits in the outbox. An answer that could not be stored is
              not shown: SHK_E_STORE_....
  Time        timeout_ms and at most 2 s more. A delivery that is not made by then is left behind,
              whole or not at all, and waits in the outbox.
  Errors      any code; the same is at 'fault.code' (but for SHK_E_SESSION). }
function shk_check(s: TShkSession; pin: PAnsiChar; pin_len: Integer; spend_last_try: Integer;
  timeout_ms: Integer): Integer;
  {$IFDEF MSWINDOWS}stdcall{$ELSE}cdecl{$ENDIF}; external SHK_LIBRARY name 'shk_check';

{ ---- The convenient layer: TShikakuSession ---- }

type
  TShkBytes = array of Byte;

  { A call that failed. Message is English and ASCII, for the log; MessageJa is the Japanese sentence for the
    person at the desk, in UTF-8 (ShkToWide gives what a form shows). Neither holds a personal value. }
  EShikaku = class(Exception)
  private
    FCode: Integer;
    FFaultName: UTF8String;
    FWhere: UTF8String;
    FMessageJa: UTF8String;
  public
    { Reads the sentences of session s; 0 after a failed open. About is the path that was read, or ''. }
    constructor CreateFor(s: TShkSession; ACode: Integer; const About: UTF8String = '');
    { One of the SHK_E_ numbers. }
    property Code: Integer read FCode;
    { Its name without SHK_E_, such as 'CONFIG_KEY'. }
    property FaultName: UTF8String read FFaultName;
    { What the fault is about, such as a key or a file; '' when nothing. }
    property Where: UTF8String read FWhere;
    property MessageJa: UTF8String read FMessageJa;
  end;

  { One session. Texts are UTF-8. Every method raises EShikaku where the function under it returns a fault,
    except where its comment says otherwise. One thread at a time, but for Cancel. }
  TShikakuSession = class
  private
    FHandle: TShkSession;
  public
    { shk_abi and shk_open. Config is a path in UTF-8: ShkFromWide(WideString) makes one. }
    constructor Create(const Config: UTF8String);
    { Closes the session. }
    destructor Destroy; override;
    { shk_close, whose result it is; nothing is raised. The handle stays, to show that it is stale. }
    function Close: Integer;
    { shk_set. }
    procedure SetKey(const Key, Value: UTF8String);
    { shk_put, of a text. }
    procedure Put(const Path, Value: UTF8String);
    { shk_put, of bytes as they are. }
    procedure PutBytes(const Path: UTF8String; const Value: array of Byte);
    { shk_put 'secret': sends the first Size bytes and wipes all of Value. }
    procedure PutSecret(var Value: array of Byte; Size: Integer);
    { shk_start. }
    procedure Start(Job: Integer);
    { shk_answer_pin: sends the first Digits bytes and wipes all of Pin, also when it raises. }
    procedure AnswerPin(var Pin: array of Byte; Digits: Integer; SpendLastTry: Boolean);
    { shk_answer_pin for a reader with keys: the person wants to spend the last try there. }
    procedure AnswerPinPad;
    { shk_cancel. }
    procedure Cancel;
    { shk_next_event. }
    function NextEvent(TimeoutMs: Integer = -1): Integer;
    { shk_wake. }
    procedure Wake(Target, MessageNumber: Integer);
    { shk_text; Fallback when the value is absent. }
    function Text(const Path: UTF8String; const Fallback: UTF8String = ''): UTF8String;
    { shk_text; False when the value is absent. }
    function TryText(const Path: UTF8String; out Value: UTF8String): Boolean;
    { shk_int; Fallback when the value is absent. }
    function Number(const Path: UTF8String; Fallback: Integer = 0): Integer;
    { shk_count. }
    function Count(const Path: UTF8String): Integer;
    { shk_bytes; nil when the value is absent. }
    function Bytes(const Path: UTF8String): TShkBytes;
    { shk_forget. }
    procedure Forget;
    { shk_check; wipes all of Pin. Digits 0: typed on the reader, or not asked for. }
    function Check(var Pin: array of Byte; Digits: Integer; SpendLastTry: Boolean; TimeoutMs: Integer): Integer;
    property Handle: TShkSession read FHandle;
  end;

{ The name of an event without SHK_EVENT_, '?' for one of a newer library. }
function ShkEventName(Event: Integer): UTF8String;

{ UTF-8 to what Windows' controls and files take, and back. Nothing is lost, whatever the system's code page.
  Never assign a UTF8String to a string or AnsiString, or the other way round: Delphi 7 would take the bytes as
  they are, later compilers convert through the system's code page and lose characters. }
function ShkToWide(const S: UTF8String): WideString;
function ShkFromWide(const S: WideString): UTF8String;

{ Overwrites with zeros. }
procedure ShkWipe(var Memory: array of Byte);

implementation

const
  EVENT_NAMES: array[0..16] of PAnsiChar = ('NONE', 'WAITING', 'CARD', 'PIN', 'ASKING', 'ANSWER', 'DELIVERED',
    'FAULT', 'REMOVED', 'READERS', 'DONE', 'NEXT', 'PROGRESS', 'SECRET', 'MATCH', 'OUTBOX', 'NOTICE');

{ A text of any length; the result of shk_text. A value that grew meanwhile is read again. }
function ReadText(s: TShkSession; const Path: UTF8String; out Value: UTF8String): Integer;
var
  Room: Integer;
begin
  Room := 64;
  repeat
    SetLength(Value, Room);
    Result := shk_text(s, PAnsiChar(Path), Length(Path), PAnsiChar(Value), Room + 1);
    if Result <= Room then
      Break;
    Room := Result;
  until False;
  if Result < 0 then
    Value := ''
  else
    SetLength(Value, Result);
end;

function ToAscii(const S: UTF8String): string;
var
  I: Integer;
begin
  SetLength(Result, Length(S));
  for I := 1 to Length(S) do
    if Ord(S[I]) < 128 then
      Result[I] := Char(Ord(S[I]))
    else
      Result[I] := '?';
end;

function ShkEventName(Event: Integer): UTF8String;
begin
  if (Event >= Low(EVENT_NAMES)) and (Event <= High(EVENT_NAMES)) then
    Result := EVENT_NAMES[Event]
  else
    Result := '?';
end;

function ShkToWide(const S: UTF8String): WideString;
begin
{$IFDEF UNICODE}
  Result := WideString(UnicodeString(S));
{$ELSE}
  Result := UTF8Decode(S);
{$ENDIF}
end;

function ShkFromWide(const S: WideString): UTF8String;
begin
  Result := UTF8Encode(S);
end;

procedure ShkWipe(var Memory: array of Byte);
var
  I: Integer;
begin
  for I := Low(Memory) to High(Memory) do
    Memory[I] := 0;
end;

function PointTo(const Memory: array of Byte): PByte;
begin
  if Length(Memory) = 0 then
    Result := nil
  else
    Result := @Memory[0];
end;

{ Faults that the result alone tells: of a session that is not open, and of the functions that read. }
function PlainName(Code: Integer): UTF8String;
begin
  case Code of
    SHK_E_ARGUMENT: Result := 'ARGUMENT';
    SHK_E_SESSION: Result := 'SESSION';
    SHK_E_PATH: Result := 'PATH';
    SHK_E_ABSENT: Result := 'ABSENT';
    SHK_E_MEMORY: Result := 'MEMORY';
    SHK_E_TYPE: Result := 'TYPE';
  else
    Result := '?';
  end;
end;

{ EShikaku }

constructor EShikaku.CreateFor(s: TShkSession; ACode: Integer; const About: UTF8String);
var
  Told: Integer;
  English: UTF8String;
begin
  FCode := ACode;
  if (About = '') and (shk_int(s, 'fault.code', -1, Told) >= 0) and (Told = ACode) then
  begin
    ReadText(s, 'fault.name', FFaultName);
    ReadText(s, 'fault.where', FWhere);
    ReadText(s, 'fault.message', FMessageJa);
    ReadText(s, 'fault.message_en', English);
  end
  else
  begin
    FFaultName := PlainName(ACode);
    FWhere := About;
    English := FFaultName;
    if About <> '' then
      English := FFaultName + ': ' + About;
  end;
  inherited Create(ToAscii(English));
end;

procedure Need(s: TShkSession; Code: Integer);
begin
  if Code < 0 then
    raise EShikaku.CreateFor(s, Code);
end;

procedure NeedRead(s: TShkSession; Code: Integer; const Path: UTF8String);
begin
  if (Code < 0) and (Code <> SHK_E_ABSENT) then
    raise EShikaku.CreateFor(s, Code, Path);
end;

{ More bytes than the array has would be read from behind it; a negative number would mean: up to a #0. }
procedure NeedWithin(Size: Integer; const Memory: array of Byte);
begin
  if (Size < 0) or (Size > Length(Memory)) then
    raise EShikaku.CreateFor(0, SHK_E_ARGUMENT, 'length');
end;

{ TShikakuSession }

constructor TShikakuSession.Create(const Config: UTF8String);
begin
  inherited Create;
  if shk_abi <> SHK_ABI_EXPECTED then
    raise EShikaku.CreateFor(0, SHK_E_ARGUMENT, 'shk_abi');
  Need(0, shk_open(PAnsiChar(Config), Length(Config), FHandle));
  SetKey('text_encoding', 'utf-8'); { whatever the file says for other programs }
end;

destructor TShikakuSession.Destroy;
begin
  if FHandle <> 0 then
    Close;
  inherited Destroy;
end;

function TShikakuSession.Close: Integer;
begin
  Result := shk_close(FHandle);
end;

procedure TShikakuSession.SetKey(const Key, Value: UTF8String);
begin
  Need(FHandle, shk_set(FHandle, PAnsiChar(Key), Length(Key), PAnsiChar(Value), Length(Value)));
end;

procedure TShikakuSession.Put(const Path, Value: UTF8String);
begin
  Need(FHandle, shk_put(FHandle, PAnsiChar(Path), Length(Path), PByte(PAnsiChar(Value)), Length(Value)));
end;

procedure TShikakuSession.PutBytes(const Path: UTF8String; const Value: array of Byte);
begin
  Need(FHandle, shk_put(FHandle, PAnsiChar(Path), Length(Path), PointTo(Value), Length(Value)));
end;

procedure TShikakuSession.PutSecret(var Value: array of Byte; Size: Integer);
begin
  try
    NeedWithin(Size, Value);
    Need(FHandle, shk_put(FHandle, 'secret', -1, PointTo(Value), Size));
  finally
    ShkWipe(Value);
  end;
end;

procedure TShikakuSession.Start(Job: Integer);
begin
  Need(FHandle, shk_start(FHandle, Job));
end;

procedure TShikakuSession.AnswerPin(var Pin: array of Byte; Digits: Integer; SpendLastTry: Boolean);
begin
  try
    NeedWithin(Digits, Pin);
    Need(FHandle, shk_answer_pin(FHandle, PAnsiChar(PointTo(Pin)), Digits, Ord(SpendLastTry)));
  finally
    ShkWipe(Pin);
  end;
end;

procedure TShikakuSession.AnswerPinPad;
begin
  Need(FHandle, shk_answer_pin(FHandle, nil, 0, 1));
end;

procedure TShikakuSession.Cancel;
begin
  Need(FHandle, shk_cancel(FHandle));
end;

function TShikakuSession.NextEvent(TimeoutMs: Integer): Integer;
begin
  Result := shk_next_event(FHandle, TimeoutMs);
  Need(FHandle, Result);
end;

procedure TShikakuSession.Wake(Target, MessageNumber: Integer);
begin
  Need(FHandle, shk_wake(FHandle, Target, MessageNumber));
end;

function TShikakuSession.TryText(const Path: UTF8String; out Value: UTF8String): Boolean;
var
  Code: Integer;
begin
  Code := ReadText(FHandle, Path, Value);
  NeedRead(FHandle, Code, Path);
  Result := Code >= 0;
end;

function TShikakuSession.Text(const Path, Fallback: UTF8String): UTF8String;
begin
  if not TryText(Path, Result) then
    Result := Fallback;
end;

function TShikakuSession.Number(const Path: UTF8String; Fallback: Integer): Integer;
begin
  Result := Fallback; { shk_int leaves it alone when it fails }
  NeedRead(FHandle, shk_int(FHandle, PAnsiChar(Path), Length(Path), Result), Path);
end;

function TShikakuSession.Count(const Path: UTF8String): Integer;
begin
  Result := shk_count(FHandle, PAnsiChar(Path), Length(Path));
  if Result < 0 then
    raise EShikaku.CreateFor(FHandle, Result, Path);
end;

function TShikakuSession.Bytes(const Path: UTF8String): TShkBytes;
var
  Size: Integer;
begin
  Size := shk_bytes(FHandle, PAnsiChar(Path), Length(Path), nil, 0);
  Result := nil;
  while Size > Length(Result) do
  begin
    SetLength(Result, Size);
    Size := shk_bytes(FHandle, PAnsiChar(Path), Length(Path), @Result[0], Length(Result));
  end;
  NeedRead(FHandle, Size, Path);
  if Size >= 0 then
    SetLength(Result, Size);
end;

procedure TShikakuSession.Forget;
begin
  Need(FHandle, shk_forget(FHandle));
end;

function TShikakuSession.Check(var Pin: array of Byte; Digits: Integer; SpendLastTry: Boolean;
  TimeoutMs: Integer): Integer;
begin
  try
    NeedWithin(Digits, Pin);
    Result := shk_check(FHandle, PAnsiChar(PointTo(Pin)), Digits, Ord(SpendLastTry), TimeoutMs);
    Need(FHandle, Result);
  finally
    ShkWipe(Pin);
  end;
end;

end.
