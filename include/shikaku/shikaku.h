/* Shikaku (資格): the host's door.
 *
 * A receipt or practice-management program loads the plugin, opens a session, posts commands and
 * takes events. One check reads the patient's My Number Card, asks whether the patient is insured,
 * maps the answer with Lua scripts and delivers the documents.
 *
 *     shk_open ─► shk_start ─► shk_next_event … SHK_EVENT_PIN ─► shk_answer_pin
 *              ─► shk_next_event … SHK_EVENT_ANSWER, SHK_EVENT_DELIVERED, SHK_EVENT_DONE
 *              ─► shk_text(session, "record.name", …) ─► shk_close
 *
 * A host without a message loop calls shk_check, which does all of that and blocks.
 *
 * RULES THAT HOLD FOR EVERY FUNCTION
 *
 * Types        Only int32_t, pointers to bytes and integer handles; no struct, no callback.
 * Convention   SHK_CALL: __stdcall on 32-bit Windows (exports undecorated), else the platform's own.
 * Strings in   Pointer and length in bytes. A negative length means: terminated by a zero byte. With
 *              a length, trailing ASCII spaces and zero bytes are dropped (COBOL pads its fields);
 *              the PIN is the one exception and is taken exactly as given.
 * Strings out  Into the caller's buffer, always terminated by a zero byte when cap > 0. The result is
 *              the full length in bytes without the terminator; a value that does not fit is cut
 *              between characters. The retry rule is one comparison: result >= cap.
 * Encoding     UTF-8, or code page 932 when the session's text_encoding is "cp932". A character that
 *              code page 932 lacks becomes 〓 and is counted at the path "text.losses".
 * Results      0 or a positive number is good; a negative number is one of the SHK_E_ codes of
 *              codes.h. The code's sentences are at the paths "fault.message" (Japanese, for the
 *              person at the desk) and "fault.message_en" (English, for the log).
 * Ownership    Neither side ever frees the other's memory. Arguments are copied before the call
 *              returns.
 * Threads      [any]      from any thread at any time.
 *              [session]  one thread at a time for one session; two sessions run in parallel.
 *              The plugin never calls into the host.
 * Guest rules  No call changes the locale, the signal handlers, the working directory or the
 *              floating-point environment of the host, writes to its standard output or ends its
 *              process. The module stays loaded once loaded.
 * Time         Every call returns at once unless its comment names a time limit.
 *
 * A session handle is never a pointer: a closed, stale or invented handle gives SHK_E_SESSION.
 */
#ifndef SHIKAKU_SHIKAKU_H
#define SHIKAKU_SHIKAKU_H

#include <stdint.h>

#include "codes.h"

#if defined(_WIN32) && !defined(_WIN64)
#define SHK_CALL __stdcall
#else
#define SHK_CALL
#endif

#if defined(SHK_BUILDING) && !defined(_WIN32)
#define SHK_API __attribute__((visibility("default")))
#else
#define SHK_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The number of this header's interface. A host compares it with what shk_abi() returns. */
#define SHK_ABI 1

/* Slot and generation in one number; 0 is never a session. */
typedef int32_t shk_session;

/* The interface number of the loaded library. [any]
 * Call it first: when it differs from SHK_ABI, a different library was found. Never fails. */
SHK_API int32_t SHK_CALL shk_abi(void);

/* Opens a session. [any]
 * config      path of the configuration file (a Lua table, see docs/host.md), in UTF-8; length 0
 *             takes every default.
 * out         receives the handle; 0 when the call fails.
 * Owner       the host owns the session until shk_close.
 * Time        reads one small file; at most 2 s.
 * Errors      SHK_E_CONFIG_FILE, SHK_E_CONFIG_SYNTAX, SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE,
 *             SHK_E_TOO_MANY, SHK_E_MEMORY, SHK_E_ARGUMENT. The words for a failed open are read
 *             with session 0, from the same thread: shk_text(0, "fault.message", …). */
