'use strict';
/**
 * Shikaku (資格) for Node.js 18 and later: the whole binding in one file; it needs the npm package koffi.
 *
 * Copy this file into the project. On Windows shikaku.dll lies beside it, with 64 bits for a Node
 * of 64 bits and with 32 for one of 32; on Linux the system's loader finds libshikaku.so.1.
 *
 *     const { Session, Job, Event } = require('./shikaku');
 *
 *     const session = new Session('shikaku.lua');
 *     session.start(Job.CHECK);
 *     for await (const event of session.events()) {
 *       if (event === Event.PIN) session.answerPin(await askPin());   // a Buffer; it is wiped
 *     }
 *     console.log(session.text('record.name'));
 *     session.close();
 *
 * The constructor is shk_open, number is shk_int, read is shk_bytes; every other method and abi() are the function of that name.
 *
 * Faults       A negative result is thrown as ShikakuError; a value that is absent is null.
 * Encoding     Everything crosses as UTF-8, whatever the configuration's text_encoding says.
 * Event loop   Waiting never blocks it: events() and nextEvent() look every 20 ms, check() works on another thread. The other calls
 *              return at once, but for close() and the constructor (at most 2 s, usually some milliseconds).
 * Threads      [any]      from any thread at any time.
 *              [session]  one thread at a time for one session: keep a session in one worker, and while a check() is
 *                         under way call cancel() and close() alone. Two sessions run in parallel.
 *              The plugin never calls into JavaScript.
 * Persons      A string cannot be wiped. Read what is needed, keep it no longer than that; forget() and close() wipe what the
 *              plugin holds, answerPin() and put('secret') wipe the Buffer that they are given.
 */
const path = require('node:path');
const koffi = require('koffi');

/** The interface that this file is for; abi() is that of the library. */
const ABI = 1;