SHK_API int32_t SHK_CALL shk_open(const char *config, int32_t config_len, shk_session *out);

/* Closes a session, in whatever state it is, and wipes what it held. [any]
 * A check under way is cancelled; a card command that cannot be interrupted is left to end by itself
 * in the background.
 * Time        at most 2 s.
 * Errors      SHK_E_SESSION when s is not open; nothing happens then. */
SHK_API int32_t SHK_CALL shk_close(shk_session s);

/* Sets one configuration key for this session, over what the file says. [session]
 * key         a key of docs/host.md, such as "route" or "gateway.url".
 * value       as text; numbers in decimal, booleans as "true" or "false".
 * Errors      SHK_E_CONFIG_KEY, SHK_E_CONFIG_VALUE, SHK_E_STATE while a job runs. */
SHK_API int32_t SHK_CALL shk_set(shk_session s, const char *key, int32_t key_len, const char *value,
                                 int32_t value_len);

/* Gives an input to the next job, or the answer to SHK_EVENT_SECRET or SHK_EVENT_MATCH. [session]
 * path        such as "query.insurer_number", "import.data", "pack.path", "secret", "match.answer";
 *             docs/host.md lists them. Inputs are kept until the job that follows ends, then wiped.
 * p, len      the value; text in the session's encoding, "import.data" as the bytes it is and with
 *             nothing dropped. Length 0 takes the input back.
 *             "secret" is copied into one locked buffer, used once and wiped; the host wipes its own copy.
 *             "match.take" comes before "match.answer", which ends the question.
 * Errors      SHK_E_PATH, SHK_E_INPUT when it is too long (an empty "secret" too), SHK_E_STATE while a
 *             job runs ("secret", "match.…": when none is asked for), SHK_E_MATCH_ANSWER (the question
 *             stays open), SHK_E_ARGUMENT, SHK_E_MEMORY. */
SHK_API int32_t SHK_CALL shk_put(shk_session s, const char *path, int32_t path_len,
                                 const uint8_t *p, int32_t len);

/* Starts a job on the session's worker thread. [session]
 * job         SHK_JOB_CHECK   waits for a card, checks once, ends with SHK_EVENT_DONE.
 *             SHK_JOB_WATCH   the same for card after card, until shk_cancel.
 *             SHK_JOB_READERS lists the readers into "readers[n].*".
 *             SHK_JOB_QUERY   asks once by the data of an insurance card (inputs query.*).
 *             SHK_JOB_IMPORT  reads an answer that the host has (inputs import.*); several persons one
 *                             after the other, SHK_EVENT_NEXT between them.
 *             SHK_JOB_BULK    asks again for a table of patients (inputs bulk.*).
 *             SHK_JOB_REGISTER registers the host's patient number for one person (inputs query.*).
 *             SHK_JOB_PACK    checks, tests, shows, lists or signs packs (inputs pack.*) into "pack.*" and
 *                             "packs[n].*".
 *             SHK_JOB_MAP     maps answers that the host has (inputs import.*, map.*) and delivers nothing;
 *                             several persons as with SHK_JOB_IMPORT.
 *             SHK_JOB_DELIVER lists or delivers what waits in the outbox (inputs outbox.*); a person at a
 *                             time as with SHK_JOB_IMPORT.
 *             SHK_JOB_HISTORY lists, verifies or exports the history (inputs history.*).
 *             SHK_JOB_STORE   shows or looks after the store (inputs store.*).
 *             SHK_JOB_PERSON  reads name, address, birth date and sex from the card; off unless the key
 *                             "attributes" is set.
 *             With the routes "folder" and "app" no card is read: a check takes the next answer that
 *             arrives, a watch every one.
 * The values of the job before are wiped, and its events that were not taken are dropped.
 * Errors      SHK_E_STATE when a job runs already, SHK_E_ARGUMENT, SHK_E_CONFIG_VALUE when the
 *             configuration cannot serve the job ("fault.where" names the key), SHK_E_ROUTE_CANNOT,
 *             SHK_E_INPUT and SHK_E_CHECK_DIGIT ("fault.where" names the input; the inputs are
 *             kept), SHK_E_LOG_FILE, SHK_E_ADAPTER_UNKNOWN, SHK_E_ADAPTER_SETTINGS. Scripts and
 *             delivery folders are looked at only when a document is delivered. Packs are tried when a
 *             job that delivers begins: one that may not be used ends it with SHK_E_PACK,
 *             SHK_E_PACK_SAMPLE, SHK_E_PACK_UNSIGNED or SHK_E_PACK_SIGNATURE. */