// codes.h: begin
/** Jobs for shk_start. */
const Job = Object.freeze({
  CHECK: 1,
  WATCH: 2,
  READERS: 3,
  QUERY: 4, // asks by the data of an insurance card: inputs query.*
  IMPORT: 5, // reads an answer that the host has: inputs import.*
  BULK: 6, // asks again for a table of patients: inputs bulk.*
  REGISTER: 7, // registers the host's own patient number (照会番号): inputs query.*
  PACK: 8, // looks at, tests or signs packs: inputs pack.*
  MAP: 9, // maps answers without delivering: inputs import.*, map.*
  DELIVER: 10, // delivers what waits in the outbox: inputs outbox.*
  HISTORY: 11, // lists, verifies or exports the history: inputs history.*
  STORE: 12, // looks after the store: inputs store.*
  PERSON: 13, // reads name, address, birth date and sex from a card, to register somebody new
});
/** Events from shk_next_event. Behind each: the paths that belong to it. */
const Event = Object.freeze({
  NONE: 0,
  WAITING: 1, // put the card on the reader: card.reader when one is preferred
  CARD: 2, // a card lies on the reader: card.reader
  PIN: 3, // answer with shk_answer_pin: pin.tries_left
  ASKING: 4, // the question is on its way; the card may be taken away, better after it
  ANSWER: 5, // the answer is readable: outcome, records, record.*
  DELIVERED: 6, // one document more lies at the host: delivery.last, delivery[n].*
  FAULT: 7, // something failed: fault.*
  REMOVED: 8, // the card left the reader
  READERS: 9, // the readers are listed, or have changed: readers.*, readers[n].*
  DONE: 10, // the check or the job is over: outcome, fault.*
  NEXT: 11, // this person is finished, another one of the same input follows
  PROGRESS: 12, // a long job goes on: progress.*
  SECRET: 13, // give the passphrase of the device's key: shk_put "secret"
  MATCH: 14, // say whose answer this is: match.*, shk_put "match.answer"
  OUTBOX: 15, // what waits in the outbox has changed: outbox.*
  NOTICE: 16, // staff should hear this, and the job goes on: notice.*
});
/** Outcome of a check, at the path "outcome". 0: no answer. */
const Outcome = Object.freeze({
  NONE: 0,
  ELIGIBLE: 1,
  NOT_ELIGIBLE: 2,
  UNSTATED: 3, // a record without a word on whether it is valid now
});
/** Where a fault arose, at the path "fault.stage". */
const Stage = Object.freeze({
  API: 0,
  CARD: 1,
  IDENTITY: 2,
  LOOKUP: 3,
  RECORD: 4,
  MAPPING: 5,
  HOST: 6,
  STORE: 7,
});
/** What may help, at the path "fault.retry". */
const Retry = Object.freeze({
  NO: 0,
  SAME: 1, // the same again may work
  OPERATOR: 2, // after a person has done something
});
/** What kind of number "fault.native" is, at the path "fault.native_kind". */
const NativeKind = Object.freeze({
  NONE: 0,
  PCSC: 1,
  SW: 2,
  CURL: 3,
  HTTP: 4,
  TLS: 5,
  XML_LINE: 6,
  LUA_LINE: 7,
  OS: 8,
  SQL: 9, // SQLite's extended code; of a server the SQLSTATE, read in base 36
  HOST: 10, // the host program's own code
});
/** How sure it is whose answer this is, at the path "match.grade". */
const MatchGrade = Object.freeze({
  SAME: 1,
  CHANGED: 2, // the same person, the insurance changed
  PROBABLY: 3,
  SEVERAL: 4,
  NEW: 5,
});
/** What is to be typed at SHK_EVENT_PIN, at the path "pin.kind". */
const PinKind = Object.freeze({
  AUTH: 1, // 利用者証明用: four digits
  TEXT: 2, // 券面事項入力補助用: four digits
  CODE_B: 3, // 照合番号B: 14 digits from the card's face
});
/** What the card is, at the path "card.kind". */
const CardKind = Object.freeze({
  UNKNOWN: 0,
  MYNUMBER: 1,
  ANDROID: 2, // スマホ用電子証明書
  IPHONE: 3,
  JUKI: 4, // 住民基本台帳カード
  OTHER: 5,
});
/** What SHK_EVENT_NOTICE is about, at the path "notice". */
const Notice = Object.freeze({
  EXPIRES: 1, // the certificate ends soon: card.expires_on, card.days_left
});
/** Levels of the log. */
const LogLevel = Object.freeze({
  ERROR: 1,
  WARN: 2,
  INFO: 3,
  DEBUG: 4,
});
/** Faults, banded by stage; the sentences are in docs/codes.md. */
const FaultCode = Object.freeze({
  ARGUMENT: -1001,
  SESSION: -1002,
  STATE: -1003,
  PATH: -1004,
  ABSENT: -1005,
  MEMORY: -1006,
  TYPE: -1007,
  TOO_MANY: -1008,
  CONFIG_FILE: -1010,
  CONFIG_SYNTAX: -1011,
  CONFIG_KEY: -1012,
  CONFIG_VALUE: -1013,
  LOG_FILE: -1014,
  INPUT: -1015,
  FILE_READ: -1016,
  FILE_TOO_LARGE: -1017,
  RESUME: -1018,
  BULK_RUNNING: -1019,
  CANCELLED: -1020,
  TIMEOUT: -1021,
  BULK_FOLDER: -1022,
  LIBRARY: -1023,
  INTERNAL: -1099,
  NO_PCSC: -1101,
  NO_SERVICE: -1102,
  NO_READER: -1103,
  NO_CARD: -1104,
  CARD_REMOVED: -1105,
  CARD_BUSY: -1106,
  CARD_RESET: -1107,
  NOT_MYNUMBER: -1108,
  CARD_ANSWER: -1109,
  READER: -1110,
  CARD_MUTE: -1111,
  CARD_HANGS: -1112,
  JUKI_CARD: -1113,
  PHONE_REFUSED: -1114,
  SEVERAL_CARDS: -1115,
  PIN_WRONG: -1201,
  PIN_BLOCKED: -1202,
  PIN_FORMAT: -1203,
  PIN_LAST_TRY: -1204,
  PIN_TIMEOUT: -1205,
  CERTIFICATE: -1206,
  CERTIFICATE_EXPIRED: -1207,
  CERTIFICATE_NOT_YET: -1208,
  SIGNATURE: -1209,
  NO_CERTIFICATE: -1210,
  PIN_NONE: -1211,
  PIN_PAD: -1212,
  CODE_FORMAT: -1213,
  CODE_WRONG: -1214,
  CODE_BLOCKED: -1215,
  ATTRIBUTES: -1216,
  PIN_SAME: -1217,
  GATEWAY_UNREACHABLE: -1301,
  GATEWAY_UNTRUSTED: -1302,
  DEVICE_REFUSED: -1303,
  GATEWAY_TIMEOUT: -1304,
  GATEWAY_ANSWER: -1305,
  CHALLENGE_EXPIRED: -1306,
  CHALLENGE_USED: -1307,
  SIGNATURE_INVALID: -1308,
  CARD_CERT_EXPIRED: -1309,
  CARD_CERT_REVOKED: -1310,
  CARD_CERT_UNKNOWN: -1311,
  FACILITY_MISMATCH: -1312,
  REQUEST_INVALID: -1313,
  RATE_LIMITED: -1314,
  UPSTREAM_UNAVAILABLE: -1315,
  ANSWER_TOO_LARGE: -1316,
  REQUEST_CONFLICT: -1317,
  DEVICE_KEY: -1318,
  DEMO_ANSWER: -1319,
  ANSWER_FOREIGN: -1320,
  CLOCK: -1321,
  PASSPHRASE: -1322,
  PROXY: -1323,
  TERMINAL_FOLDER: -1324,
  TERMINAL_TIMEOUT: -1325,
  TERMINAL_REFUSED: -1326,
  CHECK_DIGIT: -1327,
  ROUTE_CANNOT: -1328,
  CLIPBOARD: -1329,
  ARCHIVE: -1330,
  BULK_UNANSWERED: -1331,
  XML: -1401,
  XML_ENCODING: -1402,
  XML_FOREIGN: -1403,
  VALUE: -1404,
  ANSWER_REFUSED: -1405,
  ANSWER_PENDING: -1406,
  ANSWER_ERROR: -1407,
  APP_TEXT: -1408,
  APP_INCOMPLETE: -1409,
  APP_CONTRADICTION: -1410,
  APP_VALUE: -1411,
  APP_UNREAD: -1412,
  ANSWER_UNCLEAR: -1413,
  EMPTY: -1414,
  ANSWER_COUNT: -1415,
  SCRIPT_FILE: -1501,
  SCRIPT_SYNTAX: -1502,
  SCRIPT_CONTRACT: -1503,
  SCRIPT_RUN: -1504,
  SCRIPT_BUDGET: -1505,
  SCRIPT_MEMORY: -1506,
  FIELD_REQUIRED: -1507,
  FIELD_TOO_LONG: -1508,
  CHARACTER_LOST: -1509,
  SCRIPT_CHECK: -1510,
  FILE_NAME: -1511,
  TABLE: -1512,
  TABLE_EMPTY: -1513,
  PACK: -1514,
  PACK_SAMPLE: -1515,
  OVERLAY: -1516,
  PACK_UNSIGNED: -1517,
  PACK_SIGNATURE: -1518,
  PACK_SOURCE: -1519,
  ADAPTER_UNKNOWN: -1601,
  ADAPTER_SETTINGS: -1602,
  FOLDER_MISSING: -1603,
  FOLDER_WRITE: -1604,
  FOLDER_LOCKED: -1605,
  DISK_FULL: -1606,
  FILE_EXISTS: -1607,
  FILE_FOREIGN: -1608,
  ADAPTER_BROKEN: -1609,
  ADAPTER_TIMEOUT: -1610,
  MODULE_FILE: -1611,
  HOST_UNREACHABLE: -1612,
  HOST_REFUSED: -1613,
  HOST_ANSWER: -1614,
  HOST_LOGIN: -1615,
  HOST_BUSY: -1616,
  STATEMENT: -1617,
  DRIVER: -1618,
  UNDECIDED: -1619,
  MATCH_ANSWER: -1620,
  DELIVERY_UNSURE: -1621,
  DELIVERY_TAKEN: -1622,
  TARGET_GONE: -1623,
  STORE_OPEN: -1701,
  STORE_BROKEN: -1702,
  STORE_NEWER: -1703,
  STORE_KEY: -1704,
  STORE_LOCKED: -1705,
  STORE_FULL: -1706,
  STORE_DOWN: -1707,
  STORE_LOGIN: -1708,
  STORE_LIBRARY: -1709,
  STORE_SEALED: -1710,
  HISTORY_BROKEN: -1711,
  STORE_OFF: -1712,
  STORE_FAILED: -1713,
});
// codes.h: end

/**
 * "WAITING" for nameOf(Event, 1); the number itself for one that a newer library brings.
 * @param {Readonly<Record<string, number>>} kind  Event, FaultCode …
 * @param {number} number
 * @returns {string}
 */
function nameOf(kind, number) {
  const found = Object.entries(kind).find(([, value]) => value === number);
  return found === undefined ? String(number) : found[0];
}

const PROTOTYPES = [
  'int32_t shk_abi(void)',
  'int32_t shk_open(const uint8_t *config, int32_t config_len, _Out_ int32_t *out)',
  'int32_t shk_close(int32_t s)',
  'int32_t shk_set(int32_t s, const uint8_t *key, int32_t key_len, const uint8_t *value, int32_t value_len)',
  'int32_t shk_put(int32_t s, const uint8_t *path, int32_t path_len, const uint8_t *p, int32_t len)',
  'int32_t shk_start(int32_t s, int32_t job)',
  'int32_t shk_answer_pin(int32_t s, const uint8_t *pin, int32_t pin_len, int32_t spend_last_try)',
  'int32_t shk_cancel(int32_t s)',
  'int32_t shk_next_event(int32_t s, int32_t timeout_ms)',
  'int32_t shk_wake(int32_t s, int32_t target, int32_t message)',
  'int32_t shk_text(int32_t s, const uint8_t *path, int32_t path_len, _Out_ uint8_t *buf, int32_t cap)',
  'int32_t shk_int(int32_t s, const uint8_t *path, int32_t path_len, _Out_ int32_t *out)',
  'int32_t shk_count(int32_t s, const uint8_t *path, int32_t path_len)',
  'int32_t shk_bytes(int32_t s, const uint8_t *path, int32_t path_len, _Out_ uint8_t *buf, int32_t cap)',
  'int32_t shk_forget(int32_t s)',
  'int32_t shk_check(int32_t s, const uint8_t *pin, int32_t pin_len, int32_t spend_last_try, int32_t timeout_ms)',
];