SHK_API int32_t SHK_CALL shk_start(shk_session s, int32_t job);

/* Answers SHK_EVENT_PIN. [session]
 * pin         the digits as ASCII: four, or 14 where "pin.kind" is SHK_PIN_CODE_B. Copied into one
 *             locked buffer, sent to the card once, wiped. Digits that this card has called wrong before, while
 *             it is held, are not sent: SHK_EVENT_FAULT (SHK_E_PIN_SAME) and another SHK_EVENT_PIN.
 *             The host wipes its own copy.
 *             Where "pin.pad" is 1 the digits are typed on the reader and the host answers nothing, but where
 *             "pin.last_try" is 1: then the reader waits for the host's word, which is length 0 (pin may
 *             be null) and spend_last_try 1.
 * spend_last_try
 *             1: send it even when "pin.last_try" is 1 and a mistake would block the card. Ask the
 *             person first. 0: such a PIN is not sent (SHK_E_PIN_LAST_TRY).
 * Errors      SHK_E_STATE when no PIN is asked for, before its SHK_EVENT_PIN was taken, and for digits where
 *             the reader takes them;
 *             SHK_E_PIN_FORMAT when it is not four digits, SHK_E_CODE_FORMAT when it is no such number
 *             (nothing is sent, the question stays open);
 *             SHK_E_PIN_LAST_TRY (the same). */
SHK_API int32_t SHK_CALL shk_answer_pin(shk_session s, const char *pin, int32_t pin_len,
                                        int32_t spend_last_try);

/* Ends the running job; it reports SHK_EVENT_DONE with the fault SHK_E_CANCELLED. [any]
 * A command on its way to the card is not called back: the end is reported when it has ended.
 * Events that wait already are still handed out; a PIN answered after the cancel is not sent. Once the
 * answer is there, its deliveries are still made, each whole or not at all, and the job ends after them; an
 * adapter that takes longer than about a second is left behind, and what it was given waits in the outbox.
 * Errors      SHK_E_SESSION; no job is not an error. */
SHK_API int32_t SHK_CALL shk_cancel(shk_session s);

/* Takes the next event. [session]
 * timeout_ms  how long to wait for one; 0 only looks, a negative number waits for ever.
 * Result      SHK_EVENT_NONE when none came in time, else one of the SHK_EVENT_ numbers. What
 *             belongs to an event is read by path (docs/host.md lists the paths of each).
 *             Without a job none comes; a shk_close from another thread ends the wait.
 * Errors      SHK_E_SESSION.
 * Time        timeout_ms. */
SHK_API int32_t SHK_CALL shk_next_event(shk_session s, int32_t timeout_ms);

/* Asks to be woken when an event waits, for hosts with a message loop. [session]
 * target      POSIX: a descriptor of the host (eventfd, pipe, socket) into which eight bytes, the
 *             number 1 in native order, are written without blocking. Windows: a window handle to
 *             which `message` is posted. A negative target ends it.
 * message     Windows: the message number (WM_APP or above); elsewhere 0.
 * When an event waits already, the target is woken at once. After a wake take events until
 * SHK_EVENT_NONE. The target is not checked: into one that is closed or full nothing is written.
 * The host keeps the target open until it has ended it or closed the session.
 * Errors      SHK_E_SESSION. */