let functions = null;

/**
 * Loads the library, once; Session and abi() do it by themselves.
 *
 * Without a path: on Windows shikaku.dll by its absolute path, so that neither the current folder nor PATH is ever searched (a
 * file planted there would read the PIN); elsewhere libshikaku.so.1 by the system's loader.
 * @param {string} [file]  absolute path; a packed program (Electron, pkg) names the place where the DLL lies, outside its archive
 * @returns {Record<string, Function>} the functions of shikaku.h
 * @throws {Error} when the path is not absolute (a name would be searched for), when there is no such library, or one of another
 *   kind of processor
 */
function load(file) {
  if (functions === null) {
    if (file !== undefined && !path.isAbsolute(file)) {
      throw new Error(`shikaku: an absolute path is needed, not ${file}`);
    }
    const windows = process.platform === 'win32';
    const library = koffi.load(file || (windows ? path.join(__dirname, 'shikaku.dll') : 'libshikaku.so.1'));
    const found = {};
    for (const prototype of PROTOTYPES) {
      // Means something on 32-bit Windows alone.
      const words = windows ? prototype.replace('int32_t ', 'int32_t __stdcall ') : prototype;
      found[/shk_\w+/.exec(prototype)[0]] = library.func(words);
    }
    functions = Object.freeze(found);
  }
  return functions;
}

/**
 * The interface number of the loaded library. [any] Differs from ABI when a different library was found.
 * @returns {number}
 */
function abi() {
  return load().shk_abi();
}

/** A fault; message is the sentence for the person at the desk. */
class ShikakuError extends Error {
  constructor(code, message, messageEn, where, retry) {
    super(message);
    /** One of FaultCode. @type {number} */
    this.code = code;
    /** Its name, such as "PIN_WRONG". @type {string} */
    this.name = nameOf(FaultCode, code);
    /** The sentence in English, for the log. @type {string} */
    this.messageEn = messageEn;
    /** Key, input, script or line that it is about, never a value; null when there is none. @type {string | null} */
    this.where = where;
    /** One of Retry: whether the same again may help. @type {number} */
    this.retry = retry;
  }
}

/** A session, and what the library can do with it. */
class Session {
  #handle = 0;
  #c = load();

  /**
   * shk_open. Opens a session. [any] Reads one small file; at most 2 s.
   * @param {string} [config]  path of the configuration file (a Lua table, docs/host.md); '' takes every default
   * @throws {ShikakuError} CONFIG_FILE, CONFIG_SYNTAX, CONFIG_KEY, CONFIG_VALUE, TOO_MANY, MEMORY
   * @throws {Error} when the library cannot be loaded, or its interface is another one
   */
  constructor(config = '') {
    if (abi() !== ABI) {
      throw new Error(`shikaku.js is for interface ${ABI}, the library has ${abi()}`);
    }
    const file = Buffer.from(config, 'utf8');
    const out = [0];
    this.#done('shk_open', this.#c.shk_open(file, file.length, out)); // the words of a failed open are read with session 0
    this.#handle = out[0];
    this.set('text_encoding', 'utf-8'); // whatever the file says for other programs
  }

  /**
   * shk_close. Closes the session, in whatever state it is, and wipes what it held. [any] At most 2 s.
   * A check under way is cancelled; a card command that cannot be interrupted is left to end by itself in the background. A
   * waiting nextEvent() or check() ends with SESSION. Not to be forgotten: nothing closes a session that is let go of.
   * @returns {number} 0; FaultCode.SESSION when it was closed before, and nothing happens then
   */
  close() {
    return this.#c.shk_close(this.#handle);
  }

  /**
   * shk_set. Sets one configuration key for this session, over what the file says. [session]
   * @param {string} key  a key of docs/configuration.md, such as "route" or "deliveries[1].folder"
   * @param {string | number | boolean} value
   * @throws {ShikakuError} CONFIG_KEY, CONFIG_VALUE; STATE while a job runs
   */
  set(key, value) {
    const name = Buffer.from(key, 'utf8');
    const text = Buffer.from(String(value), 'utf8');
    this.#done('shk_set', this.#c.shk_set(this.#handle, name, name.length, text, text.length));
  }

  /**
   * shk_put. Gives an input to the next job, or the answer to Event.SECRET or Event.MATCH. [session]
   * @param {string} where  such as "query.insurer_number", "import.data", "secret", "match.answer"; docs/host.md lists them.
   *   Inputs are kept until the job that follows ends, then wiped.
   * @param {string | Uint8Array} value  text; "import.data" and "pack.sample" as the bytes they are. Empty takes the input back.
   *   Give "secret" as a Buffer: it is wiped, whatever happens. "match.take" comes before "match.answer", which ends the
   *   question.
   * @throws {ShikakuError} PATH; INPUT when it is too long (an empty "secret" too); STATE while a job runs ("secret", "match.…":
   *   when none is asked for); MATCH_ANSWER (the question stays open); MEMORY
   */
  put(where, value) {
    const name = Buffer.from(where, 'utf8');
    const data = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
    try {
      this.#done('shk_put', this.#c.shk_put(this.#handle, name, name.length, data, data.length));
    } finally {
      if (where === 'secret') {
        data.fill(0);
      }
    }
  }