SHK_API int32_t SHK_CALL shk_wake(shk_session s, int32_t target, int32_t message);

/* Reads a value as text. [session]
 * path        such as "record.name", "records[2].insurer_number", "fault.message",
 *             "delivery[1].file"; lists count from 1. docs/host.md lists the fixed paths,
 *             docs/fields.md the fields of a record.
 * buf, cap    the host's buffer; buf may be null when cap is 0.
 * Result      the full length in bytes.
 * Errors      SHK_E_ABSENT: a known path without a value now (an empty value gives 0).
 *             SHK_E_PATH: no such path. SHK_E_ARGUMENT. */
SHK_API int32_t SHK_CALL shk_text(shk_session s, const char *path, int32_t path_len, char *buf,
                                  int32_t cap);

/* Reads a value as a number. [session]
 * out         receives it; unchanged on error.
 * Errors      as shk_text, and SHK_E_TYPE when the value is not a whole number. Identifiers are
 *             texts even when they are all digits. */
SHK_API int32_t SHK_CALL shk_int(shk_session s, const char *path, int32_t path_len, int32_t *out);

/* The length of a list: "records", "delivery", "readers", "record.paths",
 * "record.specific_diseases", "drift", "match.candidate", "outbox", "history". [session]
 * Errors      SHK_E_PATH when the path is no list. An empty list gives 0. */
SHK_API int32_t SHK_CALL shk_count(shk_session s, const char *path, int32_t path_len);

/* Reads a value as the bytes it is, never converted: "delivery[n].document", "delivery[n].head". [session]
 * Result      the full length; a value that does not fit is cut at cap. Nothing is terminated.
 * Errors      as shk_text. */
SHK_API int32_t SHK_CALL shk_bytes(shk_session s, const char *path, int32_t path_len, uint8_t *buf,
                                   int32_t cap);

/* Wipes the values of the last job. [session]
 * Errors      SHK_E_STATE while a job runs. */
SHK_API int32_t SHK_CALL shk_forget(shk_session s);

/* One check, from waiting for the card to the delivered documents, in one call. [session]
 * pin, pin_len, spend_last_try
 *             as for shk_answer_pin; copied at once, used only if the card asks for it. With the
 *             routes "folder" and "app", which read no card, it may be empty. Length 0 (pin may be null)
 *             otherwise means that the patient types on the reader: without keys there, SHK_E_PIN_FORMAT.
 *             Digits are sent only while nobody else may have spent a try meanwhile: when another program
 *             held the card, or another session sent a wrong PIN at the same reader, since the call
 *             began, nothing is sent (SHK_E_CARD_BUSY); ask the person anew.
 * timeout_ms  for the whole call; a negative number takes the configuration's own limits.
 * Result      SHK_OUTCOME_ELIGIBLE, SHK_OUTCOME_NOT_ELIGIBLE or SHK_OUTCOME_UNSTATED (the app's text
 *             does not say whether it is valid: a person looks at the app's screen): an answer came,
 *             is readable by path, and every document that is due is delivered. Not being insured is
 *             an answer, not an error; an answer that tells neither is SHK_E_ANSWER_UNCLEAR. When an
 *             answer came and a document could not be delivered, the result is that document's
 *             code; the outcome is at "outcome" and the answer is readable all the same. Nobody is asked
 *             whose answer it is: where that is not sure, SHK_E_UNDECIDED, and it waits in the outbox. An answer
 *             that could not be stored is not shown: SHK_E_STORE_….
 * Time        timeout_ms and at most 2 s more. A delivery that is not made by then is left behind, whole or
 *             not at all, and waits in the outbox.
 * Errors      any code; the same is at "fault.code" (but for SHK_E_SESSION). */
SHK_API int32_t SHK_CALL shk_check(shk_session s, const char *pin, int32_t pin_len,
                                   int32_t spend_last_try, int32_t timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