  /**
   * shk_start. Starts a job on the session's worker thread. [session]
   *
   * CHECK waits for a card, checks once, ends with Event.DONE. WATCH: the same for card after card, until cancel(). READERS
   * lists the readers into "readers[n].*". QUERY asks once by the data of an insurance card (inputs query.*). IMPORT reads an
   * answer that the host has (inputs import.*); several persons one after the other, Event.NEXT between them. BULK asks
   * again for a table of patients (inputs bulk.*). REGISTER registers the host's patient number for one person (inputs query.*).
   * PACK checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*" and "packs[n].*". MAP maps answers that the
   * host has (inputs import.*, map.*) and delivers nothing. DELIVER lists or delivers what waits in the outbox (inputs
   * outbox.*), a person at a time as IMPORT. HISTORY lists, verifies or exports the history (inputs history.*). STORE shows or
   * looks after the store (inputs store.*). PERSON reads name, address, birth date and sex from the card; off unless the key
   * "attributes" is set. With the routes "folder" and "app" no card is read: a check takes the next answer that arrives, a watch
   * every one. The values of the job before are wiped.
   * @param {number} job  one of Job
   * @throws {ShikakuError} STATE when a job runs already; ARGUMENT; CONFIG_VALUE when the configuration cannot serve the job
   *   (where names the key); ROUTE_CANNOT; INPUT and CHECK_DIGIT (where names the input; the inputs are kept); LOG_FILE,
   *   ADAPTER_UNKNOWN, ADAPTER_SETTINGS. Scripts and delivery folders are looked at only when a document is delivered; packs are
   *   tried when a job that delivers begins (PACK, PACK_SAMPLE, PACK_UNSIGNED, PACK_SIGNATURE end it)
   */
  start(job) {
    this.#done('shk_start', this.#c.shk_start(this.#handle, job));
  }

  /**
   * shk_answer_pin. Answers Event.PIN, and wipes the Buffer, whatever happens. [session]
   * @param {Uint8Array | null} pin  the digits as ASCII: four, or 14 where "pin.kind" is PinKind.CODE_B. Sent to the card once.
   *   Digits that this card has called wrong before, while it is held, are not sent: Event.FAULT (PIN_SAME) and another Event.PIN.
   *   Where "pin.pad" is 1 the digits are typed on the reader and nothing is answered, but where "pin.last_try" is 1: then
   *   the reader waits for answerPin(null, true).
   * @param {boolean} [spendLastTry]  true: send it even when "pin.last_try" is 1 and a mistake would block the card. Ask the
   *   person first.
   * @throws {ShikakuError} STATE when no PIN is asked for, before its Event.PIN was taken, and for digits where the reader takes
   *   them; PIN_FORMAT, CODE_FORMAT, PIN_LAST_TRY (nothing is sent, the question stays open)
   */
  answerPin(pin, spendLastTry = false) {
    try {
      const length = pin === null ? 0 : pin.length;
      this.#done('shk_answer_pin', this.#c.shk_answer_pin(this.#handle, pin, length, spendLastTry ? 1 : 0));
    } finally {
      wipe(pin);
    }
  }

  /**
   * shk_cancel. Ends the running job; it reports Event.DONE with the fault CANCELLED. [any]
   * A command on its way to the card is not called back: the end is reported when it has ended. Events that wait already are still
   * handed out; a PIN answered after the cancel is not sent. Once the answer is there, its deliveries are still made, each whole or not
   * at all; an adapter that takes longer than about a second is left behind, and what it was given waits in the outbox. No job
   * is not an error.
   * @throws {ShikakuError} SESSION
   */
  cancel() {
    this.#done('shk_cancel', this.#c.shk_cancel(this.#handle));
  }

  /**
   * shk_next_event. Takes the next event, without blocking the event loop. [session] Without a job none comes.
   * @param {number} [timeoutMs]  how long to wait for one; 0 only looks, a negative number waits for ever
   * @returns {Promise<number>} one of Event; Event.NONE when none came in time. What belongs to an event is read by path.
   * @throws {ShikakuError} SESSION, also when it is closed meanwhile
   */
  async nextEvent(timeoutMs = -1) {
    const end = timeoutMs < 0 ? Infinity : performance.now() + timeoutMs;
    for (;;) {
      const event = this.#done('shk_next_event', this.#c.shk_next_event(this.#handle, 0));
      if (event !== Event.NONE || performance.now() >= end) {
        return event;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /**
   * The events of a job as they come, with Event.DONE as the last. Of a watch: until its job has ended. [session]
   * @returns {AsyncGenerator<number, void, void>}
   */
  async *events() {
    for (;;) {
      const event = await this.nextEvent();
      yield event;
      if (event === Event.DONE && this.number('job.running') !== 1) {
        return;
      }
    }
  }

  /**
   * shk_wake. Asks to be woken when an event waits, for programs with a message loop of their own. [session] nextEvent() does not
   * need it. When an event waits already, the target is woken at once; after a wake take events until Event.NONE. The target is not
   * checked, and stays open until it has been ended or the session closed.
   * @param {number} target  POSIX: a descriptor into which eight bytes, the number 1 in native order, are written without
   *   blocking. Windows: a window handle to which `message` is posted. A negative target ends it.
   * @param {number} [message]  Windows: the message number (WM_APP or above); elsewhere 0
   * @throws {ShikakuError} SESSION
   */
  wake(target, message = 0) {
    this.#done('shk_wake', this.#c.shk_wake(this.#handle, target, message));
  }

  /**
   * shk_text. Reads a value as text. [session]
   * @param {string} where  such as "record.name", "records[2].insurer_number", "delivery[1].file"; lists count from 1.
   *   docs/host.md lists the fixed paths, docs/fields.md the fields of a record.
   * @returns {string | null} null when it is a known path without a value now; an empty value is ''
   * @throws {ShikakuError} PATH when there is no such path
   */
  text(where) {
    const name = Buffer.from(where, 'utf8');
    for (let cap = 256; ;) {
      const room = Buffer.alloc(cap);
      const result = this.#c.shk_text(this.#handle, name, name.length, room, cap);
      if (!present('shk_text', result)) {
        return null;
      }
      if (result < cap) {
        return room.toString('utf8', 0, result);
      }
      cap = result + 1;
    }
  }

  /**
   * shk_int. Reads a value as a number. [session]
   * @param {string} where
   * @returns {number | null} null when it is absent
   * @throws {ShikakuError} PATH; TYPE when the value is not a whole number. Identifiers are texts even when they are all digits.
   */
  number(where) {
    const name = Buffer.from(where, 'utf8');
    const out = [0];
    return present('shk_int', this.#c.shk_int(this.#handle, name, name.length, out)) ? out[0] : null;
  }

  /**
   * shk_count. The length of a list: "records", "delivery", "readers", "record.paths", "record.specific_diseases", "drift",
   * "match.candidate", "outbox", "history". [session] An empty list gives 0.
   * @param {string} where
   * @returns {number}
   * @throws {ShikakuError} PATH when the path is no list
   */
  count(where) {
    const name = Buffer.from(where, 'utf8');
    const result = this.#c.shk_count(this.#handle, name, name.length);
    if (result < 0) {
      throw unsaid('shk_count', result);
    }
    return result;
  }

  /**
   * shk_bytes. Reads a value as the bytes it is: "delivery[n].document", "delivery[n].head". [session]
   * @param {string} where
   * @returns {Buffer | null} null when it is absent
   * @throws {ShikakuError} PATH
   */
  read(where) {
    const name = Buffer.from(where, 'utf8');
    for (let cap = 4096; ;) {
      const room = Buffer.alloc(cap);
      const result = this.#c.shk_bytes(this.#handle, name, name.length, room, cap);
      if (!present('shk_bytes', result)) {
        return null;
      }
      if (result <= cap) {
        return room.subarray(0, result);
      }
      cap = result;
    }
  }

  /** shk_forget. Wipes the values of the last job. [session] @throws {ShikakuError} STATE while a job runs */
  forget() {
    this.#done('shk_forget', this.#c.shk_forget(this.#handle));
  }

  /**
   * shk_check. One check, from waiting for the card to the delivered documents, in one call on another thread. [session]
   * Takes timeoutMs and at most 2 s more; a delivery that is not made by then waits in the outbox. Until it has ended call
   * cancel() and close() alone.
   * @param {Uint8Array | null} pin  as for answerPin, wiped when the call has ended; used only if the card asks for it. With
   *   the routes "folder" and "app", which read no card, it may be empty. null otherwise means that the patient types on the reader:
   *   without keys there, PIN_FORMAT. Digits are sent only while nobody else may have spent a try meanwhile: when another
   *   program held the card, or another session sent a wrong PIN at the same reader, since the call began, nothing is sent
   *   (CARD_BUSY); ask the person anew.
   * @param {boolean} [spendLastTry]
   * @param {number} [timeoutMs]  for the whole call; a negative number takes the configuration's own limits
   * @returns {Promise<number>} Outcome.ELIGIBLE, NOT_ELIGIBLE or UNSTATED (the app's text does not say whether it is valid: a
   *   person looks at the app's screen), when every document that is due is delivered
   * @throws {ShikakuError} any code. When an answer came and a document could not be delivered, it is that document's; "outcome"
   *   and the answer are readable all the same. Nobody is asked whose answer it is: UNDECIDED, and it waits. An answer that
   *   tells neither is ANSWER_UNCLEAR; one that could not be stored is not shown: STORE_….
   */
  async check(pin, spendLastTry = false, timeoutMs = -1) {
    try {
      const length = pin === null ? 0 : pin.length;
      const call = [this.#handle, pin, length, spendLastTry ? 1 : 0, timeoutMs];
      const result = await new Promise((resolve, reject) => {
        this.#c.shk_check.async(...call, (error, value) => (error ? reject(error) : resolve(value)));
      });
      return this.#done('shk_check', result);
    } finally {
      wipe(pin);
    }
  }

  /**
   * What "fault.*" says now, at Event.FAULT or after Event.DONE. [session]
   * @returns {ShikakuError | null} null when nothing failed
   */
  fault() {
    const code = this.number('fault.code') || 0;
    return code !== 0 ? this.#failure('', code) : null;
  }

  #done(call, result) {
    if (result < 0) {
      throw this.#failure(call, result);
    }
    return result;
  }

  #failure(call, code) {
    try {
      if (this.number('fault.code') === code) {
        return new ShikakuError(code, this.text('fault.message') || '', this.text('fault.message_en') || '',
          this.text('fault.where'), this.number('fault.retry') || Retry.NO);
      }
    } catch (error) {
      if (!(error instanceof ShikakuError)) { // else the session itself is gone
        throw error;
      }
    }
    return unsaid(call, code);
  }
}

/** A fault that only the result tells: a closed session, a wrong path. */
function unsaid(call, code) {
  const words = `${call}: ${nameOf(FaultCode, code)} (${code})`;
  return new ShikakuError(code, words, words, null, Retry.NO);
}

function present(call, result) {
  if (result < 0 && result !== FaultCode.ABSENT) {
    throw unsaid(call, result);
  }
  return result >= 0;
}

function wipe(pin) {
  if (pin !== null) {
    pin.fill(0);
  }
}

module.exports = {
  ABI, Session, ShikakuError, abi, load, nameOf, Job, Event, Outcome, Stage, Retry, NativeKind, MatchGrade, PinKind, CardKind,
  Notice, LogLevel, FaultCode,
};
